"""What can be compared of two sentences: numbers, dates, names, negations, and what is quoted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.outcomes import FactKind

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_VALUES = {word: float(value) for value, word in enumerate(_SMALL)} | {
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0,
    "ninety": 90.0, "hundred": 100.0, "dozen": 12.0, "half": 0.5, "twice": 2.0,
}  # fmt: skip
_TIMES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?P<SIGN>[$€£])?(?P<VALUE>\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_VALUES)})\b)"
    r"(?:[ -](?P<TIMES>hundred|thousand|million|billion)\b)?(?P<PERCENT> ?%| per ?cent\b)?"
    r"(?![\w-])",
    re.IGNORECASE,
)
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = "spring summer autumn fall winter".split()
_DATE = re.compile(
    r"\b(?:(?P<YEAR>(?:1[5-9]|20)\d\d)"
    r"|(?P<RELATIVE>(?:this|next|last) year|(?:the )?(?:following|previous|coming) year"
    r"|today|tomorrow|yesterday)"
    rf"|(?P<MONTH>{'|'.join(each.title() for each in _MONTHS)})"
    rf"|(?P<WEEKDAY>{'|'.join(each.title() for each in _DAYS)})"
    rf"|(?P<SEASON>{'|'.join(_SEASONS)}))\b",
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|refus\w+|den(?:y|ies|ied)"
    r"|fail(?:s|ed)? to)\b|n['’]t\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:^|\n|(?<=[;:,.] ))\s*(?:\(\d{1,3}\)|\d{1,3}[.)])\s")
_QUOTED = re.compile(r"[“\"]([^“”\"]{20,})(?:[”\"]|\Z)")
_NAME = re.compile(r"\b[A-Z][\w’'&-]*(?:(?: (?:of|for|the|and|de|von|van) | )[A-Z][\w’'&-]*)*")
_NO_NAME = frozenset(
    "a an the this that these those it they he she we i you in on at by for to of and but or as "
    "when while if there here its their his her our your no yes both all each other two three "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said that another source may say otherwise.

    Attributes:
        value: In a form in which equals are equal: "2024", "three" as "3", a name in small letters.
        part: What kind of date it is, or "%" or a currency; facts of other parts do not compare.
        start: Offset in the text; likewise ``end``.
    """

    kind: FactKind
    value: str
    part: str
    start: int
    end: int


def facts(text: str) -> tuple[Fact, ...]:
    """All facts of a text, by kind and then in their order."""
    dates = tuple(_dates(text))
    taken = [(date.start, date.end) for date in dates]
    taken += [label.span() for label in _LABEL.finditer(text)]  # of items, which count nothing
    numbers = (
        number
        for number in _numbers(text)
        if not any(start < number.end and number.start < end for start, end in taken)
    )
    negations = (
        Fact("negation", "not", "", found.start(), found.end())
        for found in _NEGATION.finditer(text)
    )
    quoted = (Fact("quotation", found[1], "", *found.span(1)) for found in _QUOTED.finditer(text))
    return (*dates, *numbers, *_names(text), *negations, *quoted)


def _dates(text: str) -> Iterator[Fact]:
    for found in _DATE.finditer(text):
        part = (found.lastgroup or "").lower()
        value = found[0].casefold().removeprefix("the ")
        if part == "season":
            value = "autumn" if value == "fall" else value
        yield Fact("date", value, "year" if part == "relative" else part, *found.span())


def _numbers(text: str) -> Iterator[Fact]:
    for found in _NUMBER.finditer(text):
        word = found["VALUE"].casefold()
        if word == "one" and not (found["TIMES"] or found["PERCENT"]):
            continue  # "one of", "no one"
        value = _VALUES.get(word)
        if value is None:
            value = float(word.replace(",", ""))
        value *= _TIMES[found["TIMES"].casefold()] if found["TIMES"] else 1.0
        part = "%" if found["PERCENT"] else found["SIGN"] or ""
        yield Fact("number", f"{value:g}", part, *found.span())


def _names(text: str) -> Iterator[Fact]:
    for found in _NAME.finditer(text):
        words = found[0].split()
        start = found.start()
        while words and words[0].casefold() in _NO_NAME:
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            name = " ".join(words)
            value = re.sub(r"[’']s?\Z", "", name).casefold()
            yield Fact("name", value, "", start, start + len(name))
