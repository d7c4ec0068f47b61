"""Training rows to examples: windows cut to length, with the positions that are right."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.quoting.windows import Window, Windows, headed
from rag.text.sentences import sentences
from rag.text.words import STOP_WORDS, stemmed, stems
from rag.training.rows import HUMAN, SQUAD, OwnWords, Row, readable_title
from rag.training.thesaurus import Alike

LENGTH = 256
"""Word pieces of a training window at most; a longer one is cut to a part with the answer."""

_MARKED = 0.84  # how often the marked one of several equal texts is the right one
_TITLED = 0.4  # how often a title is shown, so that the reader does with and without
_REWORDED = 0.5  # how often a question is asked in other words than the row's
_REPLACED = 0.4  # of its words that the passage shares, those replaced by one of the same meaning
_REPLACED_ELSE = 0.1  # of its other words
_LOST = 0.3  # of the words that an own-words question shares and keeps, those left out
_GAPPED = 0.1  # of SQuAD's questions, how many are asked once more without the answer's sentence


@dataclass(frozen=True, slots=True)
class Example:
    """A window and its answer.

    Attributes:
        ids: Word pieces.
        first: Index of the passage's first piece.
        starts: Positions in ``ids`` where the answer may begin, each with its probability; position
            0 alone where there is no answer.
        ends: Likewise the positions of the answer's last piece.
    """

    ids: tuple[int, ...]
    first: int
    starts: Mapping[int, float]
    ends: Mapping[int, float]


Shown = Literal["nothing", "title", "all"]
"""What is shown of a passage beside its text; all is title and headings."""

_NONE: Mapping[int, float] = {0: 1.0}


def examples(
    rows: Iterable[Row], windows: Windows, seed: int, alike: Alike | None = None
) -> Iterator[Example]:
    """One example a row, or two; the same ones for the same seed.

    Where there are other words for a word, questions are reworded.
    """
    chance = random.Random(seed)
    for row in rows:
        shown = shown_title(row, chance)
        read = reworded(row, alike, chance) if alike else row
        made = example(read, shown, windows, chance)
        if made:
            yield made
        if row.source == SQUAD and chance.random() < _GAPPED:
            rest = _without_answer(row)
            if rest:
                yield unanswered(read.question, shown, rest, windows, chance)


def shown_title(row: Row, chance: random.Random) -> str:
    """The row's title, or "" as often as it is to be read without one."""
    # Only where answerable and unanswerable rows both have titles: else a title tells which.
    titled = isinstance(row, OwnWords) or SQUAD in row.source or HUMAN in row.source
    return readable_title(row.title) if titled and chance.random() < _TITLED else ""


def header(title: str, headings: Sequence[str], shown: Shown) -> str:
    """What stands before a passage, as ``rag.quoting.extraction`` shows it, or less of it."""
    if shown == "nothing":
        return ""
    return title if shown == "title" else headed(title, headings)


def reworded(row: Row, alike: Alike | None, chance: random.Random) -> Row:
    """The row, its question often without the words that the passage shares, or with others.

    So that sharing words is not learnt as the sign of an answer, nor a question by heart. Words are
    left out of own-words questions alone, which are about one document; the others would ask of
    nobody.
    """
    if chance.random() >= _REWORDED:
        return row
    held = set(stems(row.context))

    def other(word: re.Match[str]) -> str:
        folded = word[0].casefold()
        if folded in STOP_WORDS:
            return word[0]
        shared = stemmed([folded])[0] in held
        others = alike(folded) if alike else ()
        if others and chance.random() < (_REPLACED if shared else _REPLACED_ELSE):
            return chance.choice(others)
        lost = shared and isinstance(row, OwnWords) and chance.random() < _LOST
        return "" if lost else word[0]

    question = " ".join(re.sub(r"\w\w+", other, row.question).split())
    return row.model_copy(update={"question": question or row.question})


def example(row: Row, title: str, windows: Windows, chance: random.Random) -> Example | None:
    """A row's example; None where its answer is too long for a window."""
    return _example(windows.window(row.question, title, row.context), row, chance)


def unanswered(
    question: str, title: str, text: str, windows: Windows, chance: random.Random
) -> Example:
    """The example of a question and a passage that does not answer it."""
    made = _cut(windows.window(question, title, text), _NONE, _NONE, chance)
    assert made
    return made


def _example(window: Window, row: Row, chance: random.Random) -> Example | None:
    if not row.answerable:
        return _cut(window, _NONE, _NONE, chance)
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for answer in row.answers:
        for begin, weight in _occurrences(row.context, answer.text, answer.start):
            span = _positions(window, begin, begin + len(answer.text))
            if span:
                starts[span[0]] = max(weight, starts.get(span[0], 0.0))
                ends[span[1]] = max(weight, ends.get(span[1], 0.0))
    return _cut(window, starts, ends, chance) if starts else None


def _occurrences(context: str, text: str, marked: int) -> list[tuple[int, float]]:
    """Where an answer's text stands, with the probability that it is the answer there."""
    places = [marked]
    place = context.find(text)
    while place >= 0:
        if place != marked:
            places.append(place)
        place = context.find(text, place + max(1, len(text)))
    if len(places) == 1:
        return [(marked, 1.0)]
    rest = (1.0 - _MARKED) / (len(places) - 1)
    return [(place, _MARKED if place == marked else rest) for place in places]


def _positions(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """First and last piece of a span of the passage's text; None where it is not in the window."""
    inside = [
        index
        for index, (begin, stop) in enumerate(window.offsets, window.first)
        if begin < end and start < stop
    ]
    return (inside[0], inside[-1]) if inside else None


def _cut(
    window: Window, starts: Mapping[int, float], ends: Mapping[int, float], chance: random.Random
) -> Example | None:
    """The window, or of a long one a random part of the passage that holds the likeliest answer.

    None where the answer itself is too long.
    """
    ids, first = window.ids, window.first
    room = LENGTH - first - 1
    pieces = len(window.offsets)
    if pieces <= room:
        return Example(ids, first, starts, ends)
    if 0 in starts:
        begin = chance.randint(0, pieces - room)
    else:
        low = max(starts, key=lambda place: starts[place]) - first
        high = max(ends, key=lambda place: ends[place]) - first
        if high - low >= room:
            return None
        begin = chance.randint(max(0, high - room + 1), min(low, pieces - room))
    kept = (*ids[:first], *ids[first + begin : first + begin + room], ids[-1])
    inside = range(first, first + room)
    return Example(kept, first, _moved(starts, begin, inside), _moved(ends, begin, inside))


def _moved(targets: Mapping[int, float], by: int, inside: range) -> Mapping[int, float]:
    if 0 in targets:
        return targets
    return {place - by: weight for place, weight in targets.items() if place - by in inside}


def _without_answer(row: Row) -> str | None:
    """The passage without the sentences of the answer; None where it says the answer elsewhere."""
    answer = row.answers[0]
    start, end = answer.start, answer.start + len(answer.text)
    spans = sentences(row.context)
    kept = [row.context[a:b] for a, b in spans if b <= start or a >= end]
    rest = " ".join(text.strip() for text in kept)
    if len(kept) < 2 or answer.text.casefold() in rest.casefold():  # noqa: PLR2004
        return None
    return rest
