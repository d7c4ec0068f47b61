"""Answer → Prose: what a language model writes of an answer's quotes, each sentence checked.

The sentences that pass come while the model still writes. Whatever the model or its server does,
there is a ``Prose`` in the end, which says what came of it: the quotes are an answer without it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Protocol

from rag.cited_sentences import Cited, CitedSentences
from rag.errors import WriterFault, WriterSlow, WriterUnreachable
from rag.faithfulness import check
from rag.prompt import Prompt, prompt
from rag.records import Answer, Outcome, Prose, Sentence, Withheld

SHOWN = 3
"""Sentences shown at most."""
_TRIED = 10  # sentences read at most; a small model repeats one until it is stopped
_LOOK = 0.05  # seconds between two looks at the stop button

log = logging.getLogger(__name__)


class Model(Protocol):
    """A language model; ``ModelServer`` and ``ModelFile`` are."""

    def pieces(
        self, prompt: Prompt, stopped: threading.Event, until: float
    ) -> Generator[str, None, None]:
        """What it writes, in pieces; raises WriterFault."""

    def close(self) -> None:
        """Let go of it."""


class Writer:
    """Writes with one model, one answer at a time; safe to share between threads.

    Args:
        model: What writes; closed with the writer.
        seconds: Longest time for an answer, waiting included.
        waiting: Answers that may wait for the model.
    """

    def __init__(self, model: Model, seconds: float, waiting: int) -> None:
        self._model = model
        self._seconds = seconds
        self._turns = _Turns(waiting)

    def write(
        self, answer: Answer, stopped: threading.Event | None = None
    ) -> Iterator[Sentence | Prose]:
        """Prose of an answer's quotes; of a refusal nothing, and no model is asked.

        Args:
            answer: What to write of.
            stopped: The stop button.

        Yields:
            Each sentence that passed its check, then one ``Prose`` with all that came.
        """
        if not answer.answered:
            return
        began = time.monotonic()
        stopped = stopped or threading.Event()
        until = began + self._seconds
        shown: list[Sentence] = []
        withheld: list[Withheld] = []
        first: float | None = None
        outcome: Outcome | None
        asked = prompt(answer)
        if asked is None:
            outcome = "too_long"
        else:
            with self._turns.turn(stopped, until) as outcome:
                if outcome is None:
                    try:
                        for text, cites in self._sentences(asked, stopped, until):
                            checked = check(text, cites, asked.quotes, shown)
                            if isinstance(checked, Withheld):
                                log.info("withheld (%s): %.300r", checked.why, text)
                                withheld.append(checked)
                            else:
                                first = first or time.monotonic() - began
                                shown.append(checked)
                                yield checked
                            if len(shown) == SHOWN or len(shown) + len(withheld) == _TRIED:
                                break
                    except WriterFault as error:
                        log.warning("no prose: %s: %s", type(error).__name__, error)
                        outcome = _outcome(error)
                    outcome = outcome or ("stopped" if stopped.is_set() else None)
        seconds = time.monotonic() - began
        outcome = outcome or ("written" if shown else "nothing_held")
        yield Prose(tuple(shown), tuple(withheld), outcome, seconds, first)

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def _sentences(self, asked: Prompt, stopped: threading.Event, until: float) -> Iterator[Cited]:
        split = CitedSentences()
        with closing(self._model.pieces(asked, stopped, until)) as pieces:
            for piece in pieces:
                yield from split.feed(piece)
                if split.full:
                    log.info("the model does not end; what is left is not read")
                    break
        if not stopped.is_set():
            yield from split.end()


def _outcome(error: WriterFault) -> Outcome:
    match error:
        case WriterUnreachable():
            return "unreachable"
        case WriterSlow():
            return "too_slow"
        case _:
            return "garbled"


class _Turns:
    """One at a time, the others in a row of limited length, first come, first served."""

    def __init__(self, waiting: int) -> None:
        self._most = waiting + 1
        self._row: deque[object] = deque()
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, stopped: threading.Event, until: float) -> Iterator[Outcome | None]:
        """A turn, as long as the block lasts; or else why there is none."""
        mine = object()
        with self._moved:
            busy = len(self._row) >= self._most
            if not busy:
                self._row.append(mine)
        if busy:
            yield "busy"
            return
        try:
            yield self._wait(mine, stopped, until)
        finally:
            with self._moved:
                self._row.remove(mine)
                self._moved.notify_all()

    def _wait(self, mine: object, stopped: threading.Event, until: float) -> Outcome | None:
        with self._moved:
            while self._row[0] is not mine:
                if stopped.is_set():
                    return "stopped"
                left = until - time.monotonic()
                if left <= 0:
                    return "too_slow"
                self._moved.wait(min(left, _LOOK))
        return None
