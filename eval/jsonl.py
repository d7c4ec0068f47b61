"""Reading files of one JSON object a line, strictly, with the line of what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import QuestionSetFault, RowsFault


class Record(BaseModel):
    """One line: no key that is not known, no value of another type, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


R = TypeVar("R", bound=Record)


def read_lines(
    path: Path, record: type[R], fault: type[QuestionSetFault] | type[RowsFault]
) -> Iterator[tuple[int, R]]:
    """The records of a file with their line numbers, from 1; blank lines are passed over.

    Raises:
        fault: When the file cannot be read or a line is not such a record.
    """
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
