"""Evidence to probability."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quoting.confidence import SHIPPED, Evidence, Weights

BY_HAND = Weights(
    reading=0.5,
    similarity=3.0,
    passage_similarity=2.0,
    coverage=1.0,
    context=4.0,
    slope=0.8,
    size=-0.5,
    offset=-3.0,
)
GOOD = Evidence(
    reading=4.0,
    similarity=0.6,
    passage_similarity=0.5,
    coverage=0.9,
    context=0.8,
    passages=100,
)
NOTHING = Evidence(
    reading=-15.0,
    similarity=0.0,
    passage_similarity=0.0,
    coverage=0.0,
    context=0.0,
    passages=1,
)

shares = st.floats(0, 1)
evidence = st.builds(
    Evidence,
    reading=st.floats(-20, 20),
    similarity=shares,
    passage_similarity=shares,
    coverage=shares,
    context=shares,
    passages=st.integers(1, 1_000_000),
)


def test_the_score_is_the_weighted_sum() -> None:
    expected = 0.5 * 4 + 3 * 0.6 + 2 * 0.5 + 1 * 0.9 + 4 * 0.8
    assert BY_HAND.score(GOOD) == pytest.approx(expected)
    assert BY_HAND.score(replace(GOOD, passages=1)) == pytest.approx(expected)


def test_the_confidence_is_the_logistic_of_score_and_size() -> None:
    logit = 0.8 * (2 + 1.8 + 1 + 0.9 + 3.2) - 0.5 * 2 - 3
    assert BY_HAND.confidence(GOOD) == pytest.approx(1 / (1 + math.exp(-logit)))
    assert BY_HAND.confidence(replace(GOOD, passages=1)) == pytest.approx(
        1 / (1 + math.exp(-logit - 1))
    )


@given(evidence)
def test_a_confidence_is_a_probability(one: Evidence) -> None:
    assert 0 <= SHIPPED.confidence(one) <= 1


@given(evidence, st.floats(0.5, 20))
def test_a_surer_reading_is_more_confidence(one: Evidence, more: float) -> None:
    surer = replace(one, reading=one.reading + more)
    assert SHIPPED.score(surer) > SHIPPED.score(one)
    assert SHIPPED.confidence(surer) > SHIPPED.confidence(one)


@given(evidence, evidence)
def test_what_is_more_alike_in_every_way_is_no_less_confidence(
    one: Evidence, other: Evidence
) -> None:
    alike = ("reading", "similarity", "passage_similarity", "coverage", "context")
    better = replace(one, **{name: max(getattr(one, name), getattr(other, name)) for name in alike})
    assert SHIPPED.confidence(better) >= SHIPPED.confidence(one) - 1e-12


def test_good_evidence_is_believed_and_none_is_not() -> None:
    assert SHIPPED.confidence(GOOD) > 0.5
    assert SHIPPED.confidence(NOTHING) < 0.05
