"""Where in a document something stands: on which page, slide, row or the like, or below what."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.records import Document, Metadata
from rag.text.headings import headings, path_at

_LONGEST = 100  # characters of a path of headings; of a longer one the last are named


def place_at(document: Metadata, offset: int) -> str | None:
    """The name of the page or the like that an offset is on; None where there is none."""
    number = bisect_right(document.places, offset, key=lambda place: place[0])
    return document.places[number - 1][1] if number else None


def place_below(document: Metadata, offset: int, above: Sequence[str]) -> str | None:
    """Likewise; of a document with headings and no such places, the headings above: "Fees › Late".

    Args:
        document: In which the offset is.
        offset: What is looked up.
        above: The headings above it: section, subsection, and so on, without the title.
    """
    named = place_at(document, offset)
    if named or not document.is_markdown or not above:
        return named
    path = above[-1]
    for heading in reversed(above[:-1]):
        if len(path) + len(heading) > _LONGEST:
            return f"… › {path}"
        path = f"{heading} › {path}"
    return path


def place_in(document: Document, offset: int) -> str | None:
    """Likewise, by headings that are found in the text."""
    known = headings(document.text) if document.is_markdown and not document.places else ()
    above = [each.text for each in path_at(known, offset) if each.text != document.title]
    return place_below(document, offset, above)


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
