"""``steward ingest``: folders of documents into the index, and what came of it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import IndexOfOthers
from rag.records import IngestReport
from ui.cli.terminal import progress, say, visible
from ui.settings import load
from ui.wording.errors import BAD_INDEX

_NAMED = 10
"""Files that a list names; of more it gives the number."""


Index = Annotated[
    Path | None, typer.Option("--index", help="Folder that the index is kept in.", metavar="FOLDER")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Fail where a file cannot be read; else it is left out.")
]
FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Read what links out of a folder lead to.")
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Let documents of folders not named now go out.")
]


def ingest(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of documents (.txt, .md).", metavar="FOLDER")
    ],
    strict: Strict = False,
    follow_links: FollowLinks = False,
    replace: Replace = False,
    index: Index = None,
) -> None:
    """Read folders of documents into the index; of an earlier ingest only changes are read.

    Several folders are one collection.
    """
    settings = load(index=index)
    from rag.index.building import ingest as run

    def ingested(replace: bool) -> IngestReport:
        with progress() as show:
            return run(
                folders,
                settings,
                show,
                strict=strict,
                follow_links=follow_links,
                replace=replace,
            )

    try:
        report = ingested(replace)
    except IndexOfOthers as error:
        _ask_whether_to_replace(error)
        report = ingested(replace=True)
    _print_report(report)


def _ask_whether_to_replace(error: IndexOfOthers) -> None:
    """Go on only if a person at a terminal says so."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise error
    where = visible(f"The index in {error.index} holds the documents of {error.detail}.")
    if not typer.confirm(f"{where} Let them go out of it?", err=True):
        say("Nothing was changed.", stderr=True)
        raise typer.Exit(BAD_INDEX)


def _print_report(report: IngestReport) -> None:
    for what, sources in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
    ):
        if sources:
            say(f"{len(sources):,} {what}: {_some(sources)}")
    unchanged = report.documents - len(report.added) - len(report.changed)
    if unchanged:
        say(f"{unchanged:,} unchanged")
    for source, why in report.skipped:
        say(f"left out {visible(source)}: {visible(why)}")
    say(
        f"{_counted(report.documents, 'document')} in {_counted(report.passages, 'passage')}: "
        f"{report.embedded:,} embedded, {report.passages - report.embedded:,} carried over, "
        f"in {report.seconds:.1f} seconds."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(sources: Sequence[str]) -> str:
    named = ", ".join(visible(source) for source in sources[:_NAMED])
    return named if len(sources) <= _NAMED else f"{named} and {len(sources) - _NAMED:,} more"
