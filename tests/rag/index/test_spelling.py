"""Mistyped questions."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.process import extract

import rag.index.spelling
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
    assert speller.correct("which partz", encoder.is_common) == "which parts"


@pytest.mark.parametrize("word", ["Summarize", "summarise", "part-timers", "Teleworking"])
def test_a_word_of_english_is_not_taken_for_a_slip(word: str) -> None:
    speller = Speller(["summer", "summary", "times", "part-times", "webinar", "telework"])
    assert speller.correct(f"{word} it", never) == f"{word} it"


def test_only_the_first_few_unknown_words_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = "abcdefghijklmnopqrst"
    vocabulary = [
        "".join(each) for each, _ in zip(product(letters, repeat=6), range(200_000), strict=False)
    ]
    looked_up: list[str] = []

    def counting(wanted: str, *arguments: Any, **options: Any) -> list[tuple[str, float, int]]:
        looked_up.append(wanted)
        return extract(wanted, *arguments, **options)

    monkeypatch.setattr(rag.index.spelling, "extract", counting)
    unknown = [f"zz{first}{second}xx" for first, second in product(letters, repeat=2)][:199]
    question = " ".join(["What did the microsfot", unknown[0], *unknown])
    found = Speller([*vocabulary, "microsoft"]).correct(question, never)
    assert found == question.replace("microsfot", "microsoft")
    assert list(dict.fromkeys(looked_up)) == ["microsfot", *unknown[:3]]


@given(st.text())
def test_only_letters_are_ever_replaced(text: str) -> None:
    def rest(text: str) -> list[str]:
        return [character for character in text if not character.isalpha()]

    assert rest(SPELLER.correct(text, never)) == rest(text)


def test_a_collection_without_words_corrects_nothing_but_stop_words() -> None:
    assert Speller([]).correct("microsfot wich", never) == "microsfot which"
