"""Signing in and out, as a browser does it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.fakes import WritingAssistant, in_a_loop
from ui.access.gate import COOKIE
from ui.access.users import line
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
TOKEN = "a-token-of-sixteen-or-more"
PAGE = {"Accept": "text/html"}


def browser(address: str = HERE, **settings: object) -> TestClient:
    made = ServerSettings(**settings)  # type: ignore[arg-type]
    app = in_a_loop(lambda: create_app(WritingAssistant(), made))
    return TestClient(
        app, base_url=address, follow_redirects=False, client=("192.0.2.1", 1), headers=PAGE
    )


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    file = tmp_path_factory.mktemp("users") / "users"
    file.write_text(f"{line('ann', 'correct horse', ['public'])}\n")
    yield file


def test_a_browser_signs_in_goes_on_to_what_it_wanted_and_signs_out(users: Path) -> None:
    ann = browser(users=users)
    led = ann.get("/documents?a=b")
    page = ann.get(led.headers["Location"])
    assert 'name="next" value="&#47;documents&#63;a&#61;b"' in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    form = {"name": " ann ", "secret": "correct horse", "next": "/documents?a=b"}
    entered = ann.post("/sign-in", data=form)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/documents?a=b")
    cookie = entered.headers["Set-Cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/;" in cookie
    assert "secure" not in cookie  # or a browser would not send it back without TLS
    assert ann.get("/documents").status_code == 200
    assert ann.get("/documents").headers["Cache-Control"] == "private, no-store"
    assert "signed in as ann" in ann.get("/sign-in").text
    name = ann.cookies[COOKIE]
    left = ann.post("/sign-out")
    assert left.headers["Location"] == "/sign-in"
    assert '"storage"' in left.headers["Clear-Site-Data"]
    ann.cookies.set(COOKIE, name)
    assert ann.get("/documents").status_code == 303


def test_behind_tls_the_cookie_is_sent_over_nothing_else(users: Path) -> None:
    ann = browser("https://127.0.0.1", users=users)
    entered = ann.post("/sign-in", data={"name": "ann", "secret": "correct horse"})
    assert "; Secure" in entered.headers["Set-Cookie"]


def test_under_a_path_the_cookie_and_the_pages_are_of_that_path(users: Path) -> None:
    made = browser(users=users, root_path="/steward")
    ann = TestClient(made.app, base_url=HERE, root_path="/steward", follow_redirects=False)
    led = ann.get("/steward/documents", headers=PAGE)
    assert led.headers["Location"] == "/steward/sign-in?next=%2Fdocuments"
    form = {"name": "ann", "secret": "correct horse", "next": "/documents"}
    entered = ann.post("/steward/sign-in", data=form)
    assert entered.headers["Location"] == "/steward/documents"
    assert "path=/steward;" in entered.headers["Set-Cookie"].lower()


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\r\nX: y", "/\tb", ""],
)
def test_nobody_is_led_elsewhere_by_signing_in(wanted: str, users: Path) -> None:
    form = {"name": "ann", "secret": "correct horse", "next": wanted}
    entered = browser(users=users).post("/sign-in", data=form)
    assert entered.headers["Location"] == "/"


@pytest.mark.parametrize(
    "form",
    [
        {"name": "ann", "secret": "wrong"},
        {"name": "bob", "secret": "correct horse"},
        {"name": "ann", "secret": ""},
        {"name": "", "secret": "correct horse"},
        {"name": "", "secret": ""},
        {},
    ],
)
def test_whatever_is_wrong_is_told_in_the_same_words(form: dict[str, str], users: Path) -> None:
    client = browser(users=users, access_token=TOKEN)
    refused = client.post("/sign-in", data=form)
    assert refused.status_code == 401 and "Set-Cookie" not in refused.headers
    assert "That name and password, or that token, is not right." in refused.text.replace(
        "&#46;", "."
    ).replace("&#44;", ",")
    assert "correct horse" not in refused.text


def test_the_token_signs_in_alone_and_beside_users(users: Path) -> None:
    for file in (None, users):
        client = browser(access_token=TOKEN, users=file)
        assert ('name="name"' in client.get("/sign-in").text) == bool(file)
        entered = client.post("/sign-in", data={"name": "", "secret": TOKEN})
        assert entered.status_code == 303
        assert client.get("/").status_code == 200
        assert "by the access token" in client.get("/sign-in").text


def test_attempts_are_counted(users: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.access.credentials.ATTEMPTS", 3)  # each takes its time
    client = browser(users=users)
    form = {"name": "ann", "secret": "wrong"}
    statuses = [client.post("/sign-in", data=form).status_code for _ in range(4)]
    assert statuses == [401] * 3 + [429]
    right = client.post("/sign-in", data={**form, "secret": "correct horse"})
    assert right.status_code == 429 and "Set-Cookie" not in right.headers


def test_what_a_name_says_stays_text(users: Path) -> None:
    form = {"name": '"><script>alert(1)</script>', "secret": "x", "next": '/"><script>'}
    assert "<script>" not in browser(users=users).post("/sign-in", data=form).text


def test_a_page_of_another_site_signs_nobody_in_or_out(users: Path) -> None:
    client = browser(users=users)
    form = {"name": "ann", "secret": "correct horse"}
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ):
        for path in ("/sign-in", "/sign-out"):
            assert client.post(path, data=form, headers=headers).status_code == 403


def test_where_the_site_is_open_nobody_signs_in() -> None:
    assert browser().get("/sign-in").status_code == 404
    assert browser().get("/").status_code == 200
    assert 'action="sign-out"' not in browser().get("/config").json()["components"][0]
