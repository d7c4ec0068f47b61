"""``steward ingest``: folders of documents into the index, and what came of it."""

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import IndexOfOthers
from rag.index.ingest_report import IngestReport
from ui.cli.log_lines import logged
from ui.cli.terminal import progress, say, visible
from ui.settings import load
from ui.wording.commands import UNCHANGED, ingested, others, previewed
from ui.wording.errors import BAD_INDEX, BAD_MACHINE

Index = Annotated[
    Path | None, typer.Option("--index", help="Folder that the index is kept in.", metavar="FOLDER")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Fail where a file cannot be read; else it is left out.")
]
FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Read what links out of a folder lead to.")
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", help="Of text files that are not UTF-8, as windows-1252."),
]
_GLANCE = 0.2
"""Seconds between looks at whether who started this is still there."""

Replace = Annotated[
    bool, typer.Option("--replace", help="Let documents of folders not named now go out.")
]


def ingest(
    context: typer.Context,
    folders: Annotated[list[Path], typer.Argument(help="Folders of documents.", metavar="FOLDER")],
    strict: Strict = False,
    follow_links: FollowLinks = False,
    encoding: Encoding = None,
    replace: Replace = False,
    index: Index = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change; write nothing.")
    ] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Read folders of documents into the index; of an earlier ingest only changes are read.

    Several folders are one collection.
    """
    settings = load(index=index)
    context.find_root().with_resource(logged(settings.log_format))
    if parent:
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    if dry_run:
        from rag.index.preview import preview

        would = preview(
            folders, settings, strict=strict, follow_links=follow_links, encoding=encoding
        )
        for line in previewed(would):
            say(visible(line))
        return
    from rag.index.building import ingest as run

    def read(replace: bool) -> IngestReport:
        with progress() as show:
            return run(
                folders,
                settings,
                show,
                strict=strict,
                follow_links=follow_links,
                encoding=encoding,
                replace=replace,
            )

    try:
        report = read(replace)
    except IndexOfOthers as error:
        _ask_whether_to_replace(error)
        report = read(replace=True)
    for line in ingested(report):
        say(visible(line))


def apart(
    folders: Sequence[Path],
    index: Path,
    *,
    strict: bool = False,
    follow_links: bool = False,
    encoding: str | None = None,
    replace: bool = False,
) -> list[str]:
    """The command by which this process has another one ingest, which ends with it.

    In a process of its own, since writing to the store would hold up every question.
    """
    # With -P, so that no file of the working folder is taken for one of Python's modules.
    command = [sys.executable, "-P", "-m", "ui.cli.app", "ingest", "--index", str(index)]
    for option, given in (
        ("--strict", strict),
        ("--follow-links", follow_links),
        ("--replace", replace),
    ):
        command += [option] * given
    if encoding is not None:
        command += ["--encoding", encoding]
    command += ["--parent", str(os.getpid())] * (os.name == "posix")
    return [*command, "--", *map(str, folders)]


def _ask_whether_to_replace(error: IndexOfOthers) -> None:
    """Go on only if a person at a terminal says so."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise error
    if not typer.confirm(visible(others(error)), err=True):
        say(UNCHANGED, stderr=True)
        raise typer.Exit(BAD_INDEX)


def _end_with(parent: int) -> None:
    """End at once when ``steward serve`` is gone, be it killed: nobody else could stop this."""
    while os.getppid() == parent:
        time.sleep(_GLANCE)
    os._exit(BAD_MACHINE)  # as by a kill, which an index survives
