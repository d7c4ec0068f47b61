"""A text in Markdown as plain words, where there is one run of text, as of a quote."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ui.wording.markdown import Element, Words, elements, parts

_PARAGRAPHS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre"})
_ROW = re.compile(r"\s*\|[^\n]*\|\s*")
_EDGES = "| \t\n"
_BLOCKS = _PARAGRAPHS | {"li", "tr", "br"}


def read(text: str, start: int = 0, end: int = 0) -> tuple[str, str, str]:
    """A text in Markdown in one run of words: before a span of it, in the span, and after it.

    Each paragraph, item and row has a line of its own. Where nothing of the text is to be seen, it
    is given as it is.
    """
    pieces = _joined(_lines(elements(text)), start, end)
    if not "".join(pieces).strip(_EDGES):
        return text[:start], text[start:end], text[end:]
    return _as_row(pieces) if _ROW.fullmatch(text) else pieces


def _as_row(pieces: tuple[str, str, str]) -> tuple[str, str, str]:
    """A row without its table, which Markdown does not take for one, as rows are shown."""
    whole = "".join(pieces)
    first, last = len(whole) - len(whole.lstrip(_EDGES)), len(whole.rstrip(_EDGES))
    one, other = (min(max(at, first), last) for at in accumulate(map(len, pieces[:2])))
    return whole[first:one], whole[one:other], whole[other:last]


def excerpt(text: str, start: int, end: int, within: tuple[int, int]) -> tuple[str, str, str]:
    """Likewise what stands between two other offsets, with an empty line between paragraphs."""
    return _joined(_clipped(_lines(elements(text), between="\n\n"), *within), start, end)


def _joined(lines: Iterable[Words | str], start: int, end: int) -> tuple[str, str, str]:
    pieces = ["", "", ""]
    place, apart = 0, ""  # which piece grows, and what sets the words to come apart from it
    for each in lines:
        if isinstance(each, str):
            apart += each if any(pieces) else each.strip("\n")
            continue
        for number, part in enumerate(parts(each, start, end)):
            if part:
                between = place if number in (place, 1) else number  # not marked, at a border
                pieces[between] += apart
                pieces[number] += part
                place, apart = number, ""
    return pieces[0], pieces[1], pieces[2]


def _clipped(lines: Iterable[Words | str], first: int, last: int) -> Iterator[Words | str]:
    """The words between two offsets, and what sets those apart."""
    lead: list[str] = []
    for each in lines:
        if isinstance(each, str):
            lead.append(each)
            continue
        held = parts(each, first, last)[1]
        if held:
            yield from lead
            yield Words(max(each.start, first), min(each.end, last), held)
        lead.clear()


def _lines(
    shown: Sequence[Element | Words], *, between: str = "\n", in_item: bool = False
) -> Iterator[Words | str]:
    """Words in their order, with what sets their lines apart."""
    for place, each in enumerate(shown):
        if isinstance(each, Words):
            yield each
            continue
        if each.tag in _BLOCKS and not (in_item and place == 0):
            yield between if each.tag in _PARAGRAPHS else "\n"
        if each.tag == "li":
            yield "• "
        elif each.tag in ("td", "th") and place:
            yield " | "
        yield from _lines(each.children, between=between, in_item=each.tag == "li")
