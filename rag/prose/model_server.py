"""A language model behind an OpenAI-compatible server on this machine: Ollama, llama.cpp, vLLM.

It is asked for a stream of chat completions and believed in nothing: no answer of it can be longer,
last longer, or send the request elsewhere.
"""

import asyncio
import json
import threading
from typing import Any

import httpx

from rag.errors import WriterGarbled, WriterUnreachable
from rag.prose.line import LOOK, Tell
from rag.prose.prompt import Prompt

# What json raises is a ValueError, or RecursionError where brackets are too many.
_GARBLED = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, RecursionError)


class ModelServer:
    """A server's model; safe to share between threads.

    Args:
        url: Base address, ending in ``/v1``.
        name: What the server calls the model; None where it has but one.
    """

    def __init__(self, url: str, name: str | None = None) -> None:
        self._url = f"{url}/chat/completions"
        self._named = {"model": name} if name else {}
        self._takes_grammar = True

    def write(self, prompt: Prompt, tell: Tell, left: threading.Event) -> None:
        """Tell what the model writes; the connection is closed when the reader has left."""

        async def until_left() -> None:
            asking = asyncio.create_task(self._ask({**prompt.body, **self._named}, tell))
            while not left.is_set() and not asking.done():
                await asyncio.wait([asking], timeout=LOOK)
            if asking.done():  # else it is cancelled with its loop
                await asking

        asyncio.run(until_left())

    def close(self) -> None:
        """Nothing is kept open between two requests."""

    async def _ask(self, body: dict[str, Any], tell: Tell) -> None:
        if not self._takes_grammar:
            body.pop("grammar", None)
        try:
            async with (
                httpx.AsyncClient(
                    timeout=None,  # the reader has one for all
                    trust_env=False,
                    verify=self._url.startswith("https:"),
                    headers={"Accept-Encoding": "identity"},
                ) as client,
                client.stream("POST", self._url, json=body) as response,
            ):
                # 400 and 422 are how a server refuses a field it does not know.
                if "grammar" not in body or response.status_code not in (400, 422):
                    return await _read(response, tell)
        except httpx.ConnectError as error:
            raise WriterUnreachable(str(error)) from error
        except _GARBLED as error:
            raise WriterGarbled(f"{type(error).__name__}: {error}") from error
        self._takes_grammar = False
        await self._ask(body, tell)


async def _read(response: httpx.Response, tell: Tell) -> None:
    """Tell the text of a stream of server-sent events; its end is ``[DONE]`` and nothing else."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code != httpx.codes.OK or kind != "text/event-stream":
        raise WriterGarbled(f"status {response.status_code}, content of type {kind!r:.100}")
    seen, rest = 0, b""
    async for chunk in response.aiter_raw():  # as it comes; what is packed could unpack endlessly
        seen += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        if seen > 1_000_000 or len(rest) > 65_536:  # what can be meant is 60,000 in all
            raise WriterGarbled(f"more than can be meant ({seen:,} bytes)")
        for line in lines:
            name, _, data = line.strip().partition(b":")
            if name != b"data":
                continue  # an empty line, a comment, or another field of an event
            if data.strip() == b"[DONE]":
                return
            if text := content(json.loads(data)):
                tell(text)
    raise WriterGarbled("the stream ended in the middle")


def content(event: Any) -> str:
    """The text of one event, "" where it has none; raises WriterGarbled where it is no event."""
    match event:
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
        case {"choices": [] | [{"delta": dict()}, *_]}:
            return ""  # figures, a role, or what a model only thinks
        case _:
            raise WriterGarbled(f"not a chat completion: {event!r:.200}")
