"""Every route by every kind of caller, and what is told to whom."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.assistant import Assistant
from tests.attacks.test_gradio import CHAT
from tests.fakes import WritingAssistant, in_a_loop
from tests.pages import PAGES, rows
from tests.roles import QUESTIONS, alike, alone_and_all, secrets_of
from tests.serving import served
from tests.ui.server.test_origins import BODIES, routes_of
from ui.access.credentials import ATTEMPTS
from ui.access.gate import USER
from ui.access.users import User, line
from ui.chat.suggested import Suggested
from ui.examples import examples
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
TOKEN = "a-token-of-sixteen-or-more"
OWNER = "an-owners-token-of-sixteen"
PASSWORD = "correct horse"
CALLERS: dict[str, str] = {
    "nobody": "",
    "wrong": "Bearer not-the-token-at-all",
    "ann": f"Bearer ann:{PASSWORD}",
    "bob": f"Bearer bob:{PASSWORD}",
    "all": f"Bearer all:{PASSWORD}",
    "token": f"Bearer {TOKEN}",
    "owner": f"Bearer {OWNER}",
}
TAGS = {"ann": ["public"], "bob": ["board"], "all": []}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, Assistant]]:
    with alone_and_all(tmp_path_factory.mktemp("gate")) as both:
        yield both


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ServerSettings:
    users = tmp_path_factory.mktemp("users") / "users"
    users.write_text("".join(f"{line(name, PASSWORD, TAGS[name])}\n" for name in TAGS))
    return ServerSettings(
        access_token=TOKEN,  # type: ignore[arg-type]
        users=users,
        requests_per_minute=100_000,
    )


@pytest.fixture(scope="module")
def apps(both: tuple[Assistant, Assistant], settings: ServerSettings) -> list[FastAPI]:
    return [in_a_loop(lambda each=each: create_app(each, settings)) for each in both]  # type: ignore[misc]


def client_of(app: FastAPI, caller: str, address: str = "192.0.2.1") -> TestClient:
    headers = {"Authorization": CALLERS[caller]} if CALLERS[caller] else {}
    return TestClient(
        app, base_url=HERE, headers=headers, client=(address, 1), follow_redirects=False
    )


OF_THE_SERVER = ("/", "/config", "/config/", "/gradio_api/app_id", "/gradio_api/startup-events")
"""What differs from server to server, whatever is in the documents."""

COLUMNS = ["nobody", "ann", "bob", "all", "owner"]
"""Callers that the page on access has a column for: a stranger, a user to whom the document that is
asked for is shown, one to whom it is not, one to whom all are, and who has the owner's token."""


def routes(app: FastAPI, both: tuple[Assistant, Assistant]) -> dict[str, tuple[Any, ...]]:
    """A request for each route that is there, by the route; Gradio's those that the chat calls."""
    own = {f"{method} {path}" for method, path in routes_of([*app.routes[:-1]])}
    document = both[0].documents()[0].id
    found: dict[str, tuple[Any, ...]] = {}
    for route in sorted(own | {*CHAT}):
        method, path = route.split(" ")
        filled = (
            path.replace("{document_id}", document)
            .replace("{model}", "steward")
            .replace("{number}", "1")
        )
        filled = re.sub(r"{[^}]*}", "x", filled)
        query = "?q=neutrality" if path == "/api/search" else ""
        if method != "HEAD" and "heartbeat" not in path:  # which has no end
            found[route] = method, filled + query, {"json": BODIES[path]} if path in BODIES else {}
    return found


def test_every_route_is_closed_or_open_as_the_page_says(
    both: tuple[Assistant, Assistant], settings: ServerSettings, tmp_path: Path
) -> None:
    more = {"index": tmp_path / "index", "owner_token": SecretStr(OWNER), "feedback": True}
    more["owner_files"] = True
    everything = settings.model_copy(update=more)
    app = in_a_loop(lambda: create_app(both[1], everything))
    made = []
    for number, (route, (method, path, arguments)) in enumerate(routes(app, both).items()):
        # Each from an address of its own, which has not tried too often.
        clients = [client_of(app, caller, f"198.51.100.{number}") for caller in COLUMNS]
        statuses = [each.request(method, path, **arguments).status_code for each in clients]
        made.append([f"`{route}`", *map(str, statuses)])
    told = rows(PAGES["docs/access.md"], "route")
    assert told == made, "\n".join(f"| {' | '.join(row)} |" for row in made)


