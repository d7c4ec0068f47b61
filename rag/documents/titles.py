"""The title of a document whose front matter gives none: its first heading, or its file's name.

No sentence of the text is ever taken for it.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from rag.documents.front_matter import one_line
from rag.text.headings import FENCE, with_hashes

LONGEST = 300
"""Characters of a title; of a longer one the beginning."""

_FIRST = 4000  # characters of a plain text in which its heading is looked for
_FIRST_LINES = 8
_WORDS = range(3, 21)  # "fbpx" is none, and what is longer is a sentence

_UNDERLINE = re.compile(r" {0,3}(?:(=)=*|--+)[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]")
_TWO_SENTENCES = re.compile(r"\w{3}[.!?][\"'”’)]*\s+[\"“A-Z]")
_NAMELESS = {"index", "_index", "readme"}


def heading_of(
    text: str, is_left_over: Callable[[str], object], *, is_markdown: bool
) -> str | None:
    """The heading that says what a text is about; None where it has none.

    In Markdown it is the first of the first level, or the one heading of the highest level that
    there is: the first of several questions is not the title of all. In plain text it is a line by
    itself, above any sentence, that does not end as one; with a list right below it may.

    Args:
        text: The document's text.
        is_left_over: Whether a line is one of a web page's around the article.
        is_markdown: Whether its headings are marked.
    """
    if is_markdown:
        return _markdown(text)
    return _plain(text, is_left_over)


def name_of(source: str) -> str:
    """A file's name as people read it: "minutes/2024-05_board.txt" is "2024 05 board"."""
    path = PurePosixPath(source)
    stem = path.stem
    if stem.lower() in _NAMELESS and path.parent.name:
        stem = path.parent.name
    words = re.sub(r"[\W_]+", " ", stem).strip()
    return words[:1].upper() + words[1:] or source


def shortened(title: str) -> str:
    """A title on one line, and no longer than ``LONGEST``."""
    title = one_line(title[: 4 * LONGEST])
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"


def _markdown(text: str) -> str | None:
    found: dict[int, list[str]] = {}
    for level, title in _headings(text):
        if level == 1:
            return title
        found.setdefault(level, []).append(title)
    highest = found[min(found)] if found else []
    return highest[0] if len(highest) == 1 else None


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """The headings of Markdown, ATX and setext, with their levels."""
    fence = ""
    before, above = "", ""  # the line before, and the one before that
    for line in text.split("\n"):
        fenced = FENCE.match(line)
        if fence:
            fence = "" if fenced and fenced[1] == fence else fence
            line = ""
        elif fenced:
            fence, line = fenced[1], ""
        elif hashed := with_hashes(line):
            if hashed[1]:
                yield hashed
            line = ""
        elif before[:1].isalnum() and not above and not _ITEM.match(before):
            underline = _UNDERLINE.fullmatch(line)
            if underline:
                yield 1 if underline[1] else 2, before
        before, above = line.strip() if line[:4].strip() else "", before


def _plain(text: str, is_left_over: Callable[[str], object]) -> str | None:
    lines = [line.strip() for line in text[:_FIRST].split("\n")]
    seen = 0
    for number, line in enumerate(lines):
        if not line:
            continue
        above = lines[number - 1] if number else ""
        below = lines[number + 1] if number + 1 < len(lines) else ""
        listed = bool(_ITEM.match(below))
        alone = not above and (not below or listed or _UNDERLINE.fullmatch(below))
        if alone and _is_heading(line, opens_list=listed and not seen) and not is_left_over(line):
            return line.removesuffix(".")
        seen += 1
        if seen == _FIRST_LINES or line[-1] in ".!?" or len(line.split()) not in range(_WORDS.stop):
            return None  # this is text already
    return None


def _is_heading(line: str, *, opens_list: bool) -> bool:
    """Whether a line reads as a heading: some words, no bullet, and not one or two sentences."""
    if len(line.split()) not in _WORDS or not line[0].isalnum() or _ITEM.match(line):
        return False
    return line[-1] not in (":;,!" if opens_list else ":;,!.") and not _TWO_SENTENCES.search(line)
