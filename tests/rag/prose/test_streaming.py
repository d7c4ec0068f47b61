"""What a model writes, read with an eye on the clock and the stop button."""

import threading
import time
from collections.abc import Iterator

import pytest

from rag.errors import WriterSlow
from rag.prose.prompt import Prompt, prompt
from rag.prose.streaming import Tell, pieces
from tests.answers import LENA, answer


class Told:
    """A model that tells these pieces, and then ends, fails, or is silent until it is left."""

    def __init__(self, *given: str, failure: Exception | None = None, silent: bool = False) -> None:
        self.given = given
        self.failure = failure
        self.silent = silent
        self.ended = False

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        for each in self.given:
            tell(each)
        if self.failure:
            raise self.failure
        if self.silent:
            assert left.wait(60)
        self.ended = True

    def close(self) -> None:
        pass


def read(model: Told, stopped: threading.Event | None = None, seconds: float = 60) -> Iterator[str]:
    asked = prompt(answer(LENA))
    assert asked
    return pieces(model, asked, stopped or threading.Event(), time.monotonic() + seconds)


def test_pieces_come_in_order_until_the_end() -> None:
    assert list(read(Told("a", "b"))) == ["a", "b"]


def test_what_ended_the_model_is_raised_after_its_pieces() -> None:
    reading = read(Told("a", failure=KeyError("x")))
    assert next(reading) == "a"
    with pytest.raises(KeyError):
        next(reading)


def test_a_silent_model_is_left_when_the_time_is_over() -> None:
    model = Told("a", silent=True)
    with pytest.raises(WriterSlow):
        list(read(model, seconds=0.2))
    assert model.ended


def test_a_silent_model_is_left_when_it_is_stopped() -> None:
    stopped = threading.Event()
    model = Told(silent=True)
    threading.Timer(0.1, stopped.set).start()
    assert list(read(model, stopped)) == []
    assert model.ended
