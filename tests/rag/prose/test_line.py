"""The line before a model: its places, its turns, the clock and the stop button."""

import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.errors import WriterBusy, WriterSlow, WriterUnreachable
from rag.prose.line import LOOK, Line, Tell
from rag.prose.prompt import Prompt, prompt
from tests.answers import LENA, answer

GENEROUS = 60


class Told:
    """A model that tells these pieces, and then ends, fails, or is silent until it is left.

    Attributes:
        asked: The questions it was given, in order.
    """

    def __init__(self, *given: str, failure: Exception | None = None, silent: bool = False) -> None:
        self.given = given
        self.failure = failure
        self.silent = silent
        self.asked: list[str] = []
        self.ended = threading.Event()
        self.closed = False

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        self.asked.append(prompt.body["messages"][-1]["content"].rpartition(": ")[2])
        for each in self.given:
            tell(each)
        if self.failure:
            raise self.failure
        if self.silent:
            assert left.wait(GENEROUS)
        self.ended.set()

    def close(self) -> None:
        self.closed = True


def read(
    line: Line,
    stopped: threading.Event | None = None,
    seconds: float = GENEROUS,
    question: str = "Where?",
) -> Generator[str, None, None]:
    asked = prompt(answer(LENA, question=question))
    assert asked
    return line.pieces(asked, stopped or threading.Event(), time.monotonic() + seconds)


def begun(line: Line) -> Generator[str, None, None]:
    """A reader of a silent model, which has come to the first piece."""
    reading = read(line, question="First?")
    assert next(reading) == "a"
    return reading


def test_pieces_come_in_order_until_the_end() -> None:
    assert list(read(Line(Told("a", "b"), 0))) == ["a", "b"]


def test_what_ended_the_model_is_raised_after_its_pieces() -> None:
    reading = read(Line(Told("a", failure=KeyError("x")), 0))
    assert next(reading) == "a"
    with pytest.raises(KeyError):
        next(reading)


def test_a_silent_model_is_left_when_the_time_is_over() -> None:
    model = Told("a", silent=True)
    with pytest.raises(WriterSlow):
        list(read(Line(model, 0), seconds=0.2))
    assert model.ended.wait(GENEROUS)


def test_a_silent_model_is_left_when_it_is_stopped() -> None:
    stopped = threading.Event()
    model = Told(silent=True)
    threading.Timer(0.1, stopped.set).start()
    assert list(read(Line(model, 0), stopped)) == []
    assert model.ended.wait(GENEROUS)


class Deaf(Told):
    """A model that does not look whether anybody reads, until it may end."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        tell("a")
        assert self.may_end.wait(GENEROUS)


def test_who_reads_a_model_that_does_not_let_go_is_gone_in_time_and_nobody_takes_the_turn() -> None:
    model = Deaf()
    line = Line(model, 1)
    with pytest.raises(WriterSlow):
        list(read(line, seconds=0.1))
    with pytest.raises(WriterBusy):
        list(read(line, seconds=0.1))
    model.may_end.set()
    assert list(read(line)) == ["a"]


def test_a_full_line_says_so_at_once_and_has_room_again_when_one_leaves() -> None:
    model = Told("a", silent=True)
    line = Line(model, 0)
    first = begun(line)
    with pytest.raises(WriterBusy, match="full"):
        next(read(line))
    first.close()
    assert model.ended.wait(GENEROUS)
    model.silent = False
    while line._readers:
        time.sleep(LOOK)
    assert list(read(line)) == ["a"]


def test_the_turns_come_one_at_a_time_in_the_order_of_coming() -> None:
    model = Told("a", silent=True)
    line = Line(model, 3)
    first = begun(line)
    with ThreadPoolExecutor(3) as pool:
        waiting = []
        for place, question in enumerate(("Second?", "Third?", "Fourth?"), 2):
            waiting.append(pool.submit(lambda asked: list(read(line, question=asked)), question))
            while len(line._readers) < place:
                time.sleep(0.001)
        assert model.asked == ["First?"]
        model.silent = False
        first.close()
        assert [each.result() for each in waiting] == [["a"]] * 3
    assert model.asked == ["First?", "Second?", "Third?", "Fourth?"]


def test_whose_turn_does_not_come_in_time_is_told_that_the_model_is_busy() -> None:
    model = Told("a", silent=True)
    line = Line(model, 1)
    first = begun(line)
    with pytest.raises(WriterBusy, match="time"):
        next(read(line, seconds=0.1))
    assert model.asked == ["First?"]
    first.close()


def test_the_stop_button_ends_the_waiting_and_gives_the_place_to_another() -> None:
    model = Told("a", silent=True)
    line = Line(model, 1)
    first = begun(line)
    for _ in range(3):
        stopped = threading.Event()
        threading.Timer(0.05, stopped.set).start()
        assert list(read(line, stopped)) == []
    assert model.asked == ["First?"]
    first.close()


def test_a_line_that_is_closed_stops_the_model_and_sends_away_who_waits_and_who_comes() -> None:
    model = Told("a", silent=True)
    line = Line(model, 1)
    first = begun(line)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(lambda: list(read(line)))
        while len(line._readers) < 2:
            time.sleep(0.001)
        line.close()
        with pytest.raises(WriterUnreachable):
            waits.result()
    assert list(first) == [] and model.closed
    for _ in range(3):
        with pytest.raises(WriterUnreachable):
            next(read(line))
    assert model.asked == ["First?"]
