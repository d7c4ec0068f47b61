"""Counts of words, beside those of bm25s."""

from pathlib import Path

import pytest

from rag.index.lexical import Lexical
from rag.index.store.statistics import Statistics
from rag.text.words import stems

TEXTS = ["Bees collect nectar, nectar.", "", "The tea is green. Tea!", "Running bees run 14 miles"]


def test_every_count_and_score_is_that_of_bm25s(tmp_path: Path) -> None:
    Statistics.build(TEXTS).save(tmp_path / "lexical")
    counted, expected = Statistics.load(tmp_path / "lexical"), Lexical.build(TEXTS)
    assert len(counted) == len(expected)
    assert counted.vocabulary == expected.vocabulary
    for stem in (*stems(" ".join(TEXTS)), "zebra", ""):
        assert counted.holds(stem) == expected.holds(stem)
        assert counted.idf(stem) == pytest.approx(expected.idf(stem))
    for question in ("bees", "nectar tea tea", "runs 14", "zebra", ""):
        assert counted.most(question) == pytest.approx(expected.most(question))
        scores = [counted.bm25([(question, 1.0)], stems(text)) for text in TEXTS]
        assert scores == pytest.approx(expected.scores(question).tolist(), abs=1e-6)
