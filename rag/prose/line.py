"""The one line before a language model, and what it writes, read so that it can be left.

The model writes in a thread of its own, for one reader at a time, and tells its pieces; the reader
looks at them, at the clock and at the stop button in turn. A reader who leaves is gone at once, and
the next one's turn comes when the model has really ended.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from rag.errors import WriterBusy, WriterSlow, WriterUnreachable
from rag.prose.prompt import Prompt

LOOK = 0.05
"""Seconds between two looks at whether to go on."""

Piece = str | BaseException | None
"""A piece of text; what ended the writing; or None for its end."""
Tell = Callable[[Piece], None]


class Model(Protocol):
    """A language model; ``ModelServer`` and ``ModelFile`` are."""

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        """Tell pieces of text until the end, or soon after nobody reads; raises WriterFault."""

    def close(self) -> None:
        """Let go of it; it does not write any more."""


class Line:
    """Who wants a model to write, in the order they came; safe to share between threads.

    Args:
        model: What writes; closed with the line.
        waiting: How many may wait while it writes.
    """

    def __init__(self, model: Model, waiting: int) -> None:
        self._model = model
        self._thread = ThreadPoolExecutor(1, "model")
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._readers: set[threading.Event] = set()

    def pieces(
        self, prompt: Prompt, stopped: threading.Event, until: float
    ) -> Generator[str, None, None]:
        """What the model writes, until it ends, ``stopped`` is set or the reader leaves.

        Raises:
            WriterBusy: When the line is full, or the time is over before the turn has come.
            WriterSlow: When the time is over, ``until`` by ``time.monotonic``.
            WriterUnreachable: When the line is closed.
            WriterFault: As the model does.
        """
        if not self._places.acquire(blocking=False):
            raise WriterBusy("the line is full")
        told: queue.SimpleQueue[Piece] = queue.SimpleQueue()
        left = threading.Event()

        def end(writing: Future[None]) -> None:
            self._readers.discard(left)
            self._places.release()
            closed = WriterUnreachable("the model is closed")
            told.put(closed if writing.cancelled() else writing.exception())

        self._readers.add(left)
        try:
            writing = self._thread.submit(self._model.write, prompt, told.put, left)
        except RuntimeError:  # as it says when it is shut down
            writing = Future()
            writing.cancel()
        writing.add_done_callback(end)
        try:
            while not stopped.is_set():
                if time.monotonic() >= until:
                    raise (WriterBusy if writing.cancel() else WriterSlow)("the time was over")
                try:
                    piece = told.get(timeout=LOOK)
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
        finally:
            left.set()
            writing.cancel()

    def close(self) -> None:
        """Stop the writing, send away who waits, and let go of the model."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        for reader in tuple(self._readers):
            reader.set()
        self._thread.shutdown()
        self._model.close()
