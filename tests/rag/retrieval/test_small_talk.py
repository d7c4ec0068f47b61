"""What asks nothing of the documents."""

import pytest

from rag.retrieval.small_talk import SAID, Talk, small_talk


@pytest.mark.parametrize(
    ("said", "talk"),
    [
        ("hello", ("greeting", "en")),
        ("Hello!", ("greeting", "en")),
        ("HI THERE :-)", ("greeting", "en")),
        ("Thanks, bye.", ("thanks", "en")),
        ("thank you very much", ("thanks", "en")),
        ("Who are you?", ("help", "en")),
        ("what can you do", ("help", "en")),
        ("help", ("help", "en")),
        ("Hello, who are you?", ("help", "en")),
        ("hi what can I ask?", ("help", "en")),
        ("¡Hola!", ("greeting", "es")),
        ("Buenos días", ("greeting", "es")),
        ("buenos dias", ("greeting", "es")),
        ("muchas gracias", ("thanks", "es")),
        ("Hola, ¿quién eres?", ("help", "es")),
        ("¿Qué puedes hacer?", ("help", "es")),
        ("ayuda", ("help", "es")),
    ],
)
def test_greetings_thanks_and_questions_about_steward_are_known(said: str, talk: Talk) -> None:
    assert small_talk(said) == talk


@pytest.mark.parametrize(
    "question",
    [
        "Hello, what is the neutrality framework?",
        "hi, who is the president of the AFL-CIO?",
        "thanks, and when does it begin?",
        "What can you do against a strike?",
        "Who are you to decide?",
        "How does this work for part-timers?",
        "What help do members get?",
        "Hola, ¿qué es el marco de neutralidad?",
        "why?",
        "?",
        "",
    ],
)
def test_a_question_that_begins_so_is_a_question(question: str) -> None:
    assert small_talk(question) is None


def test_every_phrase_of_the_list_is_found_and_in_one_place_alone() -> None:
    phrases = [(each.strip(), talk) for talk, said in SAID.items() for each in said.split(";")]
    assert [(each, small_talk(each)) for each, _ in phrases] == phrases
    assert len({each for each, _ in phrases}) == len(phrases)
