"""Cases of sources that differ, and how they are counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import QuestionSetFault
from eval.jsonl import read_lines
from eval.measuring import agreement
from eval.measuring.agreement import OWN, Case, Judged, figures, verdict
from rag.positions import Agreement
from tests.conftest import SEEDS
from tests.fakes import ANSWER

CASES = read_lines(OWN, Case, QuestionSetFault, "case")


def judged(expected: str, found: str) -> Judged:
    case = Case.model_validate({"id": "a", "question": "q", "expected": expected})
    return Judged(case, found)  # type: ignore[arg-type]


def test_there_are_thirty_cases_of_three_kinds() -> None:
    assert len(CASES) >= 30
    assert {case.expected for case in CASES} == {"differ", "agree", "neither"}


def test_each_change_is_of_something_that_the_seeds_hold_once(tmp_path: Path) -> None:
    edits = [edit for case in CASES for edit in case.edits]
    agreement._copy(SEEDS, tmp_path, edits)
    for file, _, new in edits:
        assert new in (tmp_path / file).read_text(encoding="utf-8")
    with pytest.raises(QuestionSetFault, match="does not hold once"):
        agreement._copy(SEEDS, tmp_path, [("labor-union-on-ai-news.txt", "no such words", "")])


def test_precision_and_recall_are_of_what_was_said_and_of_what_is_so() -> None:
    made = [
        judged("differ", "differ"),
        judged("differ", "agree"),
        judged("differ", "neither"),
        judged("agree", "differ"),
    ]
    assert figures(made) == pytest.approx((0.5, 1 / 3))
    assert figures(made[:1], "agree")[0] != figures(made[:1], "agree")[0]  # NaN


def test_an_answer_without_agreement_is_neither() -> None:
    assert verdict(ANSWER) == "neither"
    assert verdict(replace(ANSWER, agreement=Agreement((), ()))) == "agree"
    assert verdict(replace(ANSWER, agreement=Agreement((), ("date",)))) == "differ"
