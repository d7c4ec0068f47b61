"""What the log holds, read for whoever runs Steward."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.owner.records import Case, Shown, Verdict

_UNANSWERED = """
SELECT folded, question, at, nearest, vector, model FROM questions
WHERE kind = 'none' AND at >= :since
UNION ALL
SELECT folded, question, at, nearest, vector, model FROM verdicts
WHERE kind = 'none' AND NOT logged AND at >= :since
"""
_WRONG = """
SELECT folded, question, at, nearest, vector, model FROM verdicts
WHERE kind != 'none' AND NOT helped AND at >= :since
"""

# SQLite takes the other columns from the row that has the greatest time.
_GROUPED = """
SELECT question, count(*), max(at), nearest, vector, model FROM ({rows})
GROUP BY folded ORDER BY count(*) DESC, max(at) DESC, folded
"""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A question that was asked so often, in the same words.

    Attributes:
        question: As it was asked last.
        count: How often.
        at: When it was asked last.
        nearest: The title of the document that came nearest; "" where none did.
        vector: What was searched for, as of ``Answer``; likewise ``model`` as of ``Asked``.
    """

    question: str
    count: int
    at: float
    nearest: str
    vector: bytes
    model: str


@dataclass(frozen=True, slots=True)
class Day:
    """How many questions came of what on a day, as 2026-11-27, in the machine's own time."""

    day: str
    counts: Mapping[str, int]


def unanswered(database: sqlite3.Connection, since: float) -> tuple[Repeated, ...]:
    """Questions that were refused, most asked first; those that only a verdict tells of too."""
    return _grouped(database, _UNANSWERED, since)


def wrong(database: sqlite3.Connection, since: float) -> tuple[Repeated, ...]:
    """Questions whose answers did not help, most complained of first."""
    return _grouped(database, _WRONG, since)


def came(database: sqlite3.Connection, since: float) -> tuple[float, ...]:
    """What changes whenever a question or a verdict that gaps are made of comes or goes.

    Returns:
        First the number of questions that were refused; it reads no question.
    """
    asked = "SELECT count(*), coalesce(max(at), 0) FROM questions WHERE kind = 'none' AND at >= ?"
    said = "SELECT count(*), coalesce(max(at), 0), coalesce(sum(helped), 0) FROM verdicts"
    return (
        *database.execute(asked, (since,)).fetchone(),
        *database.execute(f"{said} WHERE at >= ?", (since,)).fetchone(),
    )


def per_day(database: sqlite3.Connection, since: float) -> tuple[Day, ...]:
    """What came of the logged questions, by day, oldest first; days without any are left out."""
    days: dict[str, dict[str, int]] = {}
    query = (
        "SELECT date(at, 'unixepoch', 'localtime') AS day, CASE WHEN kind IN ('none', 'perhaps') "
        "THEN kind ELSE 'answer' END AS came_of, count(*) FROM questions "
        "WHERE at >= ? GROUP BY day, came_of ORDER BY day"
    )
    for day, kind, count in database.execute(query, (since,)):
        days.setdefault(day, {})[kind] = count
    return tuple(Day(day, counts) for day, counts in days.items())


def complaints(database: sqlite3.Connection, since: float, most: int = -1) -> tuple[Verdict, ...]:
    """What did not help, latest first."""
    query = "SELECT * FROM verdicts WHERE NOT helped AND at >= ? ORDER BY at DESC, key LIMIT ?"
    return _verdicts(database, query, (since, most))


def verdict(database: sqlite3.Connection, key: str) -> Verdict | None:
    """The verdict on an answer, if there is one."""
    return next(iter(_verdicts(database, "SELECT * FROM verdicts WHERE key = ?", (key,))), None)


def verdict_counts(database: sqlite3.Connection, since: float) -> tuple[int, int]:
    """How many verdicts say that an answer helped, and how many that it did not."""
    query = "SELECT coalesce(sum(helped), 0), count(*) FROM verdicts WHERE at >= ?"
    helped, all_of_them = database.execute(query, (since,)).fetchone()
    return helped, all_of_them - helped


def cases(database: sqlite3.Connection) -> tuple[Case, ...]:
    """The cases that were made, in their order."""
    rows = database.execute("SELECT question, history, quote, source FROM cases ORDER BY rowid")
    return tuple(
        Case(question=question, history=_history(history), quote=quote, source=source)
        for question, history, quote, source in rows
    )


def quoted(database: sqlite3.Connection, since: float) -> Mapping[str, int]:
    """How many answers each document was quoted in, by its id."""
    # Answers that showed the same quotes are counted as one first: most are asked more than once.
    query = "SELECT quotes, count(*) FROM questions WHERE at >= ? GROUP BY quotes"
    found: dict[str, int] = {}
    for quotes, count in database.execute(query, (since,)):
        for document in {quote.partition(":")[0] for quote in json.loads(quotes)}:
            found[document] = found.get(document, 0) + count
    return found


def _grouped(database: sqlite3.Connection, rows: str, since: float) -> tuple[Repeated, ...]:
    found = database.execute(_GROUPED.format(rows=rows), {"since": since})
    return tuple(Repeated(*row) for row in found)


def _verdicts(
    database: sqlite3.Connection, query: str, values: Sequence[object]
) -> tuple[Verdict, ...]:
    found = database.execute(query, values)
    names = [column[0] for column in found.description]
    return tuple(_verdict(dict(zip(names, row, strict=True))) for row in found)


def _verdict(row: dict[str, Any]) -> Verdict:
    del row["folded"]
    read = {
        "history": _history(row["history"]),
        "quotes": tuple(Shown(**quote) for quote in json.loads(row["quotes"])),
        "helped": bool(row["helped"]),
        "logged": bool(row["logged"]),
    }
    return Verdict(**(row | read))


def _history(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((question, answer) for question, answer in json.loads(written))
