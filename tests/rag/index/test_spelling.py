"""Mistyped questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.spelling import Speller
from rag.text.encoder import Encoder

WORDS = "microsoft smith meta learning sessions workshops announced workers brad negotiated union"
SPELLER = Speller(WORDS.split())


def never(word: str) -> bool:
    """No word is common."""
    return False


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("Microsfot", "microsoft"),  # transposed
        ("lerning", "learning"),  # missing
        ("sesions", "sessions"),
        ("wrokers", "workers"),
        ("Simth", "smith"),
        ("mtea", "meta"),
        ("negociated", "negotiated"),  # wrong
        ("Mikrosofd", "microsoft"),  # twice, in a long word
        ("anounce", "announced"),  # another ending besides
        ("wich", "which"),
    ],
)
def test_a_slip_of_the_fingers_is_corrected(mistyped: str, meant: str) -> None:
    assert SPELLER.correct(f"what did {mistyped} do?", never) == f"what did {meant} do?"


@pytest.mark.parametrize(
    "question",
    [
        "What did Microsoft's workers announce?",  # right, if with other endings
        "did the onion announce it",  # near, but common in itself
        "what does Shuler want",  # near to nothing
        "who won 2024 or 2O24",
        "das sind Wörter, ¿verdad? 日本",
    ],
)
def test_what_is_not_a_slip_stays_as_it_is(question: str) -> None:
    assert SPELLER.correct(question, lambda word: word == "onion") == question


def test_a_common_word_is_not_taken_for_a_slip(encoder: Encoder) -> None:
    speller = Speller(["parts", "frames", "capitals"])
    assert speller.correct("Is Paris in France?", encoder.is_common) == "Is Paris in France?"
    assert speller.correct("which prats", encoder.is_common) == "which parts"


@given(st.text())
def test_only_letters_are_ever_replaced(text: str) -> None:
    def rest(text: str) -> list[str]:
        return [character for character in text if not character.isalpha()]

    assert rest(SPELLER.correct(text, never)) == rest(text)


def test_a_collection_without_words_corrects_nothing_but_stop_words() -> None:
    assert Speller([]).correct("microsfot wich", never) == "microsfot which"
