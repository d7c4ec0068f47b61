"""A document's text in runs: its paragraphs and what lies between, with the marked part of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.records import Document

_WRAPPED = 100
"""A line longer than this was not wrapped by hand, so the line after it is a new paragraph."""

Kind = Literal["heading", "paragraph", "outside", "between"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a document's text, the marked part of it apart; ``first`` is the first marked."""

    kind: Kind
    before: str
    marked: str
    after: str
    first: bool


def runs(document: Document, start: int, end: int) -> Iterator[Run]:
    """Paragraphs and what lies between them: joined in order they are the document's text."""
    text = document.text

    def run(kind: Kind, first: int, last: int) -> Run:
        left = min(max(first, start), last)
        right = max(left, min(last, end))
        return Run(kind, text[first:left], text[left:right], text[right:last], left == start)

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
