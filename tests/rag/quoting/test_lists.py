"""Questions for several things, and lists of documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index.reading import Index
from rag.quoting.confidence import Evidence
from rag.quoting.gathering import Candidate
from rag.quoting.lists import asks_for_list, whole
from tests.by_hand import EncoderByWords, index_of


@pytest.mark.parametrize(
    "question",
    [
        "Which unions are named?",
        "list all unions",
        "What are the three goals?",
        "Name the companies that joined",
        "Who are the partners?",
        "What kinds of training are offered?",
        "what rights do workers have?",
        "Which game companies were covered?",
    ],
)
def test_a_question_for_several_things_asks_for_a_list(question: str) -> None:
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the fee?",
        "What happens if I am late?",
        "Which union negotiated it?",
        "Which venue hosts the event?",
        "What are workers worried about?",
        "What percentage of workers worry?",
        "What was the status of the deal?",
        "Who says this?",
        "how many goals are there?",
    ],
)
def test_a_question_for_one_thing_does_not(question: str) -> None:
    assert not asks_for_list(question)


SHORT = "Rules.\n\nMembers have the right to:\n  - vote at every meeting\n  - read the books\n"
LONG = (
    "The union has two goals:\n\n  1. Education: the union teaches members. " + "It does so. " * 90,
    "\n  2. Policy: the union proposes laws. " + "It does that too. " * 60 + "\n\nThat is all.\n",
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    texts = (SHORT, *LONG)
    vectors = EncoderByWords.vectors(texts)
    index = index_of(tmp_path / "index", {"rules": [SHORT], "goals": LONG}, vectors)
    yield index
    index.close()


def piece(document: str, text: str, words: str, ordinal: int = 0, offset: int = 0) -> Candidate:
    start = text.index(words)
    evidence = Evidence(0.0, 0.0, 0.0, 0.0, 0.0, 1)
    start, end = offset + start, offset + start + len(words)
    return Candidate(document, start, end, words, evidence, (start, end), ordinal=ordinal)


def held(index: Index, pieces: list[Candidate]) -> list[str]:
    """Their texts, each as it stands in its document."""
    for each in pieces:
        document = index.document(each.document_id).text
        assert document[each.start : each.end] == each.text
    return [each.text for each in pieces]


@pytest.mark.parametrize(
    "words", ["Members have the right to:", "- vote at every meeting", "- read the books"]
)
def test_a_short_list_is_one_piece_with_what_announces_it(index: Index, words: str) -> None:
    (found,) = held(index, whole(index, piece("rules", SHORT, words)))
    assert found.startswith("Members have") and found.endswith("read the books")


def test_what_is_no_list_stays_as_it_is(index: Index) -> None:
    rules = piece("rules", SHORT, "Rules.")
    assert whole(index, rules) == [rules]
    last = piece("goals", LONG[1], "That is all.", 1, len(LONG[0]))
    assert whole(index, last) == [last]


def test_of_a_long_list_over_passages_each_item_is_a_piece(index: Index) -> None:
    from_first = held(index, whole(index, piece("goals", LONG[0], "The union has two goals:")))
    assert from_first[0] == "The union has two goals:"
    assert from_first[1].startswith("1. Education") and from_first[2].startswith("2. Policy")
    assert max(map(len, from_first)) < 60


def test_words_that_are_marked_where_a_long_item_is_not_quoted_are_marked_nowhere(
    index: Index,
) -> None:
    found = whole(index, piece("goals", LONG[0], "It does so."))
    assert len(found) > 2 and {each.marked for each in found} == {None}
    first = whole(index, piece("goals", LONG[0], "1. Education: the union teaches members."))
    assert [each.marked is not None for each in first] == [False, True, False]
