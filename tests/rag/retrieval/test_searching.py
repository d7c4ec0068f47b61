"""The stages from a question to its passages, on the small folder."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rag.errors import UnknownDocument
from rag.index.reading import Index
from rag.records import Hit
from rag.retrieval.hybrid import embed, retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import search
from rag.text.encoder import Encoder, Vectors
from tests.by_hand import EncoderByHand, index_of

MISTYPED, TYPED = "How long is the rivver Lena?", "How long is the river Lena?"
TWO = partial(retrieve, count=2)


def test_what_is_found_is_what_each_stage_makes_of_the_one_before(
    index: Index, encoder: Encoder
) -> None:
    said = [("What do bees collect?", "Bees collect nectar from flowers.")]
    found = search(index, encoder, "And where are those flowrs?", TWO, said)
    leaning = Query("And where are those flowers?", said[0][0], "\n".join(said[0]))
    assert found.query == leaning
    assert np.array_equal(found.vector, embed(encoder, leaning))
    assert found.hits == retrieve(index, leaning, found.vector, 2)
    assert found.timings.keys() == {"embedding", "retrieval"}
    assert min(found.timings.values()) > 0


def test_a_question_is_put_right_unless_it_is_to_stay_as_it_is(
    index: Index, encoder: Encoder
) -> None:
    right = search(index, encoder, MISTYPED, TWO)
    kept = search(index, encoder, MISTYPED, TWO, spelling=False)
    assert (right.query, kept.query) == (Query(TYPED), Query(MISTYPED))
    assert not np.array_equal(right.vector, kept.vector)


def test_passages_are_found_by_whatever_finds_them(index: Index, encoder: Encoder) -> None:
    def last(index: Index, asked: Query, vector: Vectors) -> list[Hit]:
        assert np.array_equal(vector, embed(encoder, asked))
        return list(retrieve(index, asked, vector, 3)[2:])

    found = search(index, encoder, TYPED, last)
    assert found.hits == search(index, encoder, TYPED, partial(retrieve, count=3)).hits[2:]
    with pytest.raises(UnknownDocument):
        search(index, encoder, TYPED, partial(retrieve, count=3, documents=["nothing"]))


def test_every_stage_gets_what_the_one_before_made_and_its_time_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([1.0, 3.0, 7.0])
    stopwatch = SimpleNamespace(perf_counter=lambda: next(clock))
    monkeypatch.setattr("rag.retrieval.searching.time", stopwatch)
    vectors = np.eye(2, dtype=np.float32)
    opened = index_of(tmp_path, {"lena": ["The river Lena. "], "tea": ["Tea. "]}, vectors)
    said = [("Which river?", "The Lena.")]
    texts = {"And its river?": (1, 0), "Which river?\nThe Lena.": (0, 1)}
    given: list[object] = []

    def finding(*arguments: object) -> list[Hit]:
        given.extend(arguments)
        return []

    found = search(opened, EncoderByHand(texts), "And its rivver?", finding, said)
    asked = Query("And its river?", "Which river?", "Which river?\nThe Lena.")
    assert given == [opened, asked, found.vector]
    assert (found.query, found.hits) == (asked, ())
    assert found.vector == pytest.approx(np.array([1, 0.5]) / np.sqrt(1.25))
    assert found.timings == {"embedding": 2.0, "retrieval": 4.0}
    opened.close()
