"""Hits to quotes, on small folders whose right sentences a reader can see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.index.reading import Index, reading
from rag.quoting.calibration import logit
from rag.quoting.confidence import Weights
from rag.quoting.extraction import Extraction, candidates, extract
from rag.quoting.gathering import Candidate
from rag.quoting.reader import Reader, Reading
from rag.records import Answer, Hit, Quote
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import Found
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from tests.by_hand import ReaderByHand, index_of, write_index

Ask = Callable[[dict[str, str], str], Answer]
Quoting = Callable[..., tuple[Quote, ...]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Put files into a folder, ask a question about them, and check every quote."""
    opened: list[Assistant] = []

    def asking(files: dict[str, str], question: str) -> Answer:
        folder = tmp_path / "files"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        settings = Settings(index=tmp_path / "index")
        ingest(folder, settings)
        opened.append(Assistant(settings))
        answer = opened[0].ask(question)
        for quote in answer.quotes:
            for each in (quote, *quote.also_in):
                document = opened[0].document(each.document_id)
                assert document.text[each.start : each.end] == each.text
                assert (each.title, each.sha256) == (document.title, document.sha256)
        return answer

    yield asking
    for assistant in opened:
        assistant.close()


LENA = "The river Lena\n\nThe Lena flows north to the Arctic Ocean. It freezes every winter.\n"


def test_the_sentence_that_answers_comes_first(ask: Ask) -> None:
    answer = ask(
        {"lena.txt": LENA, "tea.txt": "Tea in short\n\nGreen tea is not fermented.\n"},
        "Into which ocean does the Lena flow?",
    )
    assert answer.answered
    assert answer.quotes[0].text == "The Lena flows north to the Arctic Ocean."
    assert answer.quotes[0].number == 1


def test_near_identical_sentences_are_gathered_under_one_quote(ask: Ask) -> None:
    said = "“The rights of labour are honoured by all,” said Anna Smith, chair of the board."
    retold = "“The rights of labor are honored by all,” says Anna Smith, chair of the board."
    answer = ask(
        {"one.txt": f"News of the day\n\n{said}\n", "two.txt": f"The other news\n\n{retold}\n"},
        "What did Anna Smith say about the rights of labour?",
    )
    (quote,) = answer.quotes
    assert [quote.text, quote.also_in[0].text] == [said, retold]
    assert quote.also_in[0].number == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The meeting is on 5 May in the hall.", "The meeting is on 6 May in the hall."),
        ("Members will vote on the new rule.", "Members will not vote on the new rule."),
    ],
)
def test_sentences_that_differ_in_a_number_or_a_not_are_shown_side_by_side(
    ask: Ask, one: str, other: str
) -> None:
    question = "Is the meeting in the hall?" if "hall" in one else "Will members vote on the rule?"
    answer = ask(
        {"a.txt": f"The first notice\n\n{one}\n", "b.txt": f"The second notice\n\n{other}\n"},
        question,
    )
    assert {quote.text for quote in answer.quotes} == {one, other}


def test_a_sentence_that_announces_a_list_is_quoted_with_the_list(ask: Ask) -> None:
    text = (
        "For members only\n\nThe union gives its members:\n- legal advice\n- strike pay\n\nOld.\n"
    )
    answer = ask({"union.txt": text}, "What does the union give its members?")
    assert answer.quotes[0].text == "The union gives its members:\n- legal advice\n- strike pay"


def test_an_explanation_goes_on_while_the_next_sentence_does(ask: Ask) -> None:
    text = (
        "On the new framework\n\nThe deal brings a neutrality framework for unions. This framework"
        " lets workers organise freely. Lunch was served at noon.\n"
    )
    answer = ask({"deal.txt": text}, "What is the neutrality framework?")
    assert answer.quotes[0].text == (
        "The deal brings a neutrality framework for unions. This framework lets workers organise"
        " freely."
    )


def test_a_heading_is_not_quoted_as_a_sentence(ask: Ask) -> None:
    text = "# Notes\n\n## Opening hours of the library\n\nThe library opens at nine.\n"
    answer = ask({"library.md": text}, "When are the opening hours of the library?")
    assert [quote.text for quote in answer.quotes] == ["The library opens at nine."]


