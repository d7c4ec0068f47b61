"""Reading files of one JSON object a line, strictly, with the line of what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import QuestionSetFault, ResultsFault


class Record(BaseModel):
    """One line: no key that is not known, no value of another type, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Line(Record):
    """A record that is a line of a file, with an id of its own there."""

    id: str


L = TypeVar("L", bound=Line)


def read_lines(
    path: Path, record: type[L], fault: type[QuestionSetFault] | type[ResultsFault], noun: str
) -> tuple[L, ...]:
    """The records of a file, which are each a ``noun``; blank lines are passed over.

    Raises:
        fault: When the file cannot be read, a line is not such a record, two have the same id, or
            there are none.
    """
    records: dict[str, L] = {}
    for number, line in _numbered(path, record, fault):
        if line.id in records:
            raise fault(path, number, f"the id {line.id!r} is taken already")
        records[line.id] = line
    if not records:
        raise fault(path, None, f"holds no {noun}")
    return tuple(records.values())


def _numbered(
    path: Path, record: type[L], fault: type[QuestionSetFault] | type[ResultsFault]
) -> Iterator[tuple[int, L]]:
    """The records with their line numbers, from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fault(path, None, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise fault(path, None, f"is not UTF-8 text (byte {error.start})") from error
    # Not splitlines(): JSON allows U+2028 and the like inside a string.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, record.model_validate_json(line)
        except ValidationError as error:
            raise fault(path, number, _problem(error)) from error


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
