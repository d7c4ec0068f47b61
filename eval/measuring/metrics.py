"""What the results of a run amount to.

Every metric takes ``Outcomes`` of shape (..., questions) and returns an array of shape (...), so
that all resamples of a bootstrap are computed at once; scikit-learn's ``roc_auc_score`` takes one
sample at a time and is therefore the check in the tests. A metric over no question at all is NaN.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from eval.figures import Kind
from eval.measuring.questions import Question, holds
from eval.measuring.results import QuestionResult

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The results of questions as arrays of one shape, (..., questions).

    Attributes:
        answerable: Whether the documents answer the question.
        answered: Whether Steward did, at the threshold of the run.
        perhaps: Whether it quoted what may answer instead.
        supported: Whether the quotes, shown or withheld, hold an accepted one: whether it would be
            right if it answered. Never true of a question that is not answerable.
        confidence: Probability that the quotes answer the question.
        rank: Of the first passage with an accepted quote, from 1; infinite where there is none, NaN
            where there is nothing to find.
        milliseconds: From question to answer.
    """

    answerable: Bools
    answered: Bools
    perhaps: Bools
    supported: Bools
    confidence: Floats
    rank: Floats
    milliseconds: Floats

    @classmethod
    def of(cls, questions: Sequence[Question], results: Sequence[QuestionResult]) -> "Outcomes":
        """Questions and their results, in one order, as arrays."""
        ranks = [np.nan if result.rank is None else result.rank or np.inf for result in results]
        return cls(
            answerable=np.array([question.answerable for question in questions], dtype=bool),
            answered=np.array([result.answered for result in results], dtype=bool),
            perhaps=np.array([result.perhaps for result in results], dtype=bool),
            supported=np.array(
                [
                    question.answerable
                    and holds([span.text for span in result.candidates], question)
                    for question, result in zip(questions, results, strict=True)
                ],
                dtype=bool,
            ),
            confidence=np.array([result.confidence for result in results], dtype=np.float64),
            rank=np.array(ranks, dtype=np.float64),
            milliseconds=np.array([result.milliseconds for result in results], dtype=np.float64),
        )

    def __len__(self) -> int:
        return int(self.answerable.shape[-1])

    def take(self, indices: NDArray[np.intp]) -> "Outcomes":
        """The questions of these indices, in the shape of the indices."""
        return Outcomes(
            **{field.name: getattr(self, field.name)[indices] for field in fields(self)}
        )


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its short label, how it is computed, and how it reads.

    Attributes:
        kind: How it is written.
        better: Whether a higher or a lower figure is the better one.
    """

    label: str
    compute: Callable[[Outcomes], Floats]
    kind: Kind
    better: Literal["higher", "lower"]


def auroc(scores: Floats, labels: Bools) -> Floats:
    """Probability that a positive scores above a negative, ties counted half.

    Area under the receiver operating characteristic, from the rank sum of Mann and Whitney (1947);
    Hanley and McNeil (1982), https://doi.org/10.1148/radiology.143.1.7063747.

    Args:
        scores: Shape (..., n).
        labels: True for a positive, of the same shape.

    Returns:
        Shape (...); NaN where one of the classes is empty.
    """
    positives = labels.sum(axis=-1)
    negatives = labels.shape[-1] - positives
    ranks = np.where(labels, rankdata(scores, axis=-1), 0.0).sum(axis=-1)
    return _divide(ranks - positives * (positives + 1) / 2, positives * negatives)


def selective_risk(outcomes: Outcomes) -> Floats:
    """Share of wrong ones among the k most confident questions, k = 1 to n; shape (..., n).

    Over all questions, answerable or not: to answer an unanswerable one is wrong. Among equally
    confident ones the wrong ones come first, so that a tie is never read in Steward's favour.
    """
    order = np.lexsort((outcomes.supported, -outcomes.confidence), axis=-1)
    wrong = ~np.take_along_axis(outcomes.supported, order, axis=-1)
    return np.asarray(wrong.cumsum(axis=-1) / np.arange(1, len(outcomes) + 1), dtype=np.float64)


def calibration_error(confidence: Floats, correct: Bools) -> Floats:
    """Expected calibration error, over ten bins of equal width, (0, .1] to (.9, 1], 0 in the first.

    The mean distance of a bin's mean confidence from its share of right ones, weighted by its size:
    Naeini, Cooper and Hauskrecht (2015), https://doi.org/10.1609/aaai.v29i1.9602; Guo et al.
    (2017), https://proceedings.mlr.press/v70/guo17a.html.

    Args:
        confidence: Shape (..., n).
        correct: Of the same shape.
    """
    bins = bin_of(confidence)
    gaps = confidence - correct
    inside = (np.where(bins == number, gaps, 0.0).sum(axis=-1) for number in range(BINS))
    total = np.sum([np.abs(gap) for gap in inside], axis=0)
    return _divide(total, np.full(total.shape, confidence.shape[-1]))


def bin_of(confidence: Floats) -> NDArray[np.intp]:
    """The bin of equal width, from 0, that a confidence falls into; of the same shape."""
    return np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)


def _share(part: Bools, whole: Bools) -> Floats:
    return _divide((part & whole).sum(axis=-1), whole.sum(axis=-1))


def _divide(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """The quotient; NaN where the whole is 0."""
    quotient: Floats = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=quotient, where=np.asarray(whole > 0))
    return quotient


def _recall_at(count: int) -> Callable[[Outcomes], Floats]:
    return lambda outcomes: _share(outcomes.rank <= count, ~np.isnan(outcomes.rank))


def _reciprocal_rank(outcomes: Outcomes) -> Floats:
    given = ~np.isnan(outcomes.rank)
    return _divide(np.where(given, 1 / outcomes.rank, 0.0).sum(axis=-1), given.sum(axis=-1))


def _milliseconds(percent: float) -> Callable[[Outcomes], Floats]:
    return lambda outcomes: np.asarray(np.percentile(outcomes.milliseconds, percent, axis=-1))


def _no(*, answerable: bool) -> Callable[[Outcomes], Floats]:
    return lambda outcomes: _share(
        ~outcomes.answered & ~outcomes.perhaps, outcomes.answerable == answerable
    )


METRICS: Mapping[str, Metric] = {
    "right": Metric(
        "sure and right, of the answerable",
        lambda outcomes: _share(outcomes.answered & outcomes.supported, outcomes.answerable),
        "share",
        "higher",
    ),
    "perhaps_right": Metric(
        "perhaps and right, of the answerable",
        lambda outcomes: _share(outcomes.perhaps & outcomes.supported, outcomes.answerable),
        "share",
        "higher",
    ),
    "wrongly_silent": Metric("no, of the answerable", _no(answerable=True), "share", "lower"),
    "rightly_silent": Metric("no, of the unanswerable", _no(answerable=False), "share", "higher"),
    "wrongly_refused": Metric(
        "not sure, of the answerable",
        lambda outcomes: _share(~outcomes.answered, outcomes.answerable),
        "share",
        "lower",
    ),
    "refused_unanswerable": Metric(
        "not sure, of the unanswerable",
        lambda outcomes: _share(~outcomes.answered, ~outcomes.answerable),
        "share",
        "higher",
    ),
    "precision": Metric(
        "right, of the sure",
        lambda outcomes: _share(outcomes.supported, outcomes.answered),
        "share",
        "higher",
    ),
    "perhaps_precision": Metric(
        "right, of the perhaps",
        lambda outcomes: _share(outcomes.supported, outcomes.perhaps),
        "share",
        "higher",
    ),
    "aurc": Metric(
        "area under the risk-coverage curve",
        lambda outcomes: selective_risk(outcomes).mean(axis=-1),
        "score",
        "lower",
    ),
    "auroc": Metric(
        "AUROC, right or not",
        lambda outcomes: auroc(outcomes.confidence, outcomes.supported),
        "score",
        "higher",
    ),
    "auroc_answerable": Metric(
        "AUROC, answerable or not",
        lambda outcomes: auroc(outcomes.confidence, outcomes.answerable),
        "score",
        "higher",
    ),
    "ece": Metric(
        "expected calibration error",
        lambda outcomes: calibration_error(outcomes.confidence, outcomes.supported),
        "score",
        "lower",
    ),
    "recall@1": Metric("retrieval recall@1", _recall_at(1), "share", "higher"),
    "recall@3": Metric("retrieval recall@3", _recall_at(3), "share", "higher"),
    "recall@5": Metric("retrieval recall@5", _recall_at(5), "share", "higher"),
    "mrr": Metric("retrieval MRR", _reciprocal_rank, "score", "higher"),
    "milliseconds_p50": Metric("latency p50", _milliseconds(50), "milliseconds", "lower"),
    "milliseconds_p95": Metric("latency p95", _milliseconds(95), "milliseconds", "lower"),
}
"""By the name that ``--min`` and ``summary.json`` use. Definitions: ``eval/README.md``."""
