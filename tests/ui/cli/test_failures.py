"""The questions that failed, as ``steward eval`` names them."""

import pytest

from eval.measuring.questions import Question
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import Run
from eval.measuring.summary import failures
from ui.cli.failures import print_failures

RIGHT = QuotedSpan(document_id="d", start=0, end=8, text="due in May")
WRONG = QuotedSpan(document_id="d", start=9, end=12, text="Tea.")


def asked(
    id: str, *, answerable: bool, quote: QuotedSpan | None
) -> tuple[Question, QuestionResult]:
    question = Question(
        id=id,
        question=f"What of {id}?\x1b",
        answerable=answerable,
        quotes=("Due in May",) if answerable else (),
    )
    result = QuestionResult(
        id=id,
        answered=bool(quote),
        confidence=0.5,
        quotes=(quote,) if quote else (),
        milliseconds=1.0,
    )
    return question, result


def run(*each: tuple[Question, QuestionResult]) -> Run:
    questions, results = zip(*each, strict=True)
    return Run(questions, results, 0.5, 0.2, {}, ())


def test_what_failed_is_named_with_how_and_what_did_not_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = run(
        asked("good", answerable=True, quote=RIGHT),
        asked("silent", answerable=True, quote=None),
        asked("moon", answerable=False, quote=None),
        asked("tea", answerable=True, quote=WRONG),
        asked("sun", answerable=False, quote=WRONG),
    )
    assert [(question.id, how) for question, how in failures(found)] == [
        ("silent", "refused"),
        ("tea", "wrong"),
        ("sun", "answered"),
    ]
    print_failures(found)
    assert capsys.readouterr().out == (
        "Failed: 3 of 5 questions:\n"
        "- silent, refused, though the documents answer it: What of silent?\\x1b\n"
        "- tea, answered wrongly: What of tea?\\x1b\n"
        "- sun, answered, though no document does: What of sun?\\x1b\n"
    )


def test_of_many_the_first_ten_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    print_failures(run(*(asked(f"q{n}", answerable=True, quote=None) for n in range(12))))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Failed: 12 of 12 questions, of which the first 10:"
    assert len(lines) == 11


def test_where_all_is_right_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_failures(run(asked("good", answerable=True, quote=RIGHT)))
    assert capsys.readouterr().out == ""
