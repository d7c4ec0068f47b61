"""Figures with their 95% bootstrap intervals, and the differences between two runs."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from eval.figures import Measured
from eval.measuring.metrics import METRICS, Floats, Metric, Outcomes

RESAMPLES = 2000
_SEED = 20_240_229
_AT_ONCE = 1 << 20  # resampled questions in memory at a time


def measure(outcomes: Outcomes) -> dict[str, Measured]:
    """All metrics with their 95% intervals, by name.

    The interval is the percentile bootstrap over questions: Efron and Tibshirani (1993), "An
    Introduction to the Bootstrap", chapter 13. A resample that a metric is not defined on, having
    no unanswerable question, say, is left out of that metric's interval.
    """
    samples = {name: _resampled(metric, outcomes) for name, metric in METRICS.items()}
    return {
        name: _measured(float(metric.compute(outcomes)), samples[name])
        for name, metric in METRICS.items()
    }


def compare(ours: Outcomes, theirs: Outcomes) -> dict[str, Measured]:
    """All metrics of ours less theirs, with 95% intervals by a paired bootstrap.

    Both runs are resampled with the same questions (Koehn 2004, https://aclanthology.org/W04-3250),
    so that what makes a question hard for both does not widen the interval.

    Args:
        ours: The results of some questions.
        theirs: The results of the same questions in the same order.
    """
    if len(ours) != len(theirs) or (ours.answerable != theirs.answerable).any():
        raise ValueError("the two runs are not of the same questions")
    return {
        name: _measured(
            float(metric.compute(ours)) - float(metric.compute(theirs)),
            _resampled(metric, ours) - _resampled(metric, theirs),
        )
        for name, metric in METRICS.items()
    }


def paired(figure: Callable[[NDArray[np.intp]], Floats], count: int) -> Measured:
    """A difference of two systems on the same questions, with its interval as in ``compare``.

    Args:
        figure: The difference on the questions of these indices, (..., questions) to (...).
        count: The number of questions.
    """
    samples = np.concatenate([figure(indices) for indices in _resamples(count)])
    return _measured(float(figure(np.arange(count))), samples)


def _resampled(metric: Metric, outcomes: Outcomes) -> Floats:
    """The metric of every resample, shape (RESAMPLES,); the same resamples for the same length."""
    return np.concatenate(
        [metric.compute(outcomes.take(indices)) for indices in _resamples(len(outcomes))]
    )


def _resamples(count: int) -> Iterator[NDArray[np.intp]]:
    generator = np.random.default_rng(_SEED)
    step = max(1, _AT_ONCE // count)
    for start in range(0, RESAMPLES, step):
        yield generator.integers(count, size=(min(step, RESAMPLES - start), count))


def _measured(value: float, samples: Floats) -> Measured:
    defined = samples[~np.isnan(samples)]
    if np.isnan(value) or not defined.size:
        return Measured(value, np.nan, np.nan)
    low, high = np.percentile(defined, [2.5, 97.5])
    return Measured(value, float(low), float(high))
