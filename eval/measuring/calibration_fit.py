"""A question set to a calibration: what the confidence is worth, and when to answer or to quote."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from eval.measuring.metrics import Bools, Floats, Outcomes
from rag.quoting.calibration import Calibration, logit

FEWEST = 30
_FEWEST_OF_EACH = 8  # right and not right


@dataclass(frozen=True, slots=True)
class CalibrationFit:
    """A calibration and what it promises.

    Attributes:
        calibration: To be written with the index; None where the questions are too few, or the
            confidence does not tell right from wrong on them.
        right: How many of the questions the best quotes answer.
        shown: How many of them would be answered at the threshold.
        wrong: How many of those wrongly.
        wrong_low: Lower end of the 95% interval of the share of wrong ones (Clopper and Pearson
            1934); ``wrong_high`` is its upper end.
        perhaps: How many would get quotes that may answer.
        perhaps_right: How many of those get some that do.
    """

    calibration: Calibration | None
    questions: int
    right: int
    shown: int = 0
    wrong: int = 0
    wrong_low: float = 0.0
    wrong_high: float = 1.0
    perhaps: int = 0
    perhaps_right: int = 0


def fit_calibration(outcomes: Outcomes, wrong: float, perhaps_right: float) -> CalibrationFit:
    """Fit slope and offset, and choose the thresholds.

    Args:
        outcomes: Questions asked with the default calibration.
        wrong: The share of answers that may be wrong, between 0 and 1.
        perhaps_right: The share of what is quoted below their threshold that must be right.
    """
    right = int(outcomes.supported.sum())
    if len(outcomes) < FEWEST or not _FEWEST_OF_EACH <= right <= len(outcomes) - _FEWEST_OF_EACH:
        return CalibrationFit(None, len(outcomes), right)
    logits = np.array([[logit(float(sure))] for sure in outcomes.confidence])
    model = LogisticRegression(C=1.0).fit(logits, outcomes.supported)
    slope, offset = float(model.coef_[0][0]), float(model.intercept_[0])
    if slope <= 0:  # the surer, the more often wrong: nothing to go by
        return CalibrationFit(None, len(outcomes), right)
    fitted = Calibration(slope=slope, offset=offset)
    probabilities = np.array([fitted.probability(float(sure)) for sure in outcomes.confidence])
    sure, perhaps = thresholds(probabilities, outcomes.supported, wrong, perhaps_right)
    shown = probabilities >= sure
    between = (probabilities >= perhaps) & ~shown
    failures, count = int((shown & ~outcomes.supported).sum()), int(shown.sum())
    low, high = binomtest(failures, count).proportion_ci() if count else (0.0, 1.0)
    return CalibrationFit(
        Calibration(slope, offset, sure, perhaps, len(outcomes)),
        len(outcomes),
        right,
        count,
        failures,
        float(low),
        float(high),
        int(between.sum()),
        int((between & outcomes.supported).sum()),
    )


def thresholds(
    probabilities: Floats, right: Bools, wrong: float, perhaps_right: float
) -> tuple[float, float]:
    """The lowest that keep wrong answers rare, and quotes that may answer worth reading.

    Args:
        probabilities: How sure Steward is of each question's quotes.
        right: Whether they answer it.
        wrong: The share of answers that may be wrong, between 0 and 1.
        perhaps_right: The share of what is quoted below that threshold that must be right.

    Returns:
        From which probability on to answer, and from which on to quote; the same where too few
        of the quotes below the first are right.
    """
    sure = _threshold(probabilities, right, wrong)
    below = probabilities < sure
    return sure, min(sure, _threshold(probabilities[below], right[below], 1 - perhaps_right))


def _threshold(probabilities: Floats, right: Bools, wrong: float) -> float:
    """The lowest probability from which on at most that share of the quotes is wrong.

    It lies halfway to the next lower one, so that it does not hang on one question's last digit; 1
    where even the surest are wrong more often.
    """
    order = np.argsort(-probabilities, kind="stable")
    falling: NDArray[np.float64] = probabilities[order]
    share = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    last_of_its_value = np.append(falling[1:] < falling[:-1], True)
    allowed = np.flatnonzero((share <= wrong) & last_of_its_value)
    if not len(allowed):
        return 1.0
    last = int(allowed[-1])
    below = falling[last + 1] if last + 1 < len(falling) else 0.0
    return float((falling[last] + below) / 2)
