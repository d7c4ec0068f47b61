"""The headings of a text: those marked in Markdown, questions that stand alone, and short lines.

CommonMark 0.31 (https://spec.commonmark.org/0.31.2/) has two kinds, sections 4.2 and 4.3; people
write others, told here by their shape. Each line is looked at once, and a long one not closely, so
that a hostile text takes no longer than a plain one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

FENCE = re.compile(r" {0,3}(```|~~~)")
"""What opens and closes code in Markdown."""

_BOLD, _SHORT_LINE, _QUESTION = 7, 8, 9  # levels of the unmarked, below the six of Markdown
_LONGEST = 300  # characters; a longer line is text, whatever its marks
_SHORT_WORDS = 10
_QUESTION_WORDS = 30

_HASHES = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|\Z)")
_UNDERLINE = re.compile(r" {0,3}(?:(={2,})|-{3,})\Z")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1:?\Z")
_NO_WORDS_FIRST = re.compile(r"\s*(?:[>|<#\"“‘«]|[-*+•–—·][ \t])")  # said, a table, a tag, a list
_LABEL = re.compile(r"\W{0,3}q(?:uestion)?[ \t]*\d{0,3}[.:)][ \t]*", re.IGNORECASE)
_NUMBER = re.compile(r"\(?\d{1,3}(?:\.\d{1,3}){0,3}[.:)]?[ \t]+")
_ANSWERS = re.compile(r"\W{0,3}(?:a(?:nswer)?[ \t]*\d{0,3}[.:)]|(?:yes|no)\b)", re.IGNORECASE)
_GOES_ON = re.compile(  # ends a line that the next one goes on with
    r"\b(?:to|the|an?|of|with|and|or|that|if|unless|must|may|might|should|shall|will|would|be|than"
    r"|as|your|our|their)\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_ANCHOR = re.compile(r"\{[#.:][^{}]*\}\Z")
_EMPHASIS = re.compile(r"\*+|__+|`+|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what follows, and not what is so.

    Attributes:
        start: Offset of its first character, marks included.
        end: After its last one; of an underlined heading, after the underline.
        text: Its words, without marks.
        level: 1 to 6 as in Markdown; those without a mark are below: in bold, short, asking.
        sure: Whether it is marked, or asks; else it is taken for one by its shape alone.
    """

    start: int
    end: int
    text: str
    level: int
    sure: bool


class Line(NamedTuple):
    """A line from its first character to its last that is not white space."""

    start: int
    end: int
    text: str  # with the white space before it


def headings(text: str) -> tuple[Heading, ...]:
    """All headings of a text, in their order."""
    lines = lines_of(text)
    fenced = _fenced(lines)
    following = _following(lines)
    found: list[Heading] = []
    for number, line in enumerate(lines):
        if number in fenced or not line.text or len(line.text) > _LONGEST:
            continue
        above = lines[number - 1] if number else Line(0, 0, "")
        if found and line.start < found[-1].end:
            continue  # an underline
        begins = not above.text or bool(found and above.start < found[-1].end)
        below = lines[number + 1] if number + 1 < len(lines) else None
        heading = _heading(line, below, following[number], begins=begins)
        if heading:
            found.append(heading)
    return tuple(found)


def path_at(known: Sequence[Heading], offset: int) -> tuple[Heading, ...]:
    """Those of a text's headings that an offset stands below: section, subsection, and so on.

    A heading that begins at the offset is one of them.
    """
    above: tuple[Heading, ...] = ()
    for heading in known:
        if heading.start > offset:
            break
        above = under(above, heading)
    return above


def under(above: Sequence[Heading], heading: Heading) -> tuple[Heading, ...]:
    """What stands above the text below a heading, of what stood above the heading, and it."""
    return *(each for each in above if each.level < heading.level), heading


def lines_of(text: str) -> list[Line]:
    """The lines of a text; one of white space alone has no text."""
    lines, start = [], 0
    for line in text.split("\n"):
        shown = line.rstrip()
        lines.append(Line(start + len(line) - len(line.lstrip()), start + len(shown), shown))
        start += len(line) + 1
    return lines


