"""What whoever runs Steward is told of the log of questions, in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.documents.folders import LARGEST
from ui.owner.errors import FileRefused, LogFault, LogMissing, LogUnwritable
from ui.wording.numbers import counted

if TYPE_CHECKING:
    from ui.owner.gaps import Gap
    from ui.owner.records import Verdict

NOT_ANSWERED = "Not answered"
WRONG = "Wrong by readers' verdict"
NO_CASES = (
    "No case was made yet. Make some of complaints with steward cases --choose, or on the owner's "
    "page."
)
WHICH = "Type the number of what answers, n where the documents do not answer, s to leave it."

_OTHERS = 3
"""Other wordings of a gap that a line names; of more it gives the number."""


def log_fault(error: LogFault) -> str:
    """Say why the log cannot be used, and what to do."""
    match error:
        case LogMissing():
            return (
                f"Nothing was ever logged in {error.path.parent}. Set STEWARD_LOG_QUESTIONS=true, "
                "start the server again, and let people ask."
            )
        case LogUnwritable():
            return (
                f"The log of questions {error.path} cannot be written: {error.detail}. Make room, "
                "or let Steward write there; without STEWARD_LOG_QUESTIONS nothing is logged."
            )
        case _:
            return (
                f"The log of questions {error.path} cannot be read: {error.detail}. Move it out of "
                "the folder; Steward then begins another."
            )


def file_refused(error: FileRefused) -> str:
    """Say why a file is not added or not taken out, and what to do."""
    name = error.name if error.name.isprintable() else repr(error.name)
    match error.why:
        case "no_folder":
            return f"Nowhere to put {name}: the folder of the documents is not there. Ingest first."
        case "no_name":
            return f"Not added: {name}. Give the file a name that does not begin with a full stop."
        case "no_format":
            from rag.documents.files import SUFFIXES

            read = ", ".join(sorted(SUFFIXES))
            return f"Not added: {name}. Steward reads {read}."
        case "too_large":
            return f"Not added: {name} is larger than {LARGEST // 2**20} MB. Divide it."
        case "not_there":
            return f"Not taken out: {name} is not in the folder any more."
        case "unwritable":
            said = f" ({error.detail})" if error.detail else ""
            took = f"The folder of the documents does not take {name}{said}."
            return f"{took} Make room, or let Steward write there."


def unlogged(path: Path, why: str) -> str:
    """Say in the server's log that questions are answered and not logged."""
    return f"Questions are answered and not logged: {path} does not take them ({why})."


def gathered(title: str, gaps: Sequence["Gap"], most: int) -> Iterator[str]:
    """The first gaps as lines: how often, an example, other wordings, and what came nearest."""
    number = sum(gap.count for gap in gaps)
    if not number:
        yield f"{title}: nothing."
        return
    times, subjects = counted(number, "time"), counted(len(gaps), "subject")
    first = f", of which the first {most:,}" if len(gaps) > most else ""
    yield f"{title}: {times}, {subjects}{first}"
    for gap in gaps[:most]:
        yield f"{gap.count:>6,}  {gap.example}"
        others = list(gap.questions[1 : 1 + _OTHERS])
        more = len(gap.questions) - 1 - len(others)
        if others:
            yield f"        also: {' · '.join(others)}{f' · and {more:,} more' if more else ''}"
        if gap.nearest:
            yield f"        nearest: {' · '.join(gap.nearest)}"


def moment(at: float) -> str:
    """A time as a day, 2026-11-27, in the machine's own time."""
    return f"{datetime.fromtimestamp(at).date():%Y-%m-%d}"


def complaint(found: "Verdict", offered: Sequence[str]) -> Iterator[str]:
    """A complaint, and what may be right, each with a number."""
    yield f"\n{moment(found.at)}  {found.question}"
    if found.words:
        yield f"        said of it: {found.words}"
    for quote in found.quotes:
        yield f"        answered: {_line(quote.text)} ({quote.title})"
    if not found.quotes:
        yield "        not answered"
    for number, text in enumerate(offered, 1):
        yield f"{number:>6}  {_line(text)}"


def _line(text: str) -> str:
    return " ".join(text.split())
