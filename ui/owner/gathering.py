"""Gaps for a page that must not wait: few are gathered at once, many aside, while it is read."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ui.owner import log_reading
from ui.owner.errors import LogFault
from ui.owner.gaps import Gap, gather
from ui.owner.log_file import reading
from ui.wording.owner import log_fault

log = logging.getLogger(__name__)

FEW = 300
"""Questions in different words that are gathered at once; it takes a tenth of a second."""


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

    def gaps(
        self,
        not_answered: Sequence[log_reading.Repeated],
        wrong: Sequence[log_reading.Repeated],
        since: float,
    ) -> Gathered:
        """The gaps of these questions, or the last that were gathered while it goes on.

        Args:
            not_answered: As of ``log_reading.unanswered``.
            wrong: As of ``log_reading.wrong``.
            since: What both are since, for who gathers them again.
        """
        state = [(each.question, each.count) for each in (*not_answered, *wrong)]
        with self._lock:
            if state == self._state:
                return self._last
            if len(state) <= FEW:
                self._keep(state, Gathered(gather(not_answered), gather(wrong), time.time()))
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
                not_answered = log_reading.unanswered(database, since)
                wrong = log_reading.wrong(database, since)
            state = [(each.question, each.count) for each in (*not_answered, *wrong)]
            found = Gathered(gather(not_answered), gather(wrong), time.time())
            with self._lock:
                self._keep(state, found)
        except LogFault as error:
            log.warning("%s", log_fault(error))
        finally:
            self._thread = None

    def _keep(self, state: object, found: Gathered) -> None:
        self._state, self._last = state, found
