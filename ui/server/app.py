"""The server: the chat, the API, what other sites embed, and the pages of the documents."""

import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from gradio.routes import App
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from uvicorn.config import LOGGING_CONFIG

from rag.assistant import Assistant
from rag.records import Metadata
from ui.access import sign_in
from ui.access.credentials import Credentials
from ui.access.gate import Gate
from ui.access.sessions import Sessions
from ui.chat import blocks as chat
from ui.chat.suggested import Suggested
from ui.examples import examples
from ui.owner.question_log import open_log
from ui.server import api, completions, embed, owner, problems, sources
from ui.server.connections import HEADER_BYTES, Connection
from ui.server.feedback import Feedback
from ui.server.feedback import create as feedback_route
from ui.server.forwarding import ProxyHeaders
from ui.server.limits import BodyLimit, RateLimit
from ui.server.metrics import CountResponses, Metrics
from ui.server.middleware import FrontPage, OnlyTheChat, SecurityHeaders, Streams
from ui.server.owner_files import uploads
from ui.server.pictures import Pictures
from ui.server.questions import Questions
from ui.server.strangers import KnownHosts, KnownSites, Sites
from ui.server.unexpected import UnexpectedErrors
from ui.settings import ServerSettings

_API_VERSION = "1"

_DESCRIPTION = """Answers questions with verbatim quotes from the documents, or refuses.

Every quote can be checked: `text[start:end]` of its document is the quote. Offsets count Unicode
code points. A refusal is an answer (`kind` is `none`, with a reason) and never an error."""

_TAGS = 12
"""Tags that the chat offers at most."""

_GRACE = 3
"""Seconds that running questions get when the server stops."""

_KEPT = 75
"""Seconds that an idle connection is kept: longer than a proxy keeps it, and than ``Retry-After``,
or a request could meet a connection that is just being closed."""

_BACKLOG = 128
"""Connections accepted before one of them is looked at: as many files are left by ``OF_ALL``."""


def create_app(
    assistant: Assistant,
    settings: ServerSettings,
    offered: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> FastAPI:
    """The whole application.

    Args:
        assistant: Answers; stays the caller's.
        settings: Of the server.
        offered: Questions to begin with.
        tags: By which a visitor may choose the documents that are asked.

    Raises:
        SettingsFault: When the file of users cannot be read.
    """
    credentials, sessions = Credentials(settings), Sessions()
    metrics = Metrics()
    log = open_log(settings, metrics.unlogged.inc)
    feedback = Feedback(log, settings) if log and settings.feedback else None
    noting = log if settings.log_questions else None
    questions = Questions(assistant, settings, metrics, noting, feedback, offered)
    sites = Sites(settings.allowed_origins)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        questions.close()
        if log:
            log.close()

    app = FastAPI(
        title="Steward",
        description=_DESCRIPTION,
        version=_API_VERSION,
        # FastAPI's own pages of the API load scripts from another host.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    problems.handle(app)
    for path, endpoint in (
        ("/healthz", healthz),
        ("/readyz", readiness(assistant)),
        ("/metrics", metrics.page),
    ):
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
    pictures = Pictures(assistant)
    app.include_router(api.create(assistant, questions, pictures))
    if feedback:
        app.include_router(feedback_route(feedback, settings))
    if log and settings.owner_token:
        token = settings.owner_token.get_secret_value()
        app.include_router(owner.create(assistant, settings, log, token))
    app.include_router(completions.create(questions))
    app.include_router(embed.create(settings.allowed_origins, sites))
    app.include_router(sources.create(assistant, pictures))
    if credentials.guarded:
        app.include_router(sign_in.create(credentials, sessions))
    own = Suggested(assistant) if settings.users and not settings.examples else None
    streams = _mount_chat(app, chat.build(questions, settings, offered, tags, own), settings)
    # From the innermost to the outermost.
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(BodyLimit, settings.request_kilobytes * 1024, uploads(settings))
    app.add_middleware(RateLimit, settings=settings, also=streams.is_unknown)
    app.add_middleware(Gate, credentials=credentials, sessions=sessions)
    # Even with no origin allowed: without one Gradio lets every origin read, with credentials.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )
    # Outside of that, which answers by itself what a browser asks beforehand, and logs nothing.
    app.add_middleware(KnownSites, sites=sites)
    app.add_middleware(KnownHosts, settings=settings)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(CountResponses, metrics=metrics)
    app.add_middleware(ProxyHeaders, trusted=settings.trusted_proxies)
    return app


def _mount_chat(app: FastAPI, blocks: gr.Blocks, settings: ServerSettings) -> Streams:
    blocks.queue(
        # Who waits, and who is told to come back, is for ``Questions`` to say.
        max_size=None,
        default_concurrency_limit=None,
        api_open=False,
    )
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
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    assert isinstance(mounted.app, App)
    app.state.gradio = mounted.app
    streams = Streams(mounted.app)
    app.router.routes.append(OnlyTheChat("", FrontPage(streams)))
    return streams


def choices(documents: Sequence[Metadata]) -> tuple[str, ...]:
    """Tags that the chat offers: those that some documents bear and not all, the commonest."""
    borne = Counter(tag for document in documents for tag in document.tags)
    telling = [tag for tag, number in borne.most_common() if number < len(documents)]
    return tuple(telling[:_TAGS])


def serve(settings: ServerSettings) -> None:
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
            offered = examples(assistant, settings)
            tags = () if settings.users else choices(assistant.documents())
            app = create_app(assistant, settings, offered, tags)
            Server(app, settings).run(sockets=[listening])
        finally:
            assistant.close()


class Server(uvicorn.Server):
    """Uvicorn, telling Gradio that it stops: open pages would hold it up otherwise."""

    def __init__(self, app: FastAPI, settings: ServerSettings) -> None:
        """Serve what ``create_app`` made."""
        super().__init__(
            uvicorn.Config(
                app,
                # It warns of each request that is none, of which a stranger can send any number.
                log_level="error",
                log_config=None if settings.log_format == "json" else LOGGING_CONFIG,
                http=Connection,
                h11_max_incomplete_event_size=HEADER_BYTES,
                backlog=_BACKLOG,
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_GRACE,
                timeout_keep_alive=_KEPT,
                root_path=settings.root_path or "",
                # ``ProxyHeaders`` is for those, and ``Connection`` asks which they are.
                proxy_headers=False,
                forwarded_allow_ips=list(settings.trusted_proxies),
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


def readiness(assistant: Assistant) -> Callable[[], Response]:
    """The route that says whether questions can be answered."""

    def readyz() -> PlainTextResponse:
        assistant.documents()  # or an error, which becomes a problem with its status
        return PlainTextResponse("ok")

    return readyz
