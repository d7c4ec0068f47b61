"""Questions gathered by meaning: what people ask for and do not get, in whatever words.

In two stages, since the time of the second grows with the square of their number: what is said
nearly alike goes together first, and only then agglomerative clustering (scikit-learn, average
linkage over the cosine of the encoder's vectors) gathers these by meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.text.encoder import Vectors
from ui.owner.log_reading import Repeated
from ui.owner.records import MODEL

APART = 0.33
"""The mean distance (1 - cosine) up to which questions are about one thing. Of two questions of
people that it puts together half are about one passage and nearly all about one document."""

_ALIKE = 0.9
"""The cosine from which on two questions say the same, give or take a word."""

MOST = 1500
"""Groups that are clustered, the most asked; further ones go where they are near enough."""

BOUND = 20_000
"""Questions of different words that are compared, the most asked; the others stay alone."""

_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions about one thing.

    Attributes:
        example: The one of them that was asked most.
        count: How often all of them were asked.
        questions: All of them, most asked first.
        nearest: Titles of the documents that came nearest, most often named first.
        at: When one of them was asked last.
    """

    example: str
    count: int
    questions: tuple[str, ...]
    nearest: tuple[str, ...]
    at: float


def gather(asked: Sequence[Repeated]) -> tuple[Gap, ...]:
    """Gather questions by meaning.

    Args:
        asked: Most asked first. Those without a vector of this encoder stay alone.

    Returns:
        The gaps, most asked first; of the same number the latest first.
    """
    known: list[Repeated] = []
    alone: list[Repeated] = []
    for each in asked:
        comparable = each.vector and each.model == MODEL and len(known) < BOUND
        (known if comparable else alone).append(each)
    gaps = [_gap(members) for members in [*_clusters(known), *([each] for each in alone)]]
    return tuple(sorted(gaps, key=lambda gap: (-gap.count, -gap.at, gap.example)))


def _clusters(asked: Sequence[Repeated]) -> list[list[Repeated]]:
    if not asked:
        return []
    vectors = _vectors(asked)
    leader, leaders = _alike(vectors)
    labels = _by_meaning(vectors[leaders])
    clusters: dict[int, list[Repeated]] = {}
    for number, each in enumerate(asked):
        clusters.setdefault(int(labels[leader[number]]), []).append(each)
    return list(clusters.values())


def _vectors(asked: Sequence[Repeated]) -> Vectors:
    vectors = np.frombuffer(b"".join(each.vector for each in asked), dtype="<f2")
    vectors = vectors.reshape(len(asked), -1).astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.finfo(np.float32).tiny))


def _alike(vectors: Vectors) -> tuple[list[int], list[int]]:
    """Join each question to one that was asked more and says the same, if there is one.

    Returns:
        For each question the place of its leader among the leaders, and the leaders' rows.
    """
    leader: list[int] = []
    leaders: list[int] = []
    for begin in range(0, len(vectors), _BLOCK):
        block = vectors[begin : begin + _BLOCK]
        earlier = block @ vectors[leaders].T
        within = block @ block.T
        before = len(leaders)
        for row in range(len(block)):
            added = [each - begin for each in leaders[before:]]
            near = np.concatenate([earlier[row], within[row, added]])
            best = int(near.argmax()) if len(near) else 0
            least = _ALIKE if len(leaders) < MOST else 1 - APART
            if not len(near) or near[best] < least:
                leader.append(len(leaders))
                leaders.append(begin + row)
            else:
                leader.append(best)
    return leader, leaders


def _by_meaning(vectors: Vectors) -> Sequence[int]:
    """A label for each; what is beyond ``MOST`` is far from all before and keeps its own."""
    first = vectors[:MOST]
    if len(first) < 2:
        return list(range(len(vectors)))
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, metric="cosine", linkage="average"
    )
    labels = [int(label) for label in clustering.fit_predict(first.astype(np.float64))]
    return labels + [MOST + each for each in range(len(vectors) - len(first))]


def _gap(members: Sequence[Repeated]) -> Gap:
    near: dict[str, int] = {}
    for each in members:
        if each.nearest:
            near[each.nearest] = near.get(each.nearest, 0) + each.count
    return Gap(
        example=members[0].question,
        count=sum(each.count for each in members),
        questions=tuple(each.question for each in members),
        nearest=tuple(sorted(near, key=lambda title: (-near[title], title))[:3]),
        at=max(each.at for each in members),
    )
