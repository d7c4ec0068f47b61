"""The passages nearest to a vector, among some of those in a collection.

Chroma's own filter takes tenths of a second at 100,000 passages, however few match, so that few are
compared one by one, and of many the nearest are picked out of more than are needed.
"""

from collections.abc import Sequence
from typing import Protocol

from rag.text.encoder import Vectors

_FEW = 1000  # passages that are compared one by one


class Vectored(Protocol):
    """What keeps vectors of passages, by their ids."""

    def __len__(self) -> int:
        """How many."""

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest, nearest first."""

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Those of these ids, shape (ids, dimensions)."""


def nearest_among(
    collection: Vectored, ids: Sequence[str], vector: Vectors, count: int
) -> list[tuple[str, float]]:
    """Their ids and cosines, at most ``count``, nearest first, ties by id."""
    if len(ids) <= _FEW:
        cosines = (collection.vectors(ids) @ vector).tolist() if ids else []
        pairs = sorted(zip(ids, cosines, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return pairs[:count]
    total, wanted = len(collection), {*ids}
    looked = 2 * count * total // len(ids)
    while True:
        nearest = collection.nearest(vector, min(looked, total))
        found = [pair for pair in nearest if pair[0] in wanted]
        if len(found) >= count or looked >= total:
            return found[:count]
        looked *= 4
