"""The server: the chat and the pages of the documents."""

import ipaddress
import re
import socket
from collections.abc import Sequence

import gradio as gr
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse
from gradio.routes import App
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from rag.assistant import Assistant
from rag.errors import StewardError
from rag.settings import Settings
from ui import chat, pages
from ui.messages import explain
from ui.middleware import FrontPage, OnlyTheChat, SecurityHeaders

_QUEUE = 64
"""Questions that may wait; of one more the page says that Steward is busy."""

_AT_ONCE = 4
"""Questions answered at the same time."""

_GRACE = 3
"""Seconds that running questions get when the server stops."""

_CHANGED = (
    "This document has changed since it was quoted, so the quote cannot be shown in its place. "
    "Ask again for quotes of this version."
)


def create_app(assistant: Assistant, settings: Settings, examples: Sequence[str] = ()) -> FastAPI:
    """The whole application, with questions to begin with; the assistant stays the caller's."""
    # FastAPI's own pages for docs_url and redoc_url load scripts from another host.
    app = FastAPI(title="Steward", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/healthz", healthz, methods=["GET", "HEAD"])
    app.include_router(document_pages(assistant))
    # Its own, with no origin allowed: without one Gradio lets every origin read, with credentials.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    blocks = chat.build(assistant, settings, examples)
    blocks.queue(max_size=_QUEUE, default_concurrency_limit=_AT_ONCE, api_open=False)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        favicon_path=str(chat.FAVICON),
        theme=chat.THEME,
        head=chat.HEAD,
    )
    for route in app.routes:
        if isinstance(route, Mount):
            app.state.gradio = route.app
            route.app = OnlyTheChat(FrontPage(route.app))
    if _loopback(settings.host):
        # Or a page elsewhere could reach this server by a name of its own that points here.
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"])
    app.add_middleware(SecurityHeaders)
    return app


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop.

    Raises:
        OSError: The address cannot be listened on.
        StewardError: The index or the model cannot be used.
        KeyboardInterrupt: After an orderly stop by Ctrl-C.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.create_server((settings.host, settings.port), family=family) as listening:
        assistant = Assistant(settings)
        try:
            app = create_app(assistant, settings, chat.examples(assistant))
            Server(app).run(sockets=[listening])
        finally:
            assistant.close()


class Server(uvicorn.Server):
    """Uvicorn, telling Gradio that it stops: open pages would hold it up otherwise."""

    def __init__(self, app: FastAPI) -> None:
        """Serve what ``create_app`` made."""
        super().__init__(
            uvicorn.Config(
                app, log_level="warning", server_header=False, timeout_graceful_shutdown=_GRACE
            )
        )
        self.gradio: App = app.state.gradio

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self.gradio.stop_event.set()
        await super().shutdown(sockets)


def healthz() -> PlainTextResponse:
    """The server is up."""
    return PlainTextResponse("ok")


def document_pages(assistant: Assistant) -> APIRouter:
    """The routes of the sources panel."""

    def documents() -> HTMLResponse:
        try:
            return _page(pages.listing(assistant.documents()))
        except StewardError as error:
            return _problem(error)

    def document(
        document_id: str, start: str | None = None, end: str | None = None, sha256: str = ""
    ) -> HTMLResponse:
        try:
            found = assistant.document(document_id)
        except StewardError as error:
            return _problem(error)
        if start is None and end is None:
            return _page(pages.source(found))
        if sha256 and sha256 != found.sha256:
            return _page(pages.source(found, notice=_CHANGED))
        first, last = _offset(start), _offset(end)
        if first is None or last is None or not first < last <= found.length:
            line = f"start and end must be whole numbers with 0 ≤ start < end ≤ {found.length}."
            return _page(pages.problem("No such place in this document", line), 400)
        return _page(pages.source(found, (first, last)))

    router = APIRouter()
    router.add_api_route("/documents", documents, methods=["GET", "HEAD"])
    router.add_api_route("/documents/{document_id}", document, methods=["GET", "HEAD"])
    return router


def _page(content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        content,
        status,
        {"Content-Security-Policy": pages.CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"},
    )


def _problem(error: StewardError) -> HTMLResponse:
    message = explain(error)
    return _page(pages.problem("This page cannot be shown", message.text), message.status)


def _offset(given: str | None) -> int | None:
    if given is None or not re.fullmatch(r"[0-9]{1,12}", given):
        return None
    return int(given)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
