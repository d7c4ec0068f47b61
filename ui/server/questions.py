"""Questions of the chat and the API: so many at once, each within its time, and then the prose."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from rag.assistant import Assistant
from rag.records import Answer, Outcome, Prose, Retrieved, Sentence
from rag.retrieval.query import Turn
from ui.server.errors import Busy, TookTooLong
from ui.server.metrics import Metrics
from ui.server.problems import name_of
from ui.server.threads import Threads
from ui.server.unexpected import problem_or_unexpected
from ui.settings import ServerSettings

T = TypeVar("T")

_GRACE = 5
"""Seconds that the model gets beyond its own limit before it is no longer waited for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer or a refusal, and the model's prose."""

    answer: Answer
    prose: Prose | None = None


Stage = Retrieved | Answered | Sentence | Prose


class Questions:
    """Puts questions to the assistant, which stays the caller's.

    Raises:
        Busy: From every method, when all places are taken.
        TookTooLong: Likewise, when the time was over.
        StewardError: Likewise, as of ``Assistant``.
    """

    def __init__(self, assistant: Assistant, settings: ServerSettings, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._asking = Threads(
            "question",
            settings.questions_at_once,
            settings.questions_waiting,
            settings.question_seconds,
            metrics.under_way,
        )
        # Apart from the others, or answers that wait for the model would hold up every question.
        self._writing = Threads(
            "prose", 1, settings.model_waiting, settings.model_seconds + _GRACE, metrics.writing
        )

    @property
    def has_model(self) -> bool:
        """Whether a language model may write of an answer."""
        return self._assistant.writes

    def writes(self, answer: Answer) -> bool:
        """Whether prose of this answer follows it."""
        return answer.answered and self.has_model

    async def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Collection[str] | None = None,
        stopped: threading.Event | None = None,
    ) -> AsyncGenerator[Stage, None]:
        """The passages found, then the answer; then sentences of the model, and its ``Prose``.

        After the answer nothing is raised: whatever becomes of the prose, the quotes stand. The
        writing ends early where ``stopped`` is set, or nobody listens any more.
        """
        answer = None
        async with aclosing(self._answering(question, history, documents)) as stages:
            async for stage in stages:
                if isinstance(stage, Answered):
                    answer = stage.answer
                yield stage
        if answer and self.writes(answer):
            async with aclosing(self._prose(answer, stopped)) as pieces:
                async for piece in pieces:
                    yield piece

    async def answer(
        self, question: str, history: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> Answered:
        """The answer alone, with its prose if there is a model."""
        answered = None
        async with aclosing(self.stages(question, history, documents)) as stages:
            async for stage in stages:
                if isinstance(stage, Answered):
                    answered = stage
                elif isinstance(stage, Prose) and answered:
                    answered = replace(answered, prose=stage)
        assert answered
        return answered

    async def search(self, question: str, count: int) -> Retrieved:
        """The passages nearest to a question, best first."""

        def run(_: threading.Event) -> Iterator[Retrieved]:
            yield self._assistant.search(question, count)

        async with aclosing(self._asking.run(run)) as found:
            return await anext(found)

    def close(self) -> None:
        """Wait for the questions that run; the ones that wait are dropped."""
        self._asking.close()
        self._writing.close()

    async def _answering(
        self, question: str, history: Sequence[Turn], documents: Collection[str] | None
    ) -> AsyncGenerator[Retrieved | Answered, None]:
        def run(_: threading.Event) -> Iterator[Retrieved | Answered]:
            for stage in self._assistant.stages(question, history, documents):
                yield stage if isinstance(stage, Retrieved) else Answered(stage)

        outcome, began = "gone", time.perf_counter()
        try:
            async with aclosing(self._asking.run(run)) as stages:
                async for stage in stages:
                    if isinstance(stage, Answered):
                        outcome = "answered" if stage.answer.answered else "refused"
                        self._metrics.seconds.observe(time.perf_counter() - began)
                    yield stage
        except Exception as error:
            outcome = name_of(error)
            raise
        finally:
            self._metrics.questions.labels(outcome).inc()

    async def _prose(
        self, answer: Answer, stopped: threading.Event | None
    ) -> AsyncGenerator[Sentence | Prose, None]:
        shown: list[Sentence] = []
        failed: Outcome = "stopped"
        began = time.perf_counter()
        try:
            pieces = self._writing.run(lambda told: self._assistant.write(answer, told), stopped)
            async with aclosing(pieces):
                async for piece in pieces:
                    if isinstance(piece, Prose):
                        failed = piece.outcome
                        yield piece
                        return
                    shown.append(piece)
                    yield piece
        except Busy:
            failed = "busy"
        except TookTooLong:
            failed = "too_slow"
        except Exception as error:
            problem_or_unexpected(error)  # which logs it
            failed = "failed"
        finally:
            self._metrics.prose.labels(failed).inc()
        yield Prose(tuple(shown), (), failed, time.perf_counter() - began)


async def unless_gone(request: Request, result: Awaitable[T]) -> T:
    """The result; if the client goes away first it is dropped, and ``ClientDisconnect`` raised."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    waiting, watching = asyncio.ensure_future(result), asyncio.ensure_future(gone())
    try:
        await asyncio.wait((waiting, watching), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientDisconnect
        return waiting.result()
    finally:
        waiting.cancel()
        watching.cancel()
        await asyncio.gather(waiting, watching, return_exceptions=True)
