"""Writing the log of questions: one thread, so that no answer ever waits for the disk.

What is noted waits in a queue of a fixed length, and is written at most a fifth of a second later.
Where the disk does not keep up, what does not fit is left out, counted, and said so.
"""

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ui.owner.log_file import (
    Row,
    open_to_write,
    path_of,
    row_of_asked,
    row_of_case,
    row_of_verdict,
)
from ui.owner.records import Asked, Case, Verdict
from ui.settings import ServerSettings
from ui.wording.owner import unlogged

log = logging.getLogger(__name__)

WAITING = 2000
"""What may wait to be written."""

LARGEST = 512 * 2**20
"""Bytes of the file; beyond them the oldest tenth of the questions goes."""

_GATHERING = 0.2
"""Seconds that what comes in is gathered for, to be written as one."""

_ROTATION = 3600.0
"""Seconds between looks at what is too old."""

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something to write, and who waits for it."""

    make: Callable[[], Row]
    done: Future[None] | None


def open_log(settings: ServerSettings, lost: Callable[[int], None]) -> "QuestionLog | None":
    """The log, where anything is to be kept, or something is there that grows too old; else None.

    Raises:
        LogUnwritable, LogDamaged: As of ``open_to_write``.
    """
    path = path_of(settings.index)
    if not (settings.owner_token or settings.log_questions or settings.feedback or path.exists()):
        return None
    return QuestionLog(path, settings.keep_days, lost)


class QuestionLog:
    """The log of an index, open for writing; safe to share between threads.

    Args:
        path: Where it is.
        keep_days: How long anything is kept.
        lost: Called with the number of questions that could not be written.
        largest: Bytes that the file may have.

    Raises:
        LogUnwritable, LogDamaged: As of ``open_to_write``.
    """

    def __init__(
        self,
        path: Path,
        keep_days: int,
        lost: Callable[[int], None] = lambda number: None,
        largest: int = LARGEST,
    ) -> None:
        self.path = path
        self._keep = keep_days * _DAY
        self._lost = lost
        self._largest = largest
        self._entries: queue.Queue[_Entry | None] = queue.Queue(WAITING)
        self._working = True  # as far as the log of the server was told
        self._database = open_to_write(path)
        self._thread = threading.Thread(target=self._run, name="question log", daemon=True)
        self._thread.start()

    def note(self, asked: Asked) -> None:
        """Keep a question; returns at once, whatever the disk does."""
        try:
            self._entries.put_nowait(_Entry(lambda: row_of_asked(asked), None))
        except queue.Full:
            self._tell(1, f"{WAITING:,}")

    def give(self, verdict: Verdict) -> Future[None]:
        """Keep a verdict; done once it is written, or failed with sqlite3's error."""
        return self._put(lambda: row_of_verdict(verdict))

    def add(self, case: Case) -> Future[None]:
        """Keep a case; likewise."""
        return self._put(lambda: row_of_case(case))

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self._entries.put(None)
        self._thread.join()

    def _put(self, make: Callable[[], Row]) -> Future[None]:
        done: Future[None] = Future()
        try:
            self._entries.put_nowait(_Entry(make, done))
        except queue.Full:
            done.set_exception(sqlite3.OperationalError(f"{WAITING:,}"))
        return done

    def _run(self) -> None:
        rotated, going_on = -_ROTATION, True
        while going_on:
            if time.monotonic() - rotated >= _ROTATION:
                self._rotate()
                rotated = time.monotonic()
            entries, going_on = self._gather()
            if entries:
                self._write(entries)
        self._database.close()

    def _gather(self) -> tuple[list[_Entry], bool]:
        """What came in, and whether more is to come."""
        entries: list[_Entry] = []
        wait = _ROTATION
        end = None
        with suppress(queue.Empty):
            while len(entries) < WAITING:
                entry = self._entries.get(timeout=wait)
                if entry is None:
                    return entries, False
                entries.append(entry)
                end = end or time.monotonic() + _GATHERING
                wait = max(0.001, end - time.monotonic())
        return entries, True

    def _write(self, entries: list[_Entry]) -> None:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            for entry in entries:
                self._database.execute(*entry.make())
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            self._undo()
            self._tell(sum(entry.done is None for entry in entries), str(error))
            for entry in entries:
                if entry.done:
                    entry.done.set_exception(error)
            return
        self._working = True
        for entry in entries:
            if entry.done:
                entry.done.set_result(None)

    def _rotate(self) -> None:
        """Delete what is too old, and the oldest of what is too much."""
        try:
            before = time.time() - self._keep
            for table in ("questions", "verdicts"):
                self._database.execute(f"DELETE FROM {table} WHERE at < ?", (before,))
            while self._bytes() > self._largest:
                oldest = "SELECT id FROM questions ORDER BY id LIMIT (SELECT 1 + count(*) / 10 "
                gone = self._database.execute(
                    f"DELETE FROM questions WHERE id IN ({oldest} FROM questions))"
                )
                if not gone.rowcount:
                    break
            # A step for each page: ``execute`` would make but the first.
            self._database.executescript("PRAGMA incremental_vacuum")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            self._undo()
            self._tell(0, str(error))

    def _bytes(self) -> int:
        """Those of the file that are in use."""
        pages, free, size = (
            self._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _undo(self) -> None:
        with suppress(sqlite3.Error):  # of a transaction that never began
            self._database.execute("ROLLBACK")

    def _tell(self, number: int, why: str) -> None:
        """Count what is lost, and say so once, until it works again."""
        self._lost(number)
        if self._working:
            self._working = False
            log.warning("%s", unlogged(self.path, why))