def test_the_token_gets_what_a_user_gets_to_whom_all_is_shown(
    apps: list[FastAPI], both: tuple[Assistant, Assistant]
) -> None:
    for method, path, more in routes(apps[1], both).values():
        token, user = (
            client_of(apps[1], caller).request(method, path, **more) for caller in ("token", "all")
        )
        assert token.status_code == user.status_code, path


def test_what_is_closed_says_how_to_get_in_and_a_browser_is_led_there(apps: list[FastAPI]) -> None:
    client = client_of(apps[1], "nobody")
    refused = client.get("/api/documents")
    assert refused.json()["error"] == "not_signed_in"
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/v1/models").json()["error"]["code"] == "not_signed_in"
    led = client.get("/documents/x?start=1", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["Location"]) == (
        303,
        "/sign-in?next=%2Fdocuments%2Fx%3Fstart%3D1",
    )
    assert client.get("/gradio_api/upload").status_code == 401
    wrong = client_of(apps[1], "wrong", "192.0.2.9").get("/api/documents")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "wrong_credentials")


def test_passwords_are_asked_for_as_basic_too(apps: list[FastAPI]) -> None:
    client = TestClient(apps[1], base_url=HERE)
    for name, count in (("ann", 6), ("bob", 1), ("all", 8)):
        answer = client.get("/api/documents", auth=(name, PASSWORD))
        assert len(answer.json()["documents"]) == count
    for given in ("Basic !!!", "Basic YQ==", "Digest x", "Bearer", "Bearer \xe9:\xe9".encode()):
        headers = {"Authorization": given}
        assert client.get("/api/documents", headers=headers).status_code == 401  # type: ignore[arg-type]


def test_an_address_may_try_only_so_often_and_then_not_even_the_right_one(
    settings: ServerSettings,
) -> None:
    app = in_a_loop(lambda: create_app(WritingAssistant(), settings))
    wrong = client_of(app, "wrong")
    statuses = [wrong.get("/api/documents").status_code for _ in range(ATTEMPTS + 5)]
    assert statuses == [401] * ATTEMPTS + [429] * 5
    assert client_of(app, "token").get("/api/documents").status_code == 429
    assert client_of(app, "token", "192.0.2.8").get("/api/documents").status_code == 200
    assert int(wrong.get("/api/documents").headers["Retry-After"]) >= 1


def test_nothing_of_a_forbidden_document_is_in_any_answer(
    apps: list[FastAPI], both: tuple[Assistant, Assistant]
) -> None:
    """And each answer is, byte for byte, that of a server that does not have those documents."""
    alone, everything = both
    secrets = secrets_of(alone, everything)
    hidden = sorted(
        {each.id for each in everything.documents()} - {each.id for each in alone.documents()}
    )
    first = alone.documents()[0].id
    asked: list[tuple[str, str, dict[str, Any]]] = [
        request for request in routes(apps[1], both).values() if request[1] != "/metrics"
    ]
    for question in QUESTIONS:
        body = {"json": {"question": question}}
        messages = [{"role": "user", "content": question}]
        asked += [
            ("POST", "/api/ask", body),
            ("POST", "/api/ask", {**body, "headers": {"Accept": "text/event-stream"}}),
            ("POST", "/api/ask", {"json": {"question": question, "tags": ["board"]}}),
            ("POST", "/api/ask", {"json": {"question": question, "documents": hidden}}),
            ("POST", "/api/ask", {"json": {"question": question, "documents": [first, *hidden]}}),
            ("GET", f"/api/search?q={question}&count=50", {}),
            ("POST", "/v1/chat/completions", {"json": {"model": "steward", "messages": messages}}),
            (
                "POST",
                "/v1/chat/completions",
                {"json": {"model": "steward", "messages": messages, "stream": True}},
            ),
        ]
    for id in hidden:
        asked += [
            ("GET", f"/{of}/{id}{more}", {})
            for of in ("documents", "api/documents")
            for more in ("", "?start=0&end=9")
        ]
    seen = 0
    for method, path, more in asked:
        answers = [client_of(app, "ann").request(method, path, **more) for app in apps]
        bodies = [_timeless(each.text) for each in answers]
        own = str(path) + json.dumps(more)
        for word in secrets:
            assert word in own or word not in answers[1].text, (path, word)
        assert not [value for value in answers[1].headers.values() if "board" in value]
        if path not in OF_THE_SERVER:
            assert alike(*bodies), (path, more)
        told = client_of(apps[1], "all").request(method, path, **more).text
        seen += any(word in told for word in secrets)
    assert seen > 20  # or there would be nothing to hide


