"""Where a sentence ends in what a model writes, and what it cites."""

from collections.abc import Iterator
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.prose.cited_sentences import MOST, Cited, cited_sentences


def split(*pieces: str) -> list[Cited]:
    return list(cited_sentences(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "They met. [1] It rained. [2, 3]",
        "They met [1]. It rained [2, 3].",
        "They met. [1]. It rained. [2][3]",
        "They met.[1] It rained. [2] [3].",
        "They met. [1]\nIt rained. [2,3]\n",
        "They met. [ 1 ]\n\nIt rained. [2 , 3, 2]",
    ],
)
def test_a_sentence_ends_at_its_citation(text: str) -> None:
    assert split(text) == [("They met.", (1,)), ("It rained.", (2, 3))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met. It rained. [1]", [("They met.", ()), ("It rained.", (1,))]),
        ("They met [1] and it rained [2].", [("They met and it rained.", (1, 2))]),
        ("The U.S. Senate met. [1]", [("The U.S. Senate met.", (1,))]),
        ("It is 4.1 of 5. [1]", [("It is 4.1 of 5.", (1,))]),
        ('"They met." [1] So.', [('"They met."', (1,)), ("So.", ())]),
        ("They met", [("They met", ())]),
        ("They met. [1", [("They met. [1", ())]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_what_is_cited_and_what_is_not(text: str, expected: list[Cited]) -> None:
    assert split(text) == expected


def test_a_sentence_is_complete_as_soon_as_the_next_begins() -> None:
    taken = []

    def pieces() -> Iterator[str]:
        for piece in ("They met. [1]", " I", "t rained."):  # after the first, [2] could follow
            taken.append(piece)
            yield piece

    assert next(cited_sentences(pieces())) == ("They met.", (1,))
    assert taken == ["They met. [1]", " I"]


def test_a_number_too_long_to_be_one_is_no_citation() -> None:
    ((_, cites),) = split(f"They met. [{'1' * 5000}]")
    assert cites == ()


def test_no_more_is_read_than_can_be_meant() -> None:
    found = list(cited_sentences(repeat("word " * 200)))
    assert MOST - 200 < sum(len(text) for text, _ in found) <= MOST


@given(st.lists(st.text(alphabet="ab [1],.\n", max_size=8), max_size=12))
def test_how_the_text_is_cut_into_pieces_does_not_matter(pieces: list[str]) -> None:
    assert split(*pieces) == split("".join(pieces))
