"""What a file of another format than text gives: its text, what it says of itself, pictures."""

import re
from dataclasses import dataclass

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
"""What ``Metadata.language`` may be."""
DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
"""What a date begins with, of which ``Metadata.published`` is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    r"""The text of a file, and what the file says of itself.

    Attributes:
        text: With line ends as ``\n``. Paragraphs, a blank line between two, are not wrapped.
        is_markdown: Whether headings, lists and code are marked as in Markdown; else it is plain.
        title: The file's own; likewise what follows, by the rules of ``Metadata``.
        places: Where each page, slide, row, chapter or part begins, and what it is called, as
            "page 12"; ascending.
        body: Span of the article, where the format tells; None for all of the text.
        cut: What of the file is not in the text since it was too much, or could not be read, as
            "rows after the first 10,000".
    """

    text: str
    is_markdown: bool
    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    description: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    body: tuple[int, int] | None = None
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page.

    Attributes:
        png: The picture as a file.
        width: In pixels.
        height: Likewise.
        marked: Share of the letters to be marked that are; 1 where there was nothing to mark.
    """

    png: bytes
    width: int
    height: int
    marked: float


class Unextractable(ValueError):
    """A file gives no text or no picture; the message completes "this file ..." with what to do."""