def _timeless(text: str) -> str:
    text = re.sub(r'"(milliseconds|created)": ?\d+', r'"\1":0', text)
    return re.sub("chatcmpl-[0-9a-f]+", "chatcmpl-", text)


# The chat


def chat(client: httpx.Client, session: str, question: str) -> str:
    """What the chat's stream says to a question."""
    config = client.get("/config").json()
    (turn, *_) = [
        each
        for each in config["dependencies"]
        if len(each["inputs"]) == 3 and len(each["outputs"]) == 6
    ]
    body = {"data": [question, None, []], "fn_index": turn["id"], "session_hash": session}
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as events:
        return "".join(events.iter_text())


def test_the_chat_answers_from_what_is_shown_and_a_session_is_one_users_own(
    both: tuple[Assistant, Assistant], settings: ServerSettings
) -> None:
    everything = both[1]
    with served(lambda: create_app(everything, settings), settings) as url:
        ann, bob = (
            httpx.Client(base_url=url, timeout=60, headers={"Authorization": CALLERS[name]})
            for name in ("ann", "bob")
        )
        with ann, bob:
            asked = "how long is severance?"
            assert "nine weeks" in chat(bob, "shared", asked)
            said = chat(ann, "shared", asked)
            assert "process_completed" in said
            assert not [word for word in secrets_of(*both) if word in said]
            heard = ann.get("/gradio_api/queue/data?session_hash=another")
            assert heard.status_code == 404
            for page in ("/", "/config"):
                assert not [word for word in secrets_of(*both) if word in ann.get(page).text]


def test_questions_to_begin_with_are_made_of_what_is_shown(
    both: tuple[Assistant, Assistant], settings: ServerSettings
) -> None:
    assert examples(both[1], settings) == ()
    suggested = Suggested(both[1])
    own = {
        name: suggested({USER: User(name, frozenset(tags) if tags else None)})
        for name, tags in TAGS.items()
    }
    assert "When does the wuzzle begin?" in own["bob"]
    assert own["ann"] and not [word for word in secrets_of(*both) if word in "".join(own["ann"])]
    assert suggested({USER: User("eve", frozenset({"elsewhere"}))}) == ()


# The counts


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 403),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize("proxies", ["", "127.0.0.1"])
def test_the_counts_are_for_this_machine(
    address: str, headers: dict[str, str], status: int, token: str | None, proxies: str
) -> None:
    settings = ServerSettings(access_token=token, trusted_proxies=proxies)  # type: ignore[arg-type]
    app = in_a_loop(lambda: create_app(WritingAssistant(), settings))
    client = TestClient(app, base_url=HERE, client=(address, 1))
    assert client.get("/metrics", headers=headers).status_code == status
    if token:
        bearer = {**headers, "Authorization": f"Bearer {token}"}
        assert client.get("/metrics", headers=bearer).status_code == 200


def test_a_user_that_is_gone_or_has_another_password_is_let_in_no_more(tmp_path: Path) -> None:
    users = tmp_path / "users"
    kept = line("bob", PASSWORD, [])
    users.write_text(f"{line('ann', PASSWORD, [])}\n{kept}\n")
    settings = ServerSettings(users=users)
    app = in_a_loop(lambda: create_app(WritingAssistant(), settings))
    client = client_of(app, "ann")
    assert client.get("/api/documents").status_code == 200
    users.write_text(f"{line('ann', 'another password', [])}\n{kept}\n")
    assert client.get("/api/documents").status_code == 401
    users.write_text("ann\n")
    broken = client.get("/api/documents")
    assert broken.status_code == 503
    assert (
        "users" in broken.text and "line 1" not in broken.text and str(tmp_path) not in broken.text
    )
    users.write_text(f"{kept}\n")
    assert client.get("/api/documents").status_code == 401
    assert client_of(app, "bob").get("/api/documents").status_code == 200
