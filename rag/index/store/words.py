"""The lexical leg of a store whose words bm25s keeps in memory."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.index.lexical import Lexical
from rag.index.rows import Rows
from rag.index.store.contract import Asked


class Words:
    """BM25 of passages, by their ids.

    Args:
        rows: Where each passage stands in ``lexical``.
        lexical: Their words.
    """

    def __init__(self, rows: Rows, lexical: Lexical) -> None:
        self._rows = rows
        self._lexical = lexical
        self._last: tuple[Asked, NDArray[np.float32]] | None = None

    def best(
        self, asked: Asked, count: int, within: Collection[str] | None
    ) -> list[tuple[str, float]]:
        """As ``Store.lexical``."""
        scores = self._scores(asked)
        if within is not None:
            elsewhere = np.ones(len(scores), dtype=bool)
            elsewhere[self._rows.of(within)] = False
            scores = np.where(elsewhere, np.float32(0), scores)
        best = np.argsort(-scores, kind="stable")[:count].tolist()
        return [(self._rows.ids[row], float(scores[row])) for row in best if scores[row] > 0]

    def of(self, asked: Asked, ids: Sequence[str]) -> list[float]:
        """As ``Store.bm25``."""
        if not ids:
            return []
        scores = self._scores(asked)
        return [float(scores[self._rows.row(id)]) for id in ids]

    def _scores(self, asked: Asked) -> NDArray[np.float32]:
        last = self._last  # a retrieval asks for the best, and then of others
        if last is not None and last[0] == asked:
            return last[1]
        parts = [np.float32(weight) * self._lexical.scores(text) for text, weight in asked]
        scores = np.asarray(sum(parts[1:], start=parts[0]), dtype=np.float32)
        self._last = [*asked], scores
        return scores
