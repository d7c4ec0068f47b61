"""What the commands say besides answers and errors, in words; and why ``serve`` cannot listen."""

import errno
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.errors import IndexOfOthers
from rag.index.ingest_report import Changes, IngestReport
from ui.wording.errors import BAD_INPUT, BAD_MACHINE, Message
from ui.wording.numbers import counted

NEAREST = "The nearest passage, which is not an answer:"

STOPPED = "Steward has stopped."

KEPT = "Steward answers from the index as it was before."

UNCHANGED = "Nothing was changed."

PASSWORD = "Password"

NAMES = "A name is 1 to 64 letters of ASCII, digits, and . _ @ -."

TAGS = "A tag has a letter, and no comma: in the file of users commas stand between tags."

_NAMED = 10
"""Files that a list names; of more it gives the number."""


def ingested(report: IngestReport) -> Iterator[str]:
    """Say what an ingest did, a line for each kind of change and one for all; plain text."""
    yield from _changed(report)
    yield (
        f"{counted(report.documents, 'document')} in {counted(report.passages, 'passage')}: "
        f"{report.embedded:,} embedded, {report.passages - report.embedded:,} carried over, "
        f"in {report.seconds:.1f} seconds."
    )


def previewed(changes: Changes) -> Iterator[str]:
    """Say what an ingest would do, likewise."""
    yield from _changed(changes)
    yield f"{counted(changes.documents, 'document')} then. Nothing was written."


def _changed(changes: Changes) -> Iterator[str]:
    for what, sources in (
        ("added", changes.added),
        ("changed", changes.changed),
        ("removed", changes.removed),
    ):
        if sources:
            yield f"{len(sources):,} {what}: {_some(sources)}"
    unchanged = changes.documents - len(changes.added) - len(changes.changed)
    if unchanged:
        yield f"{unchanged:,} unchanged"
    for source, why in changes.skipped:
        yield f"left out {source}: {why}"


def others(error: IndexOfOthers) -> str:
    """Ask whether documents of folders that are not named now may go out of the index."""
    return (
        f"The index in {error.index} holds the documents of {error.detail}. Let them go out of it?"
    )


def starts(address: str) -> str:
    """Say where Steward is to be found."""
    return f"Steward starts at {address} (Ctrl-C stops it)"


def not_taken_in(why: str) -> str:
    """Say that what changed in a folder is not in the index."""
    return f"What changed was not taken in: {why} {KEPT}"


def unwatched(why: str) -> str:
    """Say that folders are not followed any more."""
    return f"The folders are not followed any more ({why}); steward ingest still reads them."


def unusable_address(host: str, port: int, error: OSError) -> Message:
    """Say why the server cannot listen there."""
    if error.errno == errno.EADDRINUSE:
        why, instead = "another program does already", f"--port {port % 65535 + 1}"
    elif error.errno == errno.EACCES:
        why, instead = "it takes an administrator's rights", "--port 7860"
    else:
        why, instead = error.strerror or str(error), "--host 127.0.0.1"
    return Message(
        f"Steward cannot listen on port {port} of {host}: {why}. "
        f"Choose another: steward serve {instead}",
        503,
        BAD_MACHINE,
    )


def backed_up(file: Path, documents: int, with_log: bool) -> str:
    """Say what is in a backup."""
    log = " and the question log" if with_log else ""
    return f"{file} holds the index of {counted(documents, 'document')}{log}."


def restored(index: Path, documents: int) -> str:
    """Say what was put back."""
    return f"{counted(documents, 'document')} are in {index} again."


def password_too_short(shortest: int) -> str:
    """Say how long a password has to be."""
    return f"A password has {shortest} characters or more. Try again."


def unguarded(host: str) -> Message:
    """Say why the server does not listen there, and what to do."""
    return Message(
        f"Listening on {host} lets everybody on the network ask and read every document. Set "
        "STEWARD_ACCESS_TOKEN (openssl rand -hex 24 prints one), or STEWARD_USERS to a file of "
        "users (steward user NAME prints a line of it). If it is meant to be open: steward serve "
        "--open",
        500,
        BAD_INPUT,
    )


def _some(sources: Sequence[str]) -> str:
    named = ", ".join(sources[:_NAMED])
    return named if len(sources) <= _NAMED else f"{named} and {len(sources) - _NAMED:,} more"
