"""Headings, paragraphs, lists and tables to Markdown in which every block stands for itself."""

import re
from collections.abc import Sequence

_SPACE = re.compile(r"[ \t\f\v]*\n[ \t\f\v\n]*|[ \t\f\v]+")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_BLOCK_LIKE = re.compile(r"(?=#{1,6}(?:\s|\Z)|```|~~~)", re.MULTILINE)


class Blocks:
    """A text in Markdown, written block by block.

    A block's text is plain: what would be a heading, a fence or a tag in it gets a backslash.
    Paragraphs are not wrapped, so that a line break is one that the file has.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._places: list[tuple[int, str]] = []
        self._in_list = False
        self._next: str | None = None

    @property
    def text(self) -> str:
        """All blocks, a blank line between two that are not items of one list."""
        return "".join(self._parts)

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """As of ``Extracted``."""
        return tuple(self._places)

    def place(self, name: str) -> None:
        """Begin a page, a slide, a row or the like with the next block."""
        self._next = one_line(name)

    def heading(self, level: int, text: str) -> None:
        """Add a heading of level 1 to 6; of one without a word nothing."""
        if words := one_line(text):
            self._add(f"{'#' * min(max(level, 1), 6)} {_escaped(words)}")

    def paragraph(self, text: str) -> None:
        """Add a paragraph; of one without a word nothing."""
        if words := _lines(text):
            self._add(_escaped(words))

    def item(self, text: str, depth: int = 0, number: int | None = None) -> None:
        """Add an item of a list, on one line.

        Args:
            text: Of the item; of one without a word nothing is added.
            depth: How many lists it is inside of, but for its own.
            number: Its number, in a list that has them.
        """
        if words := one_line(text):
            mark = "-" if number is None else f"{number}."
            self._add(f"{'  ' * min(depth, 5)}{mark} {_escaped(words)}", in_list=True)

    def table(self, rows: Sequence[Sequence[str]], *, headed: bool) -> None:
        """Add the rows of a table as items that can each be quoted alone: "header: value; ...".

        Args:
            rows: Their cells.
            headed: Whether the first row says what is in the others; else cells are put side by
                side.
        """
        self._in_list = False
        header = [one_line(cell).rstrip(":") for cell in rows[0]] if headed and rows else []
        for row in rows[1:] if headed else rows:
            self.item(record(header, row))
        self._in_list = False

    def code(self, text: str) -> None:
        """Add lines that are shown as they are; of none with a word nothing."""
        words = _seen(text.expandtabs(4)).strip("\n")
        if words.strip():
            fence = "~~~" if "```" in words else "```"
            self._add(f"{fence}\n{words}\n{fence}")

    def _add(self, block: str, *, in_list: bool = False) -> None:
        if self._parts:
            between = "\n" if in_list and self._in_list else "\n\n"
            self._parts.append(between)
            self._length += len(between)
        if self._next is not None:
            self._places.append((self._length, self._next))
            self._next = None
        self._parts.append(block)
        self._length += len(block)
        self._in_list = in_list


def record(header: Sequence[str], row: Sequence[str]) -> str:
    """A row as words that stand alone: "header: value; header: value"; cells without one as is."""
    cells = [one_line(cell) for cell in row]
    if not header:
        return " | ".join(filter(None, cells))
    names = [*header, *[""] * len(cells)]
    return "; ".join(
        f"{name}: {cell}" if name and name != cell else cell
        for name, cell in zip(names, cells, strict=False)
        if cell
    )


def one_line(text: str) -> str:
    """A text without line breaks, doubled spaces, and characters that are not seen."""
    return _SPACE.sub(" ", _seen(text)).strip(" \n")


def _lines(text: str) -> str:
    """A text without doubled spaces and empty lines; its line breaks stay."""
    return _SPACE.sub(lambda found: "\n" if "\n" in found[0] else " ", _seen(text)).strip(" \n")


def _seen(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", _UNSEEN.sub("", text))


def _escaped(words: str) -> str:
    return _BLOCK_LIKE.sub(r"\\", _TAG_LIKE.sub(r"\\<", words))
