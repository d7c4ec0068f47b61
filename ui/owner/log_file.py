"""The file that questions, verdicts and cases are kept in: SQLite, beside the index.

In WAL mode, so that who reads never waits for who writes, and a process that is killed leaves a
whole file. What is deleted is overwritten with zeros.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from ui.owner.errors import LogDamaged, LogMissing, LogUnwritable
from ui.owner.records import Asked, Case, Verdict

_FILE = "questions.sqlite"
_VERSION = 1
_WAITING = 5.0
"""Seconds to wait for another process that writes."""

_TABLES = """
CREATE TABLE questions (
  id INTEGER PRIMARY KEY, at REAL NOT NULL, question TEXT NOT NULL, folded TEXT NOT NULL,
  kind TEXT NOT NULL, confidence REAL NOT NULL, milliseconds INTEGER NOT NULL,
  quotes TEXT NOT NULL, tags TEXT NOT NULL, nearest TEXT NOT NULL, vector BLOB NOT NULL,
  model TEXT NOT NULL
);
CREATE INDEX by_time ON questions (at, kind);
CREATE TABLE verdicts (
  key TEXT PRIMARY KEY, at REAL NOT NULL, question TEXT NOT NULL, folded TEXT NOT NULL,
  history TEXT NOT NULL, kind TEXT NOT NULL, confidence REAL NOT NULL, quotes TEXT NOT NULL,
  helped INTEGER NOT NULL, words TEXT NOT NULL, nearest TEXT NOT NULL, vector BLOB NOT NULL,
  logged INTEGER NOT NULL, model TEXT NOT NULL
);
CREATE TABLE cases (
  question TEXT NOT NULL, history TEXT NOT NULL, quote TEXT, source TEXT NOT NULL,
  PRIMARY KEY (question, history)
);
"""

Row = tuple[str, dict[str, object]]
"""What to write: a statement, and its values."""


def path_of(index: Path) -> Path:
    """Where the log of an index is."""
    return index / _FILE


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open the log, and make it where there is none. For one thread at a time.

    Raises:
        LogUnwritable: When the folder does not take it.
        LogDamaged: When there is a file that is no log of this version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What people asked is for nobody else on this machine.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(
            path, timeout=_WAITING, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise LogUnwritable(path, why or str(error)) from error
    try:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN IMMEDIATE")
        if _version(database) == 0:
            for statement in _TABLES.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.execute("COMMIT")
        _check(path, database)
    except sqlite3.OperationalError as error:
        database.close()
        raise LogUnwritable(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        database.close()
        raise LogDamaged(path, str(error)) from error
    except LogDamaged:
        database.close()
        raise
    return database


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The log, for reading alone, as it is at this moment.

    Raises:
        LogMissing: When there is none.
        LogDamaged: When it cannot be read.
    """
    if not path.exists():
        raise LogMissing(path)
    try:
        database = sqlite3.connect(path, timeout=_WAITING, isolation_level=None)
        with closing(database):
            database.execute("PRAGMA query_only = ON")
            database.execute("BEGIN")
            _check(path, database)
            yield database
    except sqlite3.Error as error:
        raise LogDamaged(path, str(error)) from error


def folded(question: str) -> str:
    """A question without what makes no other of it: case, white space and punctuation."""
    return " ".join(re.findall(r"\w+", question.casefold())) or question


def row_of_asked(asked: Asked) -> Row:
    """A question as it is written."""
    values = asdict(asked) | {"folded": folded(asked.question)}
    return _insert("questions", values)


def row_of_verdict(verdict: Verdict) -> Row:
    """A verdict as it is written, in the place of one on the same answer."""
    values = asdict(verdict) | {"folded": folded(verdict.question)}
    return _insert("verdicts", values)


def row_of_case(case: Case) -> Row:
    """A case as it is written, in the place of one of the same question."""
    return _insert("cases", asdict(case))


def _insert(table: str, values: dict[str, object]) -> Row:
    written = {
        name: json.dumps(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
    names = ", ".join(written)
    places = ", ".join(f":{name}" for name in written)
    return f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", written


def _version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def _check(path: Path, database: sqlite3.Connection) -> None:
    found = _version(database)
    if found != _VERSION:
        raise LogDamaged(path, f"it is of version {found}, not {_VERSION}")
