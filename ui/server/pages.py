"""The pages of the sources panel: the list of documents, and a document with a quote marked in it.

Plain HTML that needs no script and allows none; whatever comes from a document is escaped.
"""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

from rag.records import Document, Metadata

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
    items = "".join(
        f'<li><a href="{html.escape(address(metadata.id))}">{_text(metadata.title)}</a>'
        f"<p>{_text(origin(metadata) or metadata.source)}</p></li>"
        for metadata in documents
    )
    count = f"{len(documents)} document{'' if len(documents) == 1 else 's'}"
    return _page("Documents", f"<h1>Documents</h1><p class='meta'>{count}</p><ol>{items}</ol>")


def source(document: Document, span: tuple[int, int] | None = None, notice: str = "") -> str:
    """The page of a whole document; ``span`` is marked and is what ``#quote`` scrolls to.

    Without their markup the ``<article>`` is the document's text and the marks, joined, are the
    quote, character for character.
    """
    mark = _Mark(document.text, *(span or (0, 0)))
    parts: list[str] = []
    position, titled = 0, False
    for first, last in _paragraphs(document.text):
        # A markdown heading keeps its signs: nothing of the text is left out.
        heading = not titled and document.text[first:last].strip(" \t\n#") == document.title
        titled = titled or heading
        outside = last <= document.body[0] or first >= document.body[1]
        tag = "h1" if heading else "p"
        look = ' class="outside"' if outside and not heading else ""
        parts.append(mark.piece(position, first))
        parts.append(f'<{tag} dir="auto"{look}>{mark.piece(first, last)}</{tag}>')
        position = last
    parts.append(mark.piece(position, document.length))
    known = "".join(
        f"<p class='meta'>{_text(line)}</p>" for line in (origin(document), document.url) if line
    )
    return _page(
        document.title,
        _back(document.title)
        + (f"<p class='notice' role='note'>{_text(notice)}</p>" if notice else "")
        + ("" if titled else f"<h1 dir='auto'>{_text(document.title)}</h1>")
        + f"<header>{known}</header><article>{''.join(parts)}</article>",
    )


def problem(title: str, line: str) -> str:
    """A page that says what is wrong."""
    return _page(
        title,
        f"{_back()}<h1>{_text(title)}</h1><p class='notice'>{_text(line)}</p>",
    )


class _Mark:
    """Pieces of a text as HTML, with what lies in a span marked, and the first mark named."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.named = False

    def piece(self, first: int, last: int) -> str:
        left, right = max(first, self.start), min(last, self.end)
        if left >= right:
            return _text(self.text[first:last])
        name = "" if self.named else ' id="quote"'
        self.named = True
        before, marked, after = self.text[first:left], self.text[left:right], self.text[right:last]
        return f"{_text(before)}<mark{name}>{_text(marked)}</mark>{_text(after)}"


def _back(title: str = "") -> str:
    shown = f"<span dir='auto'>{_text(title)}</span>" if title else ""
    return f"<nav><a href='../documents'>All documents</a>{shown}</nav>"


def _page(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'>"
        f"<title>{_text(title)} · Steward</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _text(text: str) -> str:
    """Text as HTML; what HTML cannot hold (NUL, lone surrogates) shows as U+FFFD."""
    held = re.sub("[\0\ud800-\udfff]", "\ufffd", text)
    return html.escape(held).replace("\r", "&#13;")


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
