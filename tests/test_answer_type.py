"""What kind of thing a question asks for."""

import pytest

from rag.answer_type import expected


@pytest.mark.parametrize(
    ("question", "fitting", "unfitting"),
    [
        ("How many workers worry?", "Some 70% of workers worry.", "Workers worry."),
        ("how much do they delegate", "They delegate half of it.", "They delegate it."),
        ("When do the sessions begin?", "They begin in winter.", "They begin with a talk."),
        ("In what year was it announced?", "It was announced in 2023.", "It was announced."),
        ("Who said so?", "So said Liz Shuler.", "So they said."),
        ("Whose idea was it?", "It was “Brad Smith’s” idea.", "It was nobody’s."),
    ],
)
def test_a_sentence_that_names_no_such_thing_does_not_fit(
    question: str, fitting: str, unfitting: str
) -> None:
    form = expected(question)
    assert form
    assert form.search(fitting)
    assert not form.search(unfitting)


@pytest.mark.parametrize("question", ["what is the framework?", "how does it work?", "goals", ""])
def test_other_questions_may_be_answered_in_any_form(question: str) -> None:
    assert expected(question) is None
