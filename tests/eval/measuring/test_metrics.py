"""The figures: by hand, and against scikit-learn and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from eval.measuring.intervals import compare, measure
from eval.measuring.metrics import (
    BINS,
    METRICS,
    Bools,
    Floats,
    Outcomes,
    auroc,
    bin_of,
    calibration_error,
    selective_risk,
)
from eval.measuring.questions import Question
from eval.measuring.results import QuestionResult, QuotedSpan


def found(
    answerable: list[int],
    answered: list[int],
    supported: list[int],
    confidence: list[float],
    rank: list[float] | None = None,
) -> Outcomes:
    count = len(answerable)
    return Outcomes(
        np.array(answerable, dtype=bool),
        np.array(answered, dtype=bool),
        np.array(supported, dtype=bool),
        np.array(confidence, dtype=float),
        np.array(rank or [np.nan] * count, dtype=float),
        np.arange(count, dtype=float),
    )


# Four answerable questions: right, wrong, refused though it would have been right, refused. Two
# that are not: answered, refused.
SIX = found(
    [1, 1, 1, 1, 0, 0],
    [1, 1, 0, 0, 1, 0],
    [1, 0, 1, 0, 0, 0],
    [0.9, 0.8, 0.4, 0.1, 0.7, 0.2],
    [1, 3, 2, np.inf, np.nan, np.nan],
)


def figure(name: str, results: Outcomes = SIX) -> float:
    return float(METRICS[name].compute(results))


def random_outcomes(count: int, seed: int = 0) -> Outcomes:
    generator = np.random.default_rng(seed)
    confidence = generator.random(count)
    supported = generator.random(count) < confidence
    return Outcomes(
        answerable=supported | (generator.random(count) < 0.5),
        answered=confidence > 0.5,
        supported=supported,
        confidence=confidence,
        rank=np.where(supported, generator.integers(1, 9, count), np.inf).astype(float),
        milliseconds=generator.gamma(5, 5, count),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("right", 1 / 4),
        ("wrongly_refused", 2 / 4),
        ("refused_unanswerable", 1 / 2),
        ("precision", 1 / 3),
        # By confidence: right, wrong, wrong, right, wrong, wrong.
        ("aurc", (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6),
        # Of the 8 pairs of right and wrong, .9 wins 4 and .4 wins 2.
        ("auroc", 6 / 8),
        # .9, .8, .4, .1 against .7, .2: 2 + 2 + 1 + 0 of 8.
        ("auroc_answerable", 5 / 8),
        # Each alone in its bin.
        ("ece", (0.1 + 0.8 + 0.6 + 0.1 + 0.7 + 0.2) / 6),
        ("recall@1", 1 / 4),
        ("recall@3", 3 / 4),
        ("recall@5", 3 / 4),
        ("mrr", (1 + 1 / 3 + 1 / 2 + 0) / 4),
        ("milliseconds_p50", 2.5),
        ("milliseconds_p95", 4.75),
    ],
)
def test_a_figure_is_what_a_reader_computes_by_hand(name: str, value: float) -> None:
    assert figure(name) == pytest.approx(value)


def test_a_figure_over_no_question_is_not_a_number() -> None:
    only_answerable = found([1, 1], [0, 0], [1, 1], [0.2, 0.3])
    undefined = {"refused_unanswerable", "precision", "auroc", "auroc_answerable"}
    undefined |= {"recall@1", "recall@3", "recall@5", "mrr"}
    for name, measured in measure(only_answerable).items():
        assert np.isnan(measured.value) == (name in undefined), name
        assert np.isnan(measured.low) == (name in undefined), name


def test_a_tie_in_confidence_is_not_read_in_our_favour() -> None:
    tied = found([1, 1], [1, 1], [1, 0], [0.5, 0.5])
    assert selective_risk(tied).tolist() == [1.0, 0.5]


def test_selective_risk_is_the_error_rate_of_the_most_confident() -> None:
    results = random_outcomes(80)
    order = sorted(range(80), key=lambda row: -results.confidence[row])
    wrong = [not results.supported[row] for row in order]
    expected = [sum(wrong[:count]) / count for count in range(1, 81)]
    assert selective_risk(results) == pytest.approx(expected)


labelled = st.lists(
    st.tuples(st.integers(0, 20).map(lambda number: number / 20), st.booleans()),
    min_size=2,
    max_size=40,
)


def arrays(pairs: list[tuple[float, bool]]) -> tuple[Floats, Bools]:
    return np.array([score for score, _ in pairs]), np.array([label for _, label in pairs])


@given(labelled)
def test_auroc_agrees_with_scikit_learn_ties_included(pairs: list[tuple[float, bool]]) -> None:
    scores, labels = arrays(pairs)
    if labels.all() or not labels.any():
        assert np.isnan(auroc(scores, labels))
    else:
        assert float(auroc(scores, labels)) == pytest.approx(roc_auc_score(labels, scores))


@given(labelled)
def test_calibration_error_agrees_with_scikit_learns_curve(pairs: list[tuple[float, bool]]) -> None:
    confidence, correct = arrays(pairs)
    shares, means = calibration_curve(correct, confidence, n_bins=BINS, strategy="uniform")
    sizes = np.unique(bin_of(confidence), return_counts=True)[1]
    expected = float(np.abs(shares - means) @ sizes / sizes.sum())
    assert float(calibration_error(confidence, correct)) == pytest.approx(expected)


def test_a_perfectly_calibrated_confidence_has_no_error() -> None:
    confidence = np.repeat([0.25, 0.75], 4)
    correct = np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    assert float(calibration_error(confidence, correct)) == 0


@pytest.mark.parametrize("name", METRICS)
def test_resamples_are_computed_at_once_as_one_by_one(name: str) -> None:
    results = random_outcomes(30)
    indices = np.random.default_rng(1).integers(30, size=(50, 30))
    together = METRICS[name].compute(results.take(indices))
    alone = [float(METRICS[name].compute(results.take(row))) for row in indices]
    assert together == pytest.approx(alone)


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
    ours = Outcomes(
        theirs.answerable, answered, supported, theirs.confidence, theirs.rank, theirs.milliseconds
    )
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
        if METRICS[name].kind != "time" and not np.isnan(measured.value):
            assert 0 <= measured.low <= measured.high <= 1, name


def test_rows_become_outcomes_with_what_was_withheld() -> None:
    wanted = Question(id="a", question="?", quotes=("north",), answerable=True)
    unanswerable = Question(id="b", question="?", answerable=False)
    flows = QuotedSpan(document_id="d", start=0, end=16, text="The Lena flows north.")
    rows = [
        QuestionResult(
            id="a",
            answered=False,
            confidence=0.3,
            quotes=(),
            milliseconds=5,
            withheld=(flows,),
            rank=0,
        ),
        QuestionResult(id="b", answered=True, confidence=0.6, quotes=(flows,), milliseconds=7),
    ]
    results = Outcomes.of([wanted, unanswerable], rows)
    assert results.supported.tolist() == [True, False]
    assert results.answered.tolist() == [False, True]
    assert results.rank[0] == np.inf
    assert np.isnan(results.rank[1])
