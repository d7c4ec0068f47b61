"""The files that documents were made of, found again where they were, and pictures of their pages.

An index links them by what it knows anyway: the folders that were ingested, each file's name in
them, and the hash of its bytes, by which another file in its place is not taken for it.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rag.documents.folders import places, read
from rag.documents.formats.apart import Apart
from rag.documents.formats.extracted import Picture, Unextractable
from rag.documents.places import page_span
from rag.errors import PageNotShown
from rag.records import Document, Metadata


def page_picture(
    document: Document, folders: Sequence[str], number: int, span: tuple[int, int] | None
) -> Picture:
    """A picture of a page of a PDF as it was ingested, drawn in a process of its own.

    Args:
        document: Of which it is a page.
        folders: Those that were ingested.
        number: Of the page, from 1.
        span: What of the text is marked, as far as it is on this page; None for nothing.

    Raises:
        PageNotShown: When there is none.
    """
    within = page_span(document, number)
    if within is None:
        raise PageNotShown(number, "no_page")
    data = _original(document, folders, number)
    first, last = span or (within[0], within[0])
    start, end = max(first, within[0]), max(min(last, within[1]), within[0])
    words = document.text[start:end]
    before = document.text[within[0] : start] if words else ""
    try:
        with Apart() as child:
            return child.draw(data, number, before, words)
    except Unextractable as error:
        raise PageNotShown(number, "broken") from error


def _original(document: Metadata, folders: Sequence[str], number: int) -> bytes:
    for _, path in places(document.source, [Path(folder) for folder in folders]):
        try:
            data = read(path)
        except (OSError, ValueError):
            continue
        if hashlib.sha256(data).hexdigest() == document.file_sha256:
            return data
        raise PageNotShown(number, "changed")
    raise PageNotShown(number, "gone")
