"""SQuAD 2.0: its measures by hand, and the benchmark on a made-up article."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks import squad2
from rag.records import Quote
from rag.settings import Settings
from tests.eval.benchmarks.made_up import BEES, LENA, REAL, figures, real


def test_squad_normalisation_drops_case_punctuation_articles_and_white_space() -> None:
    assert squad2.normalise("The  U.S. Senate, an\u00a0Act") == "us senate act"
    assert squad2.normalise("Anthem") == "anthem"


def test_squad_f1_counts_words() -> None:
    # Two of four predicted words are among the two wanted ones: P 1/2, R 1.
    assert squad2.f1("It flows north slowly", "flows north") == pytest.approx(2 / 3)
    assert squad2.f1("", "") == 1
    assert squad2.f1("", "north") == squad2.f1("north", "") == squad2.f1("the", "north") == 0


def said(text: str, marked: str = "") -> Quote:
    """A quote that begins at 100, with these words of it marked."""
    at = 100 + text.index(marked)
    words = (at, at + len(marked)) if marked else None
    return Quote(1, "d", "T", 100, 100 + len(text), text, "0" * 64, marked=words)


def test_squad_scores_by_hand() -> None:
    asked = [
        squad2.SquadQuestion("?", "p", ("north", "the north")),
        squad2.SquadQuestion("?", "p", ("4,294",)),
        squad2.SquadQuestion("?", "p", ()),
        squad2.SquadQuestion("?", "p", ()),
    ]
    quotes = [
        said("It flows to the north.", "the north"),
        said("It is 4,294 long"),
        None,
        said("Go north.", "north"),
    ]
    em, f1, has_em, has_f1, none, holds = squad2.scores(quotes, asked)
    assert (em, has_em, none, holds) == (50, 50, 50, 100)
    assert has_f1 == pytest.approx((1 + 2 / 5) / 2 * 100)
    assert f1 == pytest.approx((1 + 2 / 5 + 1 + 0) / 4 * 100)


def test_squad2_reads_the_paragraph_of_each_question(tmp_path: Path, settings: Settings) -> None:
    def paragraph(context: str, *questions: tuple[str, str]) -> dict[str, Any]:
        qas = [
            {"question": asked, "id": asked, "is_impossible": not text, "answers": answers}
            for asked, text in questions
            for answers in [[{"text": text, "answer_start": 0}] if text else []]
        ]
        return {"context": context, "qas": qas}

    article = {
        "title": "Bees_and_rivers",
        "paragraphs": [
            paragraph(BEES, ("What do bees collect from flowers?", "nectar")),
            paragraph(LENA, ("How long is the Lena?", "4,294"), ("Who won at chess?", "")),
        ],
    }
    path = tmp_path / "squad2" / "dev-v2.0.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": "v2.0", "data": [article]}))
    found = figures(squad2.run(tmp_path, settings), 1)
    assert found["holds"] == 100
    assert found["AUROC"] == 100


@real
def test_always_abstaining_scores_on_squad2_what_is_published() -> None:
    files, asked = squad2.read(REAL / "squad2" / "dev-v2.0.json")
    assert (len(files), len(asked)) == (646, 6078)
    em, f1, *_ = squad2.scores([None] * len(asked), asked)
    assert (round(em, 1), round(f1, 1)) == (52.1, 52.1)
    gold = squad2.scores([said(each.answers[0]) if each.answers else None for each in asked], asked)
    assert gold[:2] == (100, 100)
