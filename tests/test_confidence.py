"""Evidence to probability."""

import math
from dataclasses import replace

import pytest

from rag.confidence import Evidence, confidence, sentence_score

NOTHING = Evidence(0.0, 0.0, 0.0, 0.0, wrong_type=False, name_missing=False, passages=1)
GOOD = Evidence(0.6, 0.5, 0.9, 0.8, wrong_type=False, name_missing=False, passages=100)


def test_the_score_is_the_weighted_sum() -> None:
    expected = 5 * 0.6 + 2.5 * 0.5 + 2 * 0.9 + 2 * 0.8
    assert sentence_score(GOOD) == pytest.approx(expected)
    assert sentence_score(replace(GOOD, wrong_type=True)) == pytest.approx(expected - 1)


def test_the_confidence_is_the_logistic_of_the_score() -> None:
    logit = 0.7 * sentence_score(GOOD) - 0.5 * 2 - 3.45
    assert confidence(GOOD) == pytest.approx(1 / (1 + math.exp(-logit)))
    assert confidence(replace(GOOD, name_missing=True)) == pytest.approx(
        1 / (1 + math.exp(-logit + 0.6))
    )


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, similarity=0.3),
        replace(GOOD, passage_similarity=0.1),
        replace(GOOD, coverage=0.2),
        replace(GOOD, context=0.2),
        replace(GOOD, wrong_type=True),
        replace(GOOD, name_missing=True),
        replace(GOOD, passages=10_000),
    ],
)
def test_less_evidence_is_less_confidence(worse: Evidence) -> None:
    assert 0 < confidence(worse) < confidence(GOOD) < 1


def test_no_evidence_is_almost_no_confidence() -> None:
    assert confidence(NOTHING) < 0.05
