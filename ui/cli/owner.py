"""``steward gaps``: what people asked and did not get, from the log of questions."""

import csv
import json
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.ingesting import Index
from ui.cli.terminal import say, visible
from ui.settings import ServerSettings, load
from ui.wording.owner import NOT_ANSWERED, WRONG, gathered, moment

if TYPE_CHECKING:
    from ui.owner.gaps import Gap

_DAY = 86400.0

Since = Annotated[
    str | None, typer.Option("--since", help="Only what was asked then or later, as 2026-05-01.")
]


def gaps(
    since: Since = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all of it as CSV.")] = False,
    most: Annotated[int, typer.Option(min=1, help="How many to print, of each kind.")] = 20,
    index: Index = None,
) -> None:
    """List what people asked and did not get, gathered by meaning, most asked first.

    Then likewise what they got and said that it did not help. It reads the log of questions, which
    a server keeps where STEWARD_LOG_QUESTIONS is set.
    """
    settings = load(index=index)
    if as_json and as_csv:
        raise typer.BadParameter("is one form, and --csv another", param_hint="--json")
    begun = begin(settings, since)
    from ui.owner import log_reading
    from ui.owner.gaps import gather
    from ui.owner.log_file import path_of, reading

    with reading(path_of(settings.index)) as database:
        found = {
            "not_answered": gather(log_reading.unanswered(database, begun)),
            "wrong": gather(log_reading.wrong(database, begun)),
        }
    if as_json:
        whole = {kind: [_as_json(gap) for gap in each] for kind, each in found.items()}
        typer.echo(json.dumps(whole, indent=2))
    elif as_csv:
        _print_csv(found)
    else:
        for title, kind in ((NOT_ANSWERED, "not_answered"), (WRONG, "wrong")):
            for line in gathered(title, found[kind], most):
                say(visible(line))


def begin(settings: ServerSettings, since: str | None) -> float:
    """The moment from which on the log counts; what is too old to be kept never does.

    Raises:
        NoDate: When ``since`` is none.
    """
    oldest = time.time() - settings.keep_days * _DAY
    if since is None:
        return oldest
    from rag.retrieval.scope import checked

    day = f"{checked(since)}-01-01"[:10]
    return max(oldest, datetime.fromisoformat(day).timestamp())


def _as_json(gap: "Gap") -> dict[str, Any]:
    return {
        "example": gap.example,
        "count": gap.count,
        "questions": gap.questions,
        "nearest": gap.nearest,
        "last": moment(gap.at),
    }


def _print_csv(found: "dict[str, tuple[Gap, ...]]") -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["kind", "count", "example", "other wordings", "nearest", "last"])
    for kind, gaps in found.items():
        for gap in gaps:
            others, near = "\n".join(gap.questions[1:]), "\n".join(gap.nearest)
            texts = [visible(each, keep="\n") for each in (gap.example, others, near)]
            table.writerow([kind, gap.count, *map(_cell, texts), moment(gap.at)])


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
