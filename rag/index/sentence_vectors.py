"""One vector for every sentence of every passage, beside the store.

Embedding the forty sentences of eight passages takes longer than all the rest of a question, so it
is done at ingest. Half precision: the cosine changes by less than .001.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.text.encoder import Vectors

_VECTORS = "vectors.npy"
_COUNTS = "counts.npy"


class SentenceVectors:
    """The vectors, by passage, in the order of the index's passages.

    Args:
        vectors: Shape (sentences, dimensions), of all passages one after another.
        counts: Shape (passages,), the number of sentences of each.
    """

    def __init__(self, vectors: NDArray[np.float16], counts: NDArray[np.int64]) -> None:
        self._vectors = vectors
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    @staticmethod
    def save(folder: Path, by_passage: Sequence[Vectors]) -> None:
        """Write the vectors of each passage, shape (its sentences, dimensions), to a new folder."""
        folder.mkdir()
        np.save(folder / _VECTORS, np.concatenate(by_passage).astype(np.float16))
        np.save(folder / _COUNTS, np.array([len(own) for own in by_passage], dtype=np.int64))

    @classmethod
    def load(cls, folder: Path) -> "SentenceVectors":
        """Open the vectors without reading them; OSError or ValueError where they are not whole."""
        vectors = np.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False)
        return cls(vectors, np.load(folder / _COUNTS, allow_pickle=False))

    def of(self, row: int) -> Vectors:
        """Unit vectors of a passage's sentences, shape (its sentences, dimensions)."""
        start, end = self._starts[row], self._starts[row + 1]
        return np.asarray(self._vectors[start:end], dtype=np.float32)

    def __len__(self) -> int:
        return len(self._starts) - 1
