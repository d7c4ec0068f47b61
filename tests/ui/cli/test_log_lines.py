import json
import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli.app import app
from ui.cli.log_lines import JsonLines, logged
from ui.cli.terminal import say


def test_each_line_is_an_object_with_its_time_and_level(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("json"):
        say("Steward starts\n\x1b[31m")
        say([("a", "bold"), ("b", "")], stderr=True)
        logging.getLogger("ui.server").warning("a name %s", "é")
        try:
            raise KeyError("no")
        except KeyError:
            logging.getLogger("ui.server").exception("defect 1a2b")
        logging.getLogger("ui.server").info("nothing")
    out, err = capsys.readouterr()
    (first,) = map(json.loads, out.splitlines())
    second, third, fourth = map(json.loads, err.splitlines())
    assert (first["level"], first["message"]) == ("info", "Steward starts\n\x1b[31m")
    assert (second["level"], second["message"]) == ("error", "ab")
    assert (third["level"], third["message"]) == ("warning", "a name é")
    assert third["logger"] == "ui.server"
    assert "KeyError: 'no'" in fourth["exception"] and fourth["message"] == "defect 1a2b"
    assert all(each["time"].endswith("+00:00") for each in (first, second, third, fourth))
    assert "\x1b" not in out


def test_afterwards_lines_are_text_again(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("json"), logged("text"):
        say("here")
    say("there")
    assert capsys.readouterr().out == "here\nthere\n"
    formatters = [each.formatter for each in logging.getLogger().handlers]
    assert not any(isinstance(each, JsonLines) for each in formatters)


def test_the_commands_that_log_do_it_by_the_setting_errors_too(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("STEWARD_LOG_FORMAT", "json")
    result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"])
    assert result.exit_code == 2
    assert "STEWARD_ACCESS_TOKEN" in json.loads(result.stderr)["message"]
    result = CliRunner().invoke(app, ["ingest", "none"])
    assert "There is no folder none" in json.loads(result.stderr)["message"]
    result = CliRunner().invoke(app, ["ingest", str(folder)])
    assert [json.loads(each)["level"] for each in result.stdout.splitlines()] == ["info", "info"]
    monkeypatch.delenv("STEWARD_LOG_FORMAT")
    result = CliRunner().invoke(app, ["ingest", "none"])
    assert result.stderr.startswith("There is no folder")