def with_hashes(line: str) -> tuple[int, str] | None:
    """Level and words of a heading with "#" before it, and maybe after; None of another line."""
    marked = _HASHES.match(line)
    if marked is None:
        return None
    words = line[marked.end() :].strip()
    own = words.rstrip("#")  # "In C#" keeps its own
    return len(marked[1]), own.rstrip() if not own or own[-1].isspace() else words


def plain(line: str) -> str:
    """The words of a line of Markdown: of a link its text, and no marks of emphasis."""
    return " ".join(_EMPHASIS.sub("", _ANCHOR.sub("", _LINK.sub(r"\1", line.strip()))).split())


def unlabelled(heading: str) -> str:
    """A heading's words without "Q3:", "7." or "4.1" before them."""
    return _NUMBER.sub("", _LABEL.sub("", heading, count=1), count=1)


def _fenced(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines of fenced code; a fence that is not closed is none."""
    inside: set[int] = set()
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        if (fence := FENCE.match(line.text)) is None:
            continue
        if opened is None:
            opened = number, fence[1]
        elif fence[1] == opened[1]:
            inside.update(range(opened[0], number + 1))
            opened = None
    return inside


def _following(lines: Sequence[Line]) -> list[str]:
    """Of each line, the next one that is not empty."""
    found, following = [], ""
    for line in reversed(lines):
        found.append(following)
        following = line.text or following
    return found[::-1]


def _heading(line: Line, below: Line | None, following: str, *, begins: bool) -> Heading | None:
    """The heading that a line is.

    Args:
        line: Not empty, and not long.
        below: The next line.
        following: The next one that is not empty.
        begins: Whether nothing stands directly above but a heading.
    """
    if hashed := with_hashes(line.text):
        level, words = hashed
        return _made(line, words, level)
    if below is None:
        return None
    if begins and (underline := _UNDERLINE.match(below.text)):
        # A short rule stands below many a statement, in files that are not quite Markdown.
        states = line.text[-1] in ".,:;!" and "?" not in line.text
        short = not underline[1] and len(below.text) < len(line.text) / 2
        if not _NO_WORDS_FIRST.match(line.text) and not (states and short):
            return _made(line, line.text, 1 if underline[1] else 2, end=below.end)
    if following and (bold := _BOLD_LINE.match(line.text)):
        # In bold may also be what must not be overlooked, which is what is so.
        asks, states = "?" in bold[2], bold[2][-1] in ".,;!"
        if begins and (asks or not states) and len(bold[2].split()) <= _QUESTION_WORDS:
            return _made(line, bold[2], _QUESTION if asks else _BOLD)
    if following and _asks(line.text, below.text, following, begins=begins):
        return _made(line, line.text, _QUESTION)
    if begins and not below.text and _is_short(line.text):
        return _made(line, line.text, _SHORT_LINE, sure=False)
    return None


def _made(
    line: Line, words: str, level: int, *, end: int | None = None, sure: bool = True
) -> Heading | None:
    shown = plain(words)
    return Heading(line.start, end or line.end, shown, level, sure) if shown else None


def _asks(line: str, below: str, following: str, *, begins: bool) -> bool:
    """Whether a line is a question whose answer follows; arguments as of ``_heading``."""
    if line.rstrip("*_")[-1:] != "?" or len(line.split()) > _QUESTION_WORDS:
        return False
    if _LABEL.match(line):
        return True
    if not begins or _NO_WORDS_FIRST.match(line) or following.endswith("?"):
        return False  # said by somebody, or one of several questions in a row
    return not below or bool(_ANSWERS.match(below) or _NUMBER.match(line))


def _is_short(line: str) -> bool:
    return (
        len(line.split()) <= _SHORT_WORDS
        and line[0].isupper()
        and line[-1].isalnum()
        and not _GOES_ON.search(line)
    )
