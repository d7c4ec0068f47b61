"""Whether "sources differ" is rightly said: ``python -m eval.measuring.agreement``.

``agreement.jsonl`` holds questions on the seeds, and what a reader of all five articles would say:
that they differ, agree, or neither, since one alone answers or none does. Some are asked of the
seeds with passages changed, all changes at once, since the five articles differ in little by
themselves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typer
from rich.console import Console
from rich.table import Table

from eval.errors import QuestionSetFault
from eval.figures import format_figure
from eval.jsonl import Line, read_lines
from eval.measuring.run import temporary_index
from rag.assistant import Assistant
from rag.records import Answer
from rag.settings import SEEDS, Settings

Verdict = Literal["differ", "agree", "neither"]

OWN = Path(__file__).with_name("agreement.jsonl")


class Case(Line):
    """A question to several sources.

    Attributes:
        expected: What a reader of all of them would say.
        edits: Changes of the documents: a file, what it says, and what it is to say instead.
        note: Anything worth knowing.
    """

    question: str
    expected: Verdict
    edits: tuple[tuple[str, str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what Steward says."""

    case: Case
    found: Verdict


def verdict(answer: Answer) -> Verdict:
    """What an answer says of its sources."""
    if answer.agreement is None:
        return "neither"
    return "differ" if answer.agreement.differ else "agree"


def judge(cases: Sequence[Case], seeds: Path, settings: Settings) -> Iterator[Judged]:
    """Ask the cases without changes of the seeds, and the others of the changed seeds."""
    for changed in (False, True):
        own = [case for case in cases if bool(case.edits) == changed]
        if not own:
            continue
        with TemporaryDirectory(prefix="steward-") as name:
            folder = Path(name)
            _copy(seeds, folder, [edit for case in own for edit in case.edits])
            with (
                temporary_index(folder, settings) as opened,
                closing(Assistant(opened)) as assistant,
            ):
                for case in own:
                    yield Judged(case, verdict(assistant.ask(case.question)))


def figures(judged: Sequence[Judged], of: Verdict = "differ") -> tuple[float, float]:
    """Precision and recall of a verdict; NaN where it was never said, or never is so."""
    said = [each.case.expected == of for each in judged if each.found == of]
    meant = [each.found == of for each in judged if each.case.expected == of]
    return _share(said), _share(meant)


def main() -> None:
    """Ask and print."""
    cases = read_lines(OWN, Case, QuestionSetFault, "case")
    judged = list(judge(cases, SEEDS, Settings()))
    console = Console(width=120)
    table = Table("cases", "", "precision of “differ”", "recall", "precision of “agree”", "recall")
    for name, part in (
        ("all", judged),
        ("the seeds as they are", [each for each in judged if not each.case.edits]),
        ("the changed seeds", [each for each in judged if each.case.edits]),
        ("the fresh ones of both", [each for each in judged if each.case.id.startswith("fresh")]),
    ):
        values = (*figures(part), *figures(part, "agree"))
        table.add_row(name, f"{len(part)}", *(format_figure(value, "share") for value in values))
    console.print(table)
    counts = Counter((each.case.expected, each.found) for each in judged)
    for (expected, found), count in sorted(counts.items()):
        console.print(f"{expected}, said to {found}: {count}", highlight=False)
    for each in judged:
        if each.found != each.case.expected:
            case = each.case
            line = f"{case.id}: {case.expected}, said to {each.found}: {case.question}"
            console.print(line, markup=False, highlight=False)


def _copy(seeds: Path, folder: Path, edits: Sequence[tuple[str, str, str]]) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))}
    for file, old, new in edits:
        if texts.get(file, "").count(old) != 1:
            raise QuestionSetFault(OWN, None, f"changes “{old}”, which {file} does not hold once")
        texts[file] = texts[file].replace(old, new)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else float("nan")


if __name__ == "__main__":
    typer.run(main)
