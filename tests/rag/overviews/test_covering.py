"""Centrality and marginal relevance, on vectors whose likeness can be seen."""

import numpy as np

from rag.overviews.covering import centrality, cover
from rag.text.encoder import Vectors


def unit(*rows: tuple[float, ...]) -> Vectors:
    vectors = np.array(rows, dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


THREE_AND_ONE = unit((1, 0.1, 0), (1, 0, 0.1), (1, 0.1, 0.1), (0, 0, 1))


def anything(at: int, taken: object) -> bool:
    return True


def test_the_sentence_most_like_the_others_is_the_most_central() -> None:
    rank = centrality(THREE_AND_ONE)
    assert rank.argmax() == 2 and rank.max() == 1.0
    assert rank[3] == rank.min() > 0


def test_centrality_is_that_of_a_walk_computed_by_hand() -> None:
    rank = centrality(unit((1, 0), (1, 0), (0, 1)))
    # Of the third sentence: .15 / 3 to begin with, and .85 of a third of its own.
    alone = 0.05 / (1 - 0.85 / 3)
    assert np.allclose(rank, [1.0, 1.0, alone / ((1 - alone) / 2)], atol=1e-4)


def test_what_is_near_to_the_subject_draws_the_walk() -> None:
    rank = centrality(THREE_AND_ONE, np.array([0, 0, 0, 1], dtype=np.float32))
    assert rank.argmax() == 3


def test_no_vector_is_too_strange_to_be_ranked() -> None:
    rank = centrality(unit((1, 0), (-1, 0)), np.zeros(2, dtype=np.float32))
    assert np.allclose(rank, 1.0)


def test_the_second_sentence_taken_says_something_else() -> None:
    worth = np.array([0.9, 0.95, 1.0, 0.7], dtype=np.float32)
    assert cover(THREE_AND_ONE, worth, 2, [*"aaaa"], anything) == [2, 3]


def test_a_document_not_yet_quoted_is_preferred_where_all_else_is_equal() -> None:
    vectors, worth = unit((1, 0, 0), (0, 1, 0), (0, 0, 1)), np.ones(3, dtype=np.float32)
    assert cover(vectors, worth, 2, [*"aab"], anything) == [0, 2]
    assert cover(vectors, worth, 2, [*"aaa"], anything) == [0, 1]


def test_what_may_not_be_taken_is_left_out_and_there_may_be_fewer() -> None:
    vectors, worth = unit((1, 0, 0), (0, 1, 0), (0, 0, 1)), np.ones(3, dtype=np.float32)
    assert cover(vectors, worth, 3, [*"aaa"], lambda at, taken: at != 0) == [1, 2]
    assert cover(vectors, worth, 3, [*"aaa"], lambda at, taken: not taken) == [0]
