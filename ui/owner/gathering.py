"""Gaps for a page that must not wait: few are gathered at once, many aside, while it is read."""

import logging
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ui.owner import log_reading
from ui.owner.errors import LogFault
from ui.owner.gaps import Gap, gather
from ui.owner.log_file import reading
from ui.wording.owner import log_fault

log = logging.getLogger(__name__)

FEW = 1000
"""Refused questions that are gathered at once; it takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Gaps as they were at a moment.

    Attributes:
        not_answered: What was refused.
        wrong: What did not help.
        at: When; None where they are being gathered for the first time.
    """

    not_answered: tuple[Gap, ...] = ()
    wrong: tuple[Gap, ...] = ()
    at: float | None = None


class Gathering:
    """The gaps of a log, gathered again where anything has come since."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._last = Gathered()
        self._state: object = None
        self._thread: threading.Thread | None = None

    def gaps(self, database: sqlite3.Connection, since: float) -> Gathered:
        """The gaps since a moment, or the last that were gathered while it goes on."""
        state = log_reading.came(database, since)
        with self._lock:
            if state == self._state:
                return self._last
            if state[0] <= FEW:
                self._keep(state, _gathered(database, since))
            elif self._thread is None:
                self._thread = threading.Thread(
                    target=self._aside, args=[since], name="gaps", daemon=True
                )
                self._thread.start()
            return self._last

    def wait(self) -> None:
        """Wait for what is being gathered aside."""
        thread = self._thread
        if thread:
            thread.join()

    def _aside(self, since: float) -> None:
        try:
            with reading(self._path) as database:
                state = log_reading.came(database, since)
                found = _gathered(database, since)
            with self._lock:
                self._keep(state, found)
        except LogFault as error:
            log.warning("%s", log_fault(error))
        finally:
            self._thread = None

    def _keep(self, state: object, found: Gathered) -> None:
        self._state, self._last = state, found


def _gathered(database: sqlite3.Connection, since: float) -> Gathered:
    not_answered = gather(log_reading.unanswered(database, since))
    return Gathered(not_answered, gather(log_reading.wrong(database, since)), time.time())
