"""BM25 over stemmed words."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.lexical import Lexical
from rag.text.words import stems, words

TEXTS = ["Bees collect nectar, nectar, nectar.", "Rivers collect water.", "Tea."]


def bm25(term_count: int, length: int, average: float, texts: int, holding: int) -> float:
    """The formula by hand: Lucene's BM25, k1 = 1.2, b = 0.75."""
    idf = math.log(1 + (texts - holding + 0.5) / (holding + 0.5))
    return idf * term_count / (term_count + 1.2 * (1 - 0.75 + 0.75 * length / average))


def test_scores_are_those_of_the_formula() -> None:
    average = (5 + 3 + 1) / 3  # bees collect nectar nectar nectar / rivers collect water / tea
    expected = [
        bm25(3, 5, average, 3, 1) + bm25(1, 5, average, 3, 2),
        bm25(1, 3, average, 3, 2),
        0.0,
    ]
    found = Lexical.build(TEXTS).scores("Who is collecting nectar?")
    assert np.allclose(found, expected, rtol=1e-5)


def test_idf_is_that_of_the_formula_and_highest_for_an_unknown_word() -> None:
    lexical = Lexical.build(TEXTS)
    assert lexical.idf("collect") == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert lexical.idf("tea") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert lexical.idf("zebra") == pytest.approx(math.log(1 + 3.5 / 0.5))


def test_words_are_kept_as_written_and_stems_are_folded() -> None:
    assert words("What did the AFL-CIO's leaders say in 5 days?") == [
        "AFL",
        "CIO",
        "leaders",
        "say",
        "5",
        "days",
    ]
    assert stems("Organizing, organized; the Organizes!") == ["organiz"] * 3


@pytest.mark.parametrize("question", ["", "the of and", "zebra", "?!"])
def test_a_question_without_a_known_word_scores_nothing(question: str) -> None:
    assert Lexical.build(TEXTS).scores(question).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("texts", [["..."], ["...", "the"], ["", "tea"]])
def test_texts_without_words_can_be_indexed(texts: list[str]) -> None:
    lexical = Lexical.build(texts)
    assert len(lexical) == len(texts)
    assert (lexical.scores("tea") > 0).tolist() == [text == "tea" for text in texts]


def test_a_saved_index_scores_as_before(tmp_path: Path) -> None:
    lexical = Lexical.build(TEXTS)
    lexical.save(tmp_path / "lexical")
    loaded = Lexical.load(tmp_path / "lexical")
    assert (loaded.scores("collect tea") == lexical.scores("collect tea")).all()
    assert (len(loaded), loaded.holds("tea"), loaded.holds("zebra")) == (3, True, False)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("{")])
def test_an_index_with_damaged_files_is_an_error(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    Lexical.build(TEXTS).save(tmp_path)
    damage(tmp_path / "params.index.json")
    with pytest.raises((OSError, ValueError)):
        Lexical.load(tmp_path)


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_any_text_can_be_indexed_and_any_question_scored(texts: list[str], question: str) -> None:
    scores = Lexical.build(texts).scores(question)
    assert scores.shape == (len(texts),)
    assert (scores >= 0).all()


@given(
    st.lists(st.text("ab c.", max_size=30), min_size=1, max_size=4), st.text("ab cz", max_size=9)
)
def test_no_text_scores_more_than_the_most_that_a_question_allows(
    texts: list[str], question: str
) -> None:
    lexical = Lexical.build(texts)
    assert lexical.scores(question).max() <= lexical.most(question) + 1e-5


def test_the_most_is_the_idf_of_all_words_asked_those_that_no_text_holds_included() -> None:
    lexical = Lexical.build(TEXTS)
    most = lexical.idf("tea") + lexical.idf("zebra")
    assert lexical.most("the zebra tea") == pytest.approx(most)
    assert lexical.most("of the") == 0.0
