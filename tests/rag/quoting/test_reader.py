"""The shipped reader, and how a span is chosen by what it found."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.quoting.reader
from rag.errors import ModelFault
from rag.quoting.reader import WEIGHTS, WEIGHTS_SHA256, AnswerSpan, Reader, Reading
from rag.quoting.windows import LIMIT, Window, Windows
from rag.text.encoder import Vectors

QUESTION = "Who painted the ceiling of the chapel?"
PAINTED = (
    "The chapel stands on a hill above the town. Its ceiling was painted by Maria Lindqvist "
    "in 1911. Every summer thousands of visitors come to see it."
)
UNRELATED = (
    "Green tea is not fermented. Black tea is fully fermented, which gives it its colour. "
    "Both are made of the leaves of the same plant."
)
PASSAGES = [("", PAINTED), ("Tea in short", UNRELATED), ("The chapel", PAINTED), ("", "Tea.")]


def whole(reading: Reading) -> AnswerSpan:
    """The best span of all that was read."""
    span = reading.best(0, int(reading.offsets[-1, 1]))
    assert span is not None
    return span


def test_the_words_that_answer_are_found(reader: Reader) -> None:
    (reading,) = reader.read(QUESTION, [("", PAINTED)])
    span = whole(reading)
    assert PAINTED[span.start : span.end] == "Maria Lindqvist"
    assert span.margin > 0


@pytest.mark.parametrize(
    ("question", "words"),
    [("When was the ceiling painted?", "1911"), ("Where does the chapel stand?", "hill")],
)
def test_other_questions_have_other_answers_in_the_same_passage(
    reader: Reader, question: str, words: str
) -> None:
    (reading,) = reader.read(question, [("", PAINTED)])
    span = whole(reading)
    assert words in PAINTED[span.start : span.end]
    assert len(PAINTED[span.start : span.end]) < 40


@pytest.mark.parametrize("text", [UNRELATED, "The town has a school, a bridge and two bakeries."])
def test_a_passage_about_something_else_has_no_answer(reader: Reader, text: str) -> None:
    (reading,) = reader.read(QUESTION, [("", text)])
    assert whole(reading).margin < 0


def test_the_passage_that_answers_has_the_greatest_margin(reader: Reader) -> None:
    margins = [whole(each).margin for each in reader.read(QUESTION, PASSAGES)]
    assert min(margins[0], margins[2]) > max(margins[1], margins[3])


def test_a_reading_has_a_logit_for_every_piece_of_the_passage(reader: Reader) -> None:
    for reading, (_, text) in zip(reader.read(QUESTION, PASSAGES), PASSAGES, strict=True):
        pieces = len(reading.offsets)
        assert reading.offsets.shape == (pieces, 2)
        assert reading.starts.shape == reading.ends.shape == (pieces,)
        assert reading.starts.dtype == np.float32
        assert (reading.offsets[-1, 1], reading.offsets[0, 0]) == (len(text), 0)


def test_a_passage_is_read_alike_alone_and_among_others(reader: Reader) -> None:
    together = reader.read(QUESTION, [*PASSAGES, ("", "so " * 300)])
    for passage, among in zip(PASSAGES, together, strict=False):
        (alone,) = reader.read(QUESTION, [passage])
        assert alone.offsets.tolist() == among.offsets.tolist()
        assert (alone.starts == among.starts).all()
        assert (alone.ends == among.ends).all()


def test_the_same_passages_give_the_same_logits_bit_for_bit(reader: Reader) -> None:
    def read(_: int) -> list[Reading]:
        return reader.read(QUESTION, PASSAGES)

    first = read(0)
    with ThreadPoolExecutor(4) as pool:
        for again in (read(1), *pool.map(read, range(4))):
            for one, other in zip(first, again, strict=True):
                assert (one.starts == other.starts).all()
                assert (one.ends == other.ends).all()


def test_an_answer_begins_and_ends_with_whole_words(reader: Reader) -> None:
    text = "The handloaders met in Llanfair."
    (found,) = reader.read("Where did they meet?", [("", text)])
    shown = [text[start:end] for start, end in found.offsets]
    begins, ends = found.starts > -np.inf, found.ends > -np.inf
    words = ["The", "handloaders", "met", "in", "Llanfair", "."]
    assert len(shown) > len(words)
    assert begins.sum() == ends.sum() == len(words)
    places = [0, 4, 16, 20, 23, 31]
    assert found.offsets[begins, 0].tolist() == places
    assert found.offsets[ends, 1].tolist() == [
        place + len(word) for place, word in zip(places, words, strict=True)
    ]


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []
    (reading,) = reader.read(QUESTION, [("", "")])
    assert reading.offsets.shape == (0, 2)
    assert reading.best(0, 10) is None


def test_what_is_beyond_the_limit_is_not_read(reader: Reader) -> None:
    text = "so " * LIMIT + PAINTED
    (reading,) = reader.read(QUESTION, [("", text)])
    assert len(reading.offsets) < LIMIT
    assert reading.best(text.index(PAINTED), len(text)) is None


class LogitsByHand(Reader):
    """Gives every piece a logit by its place: 1, 2, 4 and so on, and 3 more as the last."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._lock = threading.Lock()

    def _logits(self, windows: Sequence[Window]) -> list[tuple[Vectors, Vectors]]:
        return [self._by_place(len(each.ids)) for each in windows]

    @staticmethod
    def _by_place(length: int) -> tuple[Vectors, Vectors]:
        places = np.arange(length, dtype=np.float32)
        return 2**places, 2**places + np.where(places == 0, 0, 3)


