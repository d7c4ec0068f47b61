"""Who may read and frame what, on every route there is."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.testclient import TestClient

from rag.assistant import Assistant
from tests.fakes import in_a_loop
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
FRIEND, OTHER_FRIEND = "https://union.example", "http://intranet.example:8080"
STRANGERS = [
    "https://elsewhere.example",
    "http://union.example",
    "https://union.example:444",
    "https://union.example.elsewhere.example",
    "https://www.union.example",
    "https://UNION.example",
    "null",
    "*",
    "",
]
QUESTION = {"question": "what is the neutrality framework?"}
COMPLETION = {"model": "steward", "messages": [{"role": "user", "content": "why?"}]}
BODIES = {"/api/ask": QUESTION, "/v1/chat/completions": COMPLETION}


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> FastAPI:
    settings = ServerSettings(
        allowed_origins=f"{FRIEND}, {OTHER_FRIEND}",  # type: ignore[arg-type]
        requests_per_minute=100_000,
    )
    return in_a_loop(lambda: create_app(assistant, settings))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield client


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of routers and mounted applications included."""
    for route in routes:
        if isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods or {"GET"}))
        elif isinstance(route, Mount):
            inner: Any = route.app
            while not hasattr(inner, "routes"):  # what stands before an application
                inner = inner.app
            yield from ((method, f"{route.path}{path}") for method, path in routes_of(inner.routes))
        else:
            router: APIRouter = route.original_router  # type: ignore[attr-defined]
            assert isinstance(router, Router)
            yield from routes_of(router.routes)


def requests_of(app: FastAPI, assistant: Assistant) -> list[tuple[str, str, dict[str, Any]]]:
    """A request for every route: method, address and arguments."""
    document = assistant.documents()[0].id
    found = []
    for method, path in dict.fromkeys(routes_of(app.routes)):
        filled = path.replace("{document_id}", document).replace("{model}", "steward")
        filled = re.sub(r"\{[^}]*\}", "x", filled)
        query = "?q=neutrality" if path == "/api/search" else ""
        more: dict[str, Any] = {"json": BODIES[path]} if path in BODIES else {}
        # Gradio's streams do not end by themselves.
        if not re.search("heartbeat|queue/data|stream|dev/reload", path):
            found.append((method, filled + query, more))
    return found


def test_the_routes_are_all_there(app: FastAPI, assistant: Assistant) -> None:
    requests = {(method, path.partition("?")[0]) for method, path, _ in requests_of(app, assistant)}
    for known in (
        ("POST", "/api/ask"),
        ("GET", "/api/search"),
        ("GET", "/api/documents"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/openapi.json"),
        ("GET", "/metrics"),
        ("GET", "/embed"),
        ("GET", "/widget.js"),
        ("GET", "/origin"),
        ("GET", "/documents"),
        ("GET", "/config"),
        ("POST", "/gradio_api/queue/join"),
    ):
        assert known in requests
    assert len(requests) > 40


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_stranger_may_read_nothing_but_that_on_any_route(
    app: FastAPI, client: TestClient, assistant: Assistant, origin: str
) -> None:
    for method, path, more in requests_of(app, assistant):
        answer = client.request(method, path, headers={"Origin": origin}, **more)
        if path == "/origin":
            assert method == "HEAD" or answer.json()["allowed"] is False
            continue
        assert "access-control-allow-origin" not in answer.headers, (method, path)
        assert "access-control-allow-credentials" not in answer.headers, (method, path)


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_stranger_may_not_even_ask_beforehand(
    app: FastAPI, client: TestClient, assistant: Assistant, origin: str
) -> None:
    for method, path, _ in requests_of(app, assistant):
        headers = {"Origin": origin, "Access-Control-Request-Method": method}
        headers["Access-Control-Request-Headers"] = "content-type"
        answer = client.options(path, headers=headers)
        assert not answer.is_success, (method, path)
        assert "access-control-allow-origin" not in answer.headers, (method, path)


def test_no_route_runs_a_question_for_a_request_that_needs_no_leave(client: TestClient) -> None:
    """Without asking beforehand, a page may send these types of content anywhere."""
    for path in BODIES:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            headers = {"Origin": "https://elsewhere.example", "Content-Type": kind}
            content = '{"question": "why?"}'
            assert client.post(path, content=content, headers=headers).status_code == 403
            del headers["Origin"]
            assert client.post(path, content=content, headers=headers).status_code == 415
    joined = client.post(
        "/gradio_api/queue/join",
        content='{"data": ["why?", null], "fn_index": 0, "session_hash": "x"}',
        headers={"Origin": "https://elsewhere.example", "Content-Type": "text/plain"},
    )
    assert joined.is_client_error


@pytest.mark.parametrize("origin", [FRIEND, OTHER_FRIEND])
def test_an_allowed_origin_may_ask_and_read(client: TestClient, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    headers["Access-Control-Request-Headers"] = "content-type"
    leave = client.options("/api/ask", headers=headers)
    assert leave.is_success
    assert leave.headers["access-control-allow-origin"] == origin
    answer = client.post("/api/ask", json=QUESTION, headers={"Origin": origin})
    assert answer.json()["answered"]
    assert answer.headers["access-control-allow-origin"] == origin
    assert "origin" in answer.headers["vary"].lower()
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(("path", "status"), [("/api/none", 404), ("/api/search", 422)])
def test_an_allowed_origin_may_read_errors_too(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers={"Origin": FRIEND})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == FRIEND


def test_an_allowed_origin_may_read_that_it_has_asked_too_much(assistant: Assistant) -> None:
    settings = ServerSettings(allowed_origins=FRIEND, requests_per_minute=1)  # type: ignore[arg-type]
    client = TestClient(in_a_loop(lambda: create_app(assistant, settings)), base_url=HERE)
    answers = [client.get("/api/documents", headers={"Origin": FRIEND}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["access-control-allow-origin"] == FRIEND
    assert "Retry-After" in answers[1].headers["access-control-expose-headers"]


def test_only_the_embedded_page_may_be_framed_and_only_by_allowed_origins(
    app: FastAPI, client: TestClient, assistant: Assistant
) -> None:
    for method, path, more in requests_of(app, assistant):
        policy = client.request(method, path, **more).headers["content-security-policy"]
        framers = re.findall(r"frame-ancestors ([^;]*)", policy)
        expected = f"'self' {FRIEND} {OTHER_FRIEND}" if path == "/embed" else "'self'"
        assert framers == [expected], (method, path)


def test_by_default_nobody_may_frame_anything(assistant: Assistant) -> None:
    client = TestClient(in_a_loop(lambda: create_app(assistant, ServerSettings())), base_url=HERE)
    policy = client.get("/embed").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")
    answer = client.post("/api/ask", json=QUESTION, headers={"Origin": FRIEND})
    assert "access-control-allow-origin" not in answer.headers


def test_every_response_says_that_its_type_is_its_type(
    app: FastAPI, client: TestClient, assistant: Assistant
) -> None:
    for method, path, more in requests_of(app, assistant):
        headers = client.request(method, path, **more).headers
        assert headers["x-content-type-options"] == "nosniff", (method, path)
        assert headers["referrer-policy"] == "same-origin", (method, path)
        elsewhere = path in ("/embed", "/widget.js")
        policy = "cross-origin" if elsewhere else "same-origin"
        assert headers["cross-origin-resource-policy"] == policy, (method, path)
