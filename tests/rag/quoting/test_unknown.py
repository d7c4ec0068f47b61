import pytest

from rag.index.lexical import Lexical
from rag.quoting.unknown import unknown

TOWNS = Lexical.build(["Bergen is a town. Its harbour was frozen in 1809."])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the mayor of Paris?", ("mayor", "Paris")),
        ("Was the harbour frozen in 1809 or 1810?", ("1810",)),
        ("Is there childcare, and parental leave?", ("childcare", "parental", "leave")),
        ("What does a Zamboni cost?", ("Zamboni", "cost")),
        ("zebras and Zebras, a zebra", ("zebras",)),
    ],
)
def test_names_numbers_and_what_is_asked_about_are_named_as_they_are_written(
    question: str, expected: tuple[str, ...]
) -> None:
    assert unknown(question, TOWNS) == expected


@pytest.mark.parametrize(
    "question",
    [
        "I want to know what the deal is with Bergen",
        "Can you please summarize the most important points?",
        "Summarise this, I need help understanding it",
        "What kinds of things happen when something goes wrong?",
        "Give me a quick overview of the main topics",
        "Who is the harbour's best?",
        "What is the deal?",
        "Would anybody happily care to explore everything today?",
        "hello, can somebody honestly explain?",
    ],
)
def test_words_of_questions_on_anything_are_not_named(question: str) -> None:
    assert unknown(question, TOWNS) == ()


def test_a_word_that_a_document_holds_in_another_form_is_known() -> None:
    assert unknown("Which towns have harbours?", TOWNS) == ()
