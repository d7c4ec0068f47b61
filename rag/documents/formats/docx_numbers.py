"""The numbers that Word puts before paragraphs, as "7.4" or "(b)", which no file has as text."""

import re
from typing import Any

from docx.oxml.ns import qn

_LEVELS = 9
_TENS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 100_000


class Numbers:
    """Counts the numbered paragraphs of a document; each is to be asked about once, in order."""

    def __init__(self, document: Any) -> None:
        self._abstract: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # it has none
            return
        for each in numbering.findall(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"))): level for level in each.findall(qn("w:lvl"))}
            self._abstract[each.get(qn("w:abstractNumId"))] = levels
        for each in numbering.findall(qn("w:num")):
            self._lists[each.get(qn("w:numId"))] = each.find(qn("w:abstractNumId")).get(qn("w:val"))

    def of(self, paragraph: Any, style: Any) -> tuple[str, int]:
        """What stands before a paragraph, "•" for any bullet and "" for nothing, and how deep."""
        list_id, depth = _asked(paragraph, style)
        abstract = self._lists.get(list_id, "")
        levels = self._abstract.get(abstract, {})
        if depth not in levels or depth >= _LEVELS:
            return "", 0
        if _value(levels[depth], "w:numFmt", "decimal") == "bullet":
            return "•", depth
        counts = self._counts.setdefault(
            abstract,
            [int(_value(levels[at], "w:start", "1")) - 1 if at in levels else 0 for at in range(9)],
        )
        counts[depth] = min(counts[depth] + 1, _LARGEST)
        for below in range(depth + 1, _LEVELS):
            if below in levels:
                counts[below] = int(_value(levels[below], "w:start", "1")) - 1

        def written(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            kind = _value(levels[at], "w:numFmt", "decimal") if at in levels else "decimal"
            return _written(max(counts[at], 1) if at < depth else counts[at], kind)

        return re.sub(r"%([1-9])", written, _value(levels[depth], "w:lvlText", "")).strip(), depth


def _asked(paragraph: Any, style: Any) -> tuple[str, int]:
    """The list and the level that a paragraph is of, by itself or by its style."""
    holders = [paragraph]
    while style is not None and len(holders) < _LEVELS:
        holders.append(style.element)
        style = style.base_style
    for holder in holders:
        properties = holder.find(qn("w:pPr"))
        numbered = properties.find(qn("w:numPr")) if properties is not None else None
        if numbered is not None:
            return _value(numbered, "w:numId", ""), int(_value(numbered, "w:ilvl", "0"))
    return "", 0


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(qn(name))
    value = found.get(qn("w:val")) if found is not None else None
    return default if value is None else value


def _written(number: int, kind: str) -> str:
    """A number as Word writes it in one of its formats."""
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and number < 4000:
        roman = ""
        for value, sign in _TENS:
            roman += sign * (number // value)
            number %= value
        return roman if kind == "lowerRoman" else roman.upper()
    if kind == "none":
        return ""
    return f"{number:02}" if kind == "decimalZero" else str(number)
