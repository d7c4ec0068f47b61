"""The passages of some documents, as if a store held no others."""

from collections.abc import Collection, Sequence

from rag.index.lexical import Lexical
from rag.index.rows import Rows
from rag.index.store.contract import Asked, Sentences, Store
from rag.index.store.words import Words
from rag.records import Passage
from rag.text.encoder import Vectors


class ShownStore:
    """A ``Store`` of a part of another, which stays its owner's.

    Args:
        whole: All of it.
        rows: Of what is shown.
        lexical: The words of what is shown, in that order.
        documents: Which are shown.
    """

    def __init__(
        self, whole: Store, rows: Rows, lexical: Lexical, documents: Collection[str]
    ) -> None:
        self._whole = whole
        self._rows = rows
        self._words = Words(rows, lexical)
        self._documents = frozenset(documents)

    def __len__(self) -> int:
        return len(self._rows.ids)

    def nearest(
        self, vector: Vectors, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest that are shown."""
        shown = self._documents if within is None else self._documents.intersection(within)
        return self._whole.nearest(vector, count, shown)

    def lexical(
        self, asked: Asked, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The best by the words of what is shown."""
        return self._words.best(asked, count, within)

    def bm25(self, asked: Asked, ids: Sequence[str]) -> list[float]:
        """By the words of what is shown."""
        return self._words.of(asked, ids)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Those of the whole that are shown."""
        return self._whole.passages(self._checked(ids))

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Likewise."""
        return self._whole.vectors(self._checked(ids))

    def sentences(self, ids: Sequence[str]) -> list[Sentences]:
        """Likewise."""
        return self._whole.sentences(self._checked(ids))

    def close(self) -> None:
        """Nothing: the whole stays its owner's."""

    def _checked(self, ids: Sequence[str]) -> Sequence[str]:
        for id in ids:
            self._rows.row(id)
        return ids
