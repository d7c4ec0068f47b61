"""Front matter: what a file says of itself at its top, by the keys of Jekyll, Hugo and Eleventy.

YAML between two lines of ``---``, or TOML between two of ``+++``, of ``_MOST`` characters at most.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rag.documents.fields import Field, Fields, OverLimit, Unreadable, read_toml, read_yaml
from rag.documents.formats.extracted import LANGUAGE

_MOST = 32_768

_KEYS: Mapping[str, tuple[str, ...]] = {  # of several the first that is of its type
    "title": ("title",),
    "authors": ("authors", "author"),
    "publisher": ("publisher", "site", "site_name"),
    "published": ("published", "date", "lastmod"),
    "description": ("description", "summary"),
    "url": ("url", "permalink", "slug"),
    "language": ("lang", "language"),
    "tags": ("tags", "keywords"),
}
_READ = {key for keys in _KEYS.values() for key in keys}
_OTHERS = (  # not read, and telling front matter from text all the same
    "aliases categories category cover draft id image layout menu params series toc type weight "
    "eleventyNavigation eleventyExcludeFromCollections last_modified_at"
).split()

_FENCE = re.compile(r"(---|\+\+\+)[ \t]*\n(?![ \t]*\n)")  # pandoc takes it for a rule, too, then
_END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_KNOWN = re.compile(
    rf"^[\"']?(?:{'|'.join([*_READ, *_OTHERS])})[\"']?[ \t]*[:=]", re.MULTILINE | re.IGNORECASE
)
_KEY = re.compile(r"[\w-]+[ \t]*(?::\s|=)")

_DAY = re.compile(r"(\d{4})(?:(-\d\d)(?:(-\d\d)(?:[Tt ].*)?)?)?", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s/]\S*|/?[\w.~%-]+(?:/[\w.~%-]+)*/?")
_FOR_THE_SITE = re.compile(  # what these keys say to the program that makes the site
    r"(?:true|false|yes|no|(?:git )?(?:last modified|created))\Z|.*(?:\{\{|\{%|/:)", re.IGNORECASE
)


class Unused(NamedTuple):
    """A field whose value is not of its type, and what it should be."""

    key: str
    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What is read of front matter; fields that ``Metadata`` has too are the same there."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    description: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    unused: tuple[Unused, ...] = ()


def split(text: str) -> tuple[FrontMatter, str]:
    """Take the front matter off a text; one that merely begins with a rule keeps all of it.

    Front matter has an end, no empty line after its first ``---``, and a key that it is known by.

    Raises:
        ValueError: When it cannot be read or is over a limit; the message completes "this file
            ..." and names the line.
    """
    opening = _FENCE.match(text)
    closing = _END[opening[1]].search(text, opening.end()) if opening else None
    if not opening or not closing:
        return FrontMatter(), text
    block = text[opening.end() : closing.start()]
    known = bool(_KNOWN.search(block[:_MOST]))
    try:
        if len(block) > _MOST:
            raise OverLimit(f"has front matter of more than {_MOST:,} characters (line 1)")
        fields = (read_yaml if opening[1] == "---" else read_toml)(block, 2)
    except (Unreadable, OverLimit) as error:
        # Text between two rules need not be YAML; what looks like an attack is none.
        if known or (isinstance(error, OverLimit) and _KEY.match(block)):
            raise
        return FrontMatter(), text
    if not known and not _READ.intersection(fields):
        return FrontMatter(), text
    return _checked(fields), text[closing.end() :]


def one_line(text: str) -> str:
    """A text without line breaks, control characters and doubled spaces."""
    return " ".join(re.sub(r"[\0-\x1f\x7f-\x9f]", " ", text).split())


def _checked(fields: Fields) -> FrontMatter:
    take = _Taking(fields)
    return FrontMatter(
        title=take.one("title", str, "a text"),
        authors=take.several("authors", None),
        publisher=take.one("publisher", str, "a text"),
        published=take.one("published", _day, "a date, as 2021-05-04"),
        description=take.one("description", str, "a text"),
        url=take.one("url", _matching(_ADDRESS), "an address, as https://www.example.org/a"),
        language=take.one("language", _matching(LANGUAGE), "a language, as en or es-MX"),
        tags=take.several("tags", ","),
        unused=tuple(take.unused),
    )


class _Taking:
    """Takes fields by their type, and keeps in mind those that are not of it."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.unused: list[Unused] = []

    def one(self, name: str, read: Callable[[str], str | None], should_be: str) -> str | None:
        for key in _KEYS[name]:
            field = self._fields.get(key, Field("", 0))
            value = one_line(field.value) if isinstance(field.value, str) else None
            if value == "" or (value and read is not str and _FOR_THE_SITE.match(value)):
                continue
            found = read(value) if value else None
            if found:
                return found
            self.unused.append(Unused(key, field.line, f"should be {should_be}"))
        return None

    def several(self, name: str, apart: str | None) -> tuple[str, ...]:
        for key in _KEYS[name]:
            value, line = self._fields.get(key, Field((), 0))
            if isinstance(value, str):
                value = tuple(value.split(apart)) if apart else (value,)
            if value is None:
                self.unused.append(Unused(key, line, "should be a text or a list of texts"))
            found = tuple(filter(None, map(one_line, value or ())))
            if found:
                return found
        return ()


def _day(value: str) -> str | None:
    """The day without its time; or a month, or a year, where there is no more."""
    found = _DAY.fullmatch(value)
    if not found:
        return None
    year, month, day = found.groups("")
    try:
        date.fromisoformat(f"{year}{month or '-01'}{day or '-01'}")
    except ValueError:
        return None
    return f"{year}{month}{day}"


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value if pattern.fullmatch(value) else None
