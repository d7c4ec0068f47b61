"""Answer → Prose: what a language model writes of an answer's quotes, each sentence checked.

The sentences that pass come while the model still writes. Whatever the model or its server does,
there is a ``Prose`` in the end, which says what came of it: the quotes are an answer without it.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing

from rag.errors import WriterFault
from rag.outcomes import Outcome
from rag.prose.cited_sentences import cited_sentences
from rag.prose.line import Line, Model
from rag.prose.prompt import prompt
from rag.prose.sentence_check import check
from rag.records import Answer, Prose, Sentence, Withheld

_SHOWN = 3  # sentences at most
_TRIED = 10  # sentences read at most; a small model repeats one until it is stopped

log = logging.getLogger(__name__)


class Writer:
    """Writes with one model; safe to share between threads.

    Args:
        model: What writes; closed with the writer.
        seconds: Longest time for an answer, waiting included.
        waiting: Answers that may wait for the model.
    """

    def __init__(self, model: Model, seconds: float, waiting: int) -> None:
        self._line = Line(model, waiting)
        self._seconds = seconds
        self.close = self._line.close

    def write(self, answer: Answer, stopped: threading.Event | None = None) -> Iterator[Prose]:
        """Prose of an answer's quotes, as it grows.

        Args:
            answer: What to write of.
            stopped: The stop button.

        Yields:
            What there is so far: nothing, then one sentence more each time, then all with the
            outcome.
        """
        began = time.monotonic()
        stopped = stopped or threading.Event()
        shown: list[Sentence] = []
        withheld: list[Withheld] = []
        first: float | None = None

        def so_far(outcome: Outcome | None) -> Prose:
            seconds = time.monotonic() - began
            return Prose(tuple(shown), tuple(withheld), outcome, seconds, first)

        yield so_far(None)
        outcome: Outcome = "too_long"
        try:
            if asked := prompt(answer):
                with closing(self._line.pieces(asked, stopped, began + self._seconds)) as written:
                    for text, cites in cited_sentences(written):
                        if stopped.is_set():
                            break  # it may be cut off
                        checked = check(text, cites, asked.quotes, shown)
                        if isinstance(checked, Withheld):
                            log.info("withheld (%s): %.300r", checked.why, text)
                            withheld.append(checked)
                        else:
                            first = first or time.monotonic() - began
                            shown.append(checked)
                            yield so_far(None)
                        if len(shown) == _SHOWN or len(shown) + len(withheld) == _TRIED:
                            break
                outcome = "written" if shown else "nothing_held"
                outcome = "stopped" if stopped.is_set() else outcome
        except WriterFault as error:
            log.warning("no prose: %s: %s", type(error).__name__, error)
            outcome = error.outcome
        except Exception:  # a defect, which must not take the quotes away
            log.exception("no prose")
            outcome = "failed"
        yield so_far(outcome)
