"""Where in a document something stands."""

from dataclasses import replace

import pytest

from rag.documents.files import parse
from rag.documents.places import page_at, page_span, place_at


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
    assert page_at(paged, 2) is page_span(paged, 1) is None
