"""A question to the passages found for it: spelling, query, embedding and retrieval, in this order.

Whoever measures or fits finds otherwise, and all else stays as the assistant does it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.index.reading import Index
from rag.records import Hit
from rag.retrieval.hybrid import embed
from rag.retrieval.query import Query, Turn, query
from rag.text.encoder import Encoder, Vectors

Find = Callable[[Index, Query, Vectors], Sequence[Hit]]
"""Finds the passages nearest to a query and its vector: ``retrieve``, told how many."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is about to be read.

    Attributes:
        query: What was searched for.
        vector: Its embedding, shape (dimensions,).
        hits: Nearest first.
        timings: Seconds that "embedding", the spelling included, and "retrieval" took.
    """

    query: Query
    vector: Vectors
    hits: tuple[Hit, ...]
    timings: Mapping[str, float] = field(default_factory=dict)


def search(
    index: Index,
    encoder: Encoder,
    question: str,
    find: Find,
    history: Sequence[Turn] = (),
    *,
    spelling: bool = True,
) -> Found:
    """Search for a question.

    Args:
        index: Where to look.
        encoder: Embeds the query.
        question: What is asked.
        find: Finds the passages; its errors are those of this.
        history: Questions before it with their answers' texts, oldest first.
        spelling: Whether mistyped words are put right first.
    """
    begun = time.perf_counter()
    if spelling:
        question = index.speller.correct(question, encoder.is_common)
    asked = query(question, history)
    vector = embed(encoder, asked)
    embedded = time.perf_counter()
    hits = tuple(find(index, asked, vector))
    timings = {"embedding": embedded - begun, "retrieval": time.perf_counter() - embedded}
    return Found(asked, vector, hits, timings)
