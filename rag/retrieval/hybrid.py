"""The passages nearest to a question: a dense and a lexical leg, fused by their scores.

The fusion is a convex combination of the dense score and of BM25 over the most that it could be, as
examined by Bruch, Gai and Ingber (2023), "An Analysis of Fusion Functions for Hybrid Retrieval",
https://doi.org/10.1145/3596512. So a passage that shares a word by chance, where none shares more,
counts for little: people seldom ask in a document's words. The dense score is the mean of two
cosines, that of the passage and that of its nearest sentence: a passage is about several things,
and its one vector is blurred by it. The weights were chosen on training-side questions; ``python -m
eval.fitting.fusion`` prints the figures, those of reciprocal-rank fusion among them.
"""

from collections.abc import Collection

import numpy as np

from rag.index.reading import Index
from rag.records import Hit
from rag.retrieval.query import Query
from rag.text.encoder import Encoder, Vectors

CONTEXT_WEIGHT = 0.5  # of what was said before, beside 1 for the question
_DENSE_WEIGHT = 0.7  # of 1
_POOL = 50  # taken from each leg; 100 gives the same figures
_BOILERPLATE_FACTOR = 0.6  # a menu or list of headlines must not win over an article


def embed(encoder: Encoder, query: Query) -> Vectors:
    """The query's unit vector, shape (dimensions,): the question's, leaning towards its context."""
    vector: Vectors = encoder.encode_questions([query.question])[0]
    if query.context:
        context = encoder.encode_questions([query.context])[0]
        vector = vector + np.float32(CONTEXT_WEIGHT) * context
        vector /= np.linalg.norm(vector)
    return vector


def retrieve(
    index: Index,
    query: Query,
    vector: Vectors,
    count: int,
    documents: Collection[str] | None = None,
) -> tuple[Hit, ...]:
    """The passages nearest to a query, best first, ties by passage id.

    Both scores are computed for every candidate of either leg, so that a passage one leg missed is
    not held to be without merit there.

    Args:
        index: Where to look.
        query: What the lexical leg sees.
        vector: What the dense leg sees, shape (dimensions,), made by ``embed``.
        count: Most hits to return.
        documents: Ids of the documents to search; all where it is None.

    Raises:
        UnknownDocument: When the index does not hold one of ``documents``.
    """
    store = index.store
    asked = [(query.question, 1.0)] + ([(query.context, CONTEXT_WEIGHT)] if query.context else [])
    most = sum(weight * index.lexical.most(text) for text, weight in asked)
    lexical = dict(store.lexical(asked, _POOL, documents))
    lexical_ranks = {id: rank for rank, id in enumerate(lexical, 1)}
    similarities = dict(store.nearest(vector, _POOL, documents))
    dense_ranks = {id: rank for rank, id in enumerate(similarities, 1)}
    missing = [id for id in lexical if id not in similarities]
    if missing:
        similarities |= zip(missing, (store.vectors(missing) @ vector).tolist(), strict=True)
    unscored = [id for id in similarities if id not in lexical]
    lexical |= zip(unscored, store.bm25(asked, unscored), strict=True)
    ids = sorted(similarities)
    hits = []
    for passage, own in zip(store.passages(ids), store.sentences(ids), strict=True):
        similarity = similarities[passage.id]
        nearest = float((own.vectors @ vector).max(initial=-1.0))
        dense = max(0.0, (similarity + nearest) / 2)
        share = lexical[passage.id] / most if most else 0.0
        score = _DENSE_WEIGHT * dense + (1 - _DENSE_WEIGHT) * share
        hits.append(
            Hit(
                passage=passage,
                score=score * (_BOILERPLATE_FACTOR if passage.boilerplate else 1.0),
                similarity=similarity,
                dense_rank=dense_ranks.get(passage.id),
                lexical_rank=lexical_ranks.get(passage.id),
            )
        )
    hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return tuple(hits[:count])
