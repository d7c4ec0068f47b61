"""Steward behind a proxy that serves it under a path."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import StreamingResponse

from rag.assistant import Assistant
from tests.conftest import ROOT, free_port
from tests.nginx import NGINX, nginx
from tests.serving import listening, served
from ui.server.app import create_app
from ui.settings import ServerSettings

CONFIGURATION = ROOT / "ui" / "widget" / "nginx.conf"
QUESTION = {"question": "what is the neutrality framework?"}


def stripping(target: str) -> FastAPI:
    """What `ui/widget/nginx.conf` makes of nginx, as far as it takes the path off and says so."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.api_route("/steward/{path:path}", methods=["GET", "POST", "OPTIONS", "HEAD"])
    async def forward(path: str, request: Request) -> StreamingResponse:
        dropped = {"host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
        headers = [(name, value) for name, value in request.headers.items() if name not in dropped]
        headers += [
            ("x-forwarded-for", request.headers.get("x-test-address", "192.0.2.1")),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", request.headers["host"]),
        ]
        client = httpx.AsyncClient(base_url=target, timeout=60)
        sent = client.build_request(
            request.method,
            f"/{path}?{request.url.query}" if request.url.query else f"/{path}",
            headers=headers,
            content=await request.body(),
        )
        answer = await client.send(sent, stream=True)

        async def content() -> AsyncIterator[bytes]:
            async for piece in answer.aiter_raw():
                yield piece
            await answer.aclose()
            await client.aclose()

        return StreamingResponse(content(), answer.status_code, dict(answer.headers))

    return app


@contextmanager
def behind_nginx(target: str, folder: Path) -> Iterator[str]:
    """The real one, with the configuration that is Steward's example."""
    port = free_port()
    example = CONFIGURATION.read_text(encoding="utf-8")
    assert "http://127.0.0.1:7860/" in example
    example = example.replace("http://127.0.0.1:7860/", f"{target}/")
    with nginx(f"server {{ listen 127.0.0.1:{port};\n{example} }}", port, folder):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(
    scope="module",
    params=[
        "a small proxy",
        pytest.param("nginx", marks=pytest.mark.skipif(not NGINX, reason="nginx is not there")),
    ],
)
def client(
    request: pytest.FixtureRequest,
    assistant: Assistant,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    settings = ServerSettings(
        root_path="/steward",
        trusted_proxies="127.0.0.1",  # type: ignore[arg-type]
        requests_per_minute=60,
    )
    with served(lambda: create_app(assistant, settings), settings) as target:
        front = (
            behind_nginx(target, tmp_path_factory.mktemp("nginx"))
            if request.param == "nginx"
            else listening(lambda: stripping(target))
        )
        with front as url, httpx.Client(base_url=f"{url}/steward", timeout=60) as client:
            yield client


def test_the_chat_is_there_under_the_path_of_the_proxy(client: httpx.Client) -> None:
    assert "<title>Steward</title>" in client.get("/").text
    host = client.base_url.host
    root = httpx.URL(client.get("/config").json()["root"])
    assert (root.host, root.path.rstrip("/")) == (host, "/steward")
    assert client.get("/theme.css").status_code == 200


def test_the_api_the_pages_and_the_widget_are_there(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json=QUESTION).json()
    assert answer["answered"]
    assert '<mark id="quote"' in client.get(f"/{answer['quotes'][0]['url']}").text
    assert "documents/" in unescape(client.get("/documents").text)
    assert client.get("/widget.js").headers["content-type"].startswith("text/javascript")
    assert "steward-chat" in client.get("/embed").text
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/steward"}]


def test_what_the_chat_does_not_use_stays_closed(client: httpx.Client) -> None:
    for path in ("/gradio_api/upload", "/gradio_api/info", "/monitoring", "/none"):
        assert client.get(path).status_code == 404


def test_events_come_through(client: httpx.Client) -> None:
    events = client.post("/api/ask", json=QUESTION, headers={"Accept": "text/event-stream"})
    assert events.text.startswith("event: reading\n") and "\nevent: done\n" in events.text


def test_the_proxy_is_believed_when_it_says_whom_a_request_is_from(assistant: Assistant) -> None:
    settings = ServerSettings(
        trusted_proxies="127.0.0.1",  # type: ignore[arg-type]
        requests_per_minute=1,
    )
    assert _statuses(assistant, settings) == [200, 200, 429]


def test_by_default_nobody_is_believed(assistant: Assistant) -> None:
    assert _statuses(assistant, ServerSettings(requests_per_minute=1)) == [200, 429, 429]


def _statuses(assistant: Assistant, settings: ServerSettings) -> list[int]:
    """What three requests get that are said to be from two addresses."""
    with served(lambda: create_app(assistant, settings), settings) as url:
        return [
            httpx.get(f"{url}/v1/models", headers={"X-Forwarded-For": address}).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2")
        ]
