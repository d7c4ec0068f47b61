"""Vectors and passages in Chroma, and beside them, in the generation's folder, words and sentences.

Chroma has neither BM25 nor room for a few vectors of one passage, in the process or on a server,
so that bm25s and memory-mapped files do these.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from rag.index.lexical import Lexical
from rag.index.nearest import Vectored, nearest_among
from rag.index.rows import Rows
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store.contract import Asked, Sentences
from rag.index.store.words import Words
from rag.records import Passage
from rag.text.encoder import Vectors


class Collected(Vectored, Protocol):
    """Passages and vectors, wherever Chroma has them."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Those of these ids, in their order; KeyError for one that is not there."""

    def close(self) -> None:
        """Let go of them."""


class Beside:
    """A ``Store`` of parts that lie in several places.

    Args:
        rows: Where each passage stands in the other parts.
        collection: Passages and vectors.
        lexical: Their words.
        sentence_vectors: Their sentences.
    """

    def __init__(
        self,
        rows: Rows,
        collection: Collected,
        lexical: Lexical,
        sentence_vectors: SentenceVectors,
    ) -> None:
        self._rows = rows
        self._collection = collection
        self._words = Words(rows, lexical)
        self._sentence_vectors = sentence_vectors

    def __len__(self) -> int:
        return len(self._rows.ids)

    def nearest(
        self, vector: Vectors, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest by Chroma's graph, or, of few, one by one."""
        rows = None if within is None else self._rows.of(within)
        if rows is None or len(rows) == len(self):
            return self._collection.nearest(vector, min(count, len(self)))
        return nearest_among(self._collection, [self._rows.ids[row] for row in rows], vector, count)

    def lexical(
        self, asked: Asked, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The best of all passages' scores."""
        return self._words.best(asked, count, within)

    def bm25(self, asked: Asked, ids: Sequence[str]) -> list[float]:
        """Picked out of all passages' scores."""
        return self._words.of(asked, ids)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """As Chroma has them."""
        return self._collection.passages(ids)

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """As Chroma has them."""
        return self._collection.vectors(ids)

    def sentences(self, ids: Sequence[str]) -> list[Sentences]:
        """Read from the disk, these alone."""
        rows = map(self._rows.row, ids)
        kept = self._sentence_vectors
        return [Sentences(kept.spans(row), kept.of(row)) for row in rows]

    def close(self) -> None:
        """Let go of Chroma."""
        self._collection.close()
