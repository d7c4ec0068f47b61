"""A stranger's page in a visitor's browser: by a name of its own, and without being let in."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.fakes import WritingAssistant, in_a_loop
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
FRIEND, STRANGER = "https://union.example", "https://elsewhere.example"
IMAGE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
ASKED = {"json": {"question": "why?"}}


def client_of(**settings: object) -> TestClient:
    made = ServerSettings(**settings)  # type: ignore[arg-type]
    app = in_a_loop(lambda: create_app(WritingAssistant(), made))
    return TestClient(app, base_url=HERE)


@pytest.fixture(scope="module")
def rebound() -> TestClient:
    return client_of(host="0.0.0.0", hosts="steward.example.org")


@pytest.fixture(scope="module")
def visited() -> Iterator[TestClient]:
    yield client_of(allowed_origins=FRIEND, requests_per_minute=100_000)


@pytest.mark.parametrize("path", ["/", "/documents", "/api/documents", "/healthz", "/v1/models"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "www.steward.example.org",
        "steward.example.org.evil.example",
        "0x7f000001",
        "2130706433",
        "[::1]evil.example",
        "localhost evil.example",
        "",
    ],
)
def test_a_name_that_points_here_is_not_answered(rebound: TestClient, host: str, path: str) -> None:
    """With --host 0.0.0.0, Host: evil.example got documents and answers."""
    refused = rebound.get(path, headers={"Host": host})
    assert refused.status_code == 421
    assert "STEWARD_HOSTS" in refused.text


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:7860",
        "localhost.",
        "127.0.0.1",
        "192.0.2.7:7860",
        "[::1]",
        "[2001:db8::1]:7860",
        "steward.example.org",
        "Steward.Example.org:443",
    ],
)
def test_addresses_and_known_names_are_answered(rebound: TestClient, host: str) -> None:
    assert rebound.get("/api/documents", headers={"Host": host}).status_code == 200


def test_a_person_is_told_in_plain_words_and_a_program_as_everywhere(rebound: TestClient) -> None:
    headers = {"Host": "evil.example"}
    page = rebound.get("/", headers={**headers, "Accept": "text/html,*/*"})
    assert page.headers["content-type"].startswith("text/plain")
    assert page.text.startswith("Steward does not answer to the name evil.example.")
    problem = rebound.get("/api/documents", headers=headers).json()
    assert problem == {"error": "unknown_host", "message": page.text}


def test_each_name_is_logged_once_and_not_without_end(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of()
    for number in range(100):
        for _ in range(3):
            client.get("/", headers={"Host": f"evil{number}.example"})
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert len(said) == 20
    assert "evil0.example" in said[0] and "STEWARD_HOSTS" in said[0]


def test_a_name_steers_no_terminal(caplog: pytest.LogCaptureFixture) -> None:
    name = b"a\x9b31mb\xe9" + b"c" * 9000
    refused = client_of().get("/", headers=[(b"Host", name)])
    for said in (refused.text, caplog.records[0].getMessage()):
        assert said.isascii() and said.isprintable() and len(said) < 1000


@pytest.mark.parametrize("path", ["/api/documents", "/documents", "/v1/models"])
@pytest.mark.parametrize(
    "headers",
    [
        IMAGE,
        {**IMAGE, "Sec-Fetch-Site": "same-site"},
        {**IMAGE, "Origin": STRANGER},
        {"Origin": STRANGER},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:7861"},
        {**LINK, "Sec-Fetch-Dest": "iframe"},
        {**LINK, "Sec-Fetch-Dest": "object"},
    ],
)
def test_what_a_strangers_page_sends_does_not_count(path: str, headers: dict[str, str]) -> None:
    """140 no-cors requests spent the quota of whoever visited the page."""
    client = client_of(requests_per_minute=2)
    for _ in range(10):
        assert client.get(path, headers=headers).status_code == 403
    for _ in range(2):
        assert client.get(path).status_code == 200
    assert client.get(path).status_code == 429


def test_a_form_on_a_strangers_page_does_not_count(visited: TestClient) -> None:
    for headers in (LINK, {"Origin": STRANGER}):
        sent = visited.post("/api/ask", headers=headers, content="a=b")
        assert sent.status_code == 403
        assert sent.json()["error"] == "other_site"
        assert "STEWARD_ALLOWED_ORIGINS" in sent.json()["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        LINK,
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Origin": HERE},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Origin": FRIEND},
        {"Origin": FRIEND},
        {"Origin": HERE},
    ],
)
def test_own_pages_allowed_ones_links_and_programs_are_let_in(
    visited: TestClient, headers: dict[str, str]
) -> None:
    assert visited.get("/api/documents", headers=headers).status_code == 200
    assert visited.get("/documents", headers=headers).status_code == 200


def test_behind_a_trusted_proxy_its_own_pages_are_known_by_its_name() -> None:
    headers = {"Origin": "https://www.example.org", "X-Forwarded-Host": "www.example.org"}
    for proxies, status in (("192.0.2.1", 200), ("", 403)):
        client = client_of(trusted_proxies=proxies)
        by_proxy = TestClient(client.app, base_url=HERE, client=("192.0.2.1", 1))
        assert by_proxy.get("/api/documents", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/widget.js", "/embed", "/", "/healthz", "/theme.css"])
def test_other_sites_may_load_what_is_made_for_them(visited: TestClient, path: str) -> None:
    assert visited.get(path, headers={**IMAGE, "Origin": STRANGER}).status_code == 200


def test_each_site_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of()
    for _ in range(5):
        client.get("/api/documents", headers={**IMAGE, "Origin": STRANGER})
        beforehand = {"Origin": STRANGER, "Access-Control-Request-Method": "POST"}
        assert client.options("/api/ask", headers=beforehand).status_code == 403
    (said,) = [each.getMessage() for each in caplog.records]
    assert STRANGER in said and "STEWARD_ALLOWED_ORIGINS" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Gradio-Server", "http://evil.example"),
        ("Forwarded", "host=evil.example;proto=https"),
    ],
)
def test_what_a_stranger_says_of_proxies_is_not_in_the_page(name: str, value: str) -> None:
    client = client_of()
    for path in ("/", "/config"):
        page = client.get(path, headers={name: value}).text
        assert "evil.example" not in page and "https://127.0.0.1" not in page


@pytest.mark.parametrize("value", ['a"><script>', "a b", "http://a/", "a\\b", "a/b", "é"])
def test_not_even_a_trusted_proxy_passes_on_what_is_no_host(value: str) -> None:
    client = client_of(trusted_proxies="192.0.2.1")
    by_proxy = TestClient(client.app, base_url=HERE, client=("192.0.2.1", 1))
    page = by_proxy.get("/config", headers=[(b"X-Forwarded-Host", value.encode())])
    assert page.json()["root"] == HERE
