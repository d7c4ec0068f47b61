"""Means over groups that count the same however large they are, and their intervals."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from eval.figures import Measured
from eval.measuring.intervals import RESAMPLES
from eval.measuring.metrics import Floats

Names = NDArray[np.str_]

_SEED = 20_240_229


def macro(values: Floats, groups: Names) -> Floats:
    """The mean over groups of each group's mean.

    Args:
        values: Shape (questions, ...).
        groups: The group of each question, shape (questions,).
    """
    means = [values[groups == group].mean(axis=0) for group in np.unique(groups)]
    return np.asarray(np.mean(means, axis=0), dtype=np.float64)


def difference(paired: Floats, groups: Names) -> Measured:
    """A macro mean of paired differences, with its 95% percentile bootstrap interval.

    The questions of each group are resampled by themselves: Efron and Tibshirani (1993), "An
    Introduction to the Bootstrap", chapter 8; paired as in Koehn (2004),
    https://aclanthology.org/W04-3250.
    """
    resampled = bootstrap(
        [paired[groups == group] for group in np.unique(groups)],
        lambda *samples, axis: np.mean([sample.mean(axis=axis) for sample in samples], axis=0),
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    )
    low, high = resampled.confidence_interval
    return Measured(float(macro(paired, groups)), float(low), float(high))
