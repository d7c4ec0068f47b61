"""Where in a document something stands."""

from dataclasses import replace

import pytest

from rag.documents.files import parse
from rag.documents.places import page_at, page_span, place_at, place_below, place_in


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, None), (2, "page 1"), (4, "page 1"), (5, "page 3"), (99, "page 3")],
)
def test_an_offset_is_on_the_last_place_that_begins_before_it(
    offset: int, place: str | None
) -> None:
    document = replace(parse(b"Some text.", "a.txt"), places=((2, "page 1"), (5, "page 3")))
    assert place_at(document, offset) == place


def test_of_a_pdf_the_number_of_a_page_and_its_span_are_known_and_of_another_document_none() -> (
    None
):
    paged = replace(parse(b"Some text.", "a.txt"), places=((2, "page 1"), (5, "page 3")))
    pdf = replace(paged, source="A.PDF")
    assert [page_at(pdf, offset) for offset in (0, 2, 5)] == [None, 1, 3]
    assert [page_span(pdf, number) for number in (1, 2, 3)] == [(2, 5), None, (5, 10)]
    assert page_at(paged, 2) is None
    assert page_span(paged, 1) is None


RULES = """# Rules of the union

## Fees

Ten euro.

### Late payment

One euro more.

## Seat

Oslo.
"""


def test_of_a_document_with_headings_the_place_is_the_path_of_those_above() -> None:
    document = parse(RULES.encode(), "rules.md")
    at = [place_in(document, RULES.index(words)) for words in ("Ten", "One", "Oslo", "# Rules")]
    assert at == ["Fees", "Fees › Late payment", "Seat", None]


def test_a_text_has_no_path_and_pages_come_before_headings() -> None:
    text = parse(RULES.encode(), "rules.txt")
    book = replace(parse(RULES.encode(), "rules.md"), places=((0, "The first chapter"),))
    assert place_in(text, RULES.index("One")) is None
    assert place_in(book, RULES.index("One")) == "The first chapter"
    assert place_below(book, 0, ("Fees",)) == "The first chapter"


def test_of_a_long_path_the_last_headings_are_named() -> None:
    document = parse(RULES.encode(), "rules.md")
    assert place_below(document, 0, ("A" * 60, "B" * 60, "C")) == f"… › {'B' * 60} › C"
    assert place_below(document, 0, ("A" * 300,)) == "A" * 300
