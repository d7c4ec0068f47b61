"""Gradio's routes: which there are, who may call them, and that calling them amiss stays quiet."""

import re
import threading
from collections.abc import Iterator

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.fakes import WritingAssistant, in_a_loop
from tests.serving import served
from tests.ui.server.test_origins import routes_of
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
EVENTS = "/gradio_api/queue/data?session_hash="

CHAT = {
    "GET /": "the page",
    "HEAD /": "the page",
    "GET /config": "what the page is made of, after a break",
    "GET /config/": "the same",
    "GET /theme.css": "its look",
    "GET /favicon.ico": "its icon",
    "GET /robots.txt": "for search engines",
    "GET /assets/{path:path}": "its scripts and fonts",
    "GET /static/{path:path}": "its fonts and images",
    "GET /gradio_api/app_id": "whether the server is still the same, after a break",
    "GET /gradio_api/startup-events": "once, at the server's start",
    "GET /gradio_api/heartbeat/{session_hash}": "as long as the page is open",
    "POST /gradio_api/queue/join": "a question",
    "GET /gradio_api/queue/data": "its answer",
    "POST /gradio_api/cancel": "a question that is taken back",
    "POST /gradio_api/reset": "the same",
    "POST /gradio_api/reset/": "the same",
}
"""What the chat in a browser may call, and what for. Nobody may call another route of Gradio's."""

STRANGE = [
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%ff",
    "a" * 3000,
    "%0a",
    "con",
    "%2e%2e",
    "\\",
    "é",
    ".",
]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    settings = ServerSettings(requests_per_minute=100_000)
    return in_a_loop(lambda: create_app(WritingAssistant(), settings))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield client


def gradios(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every route that Gradio has itself."""
    own = {("GET", "/openapi.json"), ("HEAD", "/openapi.json")}  # of which Steward has another
    return sorted({*routes_of(app.state.gradio.routes)} - own)


def test_the_chat_alone_may_call_gradio_and_only_these_routes(
    app: FastAPI, client: TestClient
) -> None:
    everything = gradios(app)
    assert len(everything) > 60
    assert {f"{method} {path}" for method, path in everything} >= set(CHAT)
    for method, path in everything:
        if f"{method} {path}" not in CHAT:
            filled = re.sub(r"\{[^}]*\}", "x", path)
            answer = client.request(method, filled, follow_redirects=False)
            # Of a path that is open to another method, or without the slash, it is told so.
            assert answer.status_code in (404, 405, 307), (method, path)


def test_no_other_site_may_call_what_the_chat_calls(app: FastAPI, client: TestClient) -> None:
    for method, path in gradios(app):
        if path.startswith("/gradio_api/"):
            filled = re.sub(r"\{[^}]*\}", "x", path)
            headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
            assert client.request(method, filled, headers=headers).status_code == 403


def test_events_of_nobody_are_a_quiet_404_that_counts(caplog: pytest.LogCaptureFixture) -> None:
    """It wrote a traceback of 8 KB each time, 11 MB in 5 seconds, and was not counted."""
    settings = ServerSettings(requests_per_minute=20)
    with (
        served(lambda: create_app(WritingAssistant(), settings), settings) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        statuses = [client.get(f"{EVENTS}nobody").status_code for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    assert not caplog.records


@pytest.mark.parametrize("query", ["", "?session_hash=", "?a=b", "?session_hash=%ff%00"])
def test_events_without_a_session_are_none_either(
    client: TestClient, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get(f"/gradio_api/queue/data{query}").status_code == 404
    assert not caplog.records


def test_a_session_listened_to_twice_and_left_is_no_defect(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = ServerSettings(requests_per_minute=100_000)
    app = in_a_loop(lambda: create_app(WritingAssistant(), settings))
    functions = app.state.gradio.get_blocks().fns
    body = {"data": [], "fn_index": next(iter(functions)), "session_hash": "twice"}
    with (
        served(lambda: create_app(WritingAssistant(), settings), settings) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        client.post("/gradio_api/queue/join", json=body)
        for _ in range(5):
            with client.stream("GET", f"{EVENTS}twice"), client.stream("GET", f"{EVENTS}twice"):
                pass
            threading.Event().wait(0.1)
    # Of the question itself Gradio may warn, which in tests is an error.
    assert not [each for each in caplog.records if each.name.startswith(("uvicorn", "ui."))]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/assets/{}"),
        ("GET", "/static/{}"),
        ("GET", "/static/fonts/{}"),
        ("GET", "/config?deep_link={}"),
        ("GET", "/?deep_link={}"),
        ("GET", "/?view={}"),
        ("GET", "/?__theme={}"),
        ("POST", "/gradio_api/reset?a={}"),
        ("POST", "/gradio_api/cancel?a={}"),
        ("GET", "/gradio_api/app_id?a={}"),
        ("GET", "/gradio_api/startup-events?a={}"),
    ],
)
def test_strange_requests_of_what_is_open_and_uncounted_write_nothing_into_the_log(
    client: TestClient, method: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    for strange in STRANGE:
        for body in (None, b"{", b'{"event_id": 1}', b'{"session_hash": [], "fn_index": "x"}'):
            content = body if method == "POST" else None
            headers = {"Content-Type": "application/json"}
            client.request(method, path.format(strange), content=content, headers=headers)
            assert not caplog.records, (path, strange, body)
