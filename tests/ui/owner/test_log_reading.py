import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.ui.owner.made_up import CASE, DAY, LENA, asked, vector, verdict
from ui.owner import log_reading
from ui.owner.log_file import path_of, reading
from ui.owner.question_log import QuestionLog
from ui.owner.records import Asked, Verdict

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a log of these questions and verdicts; its path."""

    def write(*entries: Asked | Verdict) -> Path:
        path = path_of(tmp_path / "index")
        with closing(QuestionLog(path, 365)) as log:
            for entry in entries:
                if isinstance(entry, Asked):
                    log.note(entry)
                else:
                    log.give(entry).result(60)
            log.add(CASE).result(60)
        return path

    return write


def test_refused_questions_are_counted_whatever_their_case_and_signs(write: Write) -> None:
    path = write(
        asked("Where do I park?", at=10.0e8, nearest="Rules", vector=vector(1, 0)),
        asked("who pays", at=10.1e8),
        asked("where do I park", at=10.2e8, nearest="Parking", vector=vector(0, 1)),
        asked("What is the Lena?", "answer"),
        asked("  WHERE do I, park?!", at=9.9e8),
    )
    with reading(path) as database:
        first, second = log_reading.unanswered(database, 0)
        (late,) = log_reading.unanswered(database, 10.15e8)
    assert (first.question, first.count, first.at) == ("where do I park", 3, 10.2e8)
    assert (first.nearest, first.vector) == ("Parking", vector(0, 1)), "as it was last"
    assert (second.question, second.count) == ("who pays", 1)
    assert late.count == 1


def test_a_refusal_that_is_complained_of_counts_once(write: Write) -> None:
    path = write(
        asked("logged"),
        verdict("logged", logged=True),
        verdict("not logged"),
        verdict("it helped", kind="answer", helped=True),
        verdict("wrong", kind="answer"),
    )
    with reading(path) as database:
        found = {each.question: each.count for each in log_reading.unanswered(database, 0)}
        bad = [each.question for each in log_reading.wrong(database, 0)]
        assert log_reading.verdict_counts(database, 0) == (1, 3)
        assert log_reading.verdict_counts(database, time.time() + 1) == (0, 0)
    assert found == {"logged": 1, "not logged": 1}
    assert bad == ["wrong"]


def test_days_tell_what_came_of_their_questions(write: Write) -> None:
    noon = time.mktime((2026, 11, 26, 12, 0, 0, 0, 0, -1))
    path = write(asked("a", at=noon), asked("b", "answer", at=noon), asked("c", at=noon - 2 * DAY))
    with reading(path) as database:
        days = log_reading.per_day(database, 0)
    assert [(day.day, dict(day.counts)) for day in days] == [
        ("2026-11-24", {"none": 1}),
        ("2026-11-26", {"answer": 1, "none": 1}),
    ]


def test_a_complaint_is_read_as_it_was_given(write: Write) -> None:
    said = verdict(
        "how long?",
        history=(("and?", "so"),),
        kind="answer",
        quotes=(LENA,),
        words="It is <b>longer</b>.",
        vector=vector(1, 2),
    )
    path = write(said, verdict("other", at=5.0))
    with reading(path) as database:
        assert log_reading.complaints(database, 10.0) == (said,)
        assert [each.question for each in log_reading.complaints(database, 0, 1)] == ["how long?"]
        assert log_reading.verdict(database, said.key) == said
        assert log_reading.verdict(database, "no such key") is None
        assert log_reading.cases(database) == (CASE,)


def test_how_often_a_document_was_quoted_counts_answers(write: Write) -> None:
    path = write(
        asked("a", "answer", quotes=("aaaa:0-9", "aaaa:12-20", "bbbb:0-9")),
        asked("b", "answer", quotes=("aaaa:0-9",)),
        asked("c"),
    )
    with reading(path) as database:
        assert dict(log_reading.quoted(database, 0)) == {"aaaa": 2, "bbbb": 1}
