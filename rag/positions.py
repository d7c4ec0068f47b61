"""The records of what several sources say on a question.

Offsets count code points of the documents' texts and spans are half-open, as in ``rag.records``.
"""

from dataclasses import dataclass

from rag.outcomes import FactKind


@dataclass(frozen=True, slots=True)
class Source:
    """A quote of an answer, as one of those that agree or differ.

    Attributes:
        number: The quote's; near-identical quotes of several documents share it.
        document_id: The document that it is from.
        differing: Spans of its document's text: the words in which it differs from others.
    """

    number: int
    document_id: str
    differing: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What one or more sources say, of each document one."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the sources of an answer say: where they agree, and where they differ.

    Attributes:
        positions: In the order of the quotes; quotes about something else are in none.
        differ: In what they differ, as far as their words tell; empty where they only agree.
        newest: The document of the latest date, where the sources differ and more than one has a
            date; it need not be right.
    """

    positions: tuple[Position, ...]
    differ: tuple[FactKind, ...]
    newest: str | None = None
