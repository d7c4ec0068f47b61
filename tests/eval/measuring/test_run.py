"""A question set put to real documents, and the commands that do it."""

import json
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.errors import QuestionSetFault
from eval.measuring import run as running
from eval.measuring.questions import half_of
from eval.measuring.results import QuestionResult, QuotedSpan, write_results
from eval.measuring.run import Run
from eval.measuring.verdicts import verdict
from rag.assistant import Assistant
from rag.settings import Settings
from tests.eval.measuring.conftest import QUESTIONS, SET, TEXTS
from ui.cli.measuring import bench, evaluate

app = typer.Typer()
app.command("eval")(evaluate)
app.command("bench")(bench)


def by_id(run: Run) -> dict[str, QuestionResult]:
    return {result.id: result for result in run.results}


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


def test_every_result_can_be_checked_with_its_documents(run: Run) -> None:
    assert [result.id for result in run.results] == [question.id for question in QUESTIONS]
    for result in run.results:
        for span in result.candidates:
            text = TEXTS[run.documents[span.document_id].source]
            assert text[span.start : span.end] == span.text


def test_what_answers_is_right_and_found_first(run: Run) -> None:
    result = by_id(run)["nectar"]
    assert result.answered
    assert result.rank == 1
    assert "collect nectar" in result.quotes[0].text
    assert result.milliseconds > 0


def test_a_follow_up_is_asked_with_its_history(run: Run) -> None:
    assert any("4,294" in span.text for span in by_id(run)["length"].candidates)


def test_a_question_that_cannot_be_asked_counts_as_refused(run: Run) -> None:
    result = by_id(run)["marks"]
    assert (result.answered, result.confidence, result.quotes, result.rank) == (False, 0, (), None)
    assert result.reason == "EmptyQuestion"


def test_a_refusal_shows_nothing_and_says_what_it_withheld(opened: Settings) -> None:
    none = {"threshold": 1.0, "perhaps_threshold": 1.0}
    strict = running.run(QUESTIONS[:1], opened.model_copy(update=none))
    (result,) = strict.results
    assert not result.answered and not result.perhaps
    assert result.quotes == ()
    assert "collect nectar" in result.withheld[0].text
    assert result.reason == "low_confidence"
    assert strict.outcomes().supported.tolist() == [True]


def test_between_the_thresholds_it_is_a_perhaps(opened: Settings) -> None:
    between = {"threshold": 1.0, "perhaps_threshold": 0.05}
    run = running.run(QUESTIONS[:1], opened.model_copy(update=between))
    (result,) = run.results
    assert (result.answered, result.perhaps, result.quotes) == (False, True, ())
    assert (run.threshold, run.perhaps_threshold) == (1.0, 0.05)
    assert verdict(QUESTIONS[0], result) == "perhaps, right"


def test_the_results_agree_with_what_the_assistant_answers(opened: Settings, run: Run) -> None:
    with closing(Assistant(opened)) as assistant:
        for question, result in zip(QUESTIONS[:4], run.results[:4], strict=True):
            answer = assistant.ask(question.question, question.history)
            assert (answer.answered, answer.confidence) == (result.answered, result.confidence)
            assert (answer.kind == "perhaps") == result.perhaps
            assert len(answer.quotes) <= len(result.candidates)


def test_a_question_whose_quotes_stand_nowhere_is_named(run: Run) -> None:
    assert run.unfindable == ("elsewhere",)
    assert by_id(run)["elsewhere"].rank == 0


def test_the_halves_are_parts_of_the_whole(run: Run) -> None:
    subsets = [run.subset(name) for name in ("tuning", "reporting")]
    assert sorted(result.id for subset in subsets for result in subset.results) == sorted(
        result.id for result in run.results
    )
    halves = [{half_of(result.id) for result in subset.results} for subset in subsets]
    assert halves == [{"tuning"}, {"reporting"}]


def test_the_command_prints_writes_compares_and_fails_below_a_limit(
    documents: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text("\n".join(map(json.dumps, SET)))
    other = QuestionResult(
        id="nectar",
        answered=True,
        confidence=1,
        quotes=(QuotedSpan(document_id="d", start=0, end=14, text="collect nectar"),),
        milliseconds=1,
    )
    write_results(tmp_path / "other.jsonl", [other])
    given = ["--questions", questions, "--documents", documents, "--out", tmp_path / "out"]
    given += ["--against", tmp_path / "other.jsonl", "--min", "right=0.9", "--min", "recall@5=0.1"]
    result = CliRunner().invoke(app, ["eval", *map(str, given)])
    assert result.exit_code == 1, result.output
    assert "sure and right, of the answerable" in result.output
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
    count = sum(half_of(each["id"]) == "tuning" for each in SET)
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
