"""The comparison of fusions, on made-up candidates and on a small index."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from eval.fitting import fusion
from eval.fitting.paragraphs import document_id, embed_paragraphs, encode, index_of
from eval.fitting.retrieval_set import HeldOutQuestion, half_by_text
from rag.text.encoder import Encoder
from tests.eval.fitting.made_up import POOL


def ranked(gold_rank: int) -> fusion.Candidates:
    """Twelve candidates of which the legs and the fusion agree on the order."""
    ranks = np.arange(1.0, 13.0)
    ids = [f"other {number:02}" for number in range(12)]
    ids[gold_rank - 1] = "gold"
    falling = 1 / ranks
    return fusion.Candidates(tuple(ids), falling, falling, falling, ranks, ranks, falling)


@pytest.mark.parametrize("rank", [1, 2, 5, 10, 11])
def test_the_figures_of_one_question_are_those_by_hand_and_by_scikit_learn(rank: int) -> None:
    found = ranked(rank)
    values = fusion.figures(found.ids, found.shipped, "gold")
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


def test_the_sweep_passes_through_the_shipped_fusion(encoder: Encoder, tmp_path: Path) -> None:
    embedded = embed_paragraphs(encoder, POOL, tmp_path)
    question = "Into which ocean does the Lena flow?"
    (vector,) = encode(encoder, [question], tmp_path)
    assert (encode(encoder, [question], tmp_path)[0] == vector).all()
    with index_of(embedded, (0, 1, 2)) as index:
        found = fusion.candidates(index, question, vector)
    swept = fusion.WEIGHTED["convex: mean of both, BM25"](found, 0.7)
    assert swept == pytest.approx(found.shipped, abs=1e-5)
    assert fusion.figures(found.ids, swept, document_id(1)) == pytest.approx((1, 1, 1, 1, 1))


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
