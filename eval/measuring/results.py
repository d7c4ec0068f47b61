"""What a run leaves of each question: ``rows.jsonl``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import Field

from eval.errors import ResultsFault
from eval.jsonl import Line, Record, read_lines
from rag.records import Quote


class QuotedSpan(Record):
    """What was quoted: ``document.text[start:end] == text``."""

    document_id: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """Of a quote what a result keeps."""
        return cls(document_id=quote.document_id, start=quote.start, end=quote.end, text=quote.text)


class QuestionResult(Line):
    """One question's result: one line of the file.

    Attributes:
        id: The question's.
        answered: Whether Steward answered at the threshold of the run.
        perhaps: Whether it quoted what may answer instead.
        confidence: Probability that the quotes answer the question.
        quotes: What was shown, best first; empty when not answered.
        milliseconds: From question to answer, wall clock.
        withheld: Where it did not, what a threshold of 0 would have shown.
        rank: Of the first passage that holds an accepted quote, from 1; 0 when none of the passages
            read does; None when the question is not answerable, or the run did not say.
        reason: Where it did not, why.
    """

    answered: bool
    confidence: float = Field(ge=0, le=1)
    quotes: tuple[QuotedSpan, ...]
    milliseconds: float = Field(ge=0)
    withheld: tuple[QuotedSpan, ...] = ()
    perhaps: bool = False
    rank: int | None = None
    reason: str | None = None

    @property
    def candidates(self) -> tuple[QuotedSpan, ...]:
        """What was shown, or would have been at a threshold of 0."""
        return self.quotes or self.withheld


def write_results(path: Path, results: Iterable[QuestionResult]) -> None:
    """Write one object a line."""
    path.write_text(
        "".join(f"{result.model_dump_json()}\n" for result in results), encoding="utf-8"
    )


def read_results(path: Path) -> tuple[QuestionResult, ...]:
    """Read the results of a run; raises ResultsFault."""
    return read_lines(path, QuestionResult, ResultsFault, "row")
