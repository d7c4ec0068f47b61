"""Documents to passages."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.documents.passages
from rag.documents.files import parse, read_folder
from rag.documents.passages import embedding_text, split
from rag.records import Document, Passage
from rag.text.encoder import PIECE_LIMIT, Encoder
from rag.text.sentences import sentences
from rag.text.tokens import token_count
from tests.conftest import SEEDS

TEXTS = st.text() | st.text(alphabet="aB1 .\n#•-“”é日\u00a0\u2028", max_size=2000)


def words_and_marks(text: str) -> int:
    """A count of word pieces that a reader can do: the words, and the encoder's two marks."""
    return len(text.split()) + 2


def document(text: str, source: str = "a.txt") -> Document:
    return parse(text.encode(), source)


def test_the_seeds_passages_fit_the_encoder_and_their_size(encoder: Encoder) -> None:
    for seed in read_folder(SEEDS)[0]:
        passages = split(seed, 200, encoder.pieces)
        assert "".join(passage.text for passage in passages) == seed.text
        for passage in passages:
            assert token_count(passage.text) <= 200
            assert (
                encoder.pieces(embedding_text(seed.title, passage, encoder.pieces)) <= PIECE_LIMIT
            )


@given(TEXTS.filter(lambda text: "\0" not in text and not text.lstrip("\ufeff").startswith("---")))
def test_passages_partition_any_text_and_fit(text: str) -> None:
    whole = document(text)
    passages = split(whole, 32, words_and_marks)
    assert "".join(passage.text for passage in passages) == whole.text
    position = 0
    for ordinal, passage in enumerate(passages):
        assert (passage.ordinal, passage.start) == (ordinal, position)
        assert whole.text[passage.start : passage.end] == passage.text != ""
        assert token_count(passage.text) <= 32 or len(passage.text) == 1
        assert words_and_marks(embedding_text(whole.title, passage, words_and_marks)) <= PIECE_LIMIT
        position = passage.end


@pytest.mark.parametrize(
    "text", ["a" * 3000, "日本語" * 800, "word " * 2000, "🐝" * 1500, ("x" * 99 + " ") * 60]
)
def test_a_sentence_too_long_for_the_encoder_is_cut_to_fit(text: str, encoder: Encoder) -> None:
    whole = document(text)
    passages = split(whole, 200, encoder.pieces)
    assert "".join(passage.text for passage in passages) == whole.text
    for passage in passages:
        assert encoder.pieces(embedding_text(whole.title, passage, encoder.pieces)) <= PIECE_LIMIT


def test_a_very_long_title_leaves_room_for_the_passage(encoder: Encoder) -> None:
    text = "Some sentence of seven words is here. " * 60
    whole = parse(f"---\ntitle: {'many words ' * 300}\n---\n{text}".encode(), "a.md")
    passages = split(whole, 200, encoder.pieces)
    for passage in passages:
        assert encoder.pieces(embedding_text(whole.title, passage, encoder.pieces)) <= PIECE_LIMIT
    assert len(passages) < 6


def test_passages_end_where_sentences_end() -> None:
    text = "A title of words\n\n" + "Nine short words make up this one small sentence. " * 40
    passages = split(document(text), 100, words_and_marks)
    assert len(passages) > 3
    assert all(passage.text.rstrip().endswith(".") for passage in passages)


def test_no_passage_is_a_small_remainder() -> None:
    text = "A title of words\n\n" + "Nine short words make up this one small sentence. " * 41
    sizes = [token_count(passage.text) for passage in split(document(text), 100, words_and_marks)]
    assert min(sizes) > 0.8 * max(sizes)


def test_a_heading_begins_a_passage_and_names_it() -> None:
    body = "Plain sentences fill this section of the text. " * 5
    whole = document(f"# The title\n\n{body}\n\n## Wages\n\n{body}\n\nHours\n\n{body}\n", "a.md")
    passages = split(whole, 64, words_and_marks)
    assert [passage.headings for passage in passages] == [(), ("Wages",), ("Wages", "Hours")]
    assert passages[1].text.startswith("## Wages")
    assert embedding_text(whole.title, passages[1], words_and_marks).startswith(
        "The title\nWages\n## Wages"
    )


