"""Assistants that fail or take their time, for what the real one does only on a bad day."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rag.assistant import Assistant
from rag.prose.line import Tell
from rag.prose.prompt import Prompt
from rag.prose.writing import Writer
from rag.records import Answer, Document, Metadata, Quote, Retrieved, Sentence
from rag.retrieval.query import Turn
from rag.retrieval.scope import EVERYTHING, Scope

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
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
    ) -> Iterator[Retrieved | Answer]:
        yield Retrieved(question, (), {})
        raise self.error

    def search(self, question: str, count: int, scope: Scope = EVERYTHING) -> Retrieved:
        raise self.error

    def documents(self) -> tuple[Metadata, ...]:
        raise self.error

    def left_out(self) -> tuple[tuple[str, str], ...]:
        raise self.error

    def document(self, document_id: str) -> Document:
        raise self.error

    def close(self) -> None:
        pass


class WritingModel:
    """Writes what it was given, and then waits until it may end.

    Attributes:
        begun: Whether it has begun.
        go_on: What it waits for.
        halted: Whether its reader left before.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.halted = threading.Event()

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        self.begun.set()
        tell(self.text)
        while not self.go_on.wait(0.005):
            if left.is_set():
                return self.halted.set()

    def close(self) -> None:
        pass


class WritingAssistant(FailingAssistant):
    """Answers with a quote, of which a model writes this, or refuses."""

    def __init__(self, text: str | None = None, seconds: float = 60, waiting: int = 4) -> None:
        super().__init__(KeyError())
        self.model = WritingModel(text or f"{SENTENCE.text} [1]\n")
        self._writer = Writer(self.model, seconds, waiting)

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
    ) -> Iterator[Retrieved | Answer]:
        yield Retrieved(question, (), {})
        yield from self._with_prose(ANSWER if question != "refuse" else REFUSAL, stopped)

    def documents(self) -> tuple[Metadata, ...]:
        return (RIVERS,)

    def left_out(self) -> tuple[tuple[str, str], ...]:
        return ()


class OneAnswer(FailingAssistant):
    """Says the same to every question.

    Attributes:
        history: What it was told was said before.
        scope: Which documents it was told to ask.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(KeyError())
        self.answer = answer
        self.history: Sequence[Turn] = ()
        self.scope = EVERYTHING

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
    ) -> Iterator[Retrieved | Answer]:
        self.history, self.scope = history, scope
        yield Retrieved(question, (), {})
        yield self.answer


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
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
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
    perhaps_threshold=0.2,
    kind="none",
    reason="nothing_similar",
    unknown=(),
    hits=(),
    documents={},
    timings={},
)

LENA = "The Lena is 4,294 kilometres long. The Lena flows north to the Arctic Ocean."
RIVERS = Metadata(
    id="aaaa", title="Rivers", source="rivers.txt", sha256="sum", length=76, body=(0, 76)
)
ANSWER = Answer(
    question="how long is the Lena?",
    searched="how long is the Lena?",
    quotes=(Quote(1, "aaaa", "Rivers", 0, 76, LENA, "sum"),),
    confidence=0.9,
    threshold=0.5,
    perhaps_threshold=0.2,
    kind="answer",
    reason=None,
    unknown=(),
    hits=(),
    documents={"aaaa": RIVERS},
    timings={},
)
SENTENCE = Sentence("The Lena is 4,294 kilometres long.", (1,))
