"""The pages of the sources panel: the list of documents, and a document with a quote marked in it.

Plain HTML that needs no script and allows none, by the templates in ``templates``.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

from markupsafe import Markup

from rag.records import Document, Metadata
from rag.text.html import render
from ui.wording.answers import counted

STYLE = Path(__file__).with_name("pages.css").read_text(encoding="utf-8")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)

_WRAPPED = 100
"""A line longer than this was not wrapped by hand, so the line after it is a new paragraph."""


def address(
    document_id: str, start: int | None = None, end: int | None = None, sha256: str = ""
) -> str:
    """The address of a document's page, relative to the chat; with offsets, of the quote in it."""
    path = f"documents/{quote(document_id, safe='')}"
    if start is None or end is None:
        return path
    query = {"start": start, "end": end} | ({"sha256": sha256} if sha256 else {})
    return f"{path}?{urlencode(query)}#quote"


def origin(metadata: Metadata) -> str:
    """Who published a document and when, as far as it is known: "AFL-CIO, 11 December 2023"."""
    return ", ".join(filter(None, (metadata.publisher, _day(metadata.published))))


def listing(documents: Sequence[Metadata]) -> str:
    """The page that lists all documents."""
    return _page(
        "listing",
        "Documents",
        documents=documents,
        count=counted(len(documents), "document"),
        address=address,
        origin=origin,
    )


def source(document: Document, span: tuple[int, int] | None = None, notice: str = "") -> str:
    """The page of a whole document; ``span`` is marked and is what ``#quote`` scrolls to.

    Without their markup the ``<article>`` is the document's text and the marks, joined, are the
    quote, character for character.
    """
    runs = list(_runs(document, *(span or (0, 0))))
    return _page(
        "source",
        document.title,
        notice=notice,
        titled=any(run.kind == "heading" for run in runs),
        known=[line for line in (origin(document), document.url) if line],
        runs=runs,
    )


def problem(title: str, line: str) -> str:
    """A page that says what is wrong."""
    return _page("problem", title, line=line)


def _page(template: str, title: str, **values: object) -> str:
    path = f"ui/server/templates/{template}.html"
    return str(render(path, title=title, style=Markup(STYLE), **values))


_Kind = Literal["heading", "paragraph", "outside", "between"]


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a document's text, the marked part of it apart; ``first`` is the first marked."""

    kind: _Kind
    before: str
    marked: str
    after: str
    first: bool


def _runs(document: Document, start: int, end: int) -> Iterator[_Run]:
    """Paragraphs and what lies between them: joined in order they are the document's text."""
    text = document.text

    def run(kind: _Kind, first: int, last: int) -> _Run:
        left = min(max(first, start), last)
        right = max(left, min(last, end))
        return _Run(kind, text[first:left], text[left:right], text[right:last], left == start)

    position, titled = 0, False
    for first, last in _paragraphs(text):
        yield run("between", position, first)
        # A markdown heading keeps its signs: nothing of the text is left out.
        if not titled and text[first:last].strip(" \t\n#") == document.title:
            titled = True
            yield run("heading", first, last)
        else:
            outside = last <= document.body[0] or first >= document.body[1]
            yield run("outside" if outside else "paragraph", first, last)
        position = last
    yield run("between", position, document.length)


def _day(published: str | None) -> str | None:
    if published is None:
        return None
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {day:%B} {day.year}"


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs, in order; what lies between them is white space."""
    spans: list[tuple[int, int]] = []
    previous = 0
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        if not line.group().strip():
            continue
        if spans and text[spans[-1][1] : start] == "\n" and previous <= _WRAPPED:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        previous = end - start
    return spans