def test_headings_are_a_path_and_a_marked_one_always_begins_a_passage() -> None:
    text = "# Port\n\nIt is old.\n\n## Cranes\n\n### Wind?\n\nStop.\n\n### Pay?\n\nBy hour.\n\n"
    whole = document(f"{text}## Quays\n\nLong.\n\n# Town\n\nSmall.\n", "a.md")
    passages = split(whole, 64, words_and_marks)
    assert [passage.headings for passage in passages] == [
        (),
        ("Cranes", "Wind?"),
        ("Cranes", "Pay?"),
        ("Quays",),
        ("Town",),
    ]
    assert passages[1].text == "## Cranes\n\n### Wind?\n\nStop.\n\n"


def test_of_headings_too_long_for_the_encoder_the_nearest_stays() -> None:
    outer, inner = "outer " * 40, "inner " * 40
    whole = document(f"# Port\n\n## {outer}\n\n### {inner}\n\nLong.\n", "a.md")
    (passage,) = split(whole, 200, words_and_marks)
    assert passage.headings == (outer.strip(), inner.strip())
    assert embedding_text("Port", passage, words_and_marks).startswith("Port\ninner inner")


def test_what_leads_to_a_list_is_not_cut_off_from_it() -> None:
    plain = "Nine short words make up this one small sentence. " * 9
    text = f"A title of words\n\n{plain}\n\nAs a member you have the right to\n\n- vote\n- speak\n"
    passages = split(document(text), 64, words_and_marks)
    assert len(passages) > 1
    assert any("the right to\n\n- vote\n- speak" in passage.text for passage in passages)


def test_a_heading_is_not_the_last_of_a_passage_where_something_follows() -> None:
    plain = "Nine short words make up this one small sentence. " * 5
    whole = document("# Port\n\n" + f"## I left. What now?\n\n{plain}\n\n" * 9, "a.md")
    for passage in split(whole, 40, words_and_marks):
        assert not passage.text.rstrip().endswith("now?")


@pytest.mark.parametrize(
    "hostile",
    [
        lambda count: "A b.\n" + "\n" * count + "C d.",
        lambda count: "# a" + " " * count + "b",
        lambda count: "-" * count,
        lambda count: "Ab\n\n" * (count // 4),
        lambda count: "- a\n" * (count // 4),
    ],
)
def test_what_is_counted_grows_as_the_text_does(
    hostile: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def counting(text: str) -> int:
        counted.append(len(text))
        return token_count(text)

    monkeypatch.setattr(rag.documents.passages, "token_count", counting)
    sums = []
    for count in (20_000, 40_000):
        counted.clear()
        passages = split(document(hostile(count)), 200, words_and_marks)
        assert max(len(passage.text) for passage in passages) <= 1600
        assert max(counted) <= 1600  # tiktoken takes time by the square of a run of line feeds
        sums.append(sum(counted))
    assert sums[1] < 2.3 * sums[0]


def test_a_passage_lies_wholly_inside_or_outside_the_body(encoder: Encoder) -> None:
    for seed in read_folder(SEEDS)[0]:
        for passage in split(seed, 200, encoder.pieces):
            inside = seed.body[0] <= passage.start and passage.end <= seed.body[1]
            outside = passage.end <= seed.body[0] or passage.start >= seed.body[1]
            assert (inside, outside) == (not passage.boilerplate, passage.boilerplate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Dr. Smith. She left.", ["He met Dr. Smith.", "She left."]),
        ("It began at 3 p.m. on Jan. 5. It ended.", ["It began at 3 p.m. on Jan. 5.", "It ended."]),
        ("Goals:\n  • One thing\n  • Another", ["Goals:", "• One thing", "• Another"]),
        ("“We did it.” Then they left.", ["“We did it.”", "Then they left."]),
        ("Wages\n\nThey rose.", ["Wages", "They rose."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(TEXTS)
def test_sentences_are_in_order_and_leave_out_nothing_but_white_space(text: str) -> None:
    spans = sentences(text)
    flat = [0, *(offset for span in spans for offset in span), len(text)]
    assert flat == sorted(flat)
    assert all(text[start:end].strip() for start, end in spans)
    between = zip(flat[::2], flat[1::2], strict=True)
    assert not any(text[start:end].strip() for start, end in between)


def test_tokens_are_counted_without_a_network_and_special_ones_as_text() -> None:
    assert token_count("hello world") == 2
    assert token_count("<|endoftext|>") > 1


def test_a_passage_is_known_by_its_document_and_place() -> None:
    assert Passage("abc", 7, 0, 1, "x").id == "abc:7"