def test_logits_are_those_of_the_passages_words_less_that_of_no_answer(windows: Windows) -> None:
    first, second = LogitsByHand(windows).read("Who?", [("", "So handloaders met."), ("On", "a b")])
    # [CLS] who ? [SEP] so hand ##load ##ers met . [SEP]; of the other "on [SEP]" comes before.
    none = -np.inf
    assert first.starts.tolist() == [2.0**4 - 1, 2.0**5 - 1, none, none, 2.0**8 - 1, 2.0**9 - 1]
    assert first.ends.tolist() == [2.0**4 + 2, none, none, 2.0**7 + 2, 2.0**8 + 2, 2.0**9 + 2]
    assert first.offsets.tolist() == [[0, 2], [3, 7], [7, 11], [11, 14], [15, 18], [18, 19]]
    assert second.starts.tolist() == [2.0**6 - 1, 2.0**7 - 1]
    assert second.offsets.tolist() == [[0, 1], [2, 3]]


def reading(starts: list[float], ends: list[float]) -> Reading:
    """Of words of three letters, each with a space after it."""
    places = np.arange(len(starts)) * 4
    return Reading(
        offsets=np.stack([places, places + 3], axis=1).astype(np.int64),
        starts=np.array(starts, dtype=np.float32),
        ends=np.array(ends, dtype=np.float32),
    )


HAND = reading([1.0, -2.0, 0.0], [-1.0, 3.0, 0.5])


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (0, 11, AnswerSpan(4.0, 0, 7)),  # 1 + 3; not 0 + 3, which would end before it begins
        (0, 3, AnswerSpan(0.0, 0, 3)),
        (4, 11, AnswerSpan(1.0, 4, 7)),  # -2 + 3
        (8, 11, AnswerSpan(0.5, 8, 11)),
        (8, 100, AnswerSpan(0.5, 8, 11)),
        (1, 11, AnswerSpan(1.0, 4, 7)),  # the first word is not whole in it
        (0, 6, AnswerSpan(0.0, 0, 3)),
        (3, 4, None),
        (11, 50, None),
        (5, 5, None),
    ],
)
def test_the_best_span_by_hand(start: int, end: int, span: AnswerSpan | None) -> None:
    assert HAND.best(start, end) == span


def test_a_word_longer_than_a_span_is_no_answer() -> None:
    inside = [-np.inf] * 44
    one = reading([0.0, *inside, 1.0], [*inside, 0.0, 1.0])
    assert one.best(0, 45 * 4 - 1) is None
    assert one.best(0, 1000) == AnswerSpan(2.0, 180, 183)


def test_a_span_has_at_most_forty_pieces() -> None:
    starts, ends = [0.0] * 60, [0.0] * 60
    starts[10], ends[49] = 5.0, 5.0
    assert reading(starts, ends).best(0, 1000) == AnswerSpan(10.0, 40, 199)
    ends[49], ends[50] = 0.0, 5.0
    found = reading(starts, ends).best(0, 1000)
    assert found is not None
    assert found.margin == 5.0


logits = st.floats(-20, 20, width=16) | st.just(-np.inf)


@given(st.lists(st.tuples(logits, logits), max_size=60), st.integers(0, 250), st.integers(0, 250))
def test_the_best_span_is_that_of_trying_them_all(
    pairs: list[tuple[float, float]], start: int, end: int
) -> None:
    one = reading([first for first, _ in pairs], [last for _, last in pairs])
    sums = {
        (first, last): pairs[first][0] + pairs[last][1]
        for first in range(len(pairs))
        for last in range(first, min(len(pairs), first + 40))
        if start <= 4 * first and 4 * last + 3 <= end and pairs[first][0] + pairs[last][1] > -np.inf
    }
    found = one.best(start, end)
    if not sums:
        assert found is None
        return
    assert found is not None
    assert found.margin == pytest.approx(max(sums.values()), abs=1e-4)
    assert sums[found.start // 4, found.end // 4] == pytest.approx(found.margin, abs=1e-4)


def _change(weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)


def _cut(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-1])


@pytest.mark.models
@pytest.mark.parametrize("damage", [_change, _cut, Path.unlink])
def test_weights_that_are_not_those_of_this_version_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copy = tmp_path / WEIGHTS.name
    copy.write_bytes(WEIGHTS.read_bytes())
    monkeypatch.setattr(rag.quoting.reader, "WEIGHTS", copy)
    Reader()
    damage(copy)
    with pytest.raises(ModelFault, match=r"reader\.safetensors"):
        Reader()


def test_the_weights_are_those_that_code_and_model_card_name() -> None:
    assert sha256(WEIGHTS.read_bytes()).hexdigest() == WEIGHTS_SHA256
    card = (WEIGHTS.parent / "README.md").read_text(encoding="utf-8")
    assert WEIGHTS_SHA256 in card


def test_the_weights_are_of_a_size_that_a_repository_can_hold() -> None:
    assert WEIGHTS.stat().st_size <= 50_000_000
