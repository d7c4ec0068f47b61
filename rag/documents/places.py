"""Where in a document with pages, slides, rows or the like something stands."""

from bisect import bisect_right

from rag.records import Metadata


def place_at(document: Metadata, offset: int) -> str | None:
    """The name of the page or the like that an offset is on; None where there is none."""
    number = bisect_right(document.places, offset, key=lambda place: place[0])
    return document.places[number - 1][1] if number else None
