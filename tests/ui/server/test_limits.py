from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Scope

from ui.server.limits import BodyLimit, RateLimit, network_of
from ui.settings import ServerSettings

COUNTED = ["/api/ask", "/api/search", "/v1/models", "/documents", "/gradio_api/queue/join"]
FREE = ["/", "/healthz", "/readyz", "/metrics", "/widget.js", "/embed", "/assets/index.js"]


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def inner() -> Starlette:
    return Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])


def limited(most: int = 3, prefix: str = "", address: str = "192.0.2.1") -> TestClient:
    app = RateLimit(inner(), ServerSettings(requests_per_minute=most))
    return TestClient(app, root_path=prefix, client=(address, 1))


@pytest.mark.parametrize("prefix", ["", "/steward"])
@pytest.mark.parametrize("path", COUNTED)
def test_an_address_that_asks_too_often_is_told_to_wait(path: str, prefix: str) -> None:
    client = limited(3, prefix)
    assert [client.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(path)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    said = refused.json()["error"]
    assert (said["code"] if path.startswith("/v1/") else said) == "too_many_requests"


@pytest.mark.parametrize("path", FREE)
def test_health_and_the_files_of_pages_are_not_counted(path: str) -> None:
    client = limited(1)
    assert {client.get(path).status_code for _ in range(20)} == {200}


def test_all_that_is_counted_is_counted_together() -> None:
    client = limited(2)
    statuses = [client.get(path).status_code for path in COUNTED]
    assert statuses == [200, 200, 429, 429, 429]


def test_each_address_has_its_own_count() -> None:
    app = RateLimit(inner(), ServerSettings(requests_per_minute=1))
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"):
        client = TestClient(app, client=(address, 1))
        assert [client.get("/api/ask").status_code for _ in range(2)] == [200, 429]


def test_what_a_client_says_of_its_address_is_not_believed() -> None:
    client = limited(1)
    statuses = [
        client.get("/api/ask", headers={"X-Forwarded-For": f"198.51.100.{last}"}).status_code
        for last in range(3)
    ]
    assert statuses == [200, 429, 429]


@pytest.mark.parametrize(
    ("client", "network"),
    [
        (("192.0.2.1", 5), "192.0.2.1"),
        (("::ffff:192.0.2.1", 5), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("testclient", 5), "testclient"),
        (None, ""),
    ],
)
def test_an_ipv6_client_is_counted_by_the_network_it_has(
    client: tuple[str, int] | None, network: str
) -> None:
    scope: Scope = {"type": "http", "client": client}
    assert network_of(scope) == network


@pytest.mark.parametrize(("size", "status"), [(0, 200), (100, 200), (101, 413), (10**6, 413)])
def test_a_body_may_be_so_large_and_no_larger(size: int, status: int) -> None:
    client = TestClient(BodyLimit(inner(), 100))
    assert client.post("/api/ask", content=b"x" * size).status_code == status


@pytest.mark.parametrize(("pieces", "status"), [(10, 200), (11, 413)])
def test_a_body_that_does_not_say_how_long_it_is_is_counted(pieces: int, status: int) -> None:
    def content() -> Iterator[bytes]:
        for _ in range(pieces):
            yield b"x" * 10

    client = TestClient(BodyLimit(inner(), 100))
    assert client.post("/api/ask", content=content()).status_code == status


def test_a_length_that_is_announced_is_enough_to_be_refused() -> None:
    client = TestClient(BodyLimit(inner(), 100))
    for announced in ("101", "9" * 500):
        answer = client.post("/api/ask", headers={"Content-Length": announced})
        assert answer.status_code == 413
        assert answer.json()["error"] == "request_too_large"
