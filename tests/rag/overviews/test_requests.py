"""Which questions ask for an overview, or about the documents themselves."""

import pytest

from eval.errors import QuestionSetFault
from eval.jsonl import read_lines
from eval.measuring.overviews import OWN, Asked, taken_for
from eval.measuring.questions import OWN as QUESTIONS
from eval.measuring.questions import read_questions
from rag.overviews.requests import Request, request

ASKED = read_lines(OWN, Asked, QuestionSetFault, "question")
OVERVIEWS = {"multi-002", "multi-007"}
"""Of Steward's own questions, those that ask what the articles say on a subject."""


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.id)
def test_each_is_taken_for_what_it_is(asked: Asked) -> None:
    assert taken_for(asked.question) == asked.wish


def test_forty_questions_for_overviews_are_tried() -> None:
    assert sum(asked.wish == "overview" for asked in ASKED) >= 40


def test_none_of_our_own_questions_is_taken_for_an_overview_but_those_that_are() -> None:
    taken = {asked.id for asked in read_questions(QUESTIONS) if request(asked.question)}
    assert taken == OVERVIEWS


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Summarize the neutrality framework!", Request("overview", "the neutrality framework")),
        ("What is this about?", Request("overview")),
        (
            "Could you please sum up “the deal” for me in two sentences?",
            Request("overview", "the deal"),
        ),
        ("key points of the contract", Request("overview", "the contract")),
        ("Key points of these documents", Request("overview")),
        (
            "What does the lease contract say about dogs?",
            Request("overview", "dogs", "the lease contract"),
        ),
        ("What does lease.pdf say?", Request("overview", "", "lease.pdf")),
        ("When was the tea guide updated?", Request("dates", "", "the tea guide")),
        ("WHAT DOCUMENTS DO YOU HAVE", Request("catalogue")),
    ],
)
def test_the_subject_is_told_from_the_document_and_from_what_is_polite(
    question: str, expected: Request
) -> None:
    assert request(question) == expected


@pytest.mark.parametrize("question", ["What is it about?", "Summarize it", "When was it updated?"])
def test_it_stands_for_all_documents_only_where_nothing_was_said_before(question: str) -> None:
    found = request(question)
    assert found is not None and (found.subject, found.within) == ("", "")
    assert request(question, first=False) is None


def test_a_long_question_takes_no_longer_than_its_length() -> None:
    assert request("what do the " + "very " * 190 + "say about tea and") is None
    assert request("tell me about " + "a " * 490) is not None
