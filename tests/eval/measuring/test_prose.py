"""What a model writes of a question set, counted."""

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.measuring.prose import ProseResult, ShownSentence, WithheldSentence, figures, run, write
from eval.measuring.questions import Question
from rag.settings import Settings
from tests.misbehaving import always, misbehaving, written
from ui.cli.app import app

WHO = Question(
    id="who",
    question="who is Liz Shuler?",
    quotes=("AFL-CIO president Liz Shuler",),
    answerable=True,
)
OFF = Question(id="off", question="what is the capital of France?", answerable=False)
EMPTY = Question(id="empty", question="?!", answerable=False)
TRUE = "According to new polling by the AFL-CIO, 70% of workers worry about being replaced by AI."
ASKED = Question(
    id="asked",
    question="how many workers worry about being replaced by AI?",
    quotes=("70% of workers worry",),
    answerable=True,
)


def prose_result(id: str, shown: int, withheld: int, seconds: float) -> ProseResult:
    fault = ShownSentence(text="x", cites=(1,), faults=("name",), support=0.5, pairs=0.5)
    good = ShownSentence(text="x", cites=(1,), faults=(), support=1.0, pairs=1.0)
    return ProseResult(
        id=id,
        outcome="written" if shown else "nothing_held",
        shown=(good, fault)[:shown],
        withheld=(WithheldSentence(text="x", why="name"),) * withheld,
        first=seconds / 2 if shown else None,
        seconds=seconds,
    )


def test_the_figures_of_three_answers() -> None:
    found = figures(
        [prose_result("a", 2, 0, 1.0), prose_result("b", 1, 1, 2.0), prose_result("c", 0, 2, 3.0)]
    )
    assert (found.answers, found.with_prose, found.shown) == (3, 2, 3)
    assert found.withheld == {"name": 3}
    assert found.outcomes == {"written": 2, "nothing_held": 1}
    assert found.faults == {"name": 1}
    assert found.faultless == pytest.approx(2 / 3)
    assert found.support == pytest.approx(2.5 / 3)
    assert list(found.first) == pytest.approx([0.75, 0.975])
    assert list(found.seconds) == pytest.approx([2.0, 2.9])


def test_of_no_answer_there_are_no_figures() -> None:
    found = figures([])
    assert (found.answers, found.shown) == (0, 0)
    assert math.isnan(found.faultless)
    assert math.isnan(found.first[0])


def test_answers_are_written_of_and_refusals_are_not(seeds_index: Path, tmp_path: Path) -> None:
    text = f"{TRUE} [1] The poll was held on Mars. [1]"
    with misbehaving(always(written(text))) as server:
        results = run([ASKED, OFF, EMPTY], Settings(index=seeds_index, model_url=server.url))
    assert [each.id for each in results] == ["asked"]
    assert [each.text for each in results[0].shown] == [TRUE]
    assert results[0].shown[0].faults == ()
    assert results[0].shown[0].support == 1.0
    assert [each.why for each in results[0].withheld] == ["name"]
    assert len(server.bodies) == 1
    write(results, tmp_path / "out")
    (line,) = (tmp_path / "out" / "prose.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["outcome"] == "written"


def test_the_command_prints_what_the_model_wrote(
    tmp_path: Path, seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(f"{ASKED.model_dump_json()}\n{OFF.model_dump_json()}\n")
    arguments = ["eval", "--model", "--questions", str(questions), "--index", str(seeds_index)]
    with misbehaving(always(written(f"{TRUE} [1] {TRUE} [1]"))) as server:
        monkeypatch.setenv("STEWARD_MODEL_URL", server.url)
        result = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "What the model wrote" in result.output
    assert "withheld: repeated" in result.output
    assert "100.0%" in result.output
    assert (tmp_path / "out" / "prose.jsonl").exists()


def test_without_a_model_the_command_says_how_to_set_one() -> None:
    result = CliRunner().invoke(app, ["eval", "--model"])
    assert result.exit_code == 2
    assert "STEWARD_MODEL_PATH" in result.output
