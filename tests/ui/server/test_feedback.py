import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.assistant import Assistant
from tests.fakes import in_a_loop
from ui.owner import log_reading
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog
from ui.owner.records import Verdict
from ui.server import feedback
from ui.server.app import create_app
from ui.settings import ServerSettings

HERE = "http://127.0.0.1:7860"
FRIEND = "https://union.example"
FRAMEWORK = "what is the neutrality framework?"
FRANCE = "What is the capital of France?"


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    return ServerSettings(
        index=tmp_path / "log",
        feedback=True,
        keep_days=30,
        allowed_origins=FRIEND,  # type: ignore[arg-type]
        requests_per_minute=8,
    )


@pytest.fixture
def client(assistant: Assistant, settings: ServerSettings) -> Iterator[TestClient]:
    app = in_a_loop(lambda: create_app(assistant, settings))
    with TestClient(app, base_url=HERE) as client:
        yield client


def ask(client: TestClient, question: str, **more: object) -> dict[str, Any]:
    answer = client.post("/api/ask", json={"question": question, **more})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def judge(client: TestClient, answer: dict[str, Any], **more: object) -> int:
    body = {"id": answer["feedback"]["id"], "helped": False, **more}
    return client.post("/api/feedback", json=body).status_code


def kept(settings: ServerSettings) -> tuple[Verdict, ...]:
    with reading(path_of(settings.index)) as database:
        return log_reading.complaints(database, 0)


def test_what_was_shown_is_kept_with_what_is_said_of_it(
    client: TestClient, settings: ServerSettings
) -> None:
    history = [{"question": FRANCE, "answer": ""}]
    answer = ask(client, FRAMEWORK, history=history)
    assert answer["feedback"]["days"] == 30
    assert judge(client, answer, words="  <b>Page 4</b> ") == 200
    (said,) = kept(settings)
    assert (said.question, said.history) == (FRAMEWORK, ((FRANCE, ""),))
    assert [quote.text for quote in said.quotes] == [each["text"] for each in answer["quotes"]]
    assert (said.kind, said.helped, said.logged) == ("answer", False, False)
    assert said.words == "<b>Page 4</b>"


def test_a_refusal_is_judged_and_a_second_verdict_takes_the_place_of_the_first(
    client: TestClient, settings: ServerSettings
) -> None:
    answer = ask(client, FRANCE)
    assert judge(client, answer, helped=True) == 200
    assert kept(settings) == ()
    assert judge(client, answer) == 200
    (said,) = kept(settings)
    assert said.kind == "none" and said.quotes == () and said.nearest and said.vector


def test_nothing_of_who_asked_is_kept(client: TestClient, settings: ServerSettings) -> None:
    client.cookies.set("session", "zyzzyva-cookie")
    headers = {"User-Agent": "zyzzyva-agent", "X-Forwarded-For": "192.0.2.77"}
    client.headers.update(headers)
    assert judge(client, ask(client, FRANCE)) == 200
    files = b"".join(each.read_bytes() for each in settings.index.glob("questions.sqlite*"))
    assert b"capital of France" in files
    assert not any(each in files for each in (b"zyzzyva", b"192.0.2.77", b"testclient"))


def test_an_answer_that_was_never_given_cannot_be_judged(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "_REMEMBERED", 1)
    first, second = ask(client, FRANCE), ask(client, FRANCE)
    assert judge(client, first) == 404, "it is forgotten"
    assert judge(client, second) == 200
    made_up = client.post("/api/feedback", json={"id": "made up", "helped": True})
    assert made_up.json()["error"] == "unknown_answer"


@pytest.mark.parametrize(
    "more",
    [{"words": "x" * 501}, {"helped": "maybe"}, {"id": "x" * 65}, {"address": "192.0.2.1"}],
    ids=str,
)
def test_what_does_not_fit_is_refused(client: TestClient, more: dict[str, object]) -> None:
    body = {"id": "x", "helped": False, "words": "x" * 500, **more}
    assert client.post("/api/feedback", json=body).status_code == 422
    assert client.post("/api/feedback", content="id=x").status_code == 415


def test_the_limits_and_the_origins_are_those_of_questions(client: TestClient) -> None:
    body = {"id": "x", "helped": False}
    strange = {"Origin": "https://elsewhere.example"}
    for _ in range(10):
        assert client.post("/api/feedback", json=body, headers=strange).status_code == 403
    allowed = client.post("/api/feedback", json=body, headers={"Origin": FRIEND})
    assert allowed.status_code == 404
    assert allowed.headers["access-control-allow-origin"] == FRIEND
    statuses = [client.post("/api/feedback", json=body).status_code for _ in range(10)]
    assert statuses[0] == 404 and statuses[-1] == 429


def test_what_cannot_be_written_is_not_said_to_be_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(log: QuestionLog, verdict: Verdict) -> Future[None]:
        failed: Future[None] = Future()
        failed.set_exception(sqlite3.OperationalError("database or disk is full"))
        return failed

    monkeypatch.setattr(QuestionLog, "give", full)
    answer = ask(client, FRANCE)
    body = {"id": answer["feedback"]["id"], "helped": False}
    refused = client.post("/api/feedback", json=body)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "could not be kept" in refused.json()["message"]


def test_where_it_is_not_set_nobody_is_asked_and_nothing_is_made(
    assistant: Assistant, tmp_path: Path
) -> None:
    settings = ServerSettings(index=tmp_path / "log")
    app = in_a_loop(lambda: create_app(assistant, settings))
    with TestClient(app, base_url=HERE) as client:
        assert ask(client, FRANCE)["feedback"] is None
        body = {"id": "x", "helped": False}
        assert client.post("/api/feedback", json=body).status_code in (404, 405)
    assert not settings.index.exists()


def test_the_words_are_in_the_log_alone_and_read_back_whole(settings: ServerSettings) -> None:
    from tests.ui.owner.made_up import verdict

    words = "'; DROP TABLE verdicts; -- 🤝 \u2028"
    with closing(QuestionLog(path_of(settings.index), 30)) as log:
        log.give(verdict("why?", words=words)).result(60)
    assert kept(settings)[0].words == words