@pytest.mark.models
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        min_size=1,
        max_size=4,
    ),
    st.text(min_size=1, max_size=50),
)
@hypothesis.settings(max_examples=12, deadline=None)
def test_every_quote_of_any_text_is_its_slice(texts: list[str], question: str) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "files"
        folder.mkdir()
        for number, text in enumerate(texts):
            # A sentence of letters, so that there is something to ask about.
            whole = f"{text}\n\nThe {number}th of the letters says {text}. It is a letter."
            (folder / f"{number}.txt").write_text(whole, encoding="utf-8", newline="")
        settings = Settings(index=Path(name) / "index", threshold=0.0)
        ingest(folder, settings)
        assistant = Assistant(settings)
        answer = assistant.ask(f"What do the letters say? {question}")
        assert answer.quotes
        for quote in answer.quotes:
            for each in (quote, *quote.also_in):
                document = assistant.document(each.document_id)
                assert document.text[each.start : each.end] == each.text
        assistant.close()


def test_words_that_no_document_holds_are_named(ask: Ask) -> None:
    answer = ask({"lena.txt": LENA}, "Who is the mayor of Paris?")
    assert not answer.answered
    assert (answer.quotes, answer.unknown) == ((), ("mayor", "Paris"))
    assert answer.reason == "unknown_words"


def test_a_question_without_an_informative_word_is_refused(ask: Ask) -> None:
    answer = ask({"lena.txt": LENA}, "What about that?")
    assert (answer.answered, answer.confidence, answer.reason) == (False, 0.0, "nothing_similar")


def test_a_quote_of_markdown_names_the_headings_above_it(ask: Ask) -> None:
    text = "# Rivers\n\n## Of Siberia\n\n### The longest\n\n" + LENA.partition("\n\n")[2]
    quote = ask({"lena.md": text}, "Where does the Lena flow?").quotes[0]
    assert quote.place == "Of Siberia › The longest"


def test_a_text_file_has_no_places(ask: Ask) -> None:
    assert ask({"lena.txt": LENA}, "Where does the Lena flow?").quotes[0].place is None


