"""What a run leaves of each question: ``rows.jsonl``."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from eval.errors import RowsFault
from eval.jsonl import Line, Record, read_lines


class Span(Record):
    """A quote: ``document.text[start:end] == text``."""

    document_id: str
    start: int
    end: int
    text: str


class Row(Line):
    """One question's result.

    Attributes:
        id: The question's.
        answered: Whether Steward answered at the threshold of the run.
        confidence: Probability that the quotes answer the question.
        quotes: What was shown, best first; empty when not answered.
        milliseconds: From question to answer, wall clock.
        withheld: Of a refusal, what a threshold of 0 would have shown.
        rank: Of the first passage that holds an accepted quote, from 1; 0 when none of the passages
            read does; None when the question is not answerable, or the run did not say.
        reason: Of a refusal, why.
    """

    answered: bool
    confidence: float = Field(ge=0, le=1)
    quotes: tuple[Span, ...]
    milliseconds: float = Field(ge=0)
    withheld: tuple[Span, ...] = ()
    rank: int | None = None
    reason: str | None = None

    @property
    def candidates(self) -> tuple[Span, ...]:
        """What was shown, or would have been at a threshold of 0."""
        return self.quotes or self.withheld


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write one object a line."""
    path.write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read the rows of a run; raises RowsFault."""
    return read_lines(path, Row, RowsFault, "row")
