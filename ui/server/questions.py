"""Questions of the chat and the API: so many at once, each within its time, and then the prose."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from copy import copy
from itertools import islice
from typing import Self, TypeVar

from starlette.requests import ClientDisconnect, Request

from rag.assistant import Assistant
from rag.outcomes import Kind, Outcome
from rag.records import Answer, Retrieved
from rag.retrieval.query import Turn
from rag.retrieval.scope import EVERYTHING, Scope
from ui.owner.question_log import QuestionLog
from ui.owner.records import asked
from ui.server.feedback import Feedback, Offer
from ui.server.metrics import Metrics
from ui.server.problems import name_of
from ui.server.threads import Threads
from ui.settings import ServerSettings

T = TypeVar("T")

Stages = AsyncGenerator[Retrieved | Answer, None]

_OUTCOMES: Mapping[Kind, str] = {
    "answer": "answered",
    "overview": "answered",
    "list": "answered",
    "perhaps": "perhaps",
    "none": "refused",
    "help": "help",
}


class Questions:
    """Puts questions to the assistant, and into the log if there is one; both stay the caller's.

    Attributes:
        examples: Questions to begin with.

    Raises:
        Busy: From every method, when all places are taken.
        TookTooLong: Likewise, when the time was over.
        StewardError: Likewise, as of ``Assistant``.
    """

    def __init__(
        self,
        assistant: Assistant,
        settings: ServerSettings,
        metrics: Metrics,
        log: QuestionLog | None = None,
        feedback: Feedback | None = None,
        examples: Sequence[str] = (),
    ) -> None:
        self.examples = examples
        self._assistant = assistant
        self._metrics = metrics
        self._log = log
        self._feedback = feedback
        self._asking = Threads(
            "question",
            settings.questions_at_once,
            settings.questions_waiting,
            settings.question_seconds,
            metrics.under_way,
        )
        # Apart from the others, or answers that wait for the model would hold up every question.
        # One more than its line takes, for who is told that it is full.
        self._writing = ThreadPoolExecutor(settings.model_waiting + 2, "prose")

    def seen_by(self, tags: frozenset[str]) -> Self:
        """The same, as if there were no documents but those that bear one of these tags.

        They share their places, and are closed by ``close`` of the one alone.
        """
        other = copy(self)
        other._assistant = self._assistant.seen_by(tags)
        return other

    @property
    def has_model(self) -> bool:
        """Whether a language model may write of an answer."""
        return self._assistant.writes

    async def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
        *,
        again: bool = False,
    ) -> Stages:
        """Those of ``Assistant.stages``; a question that is asked ``again`` is not logged again.

        After the first answer nothing is raised: whatever becomes of the prose, the quotes stand.
        The writing ends early where ``stopped`` is set, or nobody listens any more.
        """
        stopped = stopped or threading.Event()
        stages = self._assistant.stages(question, history, scope, stopped)
        arrived, began = time.time(), time.perf_counter()
        async with aclosing(self._quoted(islice(stages, 2))) as quoted:
            async for stage in quoted:
                if self._log and isinstance(stage, Answer) and not again:
                    seconds = time.perf_counter() - began
                    self._log.note(asked(stage, tuple(scope.tags), arrived, seconds))
                yield stage
        if isinstance(stage, Answer) and stage.prose:
            async with aclosing(self._written(stages, stopped)) as written:
                async for stage in written:
                    yield stage

    async def answer(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> Answer:
        """The last of ``stages``."""
        async with aclosing(self.stages(question, history, scope)) as stages:
            *_, answer = [stage async for stage in stages]
        assert isinstance(answer, Answer)
        return answer

    def offer(self, answer: Answer, history: Sequence[Turn]) -> Offer | None:
        """That an answer may be judged, where people are asked to; call it once for an answer."""
        return self._feedback.offer(answer, history) if self._feedback else None

    async def search(self, question: str, count: int, scope: Scope = EVERYTHING) -> Retrieved:
        """The passages nearest to a question, best first."""

        def found() -> Iterator[Retrieved]:
            yield self._assistant.search(question, count, scope)

        async with aclosing(self._asking.run(found())) as results:
            return await anext(results)

    def close(self) -> None:
        """Wait for the questions that run; the ones that wait are dropped."""
        self._asking.close()
        self._writing.shutdown(cancel_futures=True)

    async def _quoted(self, stages: Iterable[Retrieved | Answer]) -> Stages:
        """The stages up to the answer without its prose: so long a question keeps its place."""
        outcome, began = "gone", time.perf_counter()
        try:
            async with aclosing(self._asking.run(stages)) as told:
                async for stage in told:
                    if isinstance(stage, Answer):
                        outcome = _OUTCOMES[stage.kind]
                        self._metrics.seconds.observe(time.perf_counter() - began)
                    yield stage
        except Exception as error:
            outcome = name_of(error)
            raise
        finally:
            self._metrics.questions.labels(outcome).inc()

    async def _written(
        self, stages: Iterator[Retrieved | Answer], stopped: threading.Event
    ) -> Stages:
        """The answer as its prose grows; the places and the time are those of the model's line."""
        loop = asyncio.get_running_loop()
        outcome: Outcome = "stopped"
        self._metrics.writing.inc()
        try:
            while stage := await loop.run_in_executor(self._writing, next, stages, None):
                if isinstance(stage, Answer) and stage.prose and stage.prose.outcome:
                    outcome = stage.prose.outcome
                yield stage
        finally:
            stopped.set()
            self._metrics.writing.dec()
            self._metrics.prose.labels(outcome).inc()


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
