"""A passage as the fields of a record, and back: what engines know are numbers and lines."""

from typing import Any

from rag.records import Passage


def fields(passage: Passage) -> dict[str, str | int | bool]:
    """All of a passage but its text."""
    return {
        "document_id": passage.document_id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "headings": "\n".join(passage.headings),  # each is a line
        "boilerplate": passage.boilerplate,
    }


def passage(text: str, record: Any) -> Passage:
    """The passage of this text that these fields were of; there may be others beside them."""
    return Passage(
        document_id=record["document_id"],
        ordinal=record["ordinal"],
        start=record["start"],
        end=record["end"],
        text=text,
        headings=tuple(record["headings"].split("\n")) if record["headings"] else (),
        boilerplate=record["boilerplate"],
    )
