"""The two regressions, on made-up candidates."""

from dataclasses import replace

import numpy as np
import pytest

from eval.fitting.regressions import CONFIDENCE, SCORE, CaseCandidates, choose, equal_weights, fit
from rag.quoting.confidence import SHIPPED, Evidence, Weights
from tests.eval.fitting.made_up import scored_case

NO_WEIGHTS = Weights(**dict.fromkeys((*SCORE, *CONFIDENCE), 0.0))


def test_a_fit_has_a_weight_for_all_evidence_and_reads_it_in_the_order_of_the_columns() -> None:
    given = Evidence(
        reading=3.5,
        similarity=0.6,
        passage_similarity=0.5,
        coverage=0.9,
        context=0.8,
        passages=300,
    )
    features = np.array([[float(getattr(given, name)) for name in SCORE]])
    found = CaseCandidates(features, np.array([True]), 300)
    best = choose([found], SHIPPED)
    assert best.inputs[0] == pytest.approx([SHIPPED.score(given), np.log10(300)])
    assert best.probability == pytest.approx([SHIPPED.confidence(given)])


def test_the_best_candidates_are_chosen_by_score_and_none_is_no_confidence() -> None:
    by = replace(NO_WEIGHTS, reading=1.0, slope=1.0)
    best = choose(
        [
            scored_case([0.1, 0.9, 0.5, 0.2], 1),
            scored_case([0.9, 0.8, 0.7, 0.6], 3),
            scored_case([], None),
        ],
        by,
    )
    assert best.first.tolist() == [True, False, False]
    assert best.third.tolist() == [True, False, False]
    assert best.inputs[:2, 0] == pytest.approx([0.9, 0.9])
    assert best.probability[2] == 0


def test_groups_and_answerability_weigh_the_same() -> None:
    weights = equal_weights(np.array(["a"] * 4 + ["b"]), np.array([1, 0, 0, 0, 1], dtype=bool))
    assert weights == pytest.approx(np.array([1, 1 / 3, 1 / 3, 1 / 3, 1]) * 5 / 3)


def test_a_fit_learns_what_the_answer_is_like() -> None:
    generator = np.random.default_rng(0)
    found = []
    for number in range(200):
        scores = generator.normal(size=5)
        holds = int(np.argmax(scores)) if number % 2 else None
        found.append(scored_case((scores + (number % 2)).tolist(), holds))
    fitted = fit(found, np.ones(len(found)))
    assert fitted.reading > 0.5
    assert [getattr(fitted, name) for name in SCORE[1:]] == pytest.approx([0.0] * 4)
    assert fitted.slope > 0.1
    assert choose(found, fitted).first.mean() == 0.5


def test_a_fit_uses_the_evidence_that_it_is_told_to() -> None:
    generator = np.random.default_rng(0)
    similarity = SCORE.index("similarity")
    found = []
    for number in range(200):
        one = scored_case(generator.normal(size=5).tolist(), None)
        one.evidence[:, similarity] = generator.normal(size=5)
        either = one.evidence[:, 0] + one.evidence[:, similarity] + number % 2
        found.append(replace(one, holds=(np.arange(5) == either.argmax()) & (number % 2 == 1)))
    fitted = fit(found, np.ones(len(found)))
    assert min(fitted.reading, fitted.similarity) > 0.5
    without = fit(found, np.ones(len(found)), SCORE[1:])
    assert without.reading == 0.0
    assert without.similarity > 0.5


def test_cases_weigh_as_much_as_given() -> None:
    found = [scored_case([1.0, 0.0], 0), scored_case([1.0, 0.0], 1)]
    for weights, sign in (([9.0, 1.0], 1), ([1.0, 9.0], -1)):
        assert (
            np.sign(
                fit(
                    [*found, scored_case([], None), scored_case([0.5], None)],
                    np.array([*weights, 1, 1]),
                ).reading
            )
            == sign
        )
