"""A question set put to real documents, and the commands that do it."""

import json
import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from eval.errors import QuestionSetFault, RowsFault
from eval.measuring import run as running
from eval.measuring.metrics import METRICS
from eval.measuring.questions import Question, half
from eval.measuring.results import Row, Span, read_rows, write_rows
from eval.measuring.run import Run
from rag.assistant import Assistant
from rag.settings import Settings
from ui.cli.measuring import bench, evaluate

TEXTS = {
    "bees.txt": "How bees make honey\n\nBees collect nectar from flowers. They dry it in cells.\n",
    "rivers.txt": "The river Lena\n\nThe Lena flows north to the Arctic Ocean. "
    "The Lena is 4,294 kilometres long.\n",
}
SET: list[dict[str, Any]] = [
    {
        "id": "nectar",
        "question": "What do bees collect from flowers?",
        "quotes": ["collect nectar"],
        "answerable": True,
    },
    {
        "id": "length",
        "question": "How long is it?",
        "history": [["Where does the Lena flow?", "The Lena flows north to the Arctic Ocean."]],
        "quotes": ["4,294 kilometres"],
        "answerable": True,
    },
    {
        "id": "elsewhere",
        "question": "What do bees collect from flowers?",
        "quotes": ["a text that no document holds"],
        "answerable": True,
    },
    {"id": "price", "question": "Who won the chess match in Reykjavik?", "answerable": False},
    {"id": "marks", "question": "???", "answerable": False},
]
QUESTIONS = tuple(Question.model_validate_json(json.dumps(each)) for each in SET)

