"""Work in threads on behalf of a loop: so many at once, so many waiting, each within its time.

A thread cannot be stopped from outside. Work that nobody waits for any more ends at its next item,
and holds its place until then, so that there never are more threads at work than were allowed.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from prometheus_client import Gauge

from ui.server.errors import Busy, TookTooLong

T = TypeVar("T")


class Threads:
    """Work in so many threads at once; so much more may wait, and all of it within a time."""

    def __init__(self, name: str, at_once: int, waiting: int, seconds: float, gauge: Gauge) -> None:
        self._seconds = seconds
        self._gauge = gauge
        self._threads = ThreadPoolExecutor(at_once, name)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    async def run(self, work: Iterable[T]) -> AsyncGenerator[T, None]:
        """What ``work`` yields in a thread.

        Raises:
            Busy, TookTooLong: As of ``Questions``; also what ``work`` raises.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[T | Exception | None] = asyncio.Queue()
        unwanted = threading.Event()

        def tell(item: T | Exception | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(told.put_nowait, item)

        running = self._threads.submit(_run, work, tell, unwanted)
        self._gauge.inc()
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

    def close(self) -> None:
        """Wait for the work that runs; what waits is dropped."""
        self._threads.shutdown(cancel_futures=True)

    def _free_a_place(self, _: Future[None]) -> None:
        self._gauge.dec()
        self._places.release()


def _run(
    work: Iterable[T],
    tell: Callable[[T | Exception | None], None],
    unwanted: threading.Event,
) -> None:
    """Tell each item, then None; an error instead where there is one; no more once unwanted."""
    try:
        for item in work:
            if unwanted.is_set():
                return
            tell(item)
        tell(None)
    except Exception as error:
        tell(error)
