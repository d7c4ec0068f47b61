"""A block of YAML or TOML to its fields, within limits, since anybody may have written it.

``DEEPEST`` levels, no anchors, aliases and tags. What lies within a field that is neither a scalar
nor a list of scalars is looked at for these limits alone.
"""

import re
import tomllib
from typing import Any, NamedTuple

import yaml

DEEPEST = 8

_DOTTED = re.compile(  # a key for which tomllib takes the square of its length
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST}}}"""
)


class Field(NamedTuple):
    """A value as it is written, None where it is neither a scalar nor a list of them.

    Attributes:
        line: Where its key stands, from 1.
    """

    value: str | tuple[str, ...] | None
    line: int


Fields = dict[str, Field]
"""By key in lower case; one without a value is not among them."""


class Unreadable(ValueError):
    """It is not YAML or TOML."""


class OverLimit(ValueError):
    """It may be YAML or TOML and is not taken."""


def read_yaml(block: str, line: int) -> Fields:
    """The fields, of the parser's events alone: nothing is built of what the block holds.

    A block that is not a mapping has none.

    Args:
        block: The text.
        line: Where in the file it begins, from 1.

    Raises:
        Unreadable, OverLimit: The message completes "this file ..." and names the line.
    """
    loader = None
    try:
        loader = yaml.SafeLoader(block)
        return _Reading(line).fields(loader)
    except yaml.reader.ReaderError as error:
        line += block.count("\n", 0, error.position)
        raise Unreadable(f"has front matter with a control character (line {line})") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or ""
        what += "; a value with a colon in it needs quotation marks" * ("mapping values" in what)
        line += mark.line if mark else 0
        raise Unreadable(f"has front matter that is not YAML (line {line}: {what})") from error
    except (Unreadable, OverLimit):
        raise
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # say "\UFFFFFFFF"
        line += loader.line if loader else 0
        raise Unreadable(f"has front matter that is not YAML (line {line})") from error
    finally:
        if loader:
            loader.dispose()


class _Reading:
    """The fields of a mapping, event by event."""

    def __init__(self, line: int) -> None:
        self._first = line
        self._found: Fields = {}
        self._depth = 0
        self._key: tuple[str, int] | None = None
        self._items: list[str] | None = None

    def fields(self, loader: yaml.SafeLoader) -> Fields:
        while loader.check_event():
            event: Any = loader.get_event()  # type: ignore[no-untyped-call]
            line = event.start_mark.line + self._first
            self._check(event, line)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._depth += 1
                first = self._depth == 2 and isinstance(event, yaml.SequenceStartEvent)
                self._items = [] if first else None
            elif isinstance(event, yaml.CollectionEndEvent):
                self._depth -= 1
                if self._depth == 1:
                    self._put(None if self._items is None else tuple(self._items))
        return self._found

    def _check(self, event: Any, line: int) -> None:
        what = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "with an anchor or alias, & or *"
        elif isinstance(getattr(event, "tag", None), str):
            what = f"with a tag, {event.tag.replace('tag:yaml.org,2002:', '!!')[:40]}"
        elif isinstance(event, yaml.CollectionStartEvent):
            if self._depth == DEEPEST:
                what = f"nested deeper than {DEEPEST} levels"
            elif self._depth == 1 and self._key is None:
                what = "with a key that is no text"
        elif isinstance(event, yaml.DocumentStartEvent) and event.explicit:
            what = "of more than one part"
        if what:
            raise OverLimit(f"has front matter {what} (line {line})")

    def _scalar(self, event: Any, line: int) -> None:
        text = _whole(event.value, line)
        if self._depth == 2 and self._items is not None:
            self._items.append(text)
        elif self._depth == 1 and self._key is None:
            self._key = text, line
        elif self._depth == 1:
            null = event.implicit[0] and text.lower() in ("", "~", "null")
            self._put(text, given=not null)

    def _put(self, value: str | tuple[str, ...] | None, *, given: bool = True) -> None:
        if given and self._key:
            self._found[self._key[0].lower()] = Field(value, self._key[1])
        self._key = None


def _whole(text: str, line: int) -> str:
    r"""A text whose halves of characters, as in "\ud83d\ude00", are put together."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise Unreadable(f"has front matter with half a character (line {line})") from error


def read_toml(block: str, line: int) -> Fields:
    """The fields of TOML; arguments and errors as of ``read_yaml``."""
    deep = _DOTTED.search(block)
    if deep:
        line += block.count("\n", 0, deep.start())
        raise OverLimit(f"has front matter nested deeper than {DEEPEST} levels (line {line})")
    try:
        table = tomllib.loads(block)
    except RecursionError as error:
        raise OverLimit(f"has front matter nested too deep (line {line})") from error
    except ValueError as error:
        said = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", str(error), re.DOTALL)
        what = f"line {line + int(said[2]) - 1}: {said[1]}" if said else f"line {line}: {error}"
        raise Unreadable(f"has front matter that is not TOML ({what})") from error
    return {
        key.lower(): Field(_plain(value), line + _lines_above(key, block))
        for key, value in table.items()
    }


def _plain(value: object) -> str | tuple[str, ...] | None:
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return tuple(map(_written, value))
    return None if isinstance(value, dict | list) else _written(value)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lines_above(key: str, block: str) -> int:
    found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", block, re.MULTILINE)
    return block.count("\n", 0, found.start()) if found else 0
