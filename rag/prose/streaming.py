"""What a language model writes, read so that it can be left at any moment.

The model writes in a thread of its own and tells its pieces; the reader looks at them, at the clock
and at the stop button in turn.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from typing import Protocol

from rag.errors import WriterSlow
from rag.prose.prompt import Prompt

LOOK = 0.05
"""Seconds between two looks at whether to go on."""

Piece = str | Exception | None
"""A piece of text; what ended the writing; or None for its end."""
Tell = Callable[[Piece], None]


class Model(Protocol):
    """A language model; ``ModelServer`` and ``ModelFile`` are."""

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        """Tell pieces of text until the end, or soon after nobody reads; raises WriterFault."""

    def close(self) -> None:
        """Let go of it."""


def pieces(
    model: Model, prompt: Prompt, stopped: threading.Event, until: float
) -> Generator[str, None, None]:
    """What a model writes, until it ends, ``stopped`` is set or the reader leaves.

    Raises:
        WriterSlow: When the time is over, ``until`` by ``time.monotonic``.
        WriterFault: As the model does.
    """
    told: queue.SimpleQueue[Piece] = queue.SimpleQueue()
    left = threading.Event()

    def write() -> None:
        try:
            model.write(prompt, told.put, left)
            told.put(None)
        except Exception as error:
            told.put(error)

    thread = threading.Thread(target=write, name="model")
    thread.start()
    try:
        while not stopped.is_set():
            if time.monotonic() >= until:
                raise WriterSlow("the time was over")
            try:
                piece = told.get(timeout=LOOK)
            except queue.Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        left.set()
        thread.join()
