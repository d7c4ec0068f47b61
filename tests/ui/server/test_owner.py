import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.quoting import calibration
from rag.quoting.calibration import Calibration
from tests.fakes import in_a_loop
from tests.ui.owner.made_up import DAY, LENA, asked, vector, verdict
from ui.owner.log_file import path_of
from ui.owner.question_log import QuestionLog
from ui.server.app import create_app
from ui.server.owner_door import COOKIE, WRONG
from ui.settings import ServerSettings

TOKEN = "correct horse battery staple"
HERE = "http://127.0.0.1:7860"
FRIEND = "https://union.example"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HOSTILE = "<script>alert(1)</script> {{7*7}}"
PATHS = [
    "/owner",
    "/owner/case?question=why",
    "/owner/cases.jsonl",
    "/owner/gaps.csv",
    "/owner/complaints.csv",
]


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> ServerSettings:
    """Settings of an index of three documents, with a log."""
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "broken.txt").write_bytes(b"\xff\xfe\x00\xd8")
    settings = ServerSettings(
        index=tmp_path / "index",
        log_questions=True,
        feedback=True,
        owner_token=TOKEN,  # type: ignore[arg-type]
        allowed_origins=FRIEND,  # type: ignore[arg-type]
    )
    ingest(folder, settings)
    with closing(QuestionLog(path_of(settings.index), 90)) as log:
        for number in range(4):
            log.note(asked(HOSTILE, nearest="Tea in short", vector=vector(1, 0)))
            log.note(asked("how long?", "answer", at=time.time() - number * DAY))
        log.give(
            verdict("how long is the Lena?", kind="answer", quotes=(LENA,), words=f"No. {HOSTILE}")
        ).result(60)
        log.give(verdict("and where does it end?", history=(("the Lena?", "Long."),))).result(60)
    return settings


@pytest.fixture
def client(settings: ServerSettings) -> Iterator[TestClient]:
    with closing(Assistant(settings)) as assistant:
        app = in_a_loop(lambda: create_app(assistant, settings))
        with TestClient(app, base_url=HERE, follow_redirects=False) as client:
            yield client


def enter(client: TestClient, token: str = TOKEN) -> int:
    return client.post("/owner/enter", data={"token": token}).status_code


def test_without_a_token_set_there_is_no_page(assistant: Assistant, tmp_path: Path) -> None:
    settings = ServerSettings(index=tmp_path / "log", log_questions=True)
    app = in_a_loop(lambda: create_app(assistant, settings))
    with TestClient(app, base_url=HERE) as client:
        for path in PATHS:
            assert client.get(path, headers=BEARER).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_seen(client: TestClient, path: str) -> None:
    for headers in ({}, {"Authorization": "Basic abc"}, {"Cookie": f"{COOKIE}=x"}):
        refused = client.get(path, headers=headers)
        assert refused.status_code == 401
        assert "how long" not in refused.text and "alert" not in refused.text
    assert client.get(path, headers={"Authorization": f"Bearer {TOKEN} "}).status_code == 200


def test_a_browser_gives_the_token_once_and_leaves(client: TestClient) -> None:
    assert enter(client, "another token, as long") == 401
    entered = client.post("/owner/enter", data={"token": TOKEN})
    assert (entered.status_code, entered.headers["location"]) == (303, "../owner")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/owner" in cookie
    assert TOKEN not in cookie and "Secure" not in cookie
    assert client.get("/owner").status_code == 200
    session = client.cookies[COOKIE]
    assert client.post("/owner/leave").status_code == 303
    assert client.get("/owner", headers={"Cookie": f"{COOKIE}={session}"}).status_code == 401


def test_wrong_tokens_are_counted_and_then_not_even_the_right_one_opens(
    client: TestClient,
) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    statuses = [client.get("/owner", headers=wrong).status_code for _ in range(WRONG)]
    assert statuses == [401] * WRONG
    refused = client.post("/owner/enter", data={"token": TOKEN})
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    assert client.get("/owner", headers=BEARER).status_code == 429


@pytest.mark.parametrize("origin", ["https://elsewhere.example", FRIEND, "null"])
def test_pages_of_other_origins_can_do_nothing_not_even_those_that_may_ask(
    client: TestClient, origin: str
) -> None:
    assert enter(client) == 303
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    for path in PATHS:
        seen = client.get(path, headers=headers)
        assert seen.status_code == 403 and "how long" not in seen.text
    for path in ("/owner/enter", "/owner/case", "/owner/leave"):
        data = {"token": TOKEN, "question": "why?", "right": "none"}
        assert client.post(path, data=data, headers=headers).status_code == 403
    assert client.get("/owner/cases.jsonl").text == ""


def test_the_page_is_kept_nowhere_framed_nowhere_and_runs_nothing(client: TestClient) -> None:
    page = client.get("/owner", headers=BEARER)
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script" not in policy and "<script" not in page.text
    assert HOSTILE in text_of(page.text)


