"""Questions of the chat and the API: run in threads, so many at once, each within its time.

A thread cannot be stopped from outside. A question whose client has gone, or whose time is over,
ends at its next stage, and holds its place until then, so that there never are more threads at work
than the settings allow.
"""

import asyncio
import threading
import time
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from rag.assistant import Assistant
from rag.conversation import Turn
from rag.records import Answer, Hit, Metadata, Retrieved
from rag.settings import Settings
from ui.metrics import Metrics
from ui.problems import Busy, TookTooLong, name_of

T = TypeVar("T")
Known = Mapping[str, Metadata]
"""What is known of the documents, by id."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer or a refusal, and the documents as they are when it is given."""

    answer: Answer
    documents: Known


class Questions:
    """Puts questions to the assistant, which stays the caller's.

    Raises:
        Busy: From every method, when all places are taken.
        TookTooLong: Likewise, when the time was over.
        StewardError: Likewise, as of ``Assistant``.
    """

    def __init__(self, assistant: Assistant, settings: Settings, metrics: Metrics) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._seconds = settings.question_seconds
        self._threads = ThreadPoolExecutor(settings.questions_at_once, "question")
        places = settings.questions_at_once + settings.questions_waiting
        self._places = threading.BoundedSemaphore(places)

    async def stages(
        self, question: str, history: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> AsyncGenerator[Retrieved | Answered, None]:
        """The passages found, then the answer."""

        def run() -> Iterator[Retrieved | Answered]:
            for stage in self._assistant.stages(question, history, documents):
                yield stage if isinstance(stage, Retrieved) else Answered(stage, self._known())

        outcome, began = "gone", time.perf_counter()
        try:
            async with aclosing(self._in_thread(run)) as stages:
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

    async def answer(
        self, question: str, history: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> Answered:
        """The answer alone."""
        async with aclosing(self.stages(question, history, documents)) as stages:
            async for stage in stages:
                if isinstance(stage, Answered):
                    return stage
        raise AssertionError("the last stage is the answer")

    async def search(self, question: str, count: int) -> tuple[tuple[Hit, ...], Known]:
        """The passages nearest to a question, best first, and the documents."""

        def run() -> Iterator[tuple[tuple[Hit, ...], Known]]:
            yield self._assistant.search(question, count), self._known()

        async with aclosing(self._in_thread(run)) as found:
            return await anext(found)

    def close(self) -> None:
        """Wait for the questions that run; the ones that wait are dropped."""
        self._threads.shutdown(cancel_futures=True)

    def _known(self) -> Known:
        return {each.id: each for each in self._assistant.documents()}

    def _free_a_place(self, _: Future[None]) -> None:
        self._metrics.under_way.dec()
        self._places.release()

    async def _in_thread(self, work: Callable[[], Iterable[T]]) -> AsyncGenerator[T, None]:
        """What ``work`` yields in a thread."""
        if not self._places.acquire(blocking=False):
            raise Busy
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[T | Exception | None] = asyncio.Queue()
        unwanted = threading.Event()

        def tell(item: T | Exception | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(told.put_nowait, item)

        running = self._threads.submit(_run, work, tell, unwanted)
        self._metrics.under_way.inc()
        running.add_done_callback(self._free_a_place)
        end = loop.time() + self._seconds
        try:
            while True:
                try:
                    async with asyncio.timeout_at(end):
                        item = await told.get()
                except TimeoutError:
                    raise (Busy if running.cancel() else TookTooLong(self._seconds)) from None
                if isinstance(item, Exception):
                    raise item
                if item is None:
                    return
                yield item
        finally:
            unwanted.set()
            running.cancel()


def _run(
    work: Callable[[], Iterable[T]],
    tell: Callable[[T | Exception | None], None],
    unwanted: threading.Event,
) -> None:
    """Tell each item, then None; an error instead where there is one; no more once unwanted."""
    try:
        for item in work():
            if unwanted.is_set():
                return
            tell(item)
        tell(None)
    except Exception as error:
        tell(error)


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
