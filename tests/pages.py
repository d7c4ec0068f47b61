"""The pages for people, and what they say to type."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from tests.conftest import ROOT

PAGES: Mapping[str, str] = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (
        *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")),
        *sorted((ROOT / "docs").glob("*.md")),
    )
}

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"  # exits with (\d+)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that a page says to type.

    Attributes:
        line: As it is written.
        variables: Those that are set before the command.
        words: The command and its arguments, without ``sudo``, ``env --chdir`` and a redirection.
        into: The file that its output is redirected to, or "".
        exit_code: What it is said to exit with.
    """

    line: str
    variables: Mapping[str, str]
    words: tuple[str, ...]
    into: str = ""
    exit_code: int = 0

    @property
    def program(self) -> str:
        """The name of what is run, wherever it lies."""
        return self.words[0].rpartition("/")[2]


def blocks(text: str, kind: str) -> list[str]:
    """The contents of the fenced blocks of a kind."""
    return [content for of, content in _FENCED.findall(text) if of == kind]


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    level = heading.partition(" ")[0]
    below = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^{level} ", below, maxsplit=1, flags=re.MULTILINE)[0]


def typed(text: str) -> list[Typed]:
    """The lines of all ``sh`` blocks."""
    return [_typed(line) for block in blocks(text, "sh") for line in block.splitlines()]


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table whose first cell is ``heading``, without that row."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    last = next(i for i in range(first, len(lines) + 1) if not "".join(lines[i : i + 1]))
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[first + 2 : last]
    ]


def _typed(line: str) -> Typed:
    code = _EXIT.search(line)
    words = shlex.split(line, comments=True)
    variables = {}
    while re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if words[0] == "sudo":
        words = words[3:] if words[1] == "-u" else words[1:]
    if words[0] == "env" and words[1].startswith("--chdir="):
        words = words[2:]
    into = words[-1] if words[-2:-1] in ([">"], [">>"]) else ""
    words = words[:-2] if into else words
    return Typed(line, variables, tuple(words), into, int(code[1]) if code else 0)
