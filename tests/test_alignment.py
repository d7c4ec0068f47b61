"""Two sentences side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from rag.alignment import Text, align, keys

ROME = "In Rome, Ann Lee, who is a judge, met the old mayor of Paris and said nothing."


def share(text: str, quote: str) -> float:
    return align(Text.of(text), quote).share


def test_all_words_in_their_order_are_all() -> None:
    assert share("Ann Lee met the mayor of Paris.", ROME) == 1.0


def test_words_in_another_order_are_fewer() -> None:
    assert share("The mayor of Paris met Ann Lee.", ROME) < 1.0


def test_free_words_do_not_count() -> None:
    assert share("This Ann Lee, who also met a mayor of the Paris.", ROME) == 1.0


@pytest.mark.parametrize("text", ["Ann Lee was met by the mayor.", "Ann Lee met by the mayor."])
def test_words_that_turn_a_sentence_round_are_not_free(text: str) -> None:
    assert share(text, ROME) < 1.0


def test_an_opening_phrase_may_stand_at_the_end() -> None:
    assert share("Ann Lee met the old mayor of Paris and said nothing in Rome.", ROME) == 1.0


def test_the_best_sentence_of_a_quote_counts_and_not_two_together() -> None:
    quote = "Ann met a mayor. Bob met a judge."
    assert share("Bob met a judge.", quote) == 1.0
    assert share("Ann met a judge.", quote) == pytest.approx(2 / 3)


@given(
    st.lists(st.sampled_from("apple bread cheese dates eggs".split()), min_size=1, max_size=9),
    st.lists(st.sampled_from("apple bread cheese dates eggs".split()), min_size=1, max_size=9),
)
def test_the_share_is_that_of_an_independent_library(ours: list[str], theirs: list[str]) -> None:
    expected = LCSseq.similarity(keys(ours), keys(theirs)) / len(ours)
    assert share(" ".join(ours), " ".join(theirs)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other"), [("unions", "union"), ("joined", "joining"), ("jan", "january")]
)
def test_inflected_words_are_the_same(one: str, other: str) -> None:
    assert keys([one]) == keys([other])


@pytest.mark.parametrize(
    ("one", "other"),
    [("employer", "employee"), ("careful", "careless"), ("important", "import"), ("up", "down")],
)
def test_derived_words_are_not(one: str, other: str) -> None:
    assert keys([one]) != keys([other])


@pytest.mark.parametrize(
    ("text", "quote", "whole"),
    [
        ("The river flows north.", "The river flows north, to the sea.", True),
        ("The river flows north.", "The river flows north to the sea.", False),
        ("Rome is the largest city.", "Rome is the largest city in Italy.", False),
        ("The river failed.", "The river failed to flow north.", False),
        ("The judge sued.", "The employees of the judge sued.", False),
        ("The judge sued.", "They fear that the judge sued.", False),
        ("The judge sued.", "They fear that he lost and the judge sued.", False),
        ("The judge sued.", "He lost, but the judge sued because of it.", True),
        ("Papers were stable.", "Papers on rags were stable.", False),
        ("Ann sued Bob.", "Ann said that Eve sued Bob.", False),
        ("Ann sued Bob.", "Ann (a judge) sued Bob.", True),
        ("Ann sued Bob.", "Ann, who is a judge, sued Bob.", True),
        ("Ann sued Bob.", "Ann, a judge who sued Bob, lost.", False),
        ("Ann sued Bob.", "Ann and her sister sued Bob.", False),
        ("Ann sued Bob.", "Ann sued Bob-like men.", False),
        ("Ann is a teaming up.", "Ann is teaming up.", False),
        ("The river flows to the sea.", "A river flows to the sea.", True),
        ("According to Ann, a mess.", 'According to Ann, Eve called it "a mess".', False),
    ],
)
def test_what_is_left_out_must_be_whole_clauses(text: str, quote: str, whole: bool) -> None:
    assert align(Text.of(text), quote).leaves_clauses() is whole


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Ann Lee met the old mayor of Paris and said nothing.", True),
        ("In Rome, Ann Lee met the old mayor of Paris and said nothing.", True),
        ("Ann Lee met the old mayor of Paris and said nothing in Rome.", True),
        ("Ann Lee met the old mayor of Paris.", False),
        ("Ann Lee met the mayor of Paris and said nothing.", False),
        ("Lee met the old mayor of Paris and said nothing.", False),
        ("In Rome, Ann Lee said nothing.", False),
    ],
)
def test_of_one_sentence_what_may_be_left_out(text: str, whole: bool) -> None:
    assert align(Text.of(text), ROME).leaves_clauses() is whole
