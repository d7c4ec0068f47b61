"""Questions that lean on the one before."""

import pytest

from rag.assistant import Assistant
from rag.retrieval.query import Query, query

HISTORY = [
    ("Who is Eve?", "Eve is a judge."),
    ("Who is Ann?", "Ann is a baker."),
    ("What is the deal?", "The deal covers wages."),
]


@pytest.mark.parametrize(
    "question",
    [
        "When was it signed by the mayor?",
        "And the opening hours?",
        "What about overtime pay rules?",
        "why?",
        "Which companies?",
        "Which company, of all companies?",  # one word, twice
        "How long did they negotiate there?",
    ],
)
def test_a_question_that_leans_gets_the_last_turn_as_context(question: str) -> None:
    assert query(question, HISTORY) == Query(
        question, "What is the deal?", "What is the deal?\nThe deal covers wages."
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which companies signed?",
        "Who is the president of Microsoft?",
        "When do learning sessions start?",
        "Is it true that Microsoft signed the agreement?",
        "Is there an agreement with game companies?",
        "Which union negotiated the agreement that covered game workers?",
        "When did Microsoft announce its labor principles?",
        "Which one of the unions signed first?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert query(question, HISTORY) == Query(question)


@pytest.mark.parametrize(
    "question",
    [
        "and for part-timers?",
        "why?",
        "who said that?",
        "tell me more",
        "what about 2025?",
        "the second one",
        "What does that mean for workers?",
        "What does Microsoft say about it?",
    ],
)
def test_short_follow_ups_lean(question: str) -> None:
    assert query(question, HISTORY).subject == "What is the deal?"


def test_a_follow_up_of_a_follow_up_leans_on_both() -> None:
    before = [*HISTORY, ("who signed it?", "Both did."), ("why?", "For peace.")]
    subject = "What is the deal?\nwho signed it?\nwhy?"
    assert query("and when?", before) == Query("and when?", subject, f"{subject}\nFor peace.")


def test_no_more_than_four_turns_are_gone_back() -> None:
    before = [(f"and number {number}?", "Yes.") for number in range(9)]
    assert query("why?", before).subject.splitlines() == [f"and number {n}?" for n in range(5, 9)]


def test_without_history_there_is_no_context() -> None:
    assert query("And when was it?", []) == Query("And when was it?")


def test_a_follow_up_is_answered_from_what_it_is_about(assistant: Assistant) -> None:
    first = "Which union negotiated an agreement for video game workers?"
    answer = assistant.ask(first)
    history = [(first, answer.quotes[0].text)]
    followed = assistant.ask("And which companies did it cover?", history)
    assert "Activision and Z" in followed.quotes[0].text
    alone = assistant.ask("And which companies did it cover?")
    assert alone.confidence < followed.confidence - 0.1


def test_a_change_of_subject_is_not_held_back(assistant: Assistant) -> None:
    question = "Who is the president of the AFL-CIO?"
    history = [("What did Corndel find?", "37% cited data illiteracy as a significant barrier.")]
    assert assistant.ask(question, history).quotes == assistant.ask(question).quotes
