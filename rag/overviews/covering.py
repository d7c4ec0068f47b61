"""The sentences that cover a text: central, near to what is asked, and each saying something new.

Centrality is LexRank's (Erkan and Radev 2004, https://doi.org/10.1613/jair.1523): the stationary
distribution of a walk from sentence to sentence, along the cosines of their vectors. Where a
subject is asked for, the walk begins again at the sentences near to it (Otterbacher, Erkan and
Radev 2005, https://aclanthology.org/H05-1115). Sentences are taken one by one, each for its
centrality less its likeness to those taken before, by maximal marginal relevance (Carbonell and
Goldstein 1998, https://doi.org/10.1145/290941.291025). ``eval/README.md`` has the figures by which
the constants were chosen.
"""

from collections.abc import Callable, Sequence

import numpy as np

from rag.text.encoder import Vectors

_DAMPING = 0.85  # of the walk: how often it goes on rather than begins again
_LEAST = 0.2  # cosine; a smaller one is no step of the walk
_STEPS = 100
_CLOSE = 1e-6
_AGAIN = 0.93  # factor of a sentence's worth for each that is taken of its document
_NOVELTY = 0.3  # weight of likeness to what is taken, beside 1 less it for centrality


def centrality(vectors: Vectors, relevance: Vectors | None = None) -> Vectors:
    """How much each sentence stands for all of them, between 0 and 1, the most central having 1.

    Args:
        vectors: Unit vectors, shape (sentences, dimensions).
        relevance: How near each is to what is asked, not negative, shape (sentences,); all are
            equally near where it is None.
    """
    count = len(vectors)
    steps = vectors @ vectors.T
    steps[steps < _LEAST] = 0.0
    np.fill_diagonal(steps, 0.0)
    begin = np.full(count, 1.0 / count, dtype=np.float32)
    if relevance is not None and relevance.sum() > 0:
        begin = relevance / relevance.sum()
    lengths = steps.sum(axis=1, keepdims=True)
    # From a sentence like no other the walk begins again.
    steps = np.where(lengths > 0, steps / np.maximum(lengths, _CLOSE), begin)
    rank = begin
    for _ in range(_STEPS):
        following = _DAMPING * (rank @ steps) + (1 - _DAMPING) * begin
        moved = float(np.abs(following - rank).sum())
        rank = following
        if moved < _CLOSE:
            break
    return np.asarray(rank / rank.max(), dtype=np.float32)


def cover(
    vectors: Vectors,
    worth: Vectors,
    most: int,
    sources: Sequence[str],
    fits: Callable[[int, Sequence[int]], bool],
) -> list[int]:
    """The sentences that are worth most and are least alike, in the order in which they are taken.

    Args:
        vectors: Unit vectors, shape (sentences, dimensions).
        worth: Of each, as its centrality, between 0 and 1.
        most: How many to take.
        sources: The document of each; of one that was quoted, a further sentence is worth less.
        fits: Whether a sentence may be taken beside those that are.
    """
    taken: list[int] = []
    alike = np.zeros(len(vectors), dtype=np.float32)
    left = np.ones(len(vectors), dtype=bool)
    own = np.array(sources)
    while len(taken) < most and left.any():
        gain = np.where(left, (1 - _NOVELTY) * worth - _NOVELTY * alike, -np.inf)
        best = int(gain.argmax())  # of equals the first
        left[best] = False
        if fits(best, taken):
            taken.append(best)
            alike = np.maximum(alike, vectors @ vectors[best])
            worth = np.where(own == own[best], worth * _AGAIN, worth)
    return taken
