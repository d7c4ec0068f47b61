"""A question and what was said before it, to a query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.words import stems

Turn = tuple[str, str]
"""A question and its answer's text."""

_LEANS = re.compile(
    r"\W*(?:and|but|so|also|then|what about|how about)\b"
    r"|.*\b(?:it|its|they|them|their|theirs|this|that|these|those|he|him|his|she|her|hers"
    r"|there|one|ones|such|same|else|others?|another)\b",
    re.IGNORECASE | re.DOTALL,
)
_FEW_WORDS = 2


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        question: The question, as it was asked.
        subject: The question before it, where this one leans on it; "" where it stands alone.
        context: That question with its answer, likewise.
    """

    question: str
    subject: str = ""
    context: str = ""


def query(question: str, history: Sequence[Turn]) -> Query:
    """Add what was said last to a question that cannot be understood without it.

    A question leans on the one before if it opens with "and" or "what about", holds a pronoun, or
    has hardly a word to search for. Of another question nothing is added, so that a change of
    subject is not held back by the old one.
    """
    if not history:
        return Query(question)
    if not _LEANS.match(question) and len(set(stems(question))) >= _FEW_WORDS:
        return Query(question)
    asked, answered = history[-1]
    return Query(question, asked, f"{asked}\n{answered}")


def writable(text: str) -> str:
    """A text without lone surrogates, which a browser can send, and nothing can encode."""
    return text.encode(errors="replace").decode()
