"""The pages of the sources panel: the list of documents, and a document with a quote marked in it.

Plain HTML that needs no script and allows none, by the templates in ``templates``.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from markupsafe import Markup

from rag.documents.places import is_pdf, place_in
from rag.records import Document, Metadata
from rag.text.html import render
from ui.server.runs import Run, runs
from ui.wording import pages as words
from ui.wording.markdown import (
    LONGEST_READ,
    Element,
    Tag,
    Words,
    elements,
    has_words,
    parts,
)
from ui.wording.numbers import counted
from ui.wording.sources import day

STYLE = Path(__file__).with_name("pages.css").read_text(encoding="utf-8")

FRAMED_BY_ANY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
CONTENT_SECURITY_POLICY = f"{FRAMED_BY_ANY}; frame-ancestors 'self'"

_LISTED = 500
"""Things left out that are listed."""


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
    return ", ".join(filter(None, (metadata.publisher, day(metadata.published))))


def listing(documents: Sequence[Metadata], left_out: Sequence[tuple[str, str]] = ()) -> str:
    """The page that lists all documents, and what is in none of them."""
    return filled(
        "listing",
        "Documents",
        documents=documents,
        count=counted(len(documents), "document"),
        address=address,
        origin=origin,
        left_out=left_out[:_LISTED],
        heading=words.LEFT_OUT,
        more=words.and_more(len(left_out) - _LISTED),
    )


def source(
    document: Document,
    span: tuple[int, int] | None = None,
    notice: str = "",
    *,
    as_in_file: bool = False,
) -> str:
    """The page of a whole document; ``span`` is marked and is what ``#quote`` scrolls to.

    A document in Markdown is shown as it is meant to be read, unless it is asked for as in the
    file, is very long, or nothing of the span would be seen. Otherwise the ``<article>`` without
    its markup is the document's text and the marks, joined, are the quote, character for character.
    """
    start, end = span or (0, 0)
    lines = known(document, start if span else None)
    in_markdown = document.is_markdown and document.length <= LONGEST_READ
    shown = elements(document.text) if in_markdown and not as_in_file else ()
    if shown and (start == end or has_words(shown, start, end)):
        return filled(
            "markdown",
            document.title,
            notice=notice,
            titled=_text(shown[0]).strip() == document.title,
            known=lines,
            parts=[
                (each, not document.body[0] <= each.start < document.body[1])
                for each in _marked(shown, _Mark(start, end))
            ],
            switch=words.AS_IN_FILE,
            other=view(document, span, "file"),
        )
    shown_runs = list(runs(document, start, end))
    pictured = words.AS_PAGE if is_pdf(document) else ""
    return filled(
        "source",
        document.title,
        notice=notice,
        titled=any(run.kind == "heading" for run in shown_runs),
        known=lines,
        runs=shown_runs,
        switch=words.AS_IT_READS if in_markdown and as_in_file else pictured,
        other=view(document, span, "page" if pictured else ""),
    )


def problem(title: str, line: str) -> str:
    """A page that says what is wrong."""
    return filled("problem", title, line=line)


def unframed(title: str, line: str) -> str:
    """A page in the frame of a site that may not show another, with a link to the chat."""
    return filled("unframed", title, line=line, opens=words.OPEN_STEWARD)


def frame(title: str) -> dict[str, object]:
    """What ``page.html`` is filled with, beside its main part."""
    return {"title": title, "style": Markup(STYLE)}


def filled(template: str, title: str, **values: object) -> str:
    """A page by a template."""
    path = f"ui/server/templates/{template}.html"
    return str(render(path, **frame(title), **values))


def known(document: Document, offset: int | None) -> list[str]:
    """The lines above a document's text, the place of an offset in it the last."""
    within = None if offset is None else place_in(document, offset)
    return [line for line in (origin(document), document.url, within) if line]


def view(document: Metadata, span: tuple[int, int] | None, name: str = "", page: int = 0) -> str:
    """The address, relative to a document's page, of another view of it."""
    query = {"start": span[0], "end": span[1], "sha256": document.sha256} if span else {}
    named = {"view": name} if name else {}
    numbered = {"page": page} if page else {}
    return f"?{urlencode(query | named | numbered)}{'#quote' if span and not page else ''}"


def _text(shown: Element | Words) -> str:
    if isinstance(shown, Words):
        return shown.text
    return "".join(map(_text, shown.children))


class _Mark:
    """A span to mark in what is shown; the first words that are marked are scrolled to."""

    def __init__(self, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._first = True

    def split(self, given: Words) -> Run:
        """Words as a run."""
        before, marked, after = parts(given, self._start, self._end)
        first = self._first and marked != ""
        self._first = self._first and not first
        return Run("between", before, marked, after, first)


def _marked(shown: Sequence[Element], mark: _Mark) -> Iterator["_Marked"]:
    for each in shown:
        yield _Marked(each.tag, each.number, tuple(_children(each, mark)), each.start)


def _children(element: Element, mark: _Mark) -> Iterator["_Marked | Run"]:
    for child in element.children:
        yield from _marked([child], mark) if isinstance(child, Element) else [mark.split(child)]


@dataclass(frozen=True, slots=True)
class _Marked:
    """An element, its words as runs."""

    tag: Tag
    number: int | None
    children: tuple["_Marked | Run", ...]
    start: int
