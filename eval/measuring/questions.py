"""The question set: one JSON object a line, and when an answer to one of them is right."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from eval.errors import QuestionSetFault
from eval.jsonl import Line, read_lines
from rag.records import Quote
from rag.text.sentences import Span

Half = Literal["tuning", "reporting"]

OWN = Path(__file__).with_name("questions.jsonl")
"""Steward's own question set, over the folder ``seeds``."""

_QUOTE_MARKS = str.maketrans(dict.fromkeys("\"'`´‘’‚‛“”„‟′″«»‹›", "'"))


class Question(Line):
    """A question and what would answer it.

    Attributes:
        id: Its name, unique in the set; decides the half it belongs to.
        question: What is asked.
        history: Earlier turns of the conversation, oldest first: question and answer.
        quotes: Verbatim texts, any one of which answers it; none when it is not answerable.
        documents: Where they stand, for the reader of a report: sources without their suffix.
        answerable: Whether the documents answer it.
        category: What it tries, for the report's table.
        note: Anything worth knowing; read by nobody but people.
    """

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: tuple[tuple[str, str], ...] = ()
    quotes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    answerable: bool
    category: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.answerable and not self.quotes:
            raise ValueError("an answerable question needs at least one of quotes")
        if not self.answerable and self.quotes:
            raise ValueError("a question that is not answerable cannot have quotes")
        if not all(map(fold, self.quotes)):
            raise ValueError("a quote is empty")
        return self


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set.

    Raises:
        QuestionSetFault: When the file cannot be read, a line is not a question, two have the same
            id, or there are none.
    """
    return read_lines(path, Question, QuestionSetFault, "question")


def half_of(id: str) -> Half:
    """The half a question belongs to, by the parity of the SHA-256 of its id.

    So it stays where it is when others come or go. What is chosen or fitted is chosen on the tuning
    half; what is claimed is claimed on the reporting half.
    """
    return "reporting" if hashlib.sha256(id.encode()).digest()[-1] % 2 else "tuning"


def fold(text: str) -> str:
    """A text as it is matched: without case, with single spaces and one kind of quote mark."""
    return " ".join(text.casefold().translate(_QUOTE_MARKS).split())


def holds(texts: Iterable[str], question: Question) -> bool:
    """Whether some text holds one of the question's accepted quotes."""
    wanted = [fold(quote) for quote in question.quotes]
    return any(quote in text for text in map(fold, texts) for quote in wanted)


def shown(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """All that a reader of an answer's quotes sees, those of other documents included."""
    return tuple(seen for quote in quotes for seen in (quote, *quote.also_in))


class Folded:
    """A text folded once, to find quotes in as ``holds`` does."""

    def __init__(self, text: str) -> None:
        folded: list[str] = []
        self._offsets: list[int] = []  # of each folded character, where it comes from
        for match in re.finditer(r"\s+|\S", text):
            piece = " " if match[0].isspace() else fold(match[0])
            folded.append(piece)
            self._offsets += [match.start()] * len(piece)
        self._text = "".join(folded)

    def places(self, quotes: Sequence[str]) -> list[Span]:
        """Spans of the original text that hold one of these quotes."""
        return [
            (self._offsets[match.start()], self._offsets[match.end() - 1] + 1)
            for quote in quotes
            for match in re.finditer(re.escape(fold(quote)), self._text)
        ]
