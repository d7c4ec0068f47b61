"""Question and passage to word pieces, by the packaged tokenizer."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.quoting.windows import LIMIT, QUESTION_LIMIT, TITLE_LIMIT, Window, Windows
from rag.text.encoder import packaged_folder

CLS, SEP, UNKNOWN = 101, 102, 100  # their places in BERT's vocabulary
LONG = "word " * 1000


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The library's own, for what an id stands for."""
    return Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))


def pieces(tokenizer: Tokenizer, window: Window) -> list[str]:
    """What the ids stand for."""
    return [tokenizer.id_to_token(each) or "" for each in window.ids]


def test_a_window_is_question_title_and_passage_between_marks(
    windows: Windows, tokenizer: Tokenizer
) -> None:
    window = windows.window("Who sings?", "Café life", "A lark sings.")
    assert pieces(tokenizer, window) == (
        "[CLS] who sings ? [SEP] cafe life [SEP] a lark sings . [SEP]".split()
    )
    assert window.first == 8
    assert window.offsets == ((0, 1), (2, 6), (7, 12), (12, 13))
    assert window.words == (0, 1, 2, 3)


def test_without_a_title_there_is_no_mark_for_it(windows: Windows, tokenizer: Tokenizer) -> None:
    window = windows.window("Who sings?", "", "A lark sings.")
    assert pieces(tokenizer, window) == "[CLS] who sings ? [SEP] a lark sings . [SEP]".split()
    assert window.first == 5


def test_an_empty_passage_has_no_pieces(windows: Windows) -> None:
    window = windows.window("Who?", "", "")
    assert window.offsets == ()
    assert window.ids[window.first :] == (SEP,)


@pytest.mark.parametrize("mark", ["[CLS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]"])
def test_a_mark_that_stands_in_a_text_is_read_as_text(
    windows: Windows, tokenizer: Tokenizer, mark: str
) -> None:
    window = windows.window(f"Who {mark}?", f"On {mark}", f"It is {mark} here.")
    found = pieces(tokenizer, window)
    assert [each for each in found if each.startswith("[") and len(each) > 1] == [
        "[CLS]",
        *["[SEP]"] * 3,
    ]
    assert found.count("[") == 3


def test_pieces_of_one_word_have_its_number(windows: Windows, tokenizer: Tokenizer) -> None:
    window = windows.window("Who?", "", "Handloaders’ cafés [SEP]")
    assert pieces(tokenizer, window)[window.first : -1] == (
        "hand ##load ##ers ’ cafes [ sep ]".split()
    )
    assert window.words == (0, 0, 0, 1, 2, 3, 4, 5)


def test_offsets_count_code_points(windows: Windows) -> None:
    text = "🐝🐝 “Straße” 日本 na\u0308her"
    shown = [text[start:end] for start, end in windows.window("Where?", "", text).offsets]
    assert shown == ["🐝🐝", "“", "St", "raße", "”", "日", "本", "na\u0308h", "er"]


@hypothesis.settings(max_examples=200)
@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=300))
def test_every_piece_is_where_its_offsets_say(
    windows: Windows, tokenizer: Tokenizer, question: str, title: str, text: str
) -> None:
    window = windows.window(question, title, text)
    assert len(window.ids) <= LIMIT
    assert window.ids[0] == CLS
    assert window.ids[window.first - 1] == window.ids[-1] == SEP
    assert len(window.ids) == window.first + len(window.offsets) + 1
    assert len(window.words) == len(window.offsets)
    assert list(window.words) == sorted(window.words)
    before = (0, 0)
    passage = window.ids[window.first : -1]
    for (start, end), piece in zip(window.offsets, passage, strict=True):
        assert 0 <= start < end <= len(text)
        assert before[0] <= start
        assert before[1] <= end
        before = (start, end)
        if piece != UNKNOWN:
            shown = tokenizer.id_to_token(piece) or ""
            assert shown.removeprefix("##") in tokenizer.normalizer.normalize_str(text[start:end])


@given(
    st.integers(0, 2 * QUESTION_LIMIT), st.integers(1, 2 * TITLE_LIMIT), st.integers(0, 2 * LIMIT)
)
def test_each_part_is_cut_at_its_limit_and_the_passage_takes_what_is_left(
    windows: Windows, asked: int, titled: int, held: int
) -> None:
    window = windows.window("why " * asked, "on " * titled, "so " * held)
    shown, named = min(asked, QUESTION_LIMIT), min(titled, TITLE_LIMIT)
    assert window.first == shown + named + 3
    assert len(window.offsets) == min(held, LIMIT - window.first - 1)
    assert len(set(window.ids[1 : 1 + shown])) <= 1
    assert window.ids[1 + shown] == SEP


def test_of_a_long_question_title_and_passage_the_beginnings_are_read(windows: Windows) -> None:
    window = windows.window(LONG, LONG, LONG)
    assert len(window.ids) == LIMIT
    assert window.first == 1 + QUESTION_LIMIT + 1 + TITLE_LIMIT + 1
    assert window.offsets[0] == (0, 4)
    assert window.offsets[-1] == (5 * len(window.offsets) - 5, 5 * len(window.offsets) - 1)


def test_a_passage_as_long_as_the_encoder_reads_is_read_whole_beside_a_usual_question(
    windows: Windows,
) -> None:
    room = 254 - TITLE_LIMIT  # since the encoder reads title and headings too
    window = windows.window("why " * 80, "on " * TITLE_LIMIT, "so " * room)
    assert len(window.offsets) == room
