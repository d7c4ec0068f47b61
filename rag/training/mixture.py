"""What is read in which order: questions in people's own words, and the public sets beside them.

An epoch holds every own-words question, most of them beside a passage that Steward's own retriever
finds for it and that does not answer it, and to ten of those windows six of the public rows; they
go on where the epoch before stopped. The windows of a question are a group: they are read in one
batch, against each other.
"""

import random
from collections.abc import Iterator, Sequence

from rag.quoting.windows import Windows
from rag.training.examples import (
    Example,
    Shown,
    example,
    examples,
    header,
    reworded,
    unanswered,
)
from rag.training.neighbours import Neighbours
from rag.training.rows import OwnWords, Row, key, readable_title
from rag.training.thesaurus import Alike

Group = tuple[Example, ...]
"""The windows of one question: of the passage that answers it, if there is one, and of others."""

_ACCOMPANIED = 0.7  # how often a question is read with one of its neighbours
# What is shown of a passage beside its text, and how often; Steward shows all that there is.
_SHOWN: tuple[tuple[Shown, ...], tuple[float, ...]] = (("all", "title", "nothing"), (0.6, 0.2, 0.2))
_PUBLIC = 0.6  # windows of public rows to one of own words


class Mixture:
    """Makes the epochs, always the same ones for the same seed.

    Args:
        public: Rows of the public sets, in the order to read them.
        own: Own-words rows.
        neighbours: Of the own-words rows; none is needed.
        windows: Makes the windows.
        seed: Of every choice.
        alike: Other words that questions are asked in; without any they only lose words.
    """

    def __init__(
        self,
        public: Sequence[Row],
        own: Sequence[OwnWords],
        neighbours: Neighbours,
        windows: Windows,
        seed: int,
        alike: Alike | None = None,
    ) -> None:
        self._public = list(public)
        random.Random(seed).shuffle(self._public)
        self._own = own
        self._neighbours = neighbours
        self._windows = windows
        self._seed = seed
        self._alike = alike
        self._read = [0]  # public rows read before each epoch, so far as is known

    def epoch(self, number: int) -> list[Group]:
        """The groups of an epoch, from 0, in the order to read them."""
        while len(self._read) <= number:
            self.epoch(len(self._read) - 1)
        chance = random.Random(f"{self._seed} {number}")
        groups = [group for row in self._own if (group := self._group(row, chance))]
        wanted = int(_PUBLIC * sum(map(len, groups))) if groups else len(self._public)
        first = self._read[number]
        rows = (self._public[place % len(self._public)] for place in range(first, first + wanted))
        public = examples(rows, self._windows, chance.randrange(1 << 30), self._alike)
        groups += [(each,) for each in public]
        if number + 1 == len(self._read):
            self._read.append(first + wanted)
        chance.shuffle(groups)
        return groups

    def _group(self, row: OwnWords, chance: random.Random) -> Group | None:
        name, shown = key(row), chance.choices(*_SHOWN)[0]
        read = reworded(row, self._alike, chance)
        title = header(readable_title(row.title), row.headings, shown)
        made = example(read, title, self._windows, chance)
        if made is None:
            return None
        near = self._neighbours.get(name, ())
        if not near or chance.random() >= _ACCOMPANIED:
            return (made,)
        other = chance.choice(near)
        title = header(other.title, other.headings, shown)
        return made, unanswered(read.question, title, other.text, self._windows, chance)


def batches(
    mixture: Mixture, steps: int, size: int, sorted_batches: int, seed: int, first: int
) -> Iterator[tuple[int, list[Group]]]:
    """Batches of alike lengths from step ``first`` on; always the same ones at the same step.

    Args:
        mixture: What to read.
        steps: When to stop.
        size: Windows of a batch at most.
        sorted_batches: About how many batches are sorted by length at a time, so that they hold
            little padding.
        seed: Of their order.
        first: Step to begin at.
    """
    step = number = 0
    while step < steps:
        groups = mixture.epoch(number)
        for start in range(0, len(groups), size * sorted_batches):
            part = sorted(groups[start : start + size * sorted_batches], key=_length)
            packed = _packed(part, size)
            random.Random(f"{seed} {number} {start}").shuffle(packed)
            for batch in packed:
                if step == steps:
                    return
                if step >= first:
                    yield step, batch
                step += 1
        number += 1


def _length(group: Group) -> int:
    return max(len(each.ids) for each in group)


def _packed(groups: Sequence[Group], size: int) -> list[list[Group]]:
    packed: list[list[Group]] = []
    room = 0
    for group in groups:
        if room < len(group):
            packed.append([])
            room = size
        packed[-1].append(group)
        room -= len(group)
    return packed