app = typer.Typer()
app.command("eval")(evaluate)
app.command("bench")(bench)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def opened(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(index=tmp_path_factory.mktemp("unused"), threshold=0.3)
    with running.temporary_index(documents, settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(opened: Settings) -> Run:
    return running.run(QUESTIONS, opened)


def rows_by_id(found: Run) -> dict[str, Row]:
    return {row.id: row for row in found.rows}


def test_a_temporary_index_is_elsewhere_and_gone_afterwards(
    documents: Path, settings: Settings
) -> None:
    stages: list[str] = []
    with running.temporary_index(documents, settings, lambda *stage: stages.append(stage[0])) as at:
        assert at.index.is_dir()
        assert at.index != settings.index
    assert not at.index.exists()
    assert not settings.index.exists()
    assert {"reading", "embedding"} <= set(stages)


def test_every_row_can_be_checked_with_its_documents(found: Run) -> None:
    assert [row.id for row in found.rows] == [question.id for question in QUESTIONS]
    for row in found.rows:
        for span in row.candidates:
            text = TEXTS[found.documents[span.document_id].source]
            assert text[span.start : span.end] == span.text


def test_what_answers_is_right_and_found_first(found: Run) -> None:
    row = rows_by_id(found)["nectar"]
    assert row.answered
    assert row.rank == 1
    assert "collect nectar" in row.quotes[0].text
    assert row.milliseconds > 0


def test_a_follow_up_is_asked_with_its_history(found: Run) -> None:
    assert any("4,294" in span.text for span in rows_by_id(found)["length"].candidates)


def test_a_question_that_cannot_be_asked_counts_as_refused(found: Run) -> None:
    row = rows_by_id(found)["marks"]
    assert (row.answered, row.confidence, row.quotes, row.rank) == (False, 0, (), None)
    assert row.reason == "EmptyQuestion"


def test_a_refusal_shows_nothing_and_says_what_it_withheld(opened: Settings) -> None:
    strict = running.run(QUESTIONS[:1], opened.model_copy(update={"threshold": 1.0}))
    (row,) = strict.rows
    assert not row.answered
    assert row.quotes == ()
    assert "collect nectar" in row.withheld[0].text
    assert row.reason == "low_confidence"
    assert strict.outcomes().supported.tolist() == [True]


def test_the_rows_agree_with_what_the_assistant_answers(opened: Settings, found: Run) -> None:
    with closing(Assistant(opened)) as assistant:
        for question, row in zip(QUESTIONS[:4], found.rows[:4], strict=True):
            answer = assistant.ask(question.question, question.history)
            assert (answer.answered, answer.confidence) == (row.answered, row.confidence)
            assert len(answer.quotes) <= len(row.quotes)
            assert bool(answer.quotes) == bool(row.quotes)


def test_a_question_whose_quotes_stand_nowhere_is_named(found: Run) -> None:
    assert found.unfindable == ("elsewhere",)
    assert rows_by_id(found)["elsewhere"].rank == 0


def test_the_halves_are_parts_of_the_whole(found: Run) -> None:
    parts = [found.part(name) for name in ("tuning", "reporting")]
    assert sorted(row.id for part in parts for row in part.rows) == sorted(
        row.id for row in found.rows
    )
    assert all(half(row.id) == "tuning" for row in parts[0].rows)


def test_the_written_rows_are_read_as_they_were(found: Run, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", found.rows)
    assert read_rows(tmp_path / "rows.jsonl") == found.rows
    first = json.loads((tmp_path / "rows.jsonl").read_text().split("\n")[0])
    assert set(first) >= {"id", "answered", "confidence", "quotes", "milliseconds"}
    assert set(first["quotes"][0]) == {"document_id", "start", "end", "text"}


def test_rows_of_another_system_need_five_keys(found: Run, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"id": "nectar", "answered": false, "confidence": 0, "quotes": [], "milliseconds": 1}\n'
    )
    compared = running.against(found, path)
    assert compared.questions == 1
    assert compared.differences["right"].value == 1
    assert math.isnan(compared.differences["mrr"].value)


def test_a_run_compared_with_itself_differs_by_nothing(found: Run, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", found.rows)
    compared = running.against(found, tmp_path / "rows.jsonl")
    assert compared.questions == len(QUESTIONS)
    assert {each.value for each in compared.differences.values() if each.value == each.value} == {0}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no row"),
        ('{"id": "a"}', "line 1: answered: Field required"),
        (Row(id="z", answered=False, confidence=0, quotes=(), milliseconds=0), "shares no"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(
    found: Run, tmp_path: Path, text: object, problem: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text.model_dump_json() if isinstance(text, Row) else str(text))
    with pytest.raises(RowsFault, match=problem):
        running.against(found, path)


def test_the_summary_is_json_without_numbers_that_json_has_not(found: Run, tmp_path: Path) -> None:
    part = found.part("tuning")
    content = running.summary(part, running.figures(part), None)
    running.write(part, content, tmp_path / "out")
    read = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert read["threshold"] == 0.3
    assert set(read["parts"]) == {"all", "tuning"}
    assert set(read["parts"]["all"]["metrics"]) == set(METRICS)


def test_a_figure_that_is_not_defined_is_null() -> None:
    row = Row(id="a", answered=False, confidence=0, quotes=(), milliseconds=1)
    found = Run((Question(id="a", question="?", answerable=False),), (row,), 0.5, {}, ())
    content: Any = running.summary(found, running.figures(found), None)
    nothing = {"value": None, "low": None, "high": None}
    assert content["parts"]["all"]["metrics"]["right"] == nothing
    assert content["parts"]["all"]["metrics"]["refused_unanswerable"]["value"] == 1


def test_the_command_prints_writes_compares_and_fails_below_a_limit(
    documents: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text("\n".join(map(json.dumps, SET)))
    other = Row(
        id="nectar",
        answered=True,
        confidence=1,
        quotes=(Span(document_id="d", start=0, end=14, text="collect nectar"),),
        milliseconds=1,
    )
    write_rows(tmp_path / "other.jsonl", [other])
    given = ["--questions", questions, "--documents", documents, "--out", tmp_path / "out"]
    given += ["--against", tmp_path / "other.jsonl", "--min", "right=0.9", "--min", "recall@5=0.1"]
    result = CliRunner().invoke(app, ["eval", *map(str, given)])
    assert result.exit_code == 1, result.output
    assert "right, of the answerable" in result.output
    assert "less the other (1)" in result.output
    assert "right is below 0.9" in result.output
    assert "recall@5 is below" not in result.output
    assert '["elsewhere"]' in result.output
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {"rows.jsonl", "summary.json", "report.html"}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["against"]["questions"] == 1


def test_one_half_alone_is_asked_from_the_index_as_it_is(opened: Settings, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text("\n".join(map(json.dumps, SET)))
    given = ["--questions", questions, "--index", opened.index, "--half", "tuning"]
    result = CliRunner().invoke(app, ["eval", *map(str, given)])
    assert result.exit_code == 0, result.output
    count = sum(half(each["id"]) == "tuning" for each in SET)
    assert 0 < count < len(SET)
    assert f"tuning ({count})" in result.output
    assert "reporting" not in result.output


def test_a_half_without_a_question_is_a_mistake(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps(SET[0] | {"id": "a"}))  # of the reporting half
    with pytest.raises(QuestionSetFault, match="no question in the tuning half"):
        CliRunner().invoke(
            app,
            ["eval", "--questions", str(questions), "--half", "tuning"],
            catch_exceptions=False,
        )


@pytest.mark.parametrize("limit", ["ece=0.1", "nonsense=1", "right", "right=high"])
def test_a_limit_that_makes_no_sense_is_refused_before_anything_is_run(limit: str) -> None:
    result = CliRunner().invoke(app, ["eval", "--min", limit])
    assert result.exit_code == 2
    assert "--min" in result.output
