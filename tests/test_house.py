"""The house rules that a machine can hold: who imports whom, and how large a room may be."""

import ast
import re
import sys
from pathlib import Path

import pytest

from rag.errors import StewardError
from tests.conftest import ROOT
from ui.server.errors import ServiceError

PACKAGES = {"rag": {"rag"}, "ui": {"rag", "ui", "eval"}, "eval": {"rag", "eval"}}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def _modules(path: Path) -> set[str]:
    """What a module imports; of ``from a import b``, ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module or ''}.{alias.name}" for alias in node.names}
    return names


def _imported(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in _modules(path)} & {*PACKAGES, "tests"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_flow_one_way_and_modules_stay_small(path: Path) -> None:
    assert _imported(path) <= PACKAGES[path.relative_to(ROOT).parts[0]]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("package", ["rag", "ui"])
def test_what_answers_questions_does_not_need_what_trains(package: str) -> None:
    apart = ROOT / "rag" / "training"
    for path in (ROOT / package).rglob("*.py"):
        if apart not in path.parents:
            assert not any(name.startswith("rag.training") for name in _modules(path)), path


@pytest.mark.parametrize("floor", ["server", "chat", "widget", "settings.py", "wording"])
def test_what_answers_in_a_browser_does_not_need_what_measures(floor: str) -> None:
    apart = ROOT / "ui" / "wording" / "measurements.py"
    for path in _within(ROOT / "ui" / floor):
        if path != apart:
            names = _modules(path)
            assert not any(
                name.startswith(("eval.", "ui.wording.measurements")) for name in names
            ), path


def test_of_rag_only_the_assistant_knows_the_floor_of_prose() -> None:
    prose = ROOT / "rag" / "prose"
    apart = [path for path in _within(ROOT / "rag") if prose not in path.parents]
    for path in apart:
        knows = any(name.startswith("rag.prose") for name in _modules(path))
        assert knows == (path == ROOT / "rag" / "assistant.py"), path


def _within(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_html_stands_in_templates_alone(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            written = id(node) not in docstrings and re.search(r"</?[a-z]+[ >]", node.value)
            assert not written, (path, node.lineno)


def test_the_templates_of_the_chat_hold_structure_and_no_words() -> None:
    for path in (ROOT / "ui" / "chat" / "templates").glob("*.html"):
        text = re.sub(r"(?s)\{[{%#].*?[}%#]\}|<[^>]*>|&nbsp;", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\w", text.replace("Steward", "")), path


@pytest.mark.parametrize("root", [StewardError, ServiceError], ids=lambda root: root.__name__)
def test_the_tree_of_errors_is_drawn_as_it_is(root: type[Exception]) -> None:
    def lines(parent: type[Exception], lead: str = "") -> list[str]:
        children = [each for each in parent.__subclasses__() if each.__module__ == root.__module__]
        found = []
        for child in children:
            last = child is children[-1]
            found.append(f"{lead}{'└── ' if last else '├── '}{child.__name__}")
            found += lines(child, lead + ("    " if last else "│   "))
        return found

    drawn = (sys.modules[root.__module__].__doc__ or "").split("\n\n")[1]
    assert drawn == "\n".join(f"    {line}" for line in [root.__name__, *lines(root)])
