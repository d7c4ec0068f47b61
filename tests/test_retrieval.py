"""Dense and lexical legs, fused."""

from pathlib import Path

import numpy as np
import pytest

from rag import generations
from rag.conversation import Query
from rag.embedding import Encoder
from rag.generations import Manifest
from rag.index import Index, open_index
from rag.retrieval import retrieve
from rag.settings import Settings


@pytest.fixture(scope="module")
def index(seeds_index: Path) -> Index:
    generation = generations.current(seeds_index)
    assert generation
    return open_index(Settings(index=seeds_index), Manifest.read(generation).recipe, generation)


def test_a_score_is_the_convex_combination_of_both_legs(index: Index, encoder: Encoder) -> None:
    question = "what is the neutrality framework?"
    vector = encoder.encode([question])[0]
    lexical = index.lexical.scores(question)
    vectors = index.store.vectors(index.passage_ids)
    hits = retrieve(index, Query(question), vector, 50)
    assert len(hits) == len(index.passage_ids)
    for hit in hits:
        row = index.row(hit.passage.id)
        nearest = max(index.sentence_vectors.of(row) @ vector)
        dense = max(0.0, float(vectors[row] @ vector + nearest) / 2)
        expected = (2 * dense + float(lexical[row] / lexical.max())) / 3
        expected *= 0.6 if hit.passage.boilerplate else 1
        assert hit.score == pytest.approx(expected, abs=1e-4)


def test_hits_come_best_first_and_ranks_are_those_of_the_legs(
    index: Index, encoder: Encoder
) -> None:
    question = "what is the neutrality framework?"
    hits = retrieve(index, Query(question), encoder.encode([question])[0], 8)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    order = np.argsort(-index.lexical.scores(question), kind="stable")
    for hit in hits:
        if hit.lexical_rank:
            assert index.passage_ids[order[hit.lexical_rank - 1]] == hit.passage.id
        assert hit.dense_rank


def test_left_overs_of_a_page_do_not_win_over_an_article(index: Index, encoder: Encoder) -> None:
    question = "artificial intelligence and business"
    hits = retrieve(index, Query(question), encoder.encode([question])[0], 8)
    assert not hits[0].passage.boilerplate


def test_left_overs_are_still_found_when_they_are_asked_for(index: Index, encoder: Encoder) -> None:
    question = "Rubrik Okta Recovery immutable backups"
    hits = retrieve(index, Query(question), encoder.encode([question])[0], 8)
    assert "Rubrik" in hits[0].passage.text


def test_a_question_of_unknown_words_still_gets_its_nearest(index: Index, encoder: Encoder) -> None:
    hits = retrieve(index, Query("qwertz uiop"), encoder.encode(["qwertz uiop"])[0], 9)
    assert [hit.lexical_rank for hit in hits] == [None] * 9
    assert all(hit.dense_rank for hit in hits)
