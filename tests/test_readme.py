"""The README, and the pages beside it, say what is so."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.assistant import Assistant
from tests.conftest import ROOT, SEEDS
from tests.pages import PAGES
from ui.cli.app import app
from ui.settings import PREFIX, ServerSettings
from ui.wording.numbers import percent

README = PAGES["README.md"]


def _table(name: str) -> Iterator[list[str]]:
    """Cells of the rows of the table after a marking comment."""
    _, _, rest = README.partition(f"<!-- {name}:")
    lines = rest.splitlines()[1:]
    rows = [line for line in lines if line.startswith("|")]
    following = next(i for i, line in enumerate(lines) if i and not line.startswith("|"))
    for row in rows[2:following]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


def test_the_table_of_settings_is_complete_and_right() -> None:
    expected = [
        [
            f"`{PREFIX}{name.upper()}`",
            "" if field.default in (None, ()) else f"`{field.default}`",
            field.description,
        ]
        for name, field in ServerSettings.model_fields.items()
    ]
    assert list(_table("settings")) == expected


def test_the_table_of_dependencies_is_complete_and_right() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["ingest"], *extras["local"], *extras["milvus"]]
    declared = [re.split(r"[<>=\[]", each)[0] for each in wanted]
    declared += _without_dependencies()
    named = [
        name for cells in _table("dependencies") for name in re.findall(r"`([^`]+)`", cells[0])
    ]
    assert sorted(named, key=str.lower) == sorted({*declared}, key=str.lower)


def _without_dependencies() -> list[str]:
    """What the Makefile installs alone, for a file inside."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"--no-deps ([\w-]+)==", makefile)


def test_every_dependency_is_pinned_and_no_address_is_named() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in constraints.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.\-]+==[\w.+!]+(?: ;.*)?", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *itertools.chain(*extras.values())]
    for each in [*wanted, *_without_dependencies()]:
        if each.startswith("steward["):
            continue
        name = re.split(r"[<>=\[]", each)[0]
        assert re.sub(r"[-_.]+", "-", name).lower() in pinned, name


def test_every_command_is_in_the_readme() -> None:
    names = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    assert names == set(re.findall(r"^\| `steward (\w+)", README, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_folder_that_is_named_is_there(page: str) -> None:
    for path in re.findall(r"`((?:rag|ui|eval|seeds|tests|docs)/[\w./-]*)`", PAGES[page]):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_or_a_heading_that_is_there(page: str) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", PAGES[page]):
        path, _, heading = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        if heading:
            assert heading in _anchors(file.read_text(encoding="utf-8")), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    pages = {page for page in PAGES if page.startswith("docs/")}
    assert pages <= set(re.findall(r"\]\(([^)#]+)\)", README))


def _anchors(text: str) -> set[str]:
    """What the headings of a page are linked to by: GitHub's rule."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("way", ["A document's way", "A question's way"])
def test_a_way_through_the_house_is_told_in_ten_lines_that_name_the_files(way: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = text.partition(f"### {way}\n\n")[2].partition("\n\n")[0].splitlines()
    assert [line.partition(".")[0] for line in lines] == [str(number + 1) for number in range(10)]
    assert all(re.search(r"`(?:rag|ui)/[\w/]+\.py`", line) for line in lines)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_that_is_named_is_one(page: str) -> None:
    written = re.findall(r"`steward ([a-z]+)([^`]*)`", PAGES[page])
    assert any("--" in rest for _, rest in written) or page != "README.md"
    for command, rest in written:
        result = CliRunner().invoke(app, [command, "--help"], terminal_width=200)
        assert result.exit_code == 0, result.output
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in result.output, (command, option)


def test_make_has_the_commands_that_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make ([\w-]+)$", README, re.MULTILINE)
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_answer_is_the_one_that_is_printed(assistant: Assistant) -> None:
    shown = re.search(r'steward ask "([^"]+)"\n(.+?)\n```', README, re.DOTALL)
    assert shown
    answer = assistant.ask(shown[1])
    assert re.findall(r"^\[(\d)\]", shown[2], re.MULTILINE) == [
        str(q.number) for q in answer.quotes
    ]
    for quote in answer.quotes:
        words = f"[{quote.number}] {quote.text}".replace("\xa0", " ")
        source = answer.documents[quote.document_id].source
        place = f"{source}, characters {quote.start}–{quote.end}"
        assert f"{words}\n    {quote.title}, {place}" in shown[2]
    assert f"Confidence {percent(answer.confidence)};" in shown[2]


def test_the_example_for_programs_runs_as_it_is_written(
    assistant: Assistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"### As a library\n\n```python\n(.+?)```", README, re.DOTALL)
    (tmp_path / "seeds").symlink_to(SEEDS)
    exec(compile(example, "README.md", "exec"), {})
    (question,) = re.findall(r'ask\("(.+)"\)', example)
    quotes = assistant.ask(question).quotes
    assert quotes
    assert capsys.readouterr().out == "".join(f"[{each.number}] {each.text}\n" for each in quotes)
