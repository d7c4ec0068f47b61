"""Assistants that fail, for what the real one does only on a broken machine."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rag.assistant import Assistant
from rag.conversation import Turn
from rag.records import Answer, Document, Metadata, Retrieved

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

    def stages(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Retrieved | Answer]:
        yield Retrieved(question, ())
        raise self.error

    def documents(self) -> tuple[Metadata, ...]:
        raise self.error

    def document(self, document_id: str) -> Document:
        raise self.error

    def close(self) -> None:
        pass
