"""Overviews of documents made by hand; each passage's sentences are near to its own subject."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index.reading import Index
from rag.overviews.overview import Overview, of_documents, of_subject, statements
from tests.by_hand import EncoderByWords, index_of

BEES = (
    "Bees collect nectar from the flowers near their hive. ",
    "Bees dry the nectar in cells of wax until it is honey. ",
    "Honey?\n\nA short scrap. Is the nectar that bees collect from flowers sweet and good? ",
)
RIVERS = (
    "The river Lena flows north to the Arctic Ocean. ",
    "The river Lena is frozen for seven months of the year. ",
    "Bees collect nectar from flowers near their hive. ",
)


class Encoder(EncoderByWords):
    def is_common(self, word: str) -> bool:
        return False


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    vectors = Encoder.vectors([*BEES, *RIVERS])
    index = index_of(tmp_path / "index", {"bees": BEES, "rivers": RIVERS}, vectors)
    yield index
    index.close()


def texts(found: Overview) -> list[str]:
    return [quote.text for quote in found.quotes]


def check(index: Index, found: Overview) -> None:
    """Each quote is a whole sentence of its document, in the documents' order, numbered from 1."""
    assert [quote.number for quote in found.quotes] == list(range(1, len(found.quotes) + 1))
    order = [document.id for document in index.documents()]
    places = [(order.index(quote.document_id), quote.start) for quote in found.quotes]
    assert places == sorted(places)
    for quote in found.quotes:
        for each in (quote, *quote.also_in):
            document = index.document(each.document_id)
            assert document.text[each.start : each.end] == each.text
            assert each.sha256 == document.sha256


def test_an_overview_holds_something_of_every_document(index: Index) -> None:
    found = of_documents(index, None)
    check(index, found)
    assert 3 <= len(found.quotes) <= 7 and found.confidence == 1.0
    assert {quote.document_id for quote in found.quotes} == {"bees", "rivers"}
    assert {hit.passage.document_id for hit in found.hits} == {"bees", "rivers"}


def test_the_same_sentence_of_two_documents_is_quoted_once_and_both_are_named(index: Index) -> None:
    found = of_subject(index, Encoder(), "bees collect nectar from flowers", None)
    check(index, found)
    twins = [quote for quote in found.quotes if quote.also_in]
    assert len(twins) == 1
    assert {twins[0].document_id, twins[0].also_in[0].document_id} == {"bees", "rivers"}
    assert sum("near their hive" in text for text in texts(found)) == 1


def test_scraps_and_questions_are_no_part_of_an_overview(index: Index) -> None:
    held = statements(index, ["bees"])
    assert held == [BEES[0].strip(), BEES[1].strip()]


def test_an_overview_of_one_document_holds_nothing_of_the_others(index: Index) -> None:
    found = of_documents(index, ["rivers"])
    check(index, found)
    assert {quote.document_id for quote in found.quotes} == {"rivers"}


def test_an_overview_of_a_subject_holds_what_is_about_it(index: Index) -> None:
    found = of_subject(index, Encoder(), "river Lena", None)
    check(index, found)
    assert found.quotes and all("river Lena" in text for text in texts(found))
    assert found.confidence > 0.5 and found.searched == "river Lena"


def test_a_mistyped_subject_is_searched_for_as_it_was_meant(index: Index) -> None:
    assert of_subject(index, Encoder(), "nectra", None).searched == "nectar"


def test_the_same_documents_give_the_same_overview(index: Index) -> None:
    assert of_documents(index, None) == of_documents(index, None)


def test_no_document_gives_no_overview(index: Index) -> None:
    assert of_documents(index, []) == Overview((), 0.0, ())
