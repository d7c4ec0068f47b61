"""Where in a document with pages, slides, rows or the like something stands."""

import re
from bisect import bisect_right

from rag.records import Metadata


def place_at(document: Metadata, offset: int) -> str | None:
    """The name of the page or the like that an offset is on; None where there is none."""
    number = bisect_right(document.places, offset, key=lambda place: place[0])
    return document.places[number - 1][1] if number else None


def page_at(document: Metadata, offset: int) -> int | None:
    """The number of the page of a PDF that an offset is on; None of another document."""
    if not is_pdf(document):
        return None
    found = re.fullmatch(r"page (\d+)", place_at(document, offset) or "")
    return int(found[1]) if found else None


def page_span(document: Metadata, number: int) -> tuple[int, int] | None:
    """Where the text of a page of a PDF begins and ends; None where there is none of it."""
    if not is_pdf(document):
        return None
    ends = [start for start, _ in document.places[1:]] + [document.length]
    pages = zip(document.places, ends, strict=False)
    return next(((start, end) for (start, name), end in pages if name == f"page {number}"), None)


def is_pdf(document: Metadata) -> bool:
    """Whether a document has pages that can be shown as they are."""
    return document.source.lower().endswith(".pdf")
