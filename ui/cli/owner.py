"""``steward gaps`` and ``steward cases``: what people did not get, and how it is kept mended."""

import json
import sys
import time
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.ingesting import Index
from ui.cli.terminal import say, visible
from ui.settings import ServerSettings, load
from ui.wording import owner as words
from ui.wording.errors import BAD_INPUT

if TYPE_CHECKING:
    from ui.owner.cases import Candidate
    from ui.owner.records import Case, Verdict

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
    a server keeps where STEWARD_LOG_QUESTIONS or STEWARD_FEEDBACK is set.
    """
    settings = load(index=index)
    if as_json and as_csv:
        raise typer.BadParameter("is one form, and --csv another", param_hint="--json")
    begun = begin(settings, since)
    from ui.owner import exports, log_reading
    from ui.owner.gaps import gather
    from ui.owner.log_file import path_of, reading

    with reading(path_of(settings.index)) as database:
        found = {
            "not_answered": gather(log_reading.unanswered(database, begun)),
            "wrong": gather(log_reading.wrong(database, begun)),
        }
    if as_json:
        typer.echo(json.dumps(exports.gaps_as_json(found), indent=2))
    elif as_csv:
        typer.echo(visible(exports.gaps_as_csv(found), keep="\n"), nl=False)
    else:
        for title, kind in ((words.NOT_ANSWERED, "not_answered"), (words.WRONG, "wrong")):
            for line in words.gathered(title, found[kind], most):
                say(visible(line))


def cases(
    choose: Annotated[
        bool, typer.Option("--choose", help="Ask first what would have been right, by complaint.")
    ] = False,
    since: Since = None,
    index: Index = None,
) -> None:
    """Print the cases that were made of complaints, as a question set of the category reported.

    They are made with --choose, or on the owner's page, and read by steward eval and calibrate.
    """
    settings = load(index=index)
    begun = begin(settings, since)
    from ui.owner import log_reading
    from ui.owner.cases import lines
    from ui.owner.log_file import path_of, reading

    path = path_of(settings.index)
    if choose:
        with reading(path) as database:
            done = {(each.question, each.history) for each in log_reading.cases(database)}
            complaints = log_reading.complaints(database, begun)
        _choose(
            settings, [each for each in complaints if (each.question, each.history) not in done]
        )
    with reading(path) as database:
        made = log_reading.cases(database)
    if not made:
        say(words.NO_CASES, stderr=True)
        raise typer.Exit(BAD_INPUT)
    for line in lines(made):
        typer.echo(line)  # ASCII, so that nothing in it can steer the terminal


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


def _choose(settings: ServerSettings, complaints: "list[Verdict]") -> None:
    """Ask of each complaint what would have been right, and keep what is said."""
    from rag.assistant import Assistant
    from ui.owner.cases import candidates
    from ui.owner.log_file import open_to_write, path_of, row_of_case

    with (
        closing(Assistant(settings.without_model())) as assistant,
        closing(open_to_write(path_of(settings.index))) as database,
    ):
        for complaint in complaints:
            offered = candidates(assistant, complaint.question, complaint.history)
            for line in words.complaint(complaint, [each.text for each in offered]):
                say(visible(line), stderr=True)
            case = _chosen(complaint, offered)
            if case:
                database.execute(*row_of_case(case))


def _chosen(complaint: "Verdict", offered: "tuple[Candidate, ...]") -> "Case | None":
    from ui.owner.records import Case

    known = {str(number): each for number, each in enumerate(offered, 1)}
    while True:
        # Not typer's prompt, of which a blank goes to standard output.
        say(words.WHICH, stderr=True)
        typed = sys.stdin.readline()
        said = typed.strip().lower()
        if said == "s" or not typed:
            return None
        if said == "n" or said in known:
            right = known.get(said)
            return Case(
                question=complaint.question,
                history=complaint.history,
                quote=right.text if right else None,
                source=right.source if right else "",
            )
