"""Where in a document something stands."""

from dataclasses import replace

import pytest

from rag.documents.files import parse
from rag.documents.places import place_at


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, None), (2, "page 1"), (4, "page 1"), (5, "page 3"), (99, "page 3")],
)
def test_an_offset_is_on_the_last_place_that_begins_before_it(
    offset: int, place: str | None
) -> None:
    document = replace(parse(b"Some text.", "a.txt"), places=((2, "page 1"), (5, "page 3")))
    assert place_at(document, offset) == place
