"""What retrieval asks of whatever keeps the passages.

A store is opened on one generation and answers of that one alone. Ids are those of passages,
``within`` names documents (tags and dates become these in ``rag.retrieval.scope``, so that all
engines mean the same by them), and where scores are equal ids decide.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.records import Passage
from rag.text.encoder import Vectors
from rag.text.sentences import Span

Asked = Sequence[tuple[str, float]]
"""Texts that BM25 is asked for, each with the weight of its scores in the sum."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a passage.

    Attributes:
        spans: Offsets in the passage's text, without the white space around them.
        vectors: Unit vectors, shape (sentences, dimensions).
    """

    spans: tuple[Span, ...]
    vectors: Vectors


class Terms(Protocol):
    """How common words are in the passages, by their stems."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """Every word in lower case, not stemmed, without stop words, sorted."""

    def holds(self, stem: str) -> bool:
        """Whether any passage holds this stem."""

    def idf(self, stem: str) -> float:
        """Inverse document frequency of a stem in n of N: ln(1 + (N - n + .5) / (n + .5))."""

    def most(self, question: str) -> float:
        """The sum of the idf of the question's words, which no passage's BM25 exceeds."""


class Store(Protocol):
    """The passages of a generation.

    What is wrong with an engine comes as ``rag.errors.IndexUnreachable`` or ``IndexDamaged`` once
    it passed ``rag.index.reading``.
    """

    def __len__(self) -> int:
        """The number of passages."""

    def nearest(
        self, vector: Vectors, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and cosines of at most ``count`` passages nearest to a unit vector, nearest first."""

    def lexical(
        self, asked: Asked, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and BM25 of at most ``count`` passages that share a word, best first.

        Of equal scores the first in the order of the manifest wins.
        """

    def bm25(self, asked: Asked, ids: Sequence[str]) -> list[float]:
        """BM25 of each of these passages; 0 where no word is shared."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in their order; KeyError for one that is not there."""

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Their vectors, shape (ids, dimensions); KeyError likewise."""

    def sentences(self, ids: Sequence[str]) -> list[Sentences]:
        """Their sentences; KeyError likewise."""

    def close(self) -> None:
        """Let go of files, memory and connections; no other call may be under way."""


class StoreUnreachable(Exception):
    """The engine does not answer."""


class StoreDamaged(Exception):
    """What a store is opened on is gone, or its parts do not fit together."""
