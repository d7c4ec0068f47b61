"""The page of the sources panel that shows a page of a PDF as it is, the quote marked on it."""

from urllib.parse import urlencode

from rag.documents.formats.extracted import Picture
from rag.documents.places import page_at, page_span
from rag.records import Document, Metadata
from ui.server.pages import CONTENT_SECURITY_POLICY, filled, known, view
from ui.wording import pages as words

PICTURED = f"{CONTENT_SECURITY_POLICY}; img-src 'self'"
"""The policy of this page, which shows one picture of the server's own."""

_ENOUGH = 0.5  # of a quote's letters that are marked; of fewer the reader is told

Span = tuple[int, int] | None


def address(document_id: str, sha256: str, number: int, span: Span = None) -> str:
    """The address of a picture of a page, relative to the chat."""
    marked = {"start": span[0], "end": span[1]} if span else {}
    query = urlencode({**marked, "sha256": sha256})
    return f"api/documents/{document_id}/pages/{number}?{query}"


def of_quote(metadata: Metadata, start: int, end: int) -> str | None:
    """Likewise of the page that a quote begins on; None where the document has no pages."""
    number = page_at(metadata, start)
    return address(metadata.id, metadata.sha256, number, (start, end)) if number else None


def picture_page(
    document: Document, number: int, picture: Picture, marked: Span, span: Span
) -> str:
    """The page.

    Args:
        document: Of which a page is shown.
        number: Of that page.
        picture: Of that page.
        marked: What of the document's text is marked on it.
        span: What is marked on this page or another.
    """
    start, end = page_span(document, number) or (0, 0)
    quoted = document.text[marked[0] : marked[1]] if marked else ""
    around = (page_at(document, start - 1) if start else None, page_at(document, end))
    return filled(
        "picture",
        document.title,
        notice=words.NOT_FOUND_ON_PAGE if picture.marked < _ENOUGH else "",
        titled=False,
        known=known(document, start),
        switch=words.AS_TEXT,
        other=view(document, span, "text"),
        picture=picture,
        image=f"../{address(document.id, document.sha256, number, marked)}",
        described=words.page_described(number, quoted),
        opens=words.OPEN_PICTURE,
        turns=[
            (words.page_named(other), view(document, span, "page", other))
            for other in around
            if other and other != number
        ],
    )
