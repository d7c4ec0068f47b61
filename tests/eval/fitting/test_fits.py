"""The fits on made-up rows: what is held out, what is asked of which paragraphs, the figures."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from eval.fitting import evidence, evidence_report, fusion
from eval.fitting.cases import Case, Cases
from eval.fitting.macro import difference, macro
from eval.fitting.paragraphs import document_id, embed_paragraphs, encode, index_of
from eval.fitting.regressions import CONFIDENCE, SCORE, CaseCandidates, choose, equal_weights, fit
from eval.fitting.retrieval_set import SHARES, HeldOutQuestion, Paragraph, half_by_text, held_out
from rag.quoting.confidence import SHIPPED, Evidence, Weights
from rag.quoting.reader import Reader
from rag.text.encoder import Encoder
from rag.training.rows import HUMAN, Row, digest, letters, read_rows, trained_on
from tests.rag.training.test_rows import COVID, REAL, SQUAD, real, row

NO_WEIGHTS = Weights(**dict.fromkeys((*SCORE, *CONFIDENCE), 0.0))
POOL = (
    Paragraph("squad", "Bees", "Bees collect nectar from flowers. They dry it in cells of wax."),
    Paragraph("squad", "Lena", "The Lena flows north to the Arctic Ocean. It freezes in winter."),
    Paragraph("squad", "Tea", "Green tea is not fermented. Black tea is fully fermented."),
)


def covid(paragraphs: int) -> list[Row]:
    """Three questions on each of some paragraphs."""
    return [
        row(COVID, f"Question {ask} of {number}?", f"Fact {number} holds.", answer="Fact")
        for number in range(paragraphs)
        for ask in range(3)
    ]


def articles() -> list[Row]:
    """Seven of the articles that are chosen, of eight paragraphs each, and one that is not."""
    titles = [f"Article_{number}" for number in range(400)]
    chosen = [title for title in titles if digest(title)[0] % 14 == 0][:7]
    other = next(title for title in titles if digest(title)[0] % 14)
    rows = []
    for title in (*chosen, other):
        for number in range(8):
            text = f"Of {title}, part {number} is told here."
            rows.append(row(SQUAD, f"What is part {number} of {title}?", text, title, "part"))
            human = f"Why is part {number} of {title} absent?"
            rows.append(row("SQuAD2 by way of UnAnsQ", human, text.upper().replace(",", ""), title))
    return rows


def ranked(gold_rank: int) -> fusion.Candidates:
    """Twelve candidates of which the legs and the fusion agree on the order."""
    ranks = np.arange(1.0, 13.0)
    ids = [f"other {number:02}" for number in range(12)]
    ids[gold_rank - 1] = "gold"
    falling = 1 / ranks
    return fusion.Candidates(tuple(ids), falling, falling, falling, ranks, ranks, falling)


def read(scores: Sequence[float], holds: int | None, passages: int = 100) -> CaseCandidates:
    """A case whose candidates differ in their reading alone."""
    features = np.zeros((len(scores), len(SCORE)))
    features[:, SCORE.index("reading")] = scores
    return CaseCandidates(features, np.arange(len(scores)) == holds, passages)


@given(st.randoms())
def test_what_is_held_out_does_not_depend_on_the_order_of_the_rows(random: Random) -> None:
    rows = covid(40)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert held_out(shuffled) == held_out(rows)


def test_questions_are_of_held_paragraphs_and_at_most_two_of_each() -> None:
    chosen = held_out(covid(40))
    held = {number for number in range(40) if digest(f"Fact {number} holds.")[0] % 16 < 5}
    assert len(chosen.paragraphs) == 40
    assert {chosen.paragraphs[each.gold].text for each in chosen.questions} == {
        f"Fact {number} holds." for number in held
    }
    assert len(chosen.questions) == 2 * len(held)
    assert {each.starts for each in chosen.questions} == {(0,)}


def test_the_half_is_the_parity_of_the_second_byte_of_the_hash() -> None:
    # SHA-256 of "abc" begins with ba 78, of the empty text with e3 b0, of "a" with ca 97.
    assert [half_by_text(text) for text in ("abc", "", "a")] == ["tuning", "tuning", "reporting"]


def test_the_cases_are_the_same_again_and_a_question_is_in_one_half_alone() -> None:
    rows = articles()
    chosen = held_out(rows)
    cases = Cases(rows, chosen).all()
    assert cases == Cases(rows, chosen).all()
    tuning = {each.question for each in cases if not each.reporting}
    reporting = {each.question for each in cases if each.reporting}
    assert tuning
    assert reporting
    assert tuning.isdisjoint(reporting)


def test_the_gold_paragraph_of_a_case_is_there_exactly_when_it_is_answerable() -> None:
    rows = articles()
    made = Cases(rows, held_out(rows))
    about = {each.question: each.context for each in rows}
    kinds = set()
    for case in made.all():
        kinds.add(case.kind)
        present = {made.paragraphs[place].text for place in set(case.places) - case.without}
        human_written = case.kind.endswith("human-written")
        assert human_written or (about[case.question] in present) == (case.gold is not None)
        if case.gold is not None:
            assert made.paragraphs[case.gold].text == about[case.question]
    assert {kind for kind in kinds if kind.startswith("five")} == {
        f"five: {kind}" for kind in ("answerable", "human-written", "off topic", "other paragraph")
    }


@pytest.mark.parametrize("rank", [1, 2, 5, 10, 11])
def test_the_figures_of_one_question_are_those_by_hand_and_by_scikit_learn(rank: int) -> None:
    found = ranked(rank)
    values = fusion.figures(found, found.shipped, "gold")
    inside = rank <= 10
    assert values[:3] == (rank <= 1, rank <= 5, inside)
    assert values[3] == pytest.approx(1 / rank if inside else 0)
    gains = [[float(each == "gold") for each in found.ids]]
    assert values[4] == pytest.approx(ndcg_score(gains, [found.shipped], k=10))


def test_reciprocal_rank_fusion_is_by_ranks_and_the_convex_one_by_scores() -> None:
    found = fusion.Candidates(
        ids=("a", "b"),
        passage=np.array([0.5, -0.2]),
        sentence=np.array([0.7, -0.4]),
        lexical=np.array([0.0, 1.0]),
        dense_rank=np.array([1.0, 2.0]),
        lexical_rank=np.array([np.inf, 1.0]),
        shipped=np.zeros(2),
    )
    fused = fusion.FIXED["reciprocal-rank fusion"](found)
    assert fused == pytest.approx([1 / 61, 1 / 62 + 1 / 61])
    convex = fusion.WEIGHTED["convex: mean of both, BM25"](found, 0.75)
    assert convex == pytest.approx([0.75 * 0.6, 0.25])


def test_sources_count_the_same_and_a_constant_difference_has_no_width() -> None:
    sources = np.array(["a", "a", "a", "b"])
    assert macro(np.array([1.0, 1.0, 1.0, 0.0]), sources) == pytest.approx(0.5)
    measured = difference(np.full(40, 0.25), np.array(["a", "b"] * 20))
    assert (measured.value, measured.low, measured.high) == pytest.approx((0.25, 0.25, 0.25))


def test_the_sweep_passes_through_the_shipped_fusion(encoder: Encoder, tmp_path: Path) -> None:
    embedded = embed_paragraphs(encoder, POOL, tmp_path)
    question = "Into which ocean does the Lena flow?"
    (vector,) = encode(encoder, [question], tmp_path)
    assert (encode(encoder, [question], tmp_path)[0] == vector).all()
    with index_of(embedded, (0, 1, 2)) as index:
        found = fusion.candidates(index, question, vector)
    swept = fusion.WEIGHTED["convex: mean of both, BM25"](found, 0.7)
    assert swept == pytest.approx(found.shipped, abs=1e-5)
    assert fusion.figures(found, swept, document_id(1)) == pytest.approx((1, 1, 1, 1, 1))


def test_the_comparison_chooses_weights_on_one_half_and_reports_the_other() -> None:
    asked = [
        HeldOutQuestion(name, f"{name} {number}?", 0, ())
        for name in ("squad", "covid")
        for number in range(6)
    ]
    tables = fusion.report(asked, ["gold"] * len(asked), [ranked(2)] * len(asked))
    comparison, sweep, differences = tables
    reported = sum(half_by_text(each.question) == "reporting" for each in asked)
    assert comparison.columns[0].header == f"reporting half, {reported} questions"
    assert set(comparison.columns[4]._cells) == {"0.500"}  # MRR@10
    assert len(sweep.rows) == len(fusion.WEIGHTED)
    assert set(differences.columns[1]._cells) == {"+0.000"}


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
        [read([0.1, 0.9, 0.5, 0.2], 1), read([0.9, 0.8, 0.7, 0.6], 3), read([], None)], by
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
        found.append(read((scores + (number % 2)).tolist(), holds))
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
        one = read(generator.normal(size=5).tolist(), None)
        one.evidence[:, similarity] = generator.normal(size=5)
        either = one.evidence[:, 0] + one.evidence[:, similarity] + number % 2
        found.append(replace(one, holds=(np.arange(5) == either.argmax()) & (number % 2 == 1)))
    fitted = fit(found, np.ones(len(found)))
    assert min(fitted.reading, fitted.similarity) > 0.5
    without = fit(found, np.ones(len(found)), SCORE[1:])
    assert without.reading == 0.0
    assert without.similarity > 0.5


def test_cases_weigh_as_much_as_given() -> None:
    found = [read([1.0, 0.0], 0), read([1.0, 0.0], 1)]
    for weights, sign in (([9.0, 1.0], 1), ([1.0, 9.0], -1)):
        assert (
            np.sign(
                fit([*found, read([], None), read([0.5], None)], np.array([*weights, 1, 1])).reading
            )
            == sign
        )


def test_a_case_is_read_without_what_is_taken_away(encoder: Encoder, reader: Reader) -> None:
    embedded = embed_paragraphs(encoder, POOL, None)
    question = "Into which ocean does the Lena flow?"
    (vector,) = encode(encoder, [question], None)
    at = POOL[1].text.index("Arctic")
    there = Case((0, 1, 2), question, 1, (at,), "large: answerable", "squad")
    gone = Case((0, 1, 2), question, None, (), "large: taken away", "squad", frozenset({1}))
    with index_of(embedded, (0, 1, 2)) as index:
        present = evidence.read(index, reader, there, vector, document_id(1))
        absent = evidence.read(index, reader, gone, vector, None)
    assert present.holds.tolist() == [True, *[False] * 5]
    assert present.evidence.shape == (6, len(SCORE))
    assert present.evidence[0, SCORE.index("reading")] > max(present.evidence[1:, 0])
    assert present.passages == absent.passages == 3
    assert len(absent.holds) == 4
    assert not absent.holds.any()


def test_the_report_has_a_line_for_every_coefficient_and_group() -> None:
    cases, found = [], []
    for number in range(60):
        name = "large" if number % 4 < 2 else "five"
        able = number % 2 == 0
        kind = f"{name}: {'answerable' if able else 'taken away'}"
        cases.append(Case((0,), f"{number}?", 0 if able else None, (), kind, "squad"))
        found.append(read([0.5 + able * 0.1 + number / 300, 0.4], 0 if able else None))
    coefficients, groups, kinds, gains, thresholds = evidence_report.report(cases, found)
    names = (*SCORE, *CONFIDENCE)
    assert [str(each).removeprefix("confidence: ") for each in coefficients.columns[0]._cells] == [
        *names
    ]
    assert list(coefficients.columns[1]._cells) == [
        f"{getattr(SHIPPED, name):.2f}" for name in names
    ]
    without = dict(zip(names, coefficients.columns[-1]._cells, strict=True))
    assert without["reading"] == "0.00"
    assert list(groups.columns[0]._cells) == [
        "five/squad",
        "large/squad",
        "all small ones",
        "all large ones",
        "all",
    ]
    assert set(groups.columns[2]._cells) == {"1.000"}  # hit@1
    assert list(kinds.columns[0]._cells) == ["five: taken away", "large: taken away"]
    assert list(gains.columns[0]._cells) == ["hit@1", "hit@3"]
    assert len(thresholds.rows) == len(evidence_report.THRESHOLDS)
    refused = [float(str(each)) for each in thresholds.columns[2]._cells]
    assert refused == sorted(refused)


@real
def test_the_real_rows_give_the_retrieval_set_that_the_figures_are_of() -> None:
    chosen = held_out(read_rows(REAL))
    assert (len(chosen.paragraphs), len(chosen.questions)) == (5180, 1840)
    for share in SHARES.values():
        of_source = [each for each in chosen.paragraphs if each.source == share.name]
        assert len(of_source) == share.paragraphs


@real
def test_the_reader_was_trained_on_no_real_question_with_the_paragraph_it_is_about() -> None:
    rows = list(read_rows(REAL))
    made = Cases(rows, held_out(rows))
    trained = {
        (each.question, letters(each.context))
        for each in trained_on(rows)
        if each.answerable or HUMAN in each.source
    }
    paragraphs = [letters(each.text) for each in made.paragraphs]
    met = []
    for case in made.all():
        # A human-written unanswerable question is about one of the collection.
        about = case.places if case.kind.endswith("human-written") else [case.gold]
        if any((case.question, paragraphs[at]) in trained for at in about if at is not None):
            met.append((case.kind, case.question))
    assert met == []
