import gzip
from html import unescape

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.conftest import ROOT
from ui.server import embed
from ui.server.strangers import Sites

FRIEND, STRANGER = "https://union.example", "https://elsewhere.example"
SCRIPT = (ROOT / "ui" / "widget" / "widget.js").read_bytes()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(embed.create([FRIEND], Sites([FRIEND])))
    return TestClient(app)


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br, gzip;q=0.5"])
def test_the_script_is_the_file_however_it_is_packed(client: TestClient, encoding: str) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": encoding})
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert ("content-encoding" in answer.headers) == ("gzip" in encoding)
    assert "accept-encoding" in answer.headers["vary"].lower()


def test_the_script_is_small_on_the_wire() -> None:
    assert len(gzip.compress(SCRIPT)) < 20_000


def test_a_browser_that_has_the_script_is_told_so(client: TestClient) -> None:
    first = client.get("/widget.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/widget.js", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_other_origins_may_load_the_script_and_the_frame(client: TestClient) -> None:
    for path in ("/widget.js", "/embed"):
        assert client.get(path).headers["cross-origin-resource-policy"] == "cross-origin"
        assert client.head(path).status_code == 200


def test_the_frame_runs_no_script_but_the_widget_and_speaks_to_its_server_alone(
    client: TestClient,
) -> None:
    page = client.get("/embed")
    directives = dict(
        each.strip().split(" ", 1) for each in page.headers["content-security-policy"].split(";")
    )
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self' https://union.example",
    }
    assert page.content == (ROOT / "ui" / "widget" / "embed.html").read_bytes()
    assert "http" not in page.text


IN_A_FRAME = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
IN_A_FRAME["Sec-Fetch-Dest"] = "iframe"


@pytest.mark.parametrize("plain_http", [True, False])
def test_in_a_strangers_frame_stands_what_to_do_and_nothing_else(
    client: TestClient, plain_http: bool, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Referer": f"{STRANGER}/page?x", **({} if plain_http else IN_A_FRAME)}
    pages = [client.get("/embed", headers=headers) for _ in range(2)]
    assert f"add {STRANGER} to STEWARD_ALLOWED_ORIGINS" in unescape(pages[0].text)
    assert "<script" not in pages[0].text and "steward-chat" not in pages[0].text
    policy = pages[0].headers["content-security-policy"]
    assert "frame-ancestors" not in policy and policy.startswith("default-src 'none'")
    assert [STRANGER in each.getMessage() for each in caplog.records] == [True]


@pytest.mark.parametrize(
    "headers",
    [
        {**IN_A_FRAME, "Referer": f"{FRIEND}/page"},
        IN_A_FRAME,
        {**IN_A_FRAME, "Referer": f"{STRANGER}/", "Sec-Fetch-Dest": "document"},
        {**IN_A_FRAME, "Referer": "http://testserver/", "Sec-Fetch-Site": "same-origin"},
        {"Referer": "http://testserver/"},
        {},
    ],
)
def test_else_the_page_is_there_for_those_that_may_frame_it(
    client: TestClient, headers: dict[str, str]
) -> None:
    page = client.get("/embed", headers=headers)
    assert "steward-chat" in page.text
    assert page.headers["content-security-policy"].endswith(f"frame-ancestors 'self' {FRIEND}")


def test_a_framers_name_is_text(client: TestClient) -> None:
    said = client.get("/embed", headers=[(b"Referer", b"https://<img\x9b src=x>.example/")]).text
    assert "<img" not in said and "\x9b" not in said and "ALLOWED" in said


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": FRIEND, "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": STRANGER, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": STRANGER}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://testserver"}, True),
        ({}, True),
    ],
)
def test_any_page_may_read_whether_it_may_ask_and_no_more(
    client: TestClient, headers: dict[str, str], allowed: bool
) -> None:
    answer = client.get("/origin", headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    said = answer.json()
    assert said.keys() == {"allowed", "message"} and said["allowed"] == allowed
    assert ("STEWARD_ALLOWED_ORIGINS" in (said["message"] or "")) != allowed