class CountingReader(Reader):
    """The real reader, which remembers how many passages it was given at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.given.append(len(passages))
        return super().read(question, passages)


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("Into which ocean does the Lena flow?", [5]),
        ("Which bank pays for the bridge?", [5, 3]),
    ],
)
def test_more_passages_are_read_where_the_first_do_not_surely_answer(
    tmp_path: Path, encoder: Encoder, question: str, given: list[int]
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "lena.txt").write_text(LENA, encoding="utf-8")
    for number in range(7):
        text = f"Tea number {number}\n\nGreen tea of the {number}th kind is not fermented.\n"
        (folder / f"tea{number}.txt").write_text(text, encoding="utf-8")
    settings = Settings(index=tmp_path / "index")
    ingest(folder, settings)
    reader = CountingReader()
    with reading(settings) as index:
        vector = encoder.encode([question])[0]
        hits = retrieve(index, Query(question), vector, settings.hits)
        assert len(hits) == 8
        extract(index, reader, Found(Query(question), vector, hits))
    assert reader.given == given


# A piece's confidence is what the reader's margin alone makes of it.
READING_ALONE = Weights(
    reading=1.0,
    similarity=0.0,
    passage_similarity=0.0,
    coverage=0.0,
    context=0.0,
    slope=1.0,
    size=0.0,
    offset=0.0,
)
TOWNS = {  # sentences that say nothing alike
    "Aberdeen": "Granite from Aberdeen built many a street.",
    "Bergen": "Rain falls on Bergen two days out of three.",
    "Cadiz": "Ships left Cadiz for the Indies.",
    "Delft": "Blue tiles are what Delft is known for.",
    "Essen": "A coal mine in Essen became a museum.",
}


def all_of(index: Index, question: str | Query, vector: Vectors) -> Found:
    """Every passage of an index, as near as can be."""
    passages = index.store.passages(index.passage_ids)
    asked = Query(question) if isinstance(question, str) else question
    return Found(asked, vector, tuple(Hit(each, 1.0, 1.0, 1, 1) for each in passages))


@pytest.fixture
def quotes(tmp_path: Path) -> Iterator[Quoting]:
    """Quotes from all passages of documents, by a reader that is sure of these phrases."""
    opened: list[Index] = []

    def quoting(
        documents: Mapping[str, Sequence[str]],
        confidences: Mapping[str, float],
        places: Sequence[tuple[int, str]] = (),
    ) -> tuple[Quote, ...]:
        count = sum(len(texts) for texts in documents.values())
        vectors = np.ones((count, 1), dtype=np.float32)
        index = index_of(tmp_path / f"index-{len(opened)}", documents, vectors, places)
        opened.append(index)
        reader = ReaderByHand({phrase: logit(each) for phrase, each in confidences.items()})
        everything = all_of(index, "Which town is it?", vectors[0])
        found = extract(index, reader, everything, READING_ALONE)
        assert found.confidence == pytest.approx(max(confidences.values()))
        for quote in found.quotes:
            text = index.document(quote.document_id).text
            assert text[quote.start : quote.end] == quote.text
        return found.quotes

    yield quoting
    for index in opened:
        index.close()


def test_sentences_are_those_that_the_index_holds(tmp_path: Path) -> None:
    text = "Delft is old. Blue tiles are made there."
    generation, manifest = write_index(tmp_path, {"towns": [text]}, np.ones((1, 1), np.float32))
    spans = np.array([(0, 18), (19, len(text))], dtype=np.int32)
    np.save(generation / "sentences" / "spans.npy", spans)
    index = Index(generation, manifest, None)
    reader = ReaderByHand({"tiles": logit(0.9)})
    found = extract(index, reader, all_of(index, "Which tiles?", np.ones(1, np.float32)))
    assert found.quotes[0].text == "tiles are made there."
    index.close()


def test_the_words_that_answer_are_marked_in_their_document(quotes: Quoting) -> None:
    passages = [f"{text} It is so.\n\n" for text in TOWNS.values()]
    for town in TOWNS:
        (quote,) = quotes({"towns": passages}, {town: 0.9})
        assert quote.text == TOWNS[town]
        assert quote.marked
        assert "".join(passages)[slice(*quote.marked)] == town


def test_a_quote_two_fifths_as_sure_as_the_best_is_worth_adding(quotes: Quoting) -> None:
    documents = {town: [text] for town, text in TOWNS.items()}
    found = quotes(documents, {"Cadiz": 0.8, "Essen": 0.8 * 0.41, "Delft": 0.8 * 0.39})
    assert [quote.text for quote in found] == [TOWNS["Cadiz"], TOWNS["Essen"]]


def test_there_are_three_quotes_at_most_and_they_are_the_best(quotes: Quoting) -> None:
    documents = {town: [text] for town, text in TOWNS.items()}
    sure = {"Aberdeen": 0.86, "Bergen": 0.89, "Cadiz": 0.88, "Delft": 0.85, "Essen": 0.87}
    found = quotes(documents, sure)
    assert [quote.document_id for quote in found] == ["Bergen", "Cadiz", "Essen"]
    assert [quote.number for quote in found] == [1, 2, 3]


def test_a_quote_is_on_the_last_page_that_begins_before_it(quotes: Quoting) -> None:
    passages = [f"{text}\n\n" for text in TOWNS.values()]
    third = len("".join(passages[:2]))
    places = [(0, "page 1"), (third, "page 2"), (third + 1, "page 3")]
    pages = [
        quotes({"towns": passages}, {town: 0.9}, places)[0].place
        for town in ("Aberdeen", "Bergen", "Cadiz", "Delft")
    ]
    assert pages == ["page 1", "page 1", "page 2", "page 3"]


class Pieces:
    """What can be quoted of documents, by a reader that knows these phrases with their margins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.opened: list[Index] = []

    def __call__(
        self, question: str | Query, *texts: str, margins: Mapping[str, float] | None = None
    ) -> list[Candidate]:
        documents = {f"{number}": [text] for number, text in enumerate(texts)}
        vectors = np.ones((len(texts), 1), dtype=np.float32)
        index = index_of(self._folder / f"{len(self.opened)}", documents, vectors)
        self.opened.append(index)
        found = all_of(index, question, vectors[0])
        return candidates(index, ReaderByHand(margins or {}), found, READING_ALONE)


@pytest.fixture
def pieces(tmp_path: Path) -> Iterator[Pieces]:
    made = Pieces(tmp_path)
    yield made
    for index in made.opened:
        index.close()


def shown(found: Sequence[Candidate]) -> list[str]:
    """Their texts, in the order of the documents."""
    return [each.text for each in sorted(found, key=lambda each: (each.document_id, each.start))]


