"""Lines of a log: text for people, or on request an object of JSON each, for what gathers logs."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

_forms: list[str] = []


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with what led to a defect as one text in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        more = {"exception": self.formatException(record.exc_info)} if record.exc_info else {}
        at = datetime.fromtimestamp(record.created, UTC)
        return line(record.levelname.lower(), record.getMessage(), at, logger=record.name, **more)


def line(level: str, message: str, at: datetime | None = None, **more: str) -> str:
    """An object of JSON, in ASCII, so that nothing in it steers a terminal or ends the line."""
    time = (at or datetime.now(UTC)).isoformat(timespec="milliseconds")
    return json.dumps({"time": time, "level": level, "message": message, **more})


def in_json() -> bool:
    """Whether whatever is said is to be said so."""
    return _forms[-1:] == ["json"]


@contextmanager
def logged(form: Literal["text", "json"]) -> Iterator[None]:
    """Have whatever is said and logged be lines of this form until the block ends."""
    root, handler = logging.getLogger(), logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.setLevel(logging.WARNING)
    _forms.append(form)
    if form == "json":
        root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        _forms.pop()
