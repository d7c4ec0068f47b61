"""A language model behind an OpenAI-compatible server on this machine: Ollama, llama.cpp, vLLM.

It is asked for a stream of chat completions and believed in nothing: no answer of it can be longer,
last longer, or send the request elsewhere.
"""

import asyncio
import json
import logging
import queue
import ssl
import threading
import time
from collections.abc import AsyncIterator, Generator
from typing import Any

import httpx

from rag import streaming
from rag.errors import WriterFault, WriterGarbled, WriterSlow, WriterUnreachable
from rag.prompt import LONGEST, Prompt

_MOST_BYTES = 1_000_000  # of a whole stream; three sentences in pieces of one token are 60,000
_LONGEST_LINE = 65_536  # bytes of one event
_UNUSABLE = (400, 422)  # how a server refuses a field it does not know

log = logging.getLogger(__name__)


class ModelServer:
    """A server's model; safe to share between threads.

    Args:
        url: Base address, ending in ``/v1``.
        name: What the server calls the model; None where it has but one.
    """

    def __init__(self, url: str, name: str | None = None) -> None:
        self._url = f"{url}/chat/completions"
        self._name = name
        self._takes_grammar = True
        self._certificates = ssl.create_default_context() if url.startswith("https:") else None

    def pieces(
        self, prompt: Prompt, stopped: threading.Event, until: float
    ) -> Generator[str, None, None]:
        """What the model writes, in pieces; the connection is closed when the reader leaves.

        Args:
            prompt: What it is asked.
            stopped: The stop button: when set, the pieces end.
            until: When the time is over, by ``time.monotonic``.

        Raises:
            WriterUnreachable: When no server answers.
            WriterSlow: When the time is over.
            WriterGarbled: When what comes is no stream of chat completions.
        """
        told: queue.SimpleQueue[streaming.Piece] = queue.SimpleQueue()
        loop = asyncio.new_event_loop()
        asking = loop.create_task(self._tell(prompt, told, until))
        thread = threading.Thread(target=_run, args=(loop, asking), name="model-server")
        thread.start()
        try:
            yield from streaming.pieces(told, stopped, until)
        finally:
            if not loop.is_closed():
                loop.call_soon_threadsafe(asking.cancel)
            thread.join()
            loop.close()

    def close(self) -> None:
        """Nothing is kept open between two requests."""

    async def _tell(
        self, prompt: Prompt, told: "queue.SimpleQueue[streaming.Piece]", until: float
    ) -> None:
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                async for piece in self._ask(prompt):
                    told.put(piece)
            told.put(None)
        except Exception as error:
            told.put(_fault(error))

    async def _ask(self, prompt: Prompt) -> AsyncIterator[str]:
        # One limit for all, around the request; a certificate is only looked at where there is one.
        async with httpx.AsyncClient(
            timeout=None,
            trust_env=False,
            verify=self._certificates or False,
            headers={"Accept-Encoding": "identity"},
        ) as client:
            for with_grammar in (True, False) if self._takes_grammar else (False,):
                body = self._body(prompt, with_grammar)
                async with client.stream("POST", self._url, json=body) as response:
                    if with_grammar and response.status_code in _UNUSABLE:
                        log.info("the model server refuses a grammar; it is asked without")
                        self._takes_grammar = False
                        continue
                    _look_at(response)
                    async for piece in _events(response):
                        yield piece
                    return

    def _body(self, prompt: Prompt, with_grammar: bool) -> dict[str, Any]:
        body: dict[str, Any] = {
            "messages": prompt.messages,
            "stream": True,
            "temperature": 0,
            "max_tokens": LONGEST,
        }
        if self._name:
            body["model"] = self._name
        if with_grammar:
            body["grammar"] = prompt.grammar
        return body


def content(event: Any) -> str:
    """The text of one event of a stream of chat completions, "" where it has none.

    Raises:
        WriterGarbled: When it is none.
    """
    match event:
        case {"error": error}:
            raise WriterGarbled(f"an error in place of text: {error!r:.200}")
        case {"choices": []}:
            return ""  # the last one, with figures
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
        case {"choices": [{"delta": dict()}, *_]}:
            return ""  # the first one, with a role; or what a model only thinks
        case _:
            raise WriterGarbled(f"not a chat completion: {event!r:.200}")


def _look_at(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise WriterGarbled(f"status {response.status_code}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise WriterGarbled(f"content of type {kind or 'nothing'!r:.100}")


async def _events(response: httpx.Response) -> AsyncIterator[str]:
    """The text of a stream of server-sent events; the end is ``[DONE]`` and nothing else."""
    rest = b""
    seen = 0
    async for chunk in response.aiter_raw():  # as it comes; what is packed could unpack endlessly
        seen += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        if seen > _MOST_BYTES or len(rest) > _LONGEST_LINE:
            raise WriterGarbled(f"more than can be meant ({seen:,} bytes)")
        for line in lines:
            name, _, data = line.strip().partition(b":")
            if name != b"data":
                continue  # an empty line, a comment, or another field of an event
            if data.strip() == b"[DONE]":
                return
            if text := content(json.loads(data)):
                yield text
    raise WriterGarbled("the stream ended in the middle")


def _fault(error: Exception) -> Exception:
    """What a failed request says of the server; a defect of our own stays what it is."""
    match error:
        case WriterFault():
            return error
        case TimeoutError():
            return WriterSlow("the time was over")
        case httpx.ConnectError():
            return WriterUnreachable(str(error))
        case httpx.HTTPError() | httpx.InvalidURL() | httpx.StreamError():
            return WriterGarbled(f"{type(error).__name__}: {error}")
        case UnicodeDecodeError() | json.JSONDecodeError() | RecursionError():
            return WriterGarbled(f"not JSON: {error}")
        case _:
            return error


def _run(loop: asyncio.AbstractEventLoop, asking: "asyncio.Task[None]") -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asking)
    except asyncio.CancelledError:
        pass  # the reader has left
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
