"""Tables of a page to rows of words, in which a cell stands in every row and column it spans."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

_WIDEST = 100  # columns or rows that a cell spans


def cells(table: LexborNode, words: Callable[[LexborNode], str]) -> tuple[list[list[str]], bool]:
    """The words of a table's cells row by row, and whether the first row says what they are."""
    rows = table.css("tr")
    nodes = [[each for each in row.iter() if each.tag in ("td", "th")] for row in rows]
    heads = bool(nodes) and bool(nodes[0]) and all(each.tag == "th" for each in nodes[0])
    headed = len(rows) > 1 and (heads or table.css_first("thead tr") is not None)
    down: dict[int, tuple[int, str]] = {}
    return [_filled(row, down, words) for row in nodes], headed


def whole_number(node: LexborNode, name: str) -> int:
    """A whole number that is an attribute; 1 where there is none."""
    given = node.attributes.get(name) or ""
    return int(given) if re.fullmatch(r"[1-9]\d{0,5}", given) else 1


def _filled(
    row: list[LexborNode], down: dict[int, tuple[int, str]], words: Callable[[LexborNode], str]
) -> list[str]:
    """The words of a row; ``down`` is what reaches into it, and then into the next, by column."""
    filled: list[str] = []

    def carry() -> None:
        while len(filled) in down:
            left, said = down.pop(len(filled))
            if left > 1:
                down[len(filled)] = left - 1, said
            filled.append(said)

    for cell in row:
        carry()
        said, deep = words(cell), min(whole_number(cell, "rowspan"), _WIDEST)
        for _ in range(min(whole_number(cell, "colspan"), _WIDEST)):
            if deep > 1:
                down[len(filled)] = deep - 1, said
            filled.append(said)
    carry()
    return filled
