"""The figures: by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

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


def outcomes_of(
    answerable: list[int],
    answered: list[int],
    supported: list[int],
    confidence: list[float],
    rank: list[float] | None = None,
    perhaps: list[int] | None = None,
) -> Outcomes:
    count = len(answerable)
    return Outcomes(
        np.array(answerable, dtype=bool),
        np.array(answered, dtype=bool),
        np.array(perhaps or [0] * count, dtype=bool),
        np.array(supported, dtype=bool),
        np.array(confidence, dtype=float),
        np.array(rank or [np.nan] * count, dtype=float),
        np.arange(count, dtype=float),
    )


# Four answerable questions: right, wrong, perhaps and right, refused. Two that are not: answered,
# refused.
SIX = outcomes_of(
    [1, 1, 1, 1, 0, 0],
    [1, 1, 0, 0, 1, 0],
    [1, 0, 1, 0, 0, 0],
    [0.9, 0.8, 0.4, 0.1, 0.7, 0.2],
    [1, 3, 2, np.inf, np.nan, np.nan],
    [0, 0, 1, 0, 0, 0],
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
        perhaps=(confidence > 0.3) & (confidence <= 0.5),
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
        ("perhaps_right", 1 / 4),
        ("wrongly_silent", 1 / 4),
        ("rightly_silent", 1 / 2),
        ("perhaps_precision", 1),
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


def test_a_tie_in_confidence_is_not_read_in_our_favour() -> None:
    tied = outcomes_of([1, 1], [1, 1], [1, 0], [0.5, 0.5])
    assert selective_risk(tied).tolist() == [1.0, 0.5]


def test_selective_risk_is_the_error_rate_of_the_most_confident() -> None:
    results = random_outcomes(80)
    order = sorted(range(80), key=lambda place: -results.confidence[place])
    wrong = [not results.supported[place] for place in order]
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
    alone = [float(METRICS[name].compute(results.take(resample))) for resample in indices]
    assert together == pytest.approx(alone, nan_ok=True)


def test_results_become_outcomes_with_what_was_withheld() -> None:
    wanted = Question(id="a", question="?", quotes=("north",), answerable=True)
    unanswerable = Question(id="b", question="?", answerable=False)
    flows = QuotedSpan(document_id="d", start=0, end=16, text="The Lena flows north.")
    given = [
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
    results = Outcomes.of([wanted, unanswerable], given)
    assert results.supported.tolist() == [True, False]
    assert results.answered.tolist() == [False, True]
    assert results.rank[0] == np.inf
    assert np.isnan(results.rank[1])
