"""Questions put to an index as the assistant does, with more of the ranking kept than is read."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from eval.measuring.run import in_force
from rag.index.reading import Index, reading
from rag.quoting.extraction import extract
from rag.quoting.reader import Reader
from rag.records import Hit, Quote
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Turn
from rag.retrieval.searching import search
from rag.settings import Settings
from rag.text.encoder import Encoder


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """What came of a question, nothing being refused.

    Attributes:
        hits: The nearest passages, best first, those after the ones read included.
        quotes: What the assistant answers with at a threshold of 0.
        confidence: Probability that they answer the question.
        seconds: From question to quotes.
    """

    hits: tuple[Hit, ...]
    quotes: tuple[Quote, ...]
    confidence: float
    seconds: float


class RankingAssistant:
    """Searches once for a question, and reads as many of the passages as the settings say.

    Args:
        index: What is asked.
        settings: Of these ``hits``, and the index folder for its calibration.
        count: Passages to rank at least, however few are read.

    Attributes:
        index: What is asked.
        calibration: What the assistant would make of a confidence.
    """

    def __init__(self, index: Index, settings: Settings, count: int) -> None:
        self.index = index
        self.calibration = in_force(settings)
        self._read = settings.hits
        self._find = partial(retrieve, count=max(count, settings.hits))
        self._encoder = Encoder()
        self._reader = Reader()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> RankedAnswer:
        """Answer a question; the history is its earlier turns, oldest first."""
        begun = time.perf_counter()
        question = " ".join(question.split())
        ranked = search(self.index, self._encoder, question, self._find, history)
        read = replace(ranked, hits=ranked.hits[: self._read])
        extraction = extract(self.index, self._reader, read)
        confidence = self.calibration.probability(extraction.confidence)
        return RankedAnswer(
            ranked.hits,
            extraction.quotes,
            confidence if extraction.quotes else 0.0,
            time.perf_counter() - begun,
        )


@contextmanager
def ranking_assistant(settings: Settings, count: int) -> Iterator[RankingAssistant]:
    """One on the index that the settings name."""
    with reading(settings) as index:
        yield RankingAssistant(index, settings, count)
