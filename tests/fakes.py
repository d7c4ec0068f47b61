"""Assistants that fail or take their time, for what the real one does only on a bad day."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import signature
from typing import Any, TypeVar

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

    def stages(self, *given: Any, **named: Any) -> Iterator[Retrieved | Answer]:
        """Takes what the real one takes, and nothing else."""
        asked = signature(super().stages).bind(*given, **named)
        asked.apply_defaults()
        yield Retrieved(asked.arguments["question"], (), {})
        yield from self._said(**asked.arguments)

    def _said(self, question: str, **asked: Any) -> Iterable[Answer]:
        """What comes after what was found."""
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

    def _said(self, question: str, **asked: Any) -> Iterable[Answer]:
        return self._with_prose(ANSWER if question != "refuse" else REFUSAL, asked["stopped"])

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

    def _said(self, question: str, **asked: Any) -> Iterable[Answer]:
        self.history, self.scope = asked["history"], asked["scope"]
        return (self.answer,)


class WaitingAssistant(FailingAssistant):
    """Finds nothing, then waits until it may go on, and refuses.

    Attributes:
        asked: The questions that have begun, in order.
        ended: How many have ended, by whatever way.
        go_on: What all of them wait for.
    """

    def __init__(self) -> None:
        super().__init__(KeyError())
        self.asked: list[str] = []
        self.ended = 0
        self.go_on = threading.Event()

    def stages(self, *given: Any, **named: Any) -> Iterator[Retrieved | Answer]:
        self.asked.append(given[0])
        try:
            yield from super().stages(*given, **named)
        finally:
            self.ended += 1

    def _said(self, question: str, **asked: Any) -> Iterable[Answer]:
        assert self.go_on.wait(60)
        return (REFUSAL,)


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
