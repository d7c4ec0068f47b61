"""Intervals of the figures, and differences between two runs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap

from eval.measuring.intervals import compare, measure
from eval.measuring.metrics import METRICS
from tests.eval.measuring.test_metrics import outcomes_of, random_outcomes


def test_a_figure_over_no_question_is_not_a_number() -> None:
    only_answerable = outcomes_of([1, 1], [0, 0], [1, 1], [0.2, 0.3])
    undefined = {"refused_unanswerable", "precision", "auroc", "auroc_answerable"}
    undefined |= {"recall@1", "recall@3", "recall@5", "mrr", "rightly_silent", "perhaps_precision"}
    for name, measured in measure(only_answerable).items():
        assert np.isnan(measured.value) == (name in undefined), name
        assert np.isnan(measured.low) == (name in undefined), name


def test_the_interval_is_the_percentile_bootstrap_of_scipy() -> None:
    results = random_outcomes(200)
    correct = results.supported[results.answerable] & results.answered[results.answerable]
    theirs = bootstrap(
        (correct.astype(float),), np.mean, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    ours = measure(results)["right"]
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
    assert ours.low < ours.value < ours.high


def test_figures_are_the_same_every_time_however_many_are_resampled_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = random_outcomes(40)
    first = measure(results)
    assert measure(results) == first
    monkeypatch.setattr("eval.measuring.intervals._AT_ONCE", 40 * 64)
    assert measure(results) == first


def test_two_equal_runs_differ_by_nothing() -> None:
    for measured in compare(random_outcomes(30), random_outcomes(30)).values():
        assert (measured.value, measured.low, measured.high) == (0, 0, 0)


def test_pairing_narrows_the_interval_of_a_difference() -> None:
    theirs = random_outcomes(200)
    better = np.flatnonzero(theirs.answerable & ~theirs.supported)[:20]
    supported, answered = theirs.supported.copy(), theirs.answered.copy()
    supported[better] = answered[better] = True
    ours = replace(theirs, answered=answered, supported=supported)
    difference = compare(ours, theirs)["right"]
    single = measure(ours)["right"]
    assert difference.value == pytest.approx(20 / theirs.answerable.sum())
    assert 0 < difference.low < difference.value < difference.high
    assert difference.high - difference.low < single.high - single.low


def test_runs_of_other_questions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not of the same questions"):
        compare(random_outcomes(30), random_outcomes(31))


@settings(max_examples=20)
@given(st.integers(2, 30), st.integers(0, 100))
def test_shares_and_scores_lie_between_0_and_1_and_inside_their_interval(
    count: int, seed: int
) -> None:
    for name, measured in measure(random_outcomes(count, seed)).items():
        if METRICS[name].kind != "milliseconds" and not np.isnan(measured.value):
            assert 0 <= measured.low <= measured.high <= 1, name
