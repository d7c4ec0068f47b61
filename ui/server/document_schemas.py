"""The schemas of documents in the API, and how they are made of Steward's records."""

from collections.abc import Iterable
from dataclasses import asdict

from pydantic import BaseModel, Field

from rag import records
from ui.wording.markdown import LONGEST_READ
from ui.wording.plain import excerpt

CONTEXT = 600
"""Characters of a document shown on either side of a quote."""


class Metadata(BaseModel):
    """What is known of a document without its text."""

    id: str
    title: str
    source: str = Field(description="The file's path inside the folder it came from.")
    sha256: str = Field(description="Of the text in UTF-8.")
    length: int = Field(description="Of the text, in code points.")
    body: tuple[int, int] = Field(description="Span of the article, without menus and the like.")
    authors: list[str]
    publisher: str | None
    published: str | None = Field(description="A date as 2021-05-04, or a month or year of it.")
    description: str | None
    url: str | None
    language: str | None
    tags: list[str]
    is_markdown: bool = Field(description="Whether the text has headings and lists as in Markdown.")
    places: list[tuple[int, str]] = Field(
        description="Where each page, slide, row, chapter or part begins, and its name."
    )
    cut: list[str] = Field(
        description="What of the file is not in the text, as it was too much or cannot be read."
    )
    extractor: str | None = Field(description="What made the text of a file of another format.")
    file_sha256: str | None = Field(description="Of that file's bytes.")


class LeftOut(BaseModel):
    """What was found in the folders and is in no document."""

    what: str = Field(description="A file, or a part of one.")
    why: str = Field(description="Completes a sentence about it.")


class Documents(BaseModel):
    """All documents."""

    documents: list[Metadata]
    left_out: list[LeftOut]


class Excerpt(BaseModel):
    """A place in a document, with the text before and after it."""

    before: str
    quote: str
    after: str
    reads: tuple[str, str, str] = Field(
        description="These three as people read them, without the signs of Markdown."
    )


class Document(Metadata):
    """A document."""

    text: str = Field(description="What every offset counts in.")
    excerpt: Excerpt | None = Field(description="Where start and end were given; else null.")


def metadata(document: records.Metadata) -> Metadata:
    """What is known of a document."""
    return Metadata(**asdict(document))


def documents(found: Iterable[records.Metadata], left_out: Iterable[tuple[str, str]]) -> Documents:
    """What is known of all documents, and what is in none of them."""
    return Documents(
        documents=[metadata(each) for each in found],
        left_out=[LeftOut(what=what, why=why) for what, why in left_out],
    )


def document(found: records.Document, span: tuple[int, int] | None) -> Document:
    """A document, with an excerpt around ``span``."""
    around = None
    if span:
        start, end = span
        first, last = max(0, start - CONTEXT), min(end + CONTEXT, found.length)
        text = found.text
        written = text[first:start], text[start:end], text[end:last]
        before, quote, after = written
        reads = _reads(found, (start, end), (first, last)) or written
        around = Excerpt(before=before, quote=quote, after=after, reads=reads)
    return Document(**asdict(found), excerpt=around)


def _reads(
    found: records.Document, span: tuple[int, int], within: tuple[int, int]
) -> tuple[str, str, str] | None:
    """An excerpt as people read it, or None where it is to be read as in the file."""
    if not found.is_markdown or found.length > LONGEST_READ:
        return None
    reads = excerpt(found.text, *span, within)
    return reads if reads[1].strip() else None
