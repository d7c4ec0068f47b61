"""Sizes of passages, on made-up articles."""

from itertools import count

import pytest

from eval.fitting.passage_size import collect, measure
from rag.training.rows import digest
from tests.rag.training.test_rows import SQUAD, row

TITLE = next(f"Article {number}" for number in count() if digest(f"Article {number}")[0] % 14 == 0)
OTHER = next(f"Article {number}" for number in count() if digest(f"Article {number}")[0] % 14)
BEES = " Bees collect nectar from flowers. They dry it in cells of wax."
LENA = "The Lena flows north. It freezes every winter."
ROWS = [
    row(SQUAD, "What do bees collect?", BEES, TITLE, "nectar"),
    row(SQUAD, "When does the Lena freeze?", LENA, TITLE, "winter"),
    row(SQUAD, "Unanswerable?", LENA, TITLE),
    row(SQUAD, "What is it about?", "About another thing.", OTHER, "another"),
    row("another source", "Where does it flow?", LENA, TITLE, "north"),
]


def test_an_article_is_its_paragraphs_and_what_is_wanted_the_sentence_of_the_answer() -> None:
    articles, wanted = collect(ROWS)
    assert articles == {TITLE: f"{BEES.strip()}\n\n{LENA}"}
    assert [(each.question, articles[each.article][each.start : each.end]) for each in wanted] == [
        ("What do bees collect?", "Bees collect nectar from flowers."),
        ("When does the Lena freeze?", "It freezes every winter."),
    ]


def test_what_fits_into_the_best_passages_is_found() -> None:
    articles, wanted = collect(ROWS)
    tokens, recall, precision, iou = measure(articles, wanted, 200)
    # One passage holds the whole article, of which a quarter or a third is wanted.
    assert recall == 1.0
    text = articles[TITLE]
    shares = [(each.end - each.start) / len(text) for each in wanted]
    assert precision == iou == pytest.approx(sum(shares) / 2)
    assert 20 < tokens < 40