def test_the_evidence_of_every_sentence_is_what_a_reader_computes_by_hand(tmp_path: Path) -> None:
    before, text = (
        "Tea is old. ",
        "Delft is old. It rains there. Ann likes blue tiles. Nobody sleeps.",
    )
    generation, manifest = write_index(
        tmp_path, {"Blue": [before, text]}, np.eye(2, dtype=np.float32)
    )
    of_sentences = np.array([[0, 1], [1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float16)
    np.save(generation / "sentences" / "vectors.npy", of_sentences)
    index = Index(generation, manifest, None)
    question, asked = "Which blue tiles are old?", np.array([1, 0], dtype=np.float32)
    (passage,) = index.store.passages(["Blue:1"])
    reader = ReaderByHand({"Delft": 2.0, "tiles": -1.0})
    hits = (Hit(passage, 1.0, 0.25, 1, 1),)
    found = candidates(index, reader, Found(Query(question), asked, hits), READING_ALONE)
    blue, tile, old = (index.lexical.idf(stem) for stem in ("blue", "tile", "old"))
    whole = blue + tile + old
    in_order = sorted(found, key=lambda each: each.start)
    evidence = [each.evidence for each in in_order]
    assert [each.reading for each in evidence] == [2.0, -20.0, -1.0, -20.0]
    assert [each.similarity for each in evidence] == pytest.approx([1, 0, 0.6, -1], abs=1e-3)
    assert [each.coverage for each in evidence] == pytest.approx([1 / 3, 0, 2 / 3, 0])
    # The title holds "blue", and of the others each what it and its neighbours hold.
    contexts = [(blue + old) / whole, 1.0, (blue + tile) / whole, (blue + tile) / whole]
    assert [each.context for each in evidence] == pytest.approx(contexts)
    assert {(each.passage_similarity, each.passages) for each in evidence} == {(0.25, 2)}
    whole_text = before + text
    assert [whole_text[each.start : each.end] for each in in_order] == [
        "Delft is old.",
        "It rains there.",
        "Ann likes blue tiles.",
        "Nobody sleeps.",
    ]
    marked = [whole_text[slice(*each.marked)] if each.marked else None for each in in_order]
    assert marked == ["Delft", None, "tiles", None]
    assert [each.text for each in found[:2]] == ["Delft is old.", "Ann likes blue tiles."]
    index.close()


def test_the_words_of_the_question_before_count_half(pieces: Pieces) -> None:
    query = Query("How old?", "Which tiles?", "Which tiles? Blue ones.")
    found = pieces(query, "Tiles are made. Delft is old. Blue is nice.")
    coverages = {each.text: each.evidence.coverage for each in found}
    assert coverages == {
        "Tiles are made.": pytest.approx(0.5 / 1.5),
        "Delft is old.": pytest.approx(1 / 1.5),
        "Blue is nice.": 0.0,
    }


LIST = "The union gives:\n- advice\n- pay\n\nIt is old."


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Which union?", LIST, [LIST.partition("\n\n")[0], "It is old."]),
        ("Which union?", "It says this:\n\nThe union is old.", ["The union is old."]),
        ("Which union?", "It is the union:", ["It is the union:"]),
        ("Which union?", "Old union\n\nIt is old.", ["It is old."]),
        ("Which union?", "Old union\n\nNew union\n\n", ["Old union", "New union"]),
        ("Which union?", "It is old. This is so.", ["It is old.", "This is so."]),
        ("Why a union?", "It is old. This is so.", ["It is old. This is so.", "This is so."]),
        ("Why a union?", "It is old. Ann is not.", ["It is old.", "Ann is not."]),
        (
            "Why a union?",
            "It is old. This is so. This is all.",  # one sentence goes on, and no more
            ["It is old. This is so.", "This is so. This is all.", "This is all."],
        ),
        ("Why a union?", f"It is {'very ' * 200}old. This is so.", None),  # too long for one piece
    ],
)
def test_a_piece_is_what_makes_sense_by_itself(
    pieces: Pieces, question: str, text: str, expected: list[str] | None
) -> None:
    found = shown(pieces(question, text))
    assert found == (expected or [text.removesuffix(" This is so."), "This is so."])


def test_pieces_of_one_score_come_by_document_and_place(pieces: Pieces) -> None:
    found = pieces("Which union?", "It is old. It is new.", "It is red.", margins={"red": 1.0})
    assert [each.text for each in found] == ["It is red.", "It is old.", "It is new."]


