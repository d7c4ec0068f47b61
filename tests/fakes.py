"""Assistants that fail or take their time, for what the real one does only on a bad day."""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from rag.assistant import Assistant
from rag.records import Answer, Document, Metadata, Prose, Quote, Retrieved, Sentence
from rag.retrieval.query import Turn

T = TypeVar("T")


def in_a_loop(make: Callable[[], T]) -> T:
    """What ``make`` makes, in an event loop: without one Gradio opens its own and leaves it."""

    async def made() -> T:
        return make()

    return asyncio.run(made())


class FailingAssistant(Assistant):
    """Finds nothing and then raises what it was given, whatever it is asked for."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Collection[str] | None = None,
    ) -> Iterator[Retrieved | Answer]:
        yield Retrieved(question, (), {})
        raise self.error

    def search(
        self, question: str, count: int, documents: Collection[str] | None = None
    ) -> Retrieved:
        raise self.error

    def documents(self) -> tuple[Metadata, ...]:
        raise self.error

    def document(self, document_id: str) -> Document:
        raise self.error

    def close(self) -> None:
        pass


class WritingAssistant(FailingAssistant):
    """Answers with a quote, and writes what it was given; or raises it, where it is an error.

    Attributes:
        go_on: What every piece but the first waits for.
        halted: Whether the writing was stopped.
    """

    writes = True

    def __init__(self, *pieces: Sentence | Prose | Exception) -> None:
        super().__init__(KeyError())
        self.pieces = pieces
        self.go_on = threading.Event()
        self.go_on.set()
        self.halted = threading.Event()

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Collection[str] | None = None,
    ) -> Iterator[Retrieved | Answer]:
        yield Retrieved(question, (), {})
        yield ANSWER if question != "refuse" else REFUSAL

    def write(
        self, answer: Answer, stopped: threading.Event | None = None
    ) -> Iterator[Sentence | Prose]:
        assert stopped and answer.answered
        for number, piece in enumerate(self.pieces):
            while number and not self.go_on.wait(0.005):
                if stopped.is_set():
                    self.halted.set()
                    yield Prose((SENTENCE,), (), "stopped", 0.1, 0.1)
                    return
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def documents(self) -> tuple[Metadata, ...]:
        return (RIVERS,)


class WaitingAssistant(Assistant):
    """Finds nothing, then waits until it may go on, and refuses.

    Attributes:
        asked: The questions that have begun, in order.
        ended: How many have ended, by whatever way.
        go_on: What all of them wait for.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ended = 0
        self.go_on = threading.Event()

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Collection[str] | None = None,
    ) -> Iterator[Retrieved | Answer]:
        self.asked.append(question)
        try:
            yield Retrieved(question, (), {})
            assert self.go_on.wait(60)
            yield REFUSAL
        finally:
            self.ended += 1

    def close(self) -> None:
        pass


REFUSAL = Answer(
    question="why?",
    searched="why?",
    quotes=(),
    confidence=0.0,
    threshold=0.5,
    answered=False,
    reason="nothing_similar",
    unknown=(),
    hits=(),
    documents={},
    timings={},
)

RIVERS = Metadata(
    id="aaaa", title="Rivers", source="rivers.txt", sha256="sum", length=34, body=(0, 34)
)
ANSWER = Answer(
    question="how long is the Lena?",
    searched="how long is the Lena?",
    quotes=(Quote(1, "aaaa", "Rivers", 0, 34, "The Lena is 4,294 kilometres long.", "sum"),),
    confidence=0.9,
    threshold=0.5,
    answered=True,
    reason=None,
    unknown=(),
    hits=(),
    documents={"aaaa": RIVERS},
    timings={},
)
SENTENCE = Sentence("The Lena is 4,294 kilometres long.", (1,))
PROSE = Prose((SENTENCE,), (), "written", 0.1, 0.1)
