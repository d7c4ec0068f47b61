"""What a text claims that can be looked up: its names, numbers and dates, each in one form.

Numbers: "1,000", "one thousand" and "1000" are one; "5%" and "5 percent"; "$5m" and "five million
dollars"; "1st" and "first". What a number counts in (percent, a currency, a rank) belongs to it.
Dates: "January 5, 2021", "5th of January 2021", "Jan. 5" and "2021-01-05", with the parts they
have. Names: runs of words with a capital letter, joined by "of" at most.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Number = tuple[Decimal, str]
"""A value and what it counts in: "" for things, "%", a currency's sign, or "th" for a rank."""

Name = tuple[str, ...]

_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
MONTHS = (
    "january february march april may june july august september october november december".split()
)
_SHORT_MONTHS = [month[:3] for month in MONTHS]
MONTH_NAMES = frozenset({*MONTHS, *_SHORT_MONTHS, "sept"})
"""Months in lower case, which are dates or parts of dates rather than names."""
_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b{_MONTH} {_DAY}(?:,? {_YEAR})?(?![\w%]|[.,:/-]?\d)",
        rf"\b{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?(?!\w)",
        rf"\b{_MONTH},? (?:of )?{_YEAR}(?!\w)",
    )
)

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {
    **{"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6},
    **{"billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12},
}
_WORTH = {word: value for value, word in enumerate(_SMALL)}
_WORTH |= {word: 10 * value for value, word in enumerate(_TENS, 2)} | {"dozen": 12}
_RANKS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_RANKS |= {
    f"{word}th": value
    for word, value in _WORTH.items()
    if word in _SMALL and f"{word}th" not in ("eightth", "nineth", "zeroth") and value > 3
}
_CURRENCIES = {"$": "$", "dollar": "$", "€": "€", "euro": "€", "£": "£", "pound": "£"}

_WORDED = "|".join(sorted([*_WORTH, *_RANKS, "hundred", *list(_SCALES)[:1]], key=len, reverse=True))
_FIGURE = r"(?P<figure>(?<![\w.,])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,])-?\d+(?:\.\d+)?)"
_WORDS = rf"(?P<words>\b(?:{_WORDED})(?:(?:-| and | )(?:{_WORDED}))*\b)"
_NUMBER = re.compile(
    rf"(?P<sign>[$€£]) ?{_FIGURE}"
    r"(?P<scale>(?: |-)?(?:thousand|million|billion|trillion)\b|(?:k|m|mn|bn|b)\b)?"
    rf"|(?:{_FIGURE.replace('figure', 'count')}(?P<rank>st|nd|rd|th)?|{_WORDS})"
    r"(?P<by>(?: |-)(?:thousand|million|billion|trillion)\b)?"
    r"(?P<unit> ?%| ?percent\b| per cent\b| percentage points?\b| dollars?\b| euros?\b| pounds?\b)?"
    r"(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_WITH_DIGIT = re.compile(r"[^\s\"()\[\];]*\d[^\s\"()\[\];]*")


@dataclass(frozen=True, slots=True)
class Date:
    """A date, or the parts of it that are said."""

    year: int | None
    month: int
    day: int | None

    def within(self, other: "Date") -> bool:
        """Whether the other one says all that this one says."""
        return (
            self.month == other.month
            and self.day in (None, other.day)
            and self.year in (None, other.year)
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text claims.

    Attributes:
        dates: Its dates.
        numbers: Its numbers, those of dates left out.
        codes: Words with a digit that are no number, as "5g" or "4.1.2", in lower case.
    """

    dates: tuple[Date, ...]
    numbers: frozenset[Number]
    codes: frozenset[str]


def plain(text: str) -> str:
    """A text with one kind of dash and quotation mark, single spaces, and no other niceties."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).split())


def tokens(text: str) -> list[str]:
    """Words, without 's, and marks, as they are written."""
    return [re.sub(r"'[sS]$", "", token) for token in _TOKEN.findall(text)]


def claims(text: str) -> Claims:
    """The dates, numbers and codes of a text, which is ``plain``."""
    dates, rest = _dates(text)
    numbers, rest = _numbers(rest)
    # Of a number that ends a sentence, or stands in brackets, the mark is none of its own.
    codes = frozenset(code.strip(".,:!?'").casefold() for code in _WITH_DIGIT.findall(rest))
    return Claims(tuple(dates), frozenset(numbers), codes)


def names(words: list[str]) -> Iterator[tuple[int, Name]]:
    """Each run of words with a capital letter, with its place among the tokens of a text."""
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and _is_name(words[end]):
            end += 1
            joined = words[end : end + 2]
            while len(joined) == 2 and joined[0] in ("of", "-", "&") and _is_name(joined[1]):
                end += 2
                joined = words[end : end + 2]
        if end > start:
            yield start, tuple(words[start:end])
        start = max(end, start + 1)


def _is_name(word: str) -> bool:
    return any(letter.isupper() for letter in word)


def _dates(text: str) -> tuple[list[Date], str]:
    """The dates, and the text without them."""
    found = []

    def take(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts["month"]
        number = int(month) if month.isdigit() else _SHORT_MONTHS.index(month[:3].lower()) + 1
        year, day = parts.get("year"), parts.get("day")
        found.append(Date(int(year) if year else None, number, int(day) if day else None))
        return " ; "

    for pattern in _DATES:
        text = pattern.sub(take, text)
    return found, text


def _numbers(text: str) -> tuple[set[Number], str]:
    found: set[Number] = set()

    def take(match: re.Match[str]) -> str:
        found.add(_number(match))
        return " ; "

    return found, _NUMBER.sub(take, text)


def _number(match: re.Match[str]) -> Number:
    parts = match.groupdict()
    if parts["sign"]:
        scale = (parts["scale"] or "").strip(" -").lower()
        return _value(parts["figure"]) * _SCALES.get(scale, 1), _CURRENCIES[parts["sign"]]
    unit = (parts["unit"] or "").strip().lower()
    if parts["count"]:
        value, kind = _value(parts["count"]), "th" if parts["rank"] else ""
    else:
        value, kind = _worded(re.split(r"[- ]", parts["words"].lower()))
    value *= _SCALES.get((parts["by"] or "").strip(" -").lower(), 1)
    if unit:
        kind = _CURRENCIES.get(unit.rstrip("s"), "%")
    return value, kind


def _value(figure: str) -> Decimal:
    return Decimal(figure.replace(",", ""))


def _worded(parts: list[str]) -> Number:
    """The value of number words: "two hundred and five" is 205."""
    total, current, kind = 0, 0, ""
    for part in parts:
        if part == "hundred":
            current = max(current, 1) * 100
        elif part == "thousand":
            total += max(current, 1) * 1000
            current = 0
        elif part in _RANKS:
            current, kind = current + _RANKS[part], "th"
        else:
            current += _WORTH.get(part, 0)
    return Decimal(total + current), kind