def test_what_several_documents_say_is_one_quote_and_one_document_is_named_once(
    quotes: Quoting,
) -> None:
    said = "Granite from Aberdeen built many a street."
    documents = {"a": [f"{said} {said}"], "b": [said], "c": [TOWNS["Cadiz"]]}
    first, second = quotes(documents, {"Aberdeen": 0.9, "Cadiz": 0.89})
    assert (first.document_id, first.start, first.number) == ("a", 0, 1)
    assert [(each.document_id, each.start, each.number) for each in first.also_in] == [("b", 0, 1)]
    assert (second.document_id, second.number, second.also_in) == ("c", 2, ())


def test_two_quotes_do_not_overlap(tmp_path: Path) -> None:
    text = "Aberdeen is old. This town is of granite. Bergen is not."
    vectors = np.ones((1, 1), dtype=np.float32)
    with closing(index_of(tmp_path, {"towns": [text]}, vectors)) as index:
        reader = ReaderByHand({"granite": 2.0, "Bergen": 1.9})
        found = extract(index, reader, all_of(index, "Why old?", vectors[0]), READING_ALONE)
    first, second = (quote.text for quote in found.quotes)
    assert (first, second) == ("Aberdeen is old. This town is of granite.", "Bergen is not.")


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Is the mayor of Paris a mayor?", ("mayor", "Paris")),
        ("Please explain the towns", ()),
        ("Tell me much of Bergen and zebras", ("zebras",)),
        ("I want you to summarize the deal with Oslo in 1905", ("Oslo", "1905")),
    ],
)
def test_unknown_are_the_words_that_no_document_holds_once_each_and_not_those_that_ask(
    tmp_path: Path, question: str, unknown: tuple[str, ...]
) -> None:
    vectors = np.ones((1, 1), dtype=np.float32)
    with closing(index_of(tmp_path, {"towns": ["The towns of Bergen. "]}, vectors)) as index:
        found = extract(index, ReaderByHand({}), all_of(index, question, vectors[0]))
    assert found.unknown == unknown


def test_where_nothing_is_asked_or_found_there_is_no_quote(tmp_path: Path) -> None:
    vectors = np.ones((1, 1), dtype=np.float32)
    with closing(index_of(tmp_path, {"towns": ["The towns of Bergen. "]}, vectors)) as index:
        for question, hits in (("What about that?", None), ("Which towns?", ())):
            everything = all_of(index, question, vectors[0])
            found = everything if hits is None else replace(everything, hits=hits)
            assert extract(index, ReaderByHand({"towns": 5.0}), found) == Extraction((), 0.0, ())


@pytest.mark.parametrize(("sure", "read"), [(0.9, [5]), (0.1, [5, 2])])
def test_the_sixth_passage_is_read_where_the_first_five_are_weak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sure: float, read: list[int]
) -> None:
    given: list[int] = []
    reading = ReaderByHand.read

    def counting(
        reader: ReaderByHand, question: str, passages: Sequence[tuple[str, str]]
    ) -> list[Reading]:
        given.append(len(passages))
        return reading(reader, question, passages)

    monkeypatch.setattr(ReaderByHand, "read", counting)
    documents = {f"{number}": [f"The town of {number}. "] for number in range(7)}
    vectors = np.ones((7, 1), dtype=np.float32)
    with closing(index_of(tmp_path, documents, vectors)) as index:
        everything = all_of(index, "Which town?", vectors[0])
        found = candidates(index, ReaderByHand({"0": logit(sure)}), everything, READING_ALONE)
    assert given == read
    assert len(found) == sum(read)


def test_what_stands_below_a_heading_that_asks_the_question_is_as_near_as_can_be(
    tmp_path: Path,
) -> None:
    text = "Which tiles are blue?\n\nThose of Delft. Others are red.\n\nWhy is it old?\n\nIt is so."
    generation, manifest = write_index(tmp_path, {"a": [text]}, np.eye(1, 2, dtype=np.float32))
    away = np.array([[-1, 0]] * 5, dtype=np.float16)
    np.save(generation / "sentences" / "vectors.npy", away)
    with closing(Index(generation, manifest, None)) as index:
        found = all_of(index, "Which tiles are blue?", np.array([1, 0], dtype=np.float32))
        ranked = candidates(index, ReaderByHand({}), found, READING_ALONE)
        told = {each.text: each.evidence.similarity for each in ranked}
    assert told["Those of Delft. Others are red."] == 1.0
    assert told["It is so."] == pytest.approx(-1.0)
