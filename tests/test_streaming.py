"""A queue read with an eye on the clock and the stop button."""

import queue
import threading
import time

import pytest

from rag.errors import WriterSlow
from rag.streaming import Piece, pieces


def told(*given: Piece) -> "queue.SimpleQueue[Piece]":
    made: queue.SimpleQueue[Piece] = queue.SimpleQueue()
    for each in given:
        made.put(each)
    return made


def test_pieces_come_in_order_until_the_end() -> None:
    assert list(pieces(told("a", "b", None), threading.Event(), time.monotonic() + 60)) == [
        "a",
        "b",
    ]


def test_what_ended_the_source_is_raised_after_its_pieces() -> None:
    reading = pieces(told("a", KeyError("x")), threading.Event(), time.monotonic() + 60)
    assert next(reading) == "a"
    with pytest.raises(KeyError):
        next(reading)


def test_a_silent_source_is_left_when_the_time_is_over() -> None:
    with pytest.raises(WriterSlow):
        list(pieces(told(), threading.Event(), time.monotonic() + 0.1))


def test_a_silent_source_is_left_when_it_is_stopped() -> None:
    stopped = threading.Event()
    threading.Timer(0.1, stopped.set).start()
    assert list(pieces(told(), stopped, time.monotonic() + 60)) == []
