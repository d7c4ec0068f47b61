"""Two logistic regressions: which candidate holds the answer, and whether one of the best does.

1. The score is fitted over all candidates, on whether one holds the marked answer.
2. The confidence is fitted over questions, on whether one of the three best candidates does, from
   the best one's score and the size of the collection.

By scikit-learn; ``rag.quoting.confidence`` has the constants that came of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from eval.fitting.macro import Names
from eval.measuring.metrics import Bools, Floats
from rag.quoting.confidence import Weights

SCORE = ("reading", "similarity", "passage_similarity", "coverage", "context")
CONFIDENCE = ("slope", "size", "offset")

_SHOWN = 3  # candidates that may hold the answer


@dataclass(frozen=True, slots=True)
class CaseCandidates:
    """The candidates of one case, best first by the shipped score.

    Attributes:
        evidence: The attributes in ``SCORE``, shape (candidates, 5).
        holds: Whether a marked answer begins in it, shape (candidates,).
        passages: In the collection.
    """

    evidence: Floats
    holds: Bools
    passages: int


@dataclass(frozen=True, slots=True)
class Best:
    """Of every case, what the best candidate and the three best ones are; shapes (cases,).

    Attributes:
        inputs: Of the confidence: score and log10 of the passages; shape (cases, 2).
        first: Whether the best candidate holds the answer; ``third``, whether one of three does.
        probability: The confidence; 0 where there is no candidate.
    """

    inputs: Floats
    first: Bools
    third: Bools
    probability: Floats


def fit(cases: Sequence[CaseCandidates], weights: Floats, names: Sequence[str] = SCORE) -> Weights:
    """Fit both regressions to cases that weigh as much as given, a case's candidates together.

    Args:
        cases: The cases; one without a candidate is passed over.
        weights: Shape (cases,).
        names: The evidence to use; the rest gets a weight of 0.
    """
    kept = np.array([len(case.holds) > 0 for case in cases])
    cases, weights = list(compress(cases, kept)), weights[kept]
    score = _score(cases, weights, np.array([name in names for name in SCORE]))
    nothing = dict.fromkeys(CONFIDENCE, 0.0)
    scored = Weights(**dict(zip(SCORE, score.tolist(), strict=True)), **nothing)
    best = choose(cases, scored)
    model = LogisticRegression(C=1000, max_iter=1000).fit(best.inputs, best.third, weights)
    slopes = (*model.coef_[0].tolist(), float(model.intercept_[0]))
    return replace(scored, **dict(zip(CONFIDENCE, slopes, strict=True)))


def _score(cases: Sequence[CaseCandidates], weights: Floats, used: Bools) -> Floats:
    features = np.concatenate([case.evidence for case in cases]) * used
    holds = np.concatenate([case.holds for case in cases])
    sizes = np.array([len(case.holds) for case in cases])
    scale = StandardScaler(with_mean=False).fit(features).scale_
    # The penalty is nearly none; it needs the features in one scale to be the same for all.
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(features / scale, holds, np.repeat(weights / sizes, sizes))
    return np.asarray(model.coef_[0] / scale, dtype=np.float64)


def choose(cases: Sequence[CaseCandidates], by: Weights) -> Best:
    """The best candidates by these weights."""
    score = np.array([getattr(by, name) for name in SCORE])
    inputs, first, third = [], [], []
    for case in cases:
        scores = case.evidence @ score
        order = np.argsort(-scores, kind="stable")[:_SHOWN]
        top = order[:1]
        inputs.append((scores[top[0]] if len(top) else -np.inf, math.log10(case.passages)))
        first.append(case.holds[top].any())
        third.append(case.holds[order].any())
    array = np.array(inputs, dtype=np.float64)
    slopes = np.array([by.slope, by.size])
    probability = expit(array @ slopes + by.offset)
    return Best(array, np.array(first), np.array(third), probability)


def equal_weights(groups: Names, answerable: Bools) -> Floats:
    """Weights by which every group's answerable and unanswerable cases count the same; mean 1."""
    keys = np.array([f"{group} {able}" for group, able in zip(groups, answerable, strict=True)])
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    weights = 1 / counts[inverse]
    return np.asarray(weights / weights.mean(), dtype=np.float64)
