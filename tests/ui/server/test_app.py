from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.documents.files import parse
from tests.fakes import in_a_loop
from ui.server.app import choices, create_app
from ui.server.middleware import HEADERS
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
LENT = ["/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/gradio_api/app_id"]


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> FastAPI:
    return in_a_loop(lambda: create_app(assistant, ServerSettings()))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE) as client:
        yield client


def test_health_says_that_the_server_is_up(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok"


@pytest.mark.parametrize("path", ["/", "/healthz", "/documents", "/documents/x", "/none"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for name in HEADERS:
        assert name in headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "server" not in headers


def test_pages_answer_head_requests(client: TestClient) -> None:
    for path in ("/", "/healthz", "/documents"):
        assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/documents", "/healthz", "/config"])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1"])
def test_no_other_origin_may_read(client: TestClient, path: str, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (client.get(path, headers=asked), client.options(path, headers=asked)):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", ""])
def test_the_server_answers_to_no_other_name(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_the_server_answers_to_its_names(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_server_for_a_network_answers_to_the_names_it_is_given(assistant: Assistant) -> None:
    settings = ServerSettings(host="0.0.0.0", hosts="steward.example")  # type: ignore[arg-type]
    app = in_a_loop(lambda: create_app(assistant, settings))
    client = TestClient(app, base_url="http://steward.example")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/proxy=https://elsewhere.example/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=https://elsewhere.example/",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/stream/a",
        "/gradio_api/process_recording",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/run/turn",
        "/gradio_api/api/turn",
        "/gradio_api/call/turn",
        "/gradio_api/call/v2/turn",
        "/gradio_api/component_server",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-code",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/user",
        "/gradio_api/token",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/redoc",
        "/gradio_api",
        "/gradio_api/queue/join/../../upload",
    ],
)
def test_what_the_chat_does_not_use_is_closed(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path).status_code == 404


@pytest.mark.parametrize("path", LENT)
def test_what_the_chat_uses_is_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_front_page_has_its_title_and_nothing_of_another_host(client: TestClient) -> None:
    page = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert "<title>Steward</title>" in page.text
    assert int(page.headers["content-length"]) == len(page.content)
    for left in ('="og:', '="twitter:', "Click to try", "githubusercontent", "googleapis"):
        assert left not in page.text


def test_the_icon_is_stewards(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_the_tags_that_the_chat_offers_are_those_that_tell_documents_apart() -> None:
    document = parse(b"A text.", "contracts/2024/a.txt")
    others = [replace(document, tags=("contracts", f"{year}")) for year in range(2000, 2020)]
    assert choices([document]) == ()
    assert choices([document, document, *others])[0] == "2024"
    assert "contracts" not in choices([document, *others])
    assert len(choices([document, *others])) == 12
