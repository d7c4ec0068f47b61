"""What a run comes to, and the comparison with another one."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from eval.errors import ResultsFault
from eval.measuring.metrics import METRICS
from eval.measuring.questions import Question
from eval.measuring.results import QuestionResult, read_results, write_results
from eval.measuring.run import Run
from eval.measuring.summary import against, figures, summary, write
from tests.eval.measuring.conftest import QUESTIONS


def test_the_written_rows_are_read_as_they_were(run: Run, tmp_path: Path) -> None:
    write_results(tmp_path / "rows.jsonl", run.results)
    assert read_results(tmp_path / "rows.jsonl") == run.results
    first = json.loads((tmp_path / "rows.jsonl").read_text().split("\n")[0])
    assert set(first) >= {"id", "answered", "confidence", "quotes", "milliseconds"}
    assert set(first["quotes"][0]) == {"document_id", "start", "end", "text"}


def test_rows_of_another_system_need_five_keys(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"id": "nectar", "answered": false, "confidence": 0, "quotes": [], "milliseconds": 1}\n'
    )
    compared = against(run, path)
    assert compared.questions == 1
    assert compared.differences["right"].value == 1
    assert math.isnan(compared.differences["mrr"].value)


def test_a_run_compared_with_itself_differs_by_nothing(run: Run, tmp_path: Path) -> None:
    write_results(tmp_path / "rows.jsonl", run.results)
    compared = against(run, tmp_path / "rows.jsonl")
    assert compared.questions == len(QUESTIONS)
    assert {each.value for each in compared.differences.values() if each.value == each.value} == {0}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no row"),
        ('{"id": "a"}', "line 1: answered: Field required"),
        (
            QuestionResult(id="z", answered=False, confidence=0, quotes=(), milliseconds=0),
            "shares no",
        ),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(
    run: Run, tmp_path: Path, text: object, problem: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text.model_dump_json() if isinstance(text, QuestionResult) else str(text))
    with pytest.raises(ResultsFault, match=problem):
        against(run, path)


def test_the_summary_is_json_without_numbers_that_json_has_not(run: Run, tmp_path: Path) -> None:
    tuning = run.subset("tuning")
    content = summary(tuning, figures(tuning), None)
    write(tuning, content, tmp_path / "out")
    read = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert read["threshold"] == 0.3
    assert set(read["parts"]) == {"all", "tuning"}
    assert set(read["parts"]["all"]["metrics"]) == set(METRICS)


def test_a_figure_that_is_not_defined_is_null() -> None:
    result = QuestionResult(id="a", answered=False, confidence=0, quotes=(), milliseconds=1)
    run = Run((Question(id="a", question="?", answerable=False),), (result,), 0.5, 0.2, {}, ())
    content: Any = summary(run, figures(run), None)
    nothing = {"value": None, "low": None, "high": None}
    assert content["parts"]["all"]["metrics"]["right"] == nothing
    assert content["parts"]["all"]["metrics"]["refused_unanswerable"]["value"] == 1
