"""A blocking source of text, read so that it can be left at any moment.

The source runs in a thread of its own and puts pieces into a queue; the reader looks at the queue,
the clock and the stop button in turn.
"""

import queue
import threading
import time
from collections.abc import Iterator

from rag.errors import WriterSlow

_LOOK = 0.05  # seconds between two looks at the stop button

Piece = str | Exception | None
"""A piece of text; what ended the source; or None for its end."""


def pieces(
    told: "queue.SimpleQueue[Piece]", stopped: threading.Event, until: float
) -> Iterator[str]:
    """What a source puts into a queue, until its end or until the reader is ``stopped``.

    Args:
        told: The queue.
        stopped: The stop button.
        until: When the time is over, by ``time.monotonic``.

    Raises:
        WriterSlow: When the time is over.
        Exception: What the source put there.
    """
    while not stopped.is_set():
        left = until - time.monotonic()
        if left <= 0:
            raise WriterSlow("the time was over")
        try:
            piece = told.get(timeout=min(_LOOK, left))
        except queue.Empty:
            continue
        if isinstance(piece, Exception):
            raise piece
        if piece is None:
            return
        yield piece
