"""Gradio's sessions, each one user's own.

Gradio takes the name of a session from the browser: whoever knew another's could have the answers
to that one's questions, or go on with the conversation. So what stands before each name says whose
it is, and nobody else can write it. Pure ASGI.
"""

import hashlib
import json
import re
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.gate import user_of
from ui.server.problems import path_below

_HEARTBEAT = re.compile(r"/gradio_api/heartbeat/([^/]+)")
_WITH_BODY = ("/gradio_api/queue/join", "/gradio_api/cancel")
_KEY = "session_hash"


def own_session(scope: Scope, name: str) -> str:
    """What Gradio is told that a session is called, of the name that the browser gave it."""
    user = user_of(scope)
    if user is None:
        return name
    whose = json.dumps([user.name, sorted(user.tags) if user.tags is not None else None])
    return f"{hashlib.sha256(whose.encode()).hexdigest()[:32]}-{name}"


class OwnSessions:
    """Tells Gradio the names of sessions as ``own_session`` has them."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``, which is Gradio."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = path_below(scope) if scope["type"] == "http" else ""
        if not path.startswith("/gradio_api/") or user_of(scope) is None:
            await self.app(scope, receive, send)
            return
        query = [
            (key, own_session(scope, value) if key == _KEY else value)
            for key, value in parse_qsl(scope["query_string"].decode("latin-1"), True)
        ]
        changed = {**scope, "query_string": urlencode(query).encode()}
        beats = _HEARTBEAT.fullmatch(path)
        if beats:
            before = scope["path"].removesuffix(beats[1])
            changed["path"] = f"{before}{own_session(scope, beats[1])}"
        if path in _WITH_BODY and scope["method"] == "POST":
            body = _renamed(scope, await _all(receive))
            changed["headers"] = [
                *(each for each in scope["headers"] if each[0] != b"content-length"),
                (b"content-length", str(len(body)).encode()),
            ]
            receive = _with_body(body, receive)
        await self.app(changed, receive, send)


def _renamed(scope: Scope, body: bytes) -> bytes:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return body  # which Gradio refuses
    if isinstance(asked, dict) and isinstance(asked.get(_KEY), str):
        asked[_KEY] = own_session(scope, asked[_KEY])
    return json.dumps(asked).encode()


async def _all(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


def _with_body(body: bytes, receive: Receive) -> Receive:
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
