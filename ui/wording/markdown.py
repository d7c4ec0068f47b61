"""Markdown as a person reads it: its structure, and its words with their places in the text.

Parsed by markdown-it-py as CommonMark 0.31 with GitHub's tables and strikethrough. Signs, tags,
comments and addresses are left out, and nothing becomes markup that the templates do not make:
HTML in a document is told from words only to leave it out.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, get_args

from markdown_it import MarkdownIt
from markdown_it.token import Token

Tag = Literal[
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "table",
    "thead", "tbody", "tr", "th", "td", "hr", "br", "strong", "em", "s", "code",
]  # fmt: skip
"""Elements that are made of a document; no other is."""

LONGEST_READ = 200_000
"""Characters of a document that are shown as they are meant to be read; more would take seconds."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are shown.

    Attributes:
        start: Offset in the document's text of the first character that they stand for.
        end: After the last one.
        text: As they are shown; ``text[start:end]`` itself but for white space and escapes.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Element:
    """An element and what it holds.

    Attributes:
        start: Offset of the line that it begins in, of one that stands by itself; else 0.
        number: Of the first item, where the element is a numbered list that does not begin at 1.
    """

    tag: Tag
    children: tuple["Element | Words", ...] = ()
    start: int = 0
    number: int | None = None


_PARSER = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .disable("text_join")  # so that what was written for an escaped sign is known
)
_TAGS: Mapping[str, Tag] = {tag: tag for tag in get_args(Tag)}
_TEMPLATE = re.compile(  # of site generators: Hugo, Jekyll and Eleventy; kramdown's attributes
    r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{:[^{}\n]*\}|[ \t]*\{[#.][\w.# =\"-]*\}\s*\Z"
)
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z!?][^<>]*>", re.I | re.S)
_BREAK = re.compile(r"<br\s*/?>\Z", re.IGNORECASE)
_TARGET = re.compile(r"\]\s?(?:\((?:[^()\\]|\\.|\([^()]*\))*\)|\[[^\]]*\])?")


def elements(text: str) -> tuple[Element, ...]:
    """What a text in Markdown shows, from its beginning to its end."""
    return _Reading(text).elements()


def has_words(shown: Sequence[Element | Words], start: int, end: int) -> bool:
    """Whether any word between two offsets is shown."""
    return any(
        has_words(each.children, start, end)
        if isinstance(each, Element)
        else each.start < end and start < each.end and each.text.strip() != ""
        for each in shown
    )


def parts(words: Words, start: int, end: int) -> tuple[str, str, str]:
    """Words cut where a span begins and ends; without a span all of them are before it."""
    text, length = words.text, len(words.text)
    if start >= end or words.end <= start:
        return text, "", ""
    if words.end - words.start != length:  # they stand for more than they show
        return ("", text, "") if words.start < end else ("", "", text)
    left = max(0, start - words.start)
    right = max(left, min(length, end - words.start))
    return text[:left], text[left:right], text[right:]


class _Reading:
    """Goes once through a text, token by token; ``_at`` is how far it has come."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._at = 0
        self._open: list[tuple[Element, list[Element | Words]]] = []
        self._done: list[Element] = []

    def elements(self) -> tuple[Element, ...]:
        for token in _PARSER.parse(self._text):
            if token.map:
                self._at = max(self._at, self._lines[token.map[0]])
            self._take(token)
        return tuple(self._done)

    def _take(self, token: Token) -> None:
        if token.type == "inline":
            for child in token.children or ():
                self._take_inline(child)
        elif token.type in ("fence", "code_block"):
            self._put(Element("pre", tuple(self._verbatim(token)), self._at))
        elif token.type == "html_block":
            for words in self._between_tags(token):
                self._put(Element("p", (words,), words.start))
        elif not token.hidden and (tag := _TAGS.get(token.tag)):
            number = token.attrGet("start")
            element = Element(
                tag, (), self._at, number if isinstance(number, int) and number != 1 else None
            )
            self._nest(token, element)

    def _take_inline(self, token: Token) -> None:
        if token.type in ("text", "text_special", "code_inline", "image"):
            for words in self._words(token):
                self._put(Element("code", (words,)) if token.type == "code_inline" else words)
        elif token.type == "softbreak":
            self._put(Words(self._at, self._at + 1, " "))
        elif token.type == "hardbreak" or _BREAK.match(token.content):
            self._put(Element("br"))
            self._pass(token.content)
        elif token.type == "html_inline":
            self._pass(token.content)
        elif token.type == "link_close":
            self._pass_target()
        elif tag := _TAGS.get(token.tag):
            self._nest(token, Element(tag))

    def _nest(self, token: Token, element: Element) -> None:
        if token.nesting > 0:
            self._open.append((element, []))
        elif token.nesting < 0:
            opened, children = self._open.pop()
            self._put(replace(opened, children=tuple(children)))
        else:
            self._put(element)

    def _put(self, shown: Element | Words) -> None:
        if self._open:
            self._open[-1][1].append(shown)
        elif isinstance(shown, Element):
            self._done.append(shown)

    def _words(self, token: Token) -> Iterator[Words]:
        """The words of a token, found where they stand; of an image what is said in its place."""
        if token.type == "image":
            for child in token.children or ():
                yield from self._words(child)
            self._pass_target()
        elif token.type == "text_special":
            start = self._pass(token.markup)
            yield Words(start, self._at, token.content)
        else:
            start = self._pass(token.content)
            yield from _without(_TEMPLATE, Words(start, self._at, token.content))

    def _verbatim(self, token: Token) -> Iterator[Words]:
        """The lines of a block of code; of a block inside another each begins where it stands."""
        if token.type == "fence":
            self._at = self._line_after(self._at)
        for line in token.content.splitlines(keepends=True):
            start = self._pass(line.rstrip("\n"))
            yield Words(start, self._at, line)

    def _between_tags(self, token: Token) -> Iterator[Words]:
        first, last = token.map or (0, 0)
        start, end = self._lines[first], min(self._lines[last], len(self._text))
        self._at = end
        for part in _without(_TAG, Words(start, end, self._text[start:end])):
            if stripped := part.text.strip():
                begin = part.start + part.text.index(stripped)
                yield from _without(_TEMPLATE, Words(begin, begin + len(stripped), stripped))

    def _pass(self, written: str) -> int:
        """Go to where this is written next, and past it; where it began. Spaces may differ."""
        at = self._text.find(written, self._at)
        if at < 0 and (words := written.split()):
            pattern = r"\s+".join(map(re.escape, words)).replace(r"\|", r"\\?\|")  # as in a table
            if found := re.compile(pattern).search(self._text, self._at):
                self._at = found.end()
                return found.start()
        if at < 0:  # something of it was written otherwise
            return self._at
        self._at = at + len(written)
        return at

    def _pass_target(self) -> None:
        """Go past where a link or an image leads, if that comes next."""
        if found := _TARGET.match(self._text, self._at):
            self._at = found.end()

    def _line_after(self, offset: int) -> int:
        return self._lines[bisect_right(self._lines, offset)]


def _without(pattern: re.Pattern[str], words: Words) -> Iterator[Words]:
    """The parts of words between what matches."""
    at = 0
    for found in (*pattern.finditer(words.text), None):
        end = found.start() if found else len(words.text)
        if at < end:
            whole = end - at == len(words.text)
            stop = words.end if whole else words.start + end
            yield Words(words.start + at, stop, words.text[at:end])
        at = found.end() if found else end
