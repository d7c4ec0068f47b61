import logging
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.assistant import Assistant
from tests.ui.owner.made_up import CASE, DAY, asked, verdict
from ui.owner import log_reading, question_log
from ui.owner.errors import LogDamaged, LogMissing, LogUnwritable
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog, open_log
from ui.settings import ServerSettings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return path_of(tmp_path / "index")


@pytest.fixture
def log(path: Path) -> Iterator[QuestionLog]:
    with closing(QuestionLog(path, 90)) as log:
        yield log


def questions(path: Path) -> list[str]:
    with reading(path) as database:
        rows = database.execute("SELECT question FROM questions ORDER BY id").fetchall()
        return [question for (question,) in rows]


def test_what_is_noted_is_there_once_the_log_is_closed(path: Path) -> None:
    with closing(QuestionLog(path, 90)) as log:
        for number in range(2500):
            log.note(asked(f"question {number}"))
            if number % 1000 == 999:
                time.sleep(0.5)
    assert questions(path) == [f"question {number}" for number in range(2500)]


def test_a_question_is_read_within_a_second_while_the_log_is_open(
    log: QuestionLog, path: Path
) -> None:
    log.note(asked("why?"))
    until = time.monotonic() + 60
    while not questions(path) and time.monotonic() < until:
        time.sleep(0.05)
    assert questions(path) == ["why?"]


def test_only_its_owner_may_read_the_file(log: QuestionLog, path: Path) -> None:
    log.give(verdict("why?")).result(60)
    for each in path.parent.glob("questions.sqlite*"):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_a_verdict_is_written_once_it_is_said_so_and_a_second_takes_its_place(
    log: QuestionLog, path: Path
) -> None:
    log.give(verdict("why?", helped=True)).result(60)
    said = verdict("why?", helped=False, words="It is on page 4.")
    log.give(said).result(60)
    with reading(path) as database:
        assert log_reading.complaints(database, 0) == (said,)


def test_a_case_is_kept_once_for_a_question(log: QuestionLog, path: Path) -> None:
    log.add(CASE).result(60)
    log.add(CASE).result(60)
    with reading(path) as database:
        assert log_reading.cases(database) == (CASE,)


def test_what_is_too_old_goes_and_what_is_not_stays(path: Path) -> None:
    now = time.time()
    with closing(QuestionLog(path, 365)) as log:
        log.note(asked("old", at=now - 91 * DAY))
        log.note(asked("new", at=now - 89 * DAY))
        log.give(verdict("old", at=now - 91 * DAY)).result(60)
    QuestionLog(path, 90).close()
    assert questions(path) == ["new"]
    with reading(path) as database:
        assert log_reading.complaints(database, 0) == ()


def test_what_went_is_not_in_the_file_any_more(path: Path) -> None:
    with closing(QuestionLog(path, 365)) as log:
        log.note(asked("where is the zyzzyva?", at=time.time() - 91 * DAY))
    assert b"zyzzyva" in path.read_bytes()
    QuestionLog(path, 90).close()
    left = b"".join(each.read_bytes() for each in path.parent.glob("questions.sqlite*"))
    assert b"zyzzyva" not in left


def test_a_log_that_is_too_large_loses_the_oldest(path: Path) -> None:
    with closing(QuestionLog(path, 90)) as log:
        for number in range(1500):
            log.note(asked(f"{number} " + "x" * 900))
    before = path.stat().st_size
    QuestionLog(path, 90, largest=before // 2).close()
    left = questions(path)
    assert path.stat().st_size <= before // 2
    assert 100 < len(left) < 1500 and left[-1].startswith("1499 ")


def test_what_the_disk_does_not_take_is_counted_and_said_once(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log, "_GATHERING", 0.0)
    lost: list[int] = []
    with closing(QuestionLog(path, 90, lost.append)) as log:
        log.give(verdict("one")).result(60)
        log._database.execute("PRAGMA query_only = ON")
        for number in range(3):
            log.note(asked(f"question {number}"))
            with pytest.raises(sqlite3.OperationalError):
                log.give(verdict(f"verdict {number}")).result(60)
        log._database.execute("PRAGMA query_only = OFF")
        log.give(verdict("two")).result(60)
    assert sum(lost) == 3
    (said,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert "answered and not logged" in said and str(path) in said


def test_nobody_waits_where_the_disk_does_not_keep_up(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(question_log, "WAITING", 10)
    held = threading.Event()
    monkeypatch.setattr(QuestionLog, "_write", lambda self, entries: held.wait(60))
    lost: list[int] = []
    log = QuestionLog(path, 90, lost.append)
    for number in range(100):
        log.note(asked(f"question {number}"))
    assert 80 <= sum(lost) <= 90
    held.set()
    log.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but words " * 200, b"SQLite format 3"]
)
def test_a_file_that_is_no_log_is_told_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(LogDamaged):
        QuestionLog(path, 90)
    with pytest.raises(LogDamaged), reading(path):
        pass
    assert path.read_bytes() == content


def test_a_log_of_another_version_is_told(path: Path) -> None:
    QuestionLog(path, 90).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 7")
    with pytest.raises(LogDamaged, match="version 7"):
        QuestionLog(path, 90)


def test_a_folder_that_takes_nothing_is_told(path: Path) -> None:
    path.parent.write_text("a file")
    with pytest.raises(LogUnwritable):
        QuestionLog(path, 90)


def test_where_nothing_was_logged_there_is_nothing_to_read(path: Path) -> None:
    with pytest.raises(LogMissing), reading(path):
        pass


def test_nothing_is_kept_unless_it_is_set_and_what_is_there_still_grows_old(path: Path) -> None:
    settings = ServerSettings(index=path.parent)
    assert open_log(settings, print) is None and not path.exists()
    with closing(QuestionLog(path, 365)) as log:
        log.note(asked("old", at=time.time() - 91 * DAY))
    log_of_before = open_log(settings, print)
    assert log_of_before
    log_of_before.close()
    assert questions(path) == []
    opened = open_log(settings.model_copy(update={"log_questions": True}), print)
    assert opened
    opened.close()


def test_a_real_answer_is_kept_with_its_quotes_and_a_refusal_with_what_came_nearest(
    assistant: Assistant, path: Path
) -> None:
    from ui.owner.records import asked as kept

    found = assistant.ask("what is the neutrality framework?")
    refused = assistant.ask("What is the capital of France?")
    with closing(QuestionLog(path, 90)) as log:
        for answer in (found, refused):
            log.note(kept(answer, ("news",), 1.0e9, 0.1))
    first, second = (kept(each, ("news",), 1.0e9, 0.1) for each in (found, refused))
    assert first.kind == "answer" and not first.vector and not first.nearest
    assert first.quotes[0] == f"{found.quotes[0].document_id}:1952-2124"
    assert first.milliseconds == 100 and first.tags == ("news",)
    assert second.kind == "none" and len(second.vector) == 768
    assert second.nearest in {each.title for each in assistant.documents()}