def text_of(page: str) -> str:
    """The words of a page, as a person reads them."""
    from html import unescape

    body = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", page)
    return " ".join(unescape(body).split())


def test_it_tells_what_was_asked_what_failed_and_what_there_is(client: TestClient) -> None:
    page = client.get("/owner", headers=BEARER).text
    said = text_of(page)
    assert "answered: 4" in said and "not answered: 4" in said
    assert f"{HOSTILE} 4 times" in said and "nearest: Tea in short" in said
    assert "0 verdicts that it helped, 2 that it did not" in said
    assert LENA.text in said and f"“No. {HOSTILE}”" in said and "before: the Lena?" in said
    assert "The river Lena rivers.md as it was read" in said
    assert "picture.png" in said and "broken.txt" in said
    assert "Not calibrated on these documents. Steward answers from 50%." in said
    assert "all-MiniLM-L6-v2" in said and "200 tokens at most" in said
    assert page.count("<rect") == 5
    assert "behind the folder" not in said and "Calibrate again" not in said


def test_it_warns_where_files_changed_and_where_the_calibration_is_older(
    client: TestClient, settings: ServerSettings, folder: Path
) -> None:
    calibration.write(settings.index, Calibration(threshold=0.4, questions=44))
    assert "Calibrate again" not in client.get("/owner", headers=BEARER).text
    assert "Calibrated on 44 questions" in text_of(client.get("/owner", headers=BEARER).text)
    before = time.time() - DAY
    os.utime(settings.index / "calibration.json", (before, before))
    later = time.time() + DAY
    (folder / "tea.txt").write_text("Tea in short\n\nGreen tea is bitter.\n")
    for name in ("tea.txt", "rivers.md"):
        os.utime(folder / name, (later, later))
    (folder / "bees.txt").unlink()
    said = text_of(client.get("/owner", headers=BEARER).text)
    assert "1 file written to since it was read and 1 file no longer there" in said
    assert "The documents have changed since the confidence was calibrated." in said
    assert "tea.txt written to since" in said and "bees.txt no longer there" in said


def test_a_case_is_made_of_a_complaint_with_words_of_a_document(client: TestClient) -> None:
    assert enter(client) == 303
    key = "key of and where does it end?"
    page = client.get("/owner/case", params={"key": key})
    assert "The Lena flows north to the Arctic Ocean. The river Lena" in text_of(page.text)
    right = "quote The Lena flows north to the Arctic Ocean."
    made = client.post("/owner/case", data={"key": key, "question": "", "right": right})
    assert made.status_code == 303 and made.headers["location"].startswith("../owner?made=and")
    none = {"key": "", "question": HOSTILE, "right": "none"}
    assert client.post("/owner/case", data=none).status_code == 303
    lines = [json.loads(line) for line in client.get("/owner/cases.jsonl").text.splitlines()]
    assert lines[0] == {
        "id": lines[0]["id"],
        "question": "and where does it end?",
        "history": [["the Lena?", "Long."]],
        "answerable": True,
        "quotes": ["The Lena flows north to the Arctic Ocean."],
        "documents": ["rivers"],
        "category": "reported",
    }
    assert lines[1]["answerable"] is False and "quotes" not in lines[1]
    assert "A case was made of it." in client.get("/owner").text


@pytest.mark.parametrize(
    ("own", "line"),
    [("The Lena is wide.", "No document holds these words."), ("  ", "Choose what would")],
)
def test_words_that_no_document_holds_make_no_case(client: TestClient, own: str, line: str) -> None:
    data = {"key": "", "question": "how wide is the Lena?", "right": "own", "own": own}
    assert enter(client) == 303
    refused = client.post("/owner/case", data=data)
    assert refused.status_code == 400 and line in text_of(refused.text)
    assert client.get("/owner/cases.jsonl").text == ""
    copied = data | {"own": "It is 4,294\n kilometres"}
    assert client.post("/owner/case", data=copied).status_code == 303


def test_the_exports_hold_what_the_page_does_and_no_formula(client: TestClient) -> None:
    gaps = client.get("/owner/gaps.csv", headers=BEARER)
    assert gaps.headers["content-disposition"] == 'attachment; filename="gaps.csv"'
    assert gaps.text.splitlines()[1].startswith(f"not_answered,4,{HOSTILE}")
    complaints = client.get("/owner/complaints.csv", headers=BEARER).text
    assert LENA.text in complaints and "and where does it end?" in complaints


def test_before_anything_is_asked_it_says_how_to_have_it(tmp_path: Path, folder: Path) -> None:
    settings = ServerSettings(index=tmp_path / "index", owner_token=TOKEN)  # type: ignore[arg-type]
    ingest(folder, settings)
    with closing(Assistant(settings)) as assistant:
        app = in_a_loop(lambda: create_app(assistant, settings))
        with TestClient(app, base_url=HERE) as client:
            said = text_of(client.get("/owner", headers=BEARER).text)
    assert "Nothing is logged. Set STEWARD_LOG_QUESTIONS=true" in said
