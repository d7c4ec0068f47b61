"""``steward backup`` and ``steward restore``: the index, its calibration and the question log."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from rag.index.backup_errors import BackupUnreadable, BackupUnwritable
from ui.cli.ingesting import Index
from ui.cli.terminal import say, visible
from ui.settings import load
from ui.wording.commands import backed_up, restored

Archive = Annotated[Path, typer.Argument(help="The backup, a gzipped tar.", metavar="FILE")]


def backup(file: Archive, index: Index = None) -> None:
    """Write the index, its calibration and the question log into one file.

    A server may go on answering meanwhile; an ingest may not begin. An older file of this name is
    replaced once the new one is whole. Documents and steward.toml are not in it.
    """
    settings = load(index=index)
    from rag.index import backup as backups
    from ui.owner.log_file import path_of

    log = path_of(settings.index)
    with _snapshot(log, file) as copy:
        held = backups.backup(settings, file, {log.name: copy})
        said = backed_up(file, len(held.documents), copy.exists())
    say(visible(said))


def restore(
    file: Archive,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of an index that is there.")
    ] = False,
    index: Index = None,
) -> None:
    """Put back what steward backup wrote; a running server answers from it at the next question."""
    settings = load(index=index)
    from rag.index import backup as backups
    from ui.owner.log_file import path_of

    log = path_of(settings.index)
    held = backups.restore(
        settings, file, {log.name: lambda copy: _copy(copy, log, file)}, replace=replace
    )
    say(visible(restored(settings.index, len(held.documents))))


@contextmanager
def _snapshot(log: Path, file: Path) -> Iterator[Path]:
    """The question log as it is at one moment, whoever writes it; no file where there is none."""
    with TemporaryDirectory(prefix="steward-") as folder:
        copy = Path(folder) / log.name
        if log.exists():
            try:
                _into(log, copy)
            except sqlite3.Error as error:
                raise BackupUnwritable(file, f"{log}: {error}") from error
        yield copy


def _copy(copy: Path, log: Path, file: Path) -> None:
    """A log from a backup, in the place of what a server may have open."""
    try:
        log.touch(mode=0o600)
        _into(copy, log)
    except (OSError, sqlite3.Error) as error:
        raise BackupUnreadable(file, f"{log}: {error}") from error


def _into(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
