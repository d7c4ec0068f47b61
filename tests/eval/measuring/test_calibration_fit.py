"""A question set to a calibration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measuring.calibration_fit import FEWEST, fit_calibration, thresholds
from eval.measuring.metrics import Outcomes


def outcomes(confidence: list[float], right: list[bool]) -> Outcomes:
    supported = np.array(right, dtype=bool)
    size = len(right)
    return Outcomes(
        answerable=supported,
        answered=np.ones(size, dtype=bool),
        perhaps=np.zeros(size, dtype=bool),
        supported=supported,
        confidence=np.array(confidence),
        rank=np.ones(size),
        milliseconds=np.ones(size),
    )


def test_the_threshold_is_the_lowest_that_keeps_wrong_answers_rare() -> None:
    # Falling confidence: 20 right, 1 wrong, 9 right, then 10 wrong. With 5% allowed the one wrong
    # answer is let in (1 of 30), the first of the ten is not (2 of 31).
    right = [True] * 20 + [False] + [True] * 9 + [False] * 10
    confidence = list(np.linspace(0.9, 0.1, 40))
    fitted = fit_calibration(outcomes(confidence, right), 0.05, 0.4)
    assert (fitted.questions, fitted.right, fitted.shown, fitted.wrong) == (40, 29, 30, 1)
    assert fitted.calibration
    assert fitted.calibration.probability(confidence[29]) > fitted.calibration.threshold
    assert fitted.calibration.probability(confidence[30]) < fitted.calibration.threshold
    assert fitted.calibration.questions == 40


def test_below_it_is_quoted_as_long_as_enough_of_that_is_right() -> None:
    # 10 right; then, of the rest, one right, two wrong and one right (2 of 4), and 10 wrong. Of a
    # half that must be right the four are the most, of two in three nothing but the first.
    right = [True] * 10 + [False, True, False, True] + [False] * 10
    sure = np.linspace(0.9, 0.1, 24)
    found = np.array(right)
    for share, last in ((0.5, 13), (0.4, 14), (0.9, 9)):
        answers, quotes = thresholds(sure, found, 0.0, share)
        assert sure[9] > answers > sure[10]
        assert sure[last] > quotes > sure[last + 1] or (quotes == answers and last == 9)


def test_where_all_is_sure_nothing_is_left_to_quote() -> None:
    assert thresholds(np.array([0.9, 0.8]), np.array([True, True]), 0.0, 0.4) == (0.4, 0.4)


def test_a_calibration_says_what_it_would_quote() -> None:
    right = [True] * 20 + [False, True] * 5 + [False] * 10
    fitted = fit_calibration(outcomes(list(np.linspace(0.9, 0.1, 40)), right), 0.0, 0.5)
    assert fitted.calibration
    assert fitted.calibration.perhaps_threshold < fitted.calibration.threshold
    assert (fitted.shown, fitted.perhaps, fitted.perhaps_right) == (20, 10, 5)


def test_the_interval_is_that_of_clopper_and_pearson() -> None:
    right = [True] * 20 + [False] * 20
    fitted = fit_calibration(outcomes(list(np.linspace(0.9, 0.1, 40)), right), 0.0, 0.4)
    assert (fitted.shown, fitted.wrong) == (20, 0)
    # No failure in n trials: the upper end solves (1 - p)^n = .025.
    assert (fitted.wrong_low, fitted.wrong_high) == pytest.approx((0.0, 1 - 0.025 ** (1 / 20)))


def test_a_confidence_that_is_too_high_is_lowered() -> None:
    random = np.random.default_rng(1)
    confidence = random.uniform(0.5, 0.99, 400)
    right = random.uniform(size=400) < confidence - 0.4
    fitted = fit_calibration(outcomes(list(confidence), list(right)), 0.05, 0.4)
    assert fitted.calibration
    assert fitted.calibration.probability(0.8) == pytest.approx(0.4, abs=0.1)


@pytest.mark.parametrize("right", [29, 0, 3, 40])
def test_too_few_questions_make_no_calibration(right: int) -> None:
    size = 29 if right == 29 else 40
    fitted = fit_calibration(
        outcomes([0.5] * size, [True] * right + [False] * (size - right)), 0.05, 0.4
    )
    assert fitted.calibration is None
    assert (fitted.questions, fitted.right) == (size, right)


def test_when_the_surest_are_wrong_too_often_nothing_is_shown() -> None:
    right = [False] * 3 + [True] * 19 + [False] * 18
    fitted = fit_calibration(outcomes(list(np.linspace(0.9, 0.1, 40)), right), 0.05, 0.4)
    assert fitted.calibration
    assert (fitted.calibration.threshold, fitted.shown) == (1.0, 0)


def test_a_confidence_that_says_the_opposite_makes_no_calibration() -> None:
    right = [False] * 20 + [True] * 20
    falling = outcomes(list(np.linspace(0.9, 0.1, 40)), right)
    assert fit_calibration(falling, 0.05, 0.4).calibration is None


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=FEWEST, max_size=60),
    st.floats(0, 0.5),
)
def test_what_is_promised_holds_on_the_questions_themselves(
    pairs: list[tuple[float, bool]], wrong: float
) -> None:
    confidence, right = (list(column) for column in zip(*pairs, strict=True))
    fitted = fit_calibration(outcomes(confidence, right), wrong, 0.4)
    if fitted.calibration and fitted.shown:
        assert fitted.wrong / fitted.shown <= wrong
        assert fitted.wrong_low <= fitted.wrong / fitted.shown <= fitted.wrong_high
