"""What stands around the application, in pure ASGI: headers, and Gradio's page and paths."""

import re

from gradio.routes import App
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.chat_sessions import OwnSessions, own_session
from ui.server.problems import answer_with, path_below

HEADERS = {
    # Gradio writes its configuration into a script of the page, hence 'unsafe-inline'.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

_CHAT = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/(assets|static)/.*"
    r"|/gradio_api/(queue/(join|data)|heartbeat/[^/]+|cancel|reset/?|app_id|startup-events)"
)
"""Gradio's routes that the chat calls. Others upload, proxy, record and read files."""

_EVENTS = "/gradio_api/queue/data"

_PREVIEW = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')
_HEAD = re.compile(rb"(?<=<head>)")
_TITLE = b"<title>Steward</title>"


class SecurityHeaders:
    """Adds ``HEADERS`` to every response, where the response has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


class OnlyTheChat(Mount):
    """Gradio, mounted for the paths that the chat calls, and for no websocket."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether Gradio is to answer."""
        if scope["type"] == "http" and _CHAT.fullmatch(path_below(scope)):
            return super().matches(scope)
        return Match.NONE, {}


class Streams:
    """Gradio, asked for events only of sessions that it knows: others it logs with a traceback."""

    def __init__(self, app: App) -> None:
        """Stand before ``app``, which is Gradio."""
        self._gradio = app
        self.app = OwnSessions(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 404."""
        if self.is_unknown(scope):
            await answer_with(HTTPException(404), path_below(scope))(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception:
            # Another of its streams was left, and Gradio forgot the session.
            if not self.is_unknown(scope):
                raise
            await send({"type": "http.response.body"})

    def is_unknown(self, scope: Scope) -> bool:
        """Whether a request is for the events of a session that has none."""
        if scope["type"] != "http" or path_below(scope) != _EVENTS:
            return False
        sessions = QueryParams(scope["query_string"]).getlist("session_hash")
        known = self._gradio.get_blocks()._queue.pending_messages_per_session
        return not sessions or own_session(scope, sessions[-1]) not in known


class FrontPage:
    """Gradio's page under Steward's name: link previews would show Gradio's, and its picture."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``, which is Gradio."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and rewrite the front page that comes back."""
        if scope["type"] != "http" or path_below(scope) != "/":
            await self.app(scope, receive, send)
            return
        # Compressed, the page could not be rewritten.
        headers = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        begun: Message = {}
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                begun = message
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    body = _HEAD.sub(_TITLE, _PREVIEW.sub(b"", body), count=1)
                    MutableHeaders(scope=begun)["Content-Length"] = str(len(body))
                    await send(begun)
                    await send({"type": "http.response.body", "body": body})
            else:
                await send(message)

        await self.app({**scope, "headers": headers}, receive, rewritten)
