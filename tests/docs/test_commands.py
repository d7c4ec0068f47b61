"""What the pages say to type is understood by what it is typed to, and does what they say."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from rag.assistant import Assistant
from rag.documents.files import parse
from tests.conftest import ROOT, SEEDS
from tests.pages import PAGES, Typed, blocks, rows, typed
from tests.serving import served
from ui.cli.app import app
from ui.server.app import create_app
from ui.settings import ServerSettings, load
from ui.wording import errors

LINES = [each for text in PAGES.values() for each in typed(text)]
TOURS = ["docs/asking.md", "docs/measuring.md"]

OF_THE_SYSTEM = frozenset(
    """
    . chown chroma echo git journalctl make milvus-lite nginx pip podman systemctl useradd
    """.split()
)
"""Programs that change the machine that they run on, or need one that is set up; not run here."""

HERE = frozenset(("cd", "cp", "curl", "install", "mkdir", "rm", "tar"))
"""Programs whose lines tests run: of a tour below, of the others in ``test_service``."""


@pytest.mark.parametrize("each", LINES, ids=lambda each: each.line)
def test_every_line_is_a_command(each: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = subprocess.run(["bash", "-n", "-c", each.line], capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")
    for name, value in each.variables.items():
        monkeypatch.setenv(name, value)
    load()
    match each.program, *each.words[1:]:
        case "steward", name, *arguments:
            typer.main.get_command(app).commands[name].make_context(name, arguments)  # type: ignore[attr-defined]
        case "make", target:
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
            assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)
        case "systemctl", *_, unit:
            assert unit in ("daemon-reload", "steward", "nginx")
        case "journalctl", *arguments:
            assert arguments[:2] == ["-u", "steward"]
        case program, *_:
            assert program in OF_THE_SYSTEM | HERE


def test_there_are_lines_of_every_page() -> None:
    assert all(typed(text) for page, text in PAGES.items() if page.startswith("docs/"))
    assert {each.program for each in LINES} == {"steward", *OF_THE_SYSTEM, *HERE}


@pytest.fixture
def url(assistant: Assistant) -> Iterator[str]:
    """A server on the seeds, for what the pages ask of one."""
    settings = ServerSettings(allowed_origins="https://www.example.org")  # type: ignore[arg-type]
    with served(lambda: create_app(assistant, settings), settings) as address:
        yield address


@pytest.mark.parametrize("page", TOURS)
def test_a_page_can_be_typed_from_top_to_bottom(page: str, url: str, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(SEEDS)
    for block in blocks(PAGES[page], "json"):
        (tmp_path / "my.jsonl").write_text(block, encoding="utf-8")
    printed = ""
    for each in typed(PAGES[page]):
        if each.program == "steward" and each.words[1] != "serve":
            result = CliRunner().invoke(app, each.words[1:])
            assert result.exit_code == each.exit_code, (each.line, result.output)
            printed += result.stdout
            if each.into:
                Path(each.into).write_text(result.stdout, encoding="utf-8")
        elif each.program in HERE:
            line = each.line.replace("localhost:7860", url).replace("curl -s", "curl -sSf")
            subprocess.run(["bash", "-c", line], check=True, stdout=subprocess.DEVNULL)
    for shown in blocks(PAGES[page], ""):
        assert _timeless(shown) in _timeless(printed)


def _timeless(output: str) -> str:
    return re.sub(r"[\d.]+ seconds", "so many seconds", output)


def test_the_server_says_whether_an_origin_is_allowed_as_the_page_shows(url: str) -> None:
    text = PAGES["docs/widget.md"]
    (line,) = (each.line for each in typed(text) if each.program == "curl")

    def answer(line: str) -> str:
        command = ["bash", "-c", line.replace("localhost:7860", url)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    (shown,) = re.findall(r"answers `(.+?)`", text)
    assert answer(line) == shown
    refused = answer(line.replace("www.example.org", "elsewhere.example"))
    assert "add https://elsewhere.example to STEWARD_ALLOWED_ORIGINS" in refused


def test_the_exit_codes_are_those_that_there_are() -> None:
    codes = re.findall(r"^    (\d+) ", errors.__doc__ or "", re.MULTILINE)
    assert [code for code, _ in rows(PAGES["docs/asking.md"], "exit code")] == codes


def test_the_front_matter_that_is_shown_is_read() -> None:
    text = PAGES["docs/asking.md"]
    (example,) = blocks(text, "markdown")
    read = parse(example.encode(), "agreement.md")
    assert (read.title, read.publisher, read.published) == (
        "Agreement of 2024",
        "Local 814",
        "2024-03-01",
    )
    assert read.text.startswith("The agreement")


def test_every_key_of_front_matter_that_is_named_is_read() -> None:
    (listed,) = re.findall(r"Jekyll, Hugo and Eleventy: (.+)\.$", PAGES["docs/asking.md"], re.M)
    values = {"published": "2024-03-01", "date": "2024-03-01", "lastmod": "2024-03-01"}
    bare = parse(b"Words.", "a.txt")
    for key in re.findall(r"`(\w+)`", listed):
        read = parse(f"---\n{key}: {values.get(key, 'en')}\n---\nWords.".encode(), "a.txt")
        assert read != bare, key
        assert read.text == bare.text
