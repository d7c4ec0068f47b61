"""Files parsed in a process of their own."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rag.documents.formats import apart, child
from rag.documents.formats.apart import Apart
from rag.documents.formats.extracted import Unextractable

_PAGE = b"<h1>Fees</h1><p>Five euro.</p>"


def test_what_a_child_extracts_is_what_the_format_says() -> None:
    with Apart() as reading:
        found = reading.extract(_PAGE, "a.html")
        assert (found.text, found.title) == ("# Fees\n\nFive euro.", "Fees")
        assert found.body == (0, len(found.text))


def test_one_child_reads_many_files_and_none_is_started_before_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def counted(*args: Any, **more: Any) -> Any:
        process = popen(*args, **more)
        started.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", counted)
    with Apart() as reading:
        assert started == []
        for _ in range(3):
            reading.extract(_PAGE, "a.html")
    assert len(started) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


def test_a_child_that_ended_is_named_and_the_next_file_is_read() -> None:
    with Apart() as reading:
        reading.extract(_PAGE, "a.html")
        assert reading._child
        reading._child.kill()
        with pytest.raises(Unextractable, match="needs more than"):
            reading.extract(_PAGE, "a.html")
        assert reading.extract(_PAGE, "a.html").title == "Fees"


def test_a_file_that_takes_too_long_ends_its_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_WAIT", 0.5)
    slow = b"<div>" * 400_000 + b"x"  # nested so deep that a parser takes the square of it
    with Apart() as reading:
        with pytest.raises(Unextractable, match="needs more than"):
            reading.extract(slow, "a.html")
        monkeypatch.setattr(apart, "_WAIT", 30)
        assert reading.extract(_PAGE, "a.html").title == "Fees"


def test_a_child_has_its_limits() -> None:
    with Apart() as reading:
        reading.extract(_PAGE, "a.html")
        assert reading._child
        limits = Path(f"/proc/{reading._child.pid}/limits").read_text()
    found = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
    assert found["Max address space"] == str(child.MEGABYTES * 2**20)
    assert int(found["Max cpu time"]) <= child.SECONDS + 5
    assert found["Max file size"] == "0"


def test_no_module_is_taken_from_the_folder_that_steward_runs_in(tmp_path: Path) -> None:
    (tmp_path / "selectolax.py").write_text("raise SystemExit")
    (tmp_path / "json.py").write_text("raise SystemExit")
    os.chdir(tmp_path)
    with Apart() as reading:
        assert reading.extract(_PAGE, "a.html").title == "Fees"
