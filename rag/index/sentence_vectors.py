"""The sentences of every passage, with a vector each, beside the store.

Embedding the forty sentences of eight passages takes longer than all the rest of a question, so it
is done at ingest. Half precision: the cosine changes by less than .001. Where the sentences begin
and end is kept with the vectors, so that nothing has to find it out a second time.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.text.encoder import Vectors
from rag.text.sentences import Span

_VECTORS = "vectors.npy"
_SPANS = "spans.npy"
_COUNTS = "counts.npy"


class SentenceVectors:
    """Spans and vectors, by passage, in the order of the index's passages.

    Args:
        vectors: Shape (sentences, dimensions), of all passages one after another.
        spans: Shape (sentences, 2), offsets in the passage's text.
        counts: Shape (passages,), the number of sentences of each.

    Raises:
        ValueError: When they are not of the same sentences.
    """

    def __init__(
        self, vectors: NDArray[np.float16], spans: NDArray[np.int32], counts: NDArray[np.int64]
    ) -> None:
        self._vectors = vectors
        self._spans = spans
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        if len(vectors) != self._starts[-1] or spans.shape != (len(vectors), 2):
            raise ValueError("spans, vectors and numbers of sentences do not fit together")

    @staticmethod
    def save(folder: Path, vectors: Sequence[Vectors], spans: Sequence[Sequence[Span]]) -> None:
        """Write each passage's vectors, shape (its sentences, dimensions), to a new folder."""
        folder.mkdir()
        np.save(folder / _VECTORS, np.concatenate(vectors).astype(np.float16))
        joined = [span for own in spans for span in own]
        np.save(folder / _SPANS, np.array(joined, dtype=np.int32).reshape(-1, 2))
        np.save(folder / _COUNTS, np.array([len(own) for own in spans], dtype=np.int64))

    @classmethod
    def load(cls, folder: Path) -> "SentenceVectors":
        """Open the vectors without reading them; OSError or ValueError where they are not whole."""
        vectors, spans = (
            np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (_VECTORS, _SPANS)
        )
        return cls(vectors, spans, np.load(folder / _COUNTS, allow_pickle=False))

    def of(self, row: int) -> Vectors:
        """Unit vectors of a passage's sentences, shape (its sentences, dimensions)."""
        start, end = self._starts[row], self._starts[row + 1]
        return np.asarray(self._vectors[start:end], dtype=np.float32)

    def spans(self, row: int) -> tuple[Span, ...]:
        """Where a passage's sentences are in its text, without the white space around them."""
        start, end = self._starts[row], self._starts[row + 1]
        return tuple((first, last) for first, last in self._spans[start:end].tolist())

    def __len__(self) -> int:
        return len(self._starts) - 1
