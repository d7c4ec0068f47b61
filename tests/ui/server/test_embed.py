import gzip

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.conftest import ROOT
from ui.server import embed

SCRIPT = (ROOT / "ui" / "widget" / "widget.js").read_bytes()


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(embed.create(["https://union.example"]))
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
