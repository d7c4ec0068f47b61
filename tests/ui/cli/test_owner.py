import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag.index.building import ingest
from rag.settings import Settings
from tests.ui.cli.test_app import steward
from tests.ui.owner.made_up import DAY, asked, vector, verdict
from ui.cli.app import app
from ui.owner.log_file import path_of
from ui.owner.question_log import QuestionLog

NOON = 1.7957e9
"""In November 2026."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An index with a log of three questions that were not answered and one that was wrongly."""
    monkeypatch.setattr("time.time", lambda: NOON)
    index = tmp_path / "index"
    with closing(QuestionLog(path_of(index), 90)) as log:
        for number in range(3):
            log.note(asked("where do I park?", at=NOON, nearest="Rules", vector=vector(1, 0)))
            log.note(asked(f"is there parking {number}", at=NOON, vector=vector(1, 0.1)))
        log.note(asked("=1+1 \x1b[31m", at=NOON - 40 * DAY))
        log.note(asked("too old", at=NOON - 89.99 * DAY))
        log.give(verdict("how long?", at=NOON, kind="answer")).result(60)
    yield index


def test_gaps_are_listed_most_asked_first(index: Path) -> None:
    result = steward("gaps", "--index", index)
    assert result.exit_code == 0
    assert result.stdout == (
        "Not answered: 8 times, 3 subjects\n"
        "     6  where do I park?\n"
        "        also: is there parking 0 · is there parking 1 · is there parking 2\n"
        "        nearest: Rules\n"
        "     1  =1+1 \\x1b[31m\n"
        "     1  too old\n"
        "Wrong by readers' verdict: 1 time, 1 subject\n"
        "     1  how long?\n"
    )
    few = steward("gaps", "--index", index, "--most", "1").stdout
    assert "Not answered: 8 times, 3 subjects, of which the first 1\n" in few
    assert "too old" not in few


def test_gaps_as_json_say_the_same(index: Path) -> None:
    found = json.loads(steward("gaps", "--json", "--index", index).stdout)
    assert [gap["count"] for gap in found["not_answered"]] == [6, 1, 1]
    assert found["not_answered"][0] == {
        "example": "where do I park?",
        "count": 6,
        "questions": ["where do I park?", *(f"is there parking {n}" for n in range(3))],
        "nearest": ["Rules"],
        "last": "2026-11-26",
    }
    assert [gap["example"] for gap in found["wrong"]] == ["how long?"]


def test_gaps_as_csv_hold_no_formula(index: Path) -> None:
    rows = list(csv.reader(io.StringIO(steward("gaps", "--csv", "--index", index).stdout)))
    assert rows[0][:3] == ["kind", "count", "example"]
    assert rows[1][:3] == ["not_answered", "6", "where do I park?"]
    assert rows[2][2] == "'=1+1 \\x1b[31m"
    assert rows[4][0] == "wrong" and len(rows) == 5


def test_gaps_since_a_day_leave_out_what_was_before(index: Path) -> None:
    found = json.loads(steward("gaps", "--json", "--since", "2026-11", "--index", index).stdout)
    assert [gap["example"] for gap in found["not_answered"]] == ["where do I park?"]
    result = steward("gaps", "--since", "soon", "--index", index)
    assert result.exit_code == 2 and "soon is no date" in result.stderr


def test_what_is_older_than_it_may_be_kept_does_not_count(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_KEEP_DAYS", "30")
    for since in ([], ["--since", "2020"]):
        found = json.loads(steward("gaps", "--json", *since, "--index", index).stdout)
        assert [gap["count"] for gap in found["not_answered"]] == [6]


def test_without_a_log_it_says_how_to_keep_one(tmp_path: Path) -> None:
    result = steward("gaps", "--index", tmp_path / "none")
    assert result.exit_code == 2
    assert "STEWARD_LOG_QUESTIONS=true" in result.stderr
    assert not (tmp_path / "none").exists()


def test_json_and_csv_at_once_are_refused(index: Path) -> None:
    assert steward("gaps", "--json", "--csv", "--index", index).exit_code == 2


def test_without_a_case_there_is_nothing_to_print(index: Path) -> None:
    result = steward("cases", "--index", index)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "steward cases --choose" in result.stderr


def test_cases_are_chosen_by_complaint_and_only_once(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(folder, Settings(index=index))
    with closing(QuestionLog(path_of(index), 90)) as log:
        for number, question in enumerate(("how long is the Lena?", "who pays?", "why?")):
            said = verdict(question, at=NOON + number, words="\x1b[31mNo.")
            log.give(said).result(60)

    def choose(typed: str) -> Result:
        arguments = ["cases", "--choose", "--index", str(index)]
        return CliRunner().invoke(app, arguments, input=typed)

    # Of "why?" none, "who pays?" is left, of the Lena the first; the fourth, of before, is left.
    result = choose("n\ns\n999\n1\ns\n")
    assert result.exit_code == 0, result.output
    assert "\\x1b[31mNo." in result.stderr and "\x1b" not in result.stderr
    assert "The Lena" in result.stderr
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["question"], first["answerable"]) == ("why?", False)
    assert second["question"] == "how long is the Lena?" and second["quotes"]
    again = choose("s\ns\n")
    assert again.exit_code == 0 and again.stdout == result.stdout
    assert steward("cases", "--index", index).stdout == result.stdout
