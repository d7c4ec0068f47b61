"""A question and what was said before it, to a query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.words import stems

Turn = tuple[str, str]
"""A question and its answer's text."""

# Words that point to nothing: "is it true that", "is there", "the deal that was signed".
_POINTS_NOWHERE = re.compile(
    r"\b(?:is|was) it (?:true|correct|right|possible|likely|the case)(?: that)?\b"
    r"|\b(?:is|are|was|were|will|has|have) there\b|\bthere (?:is|are|was|were|will|has|have)\b"
    r"|(?<=\w)(?<!\bis)(?<!\bwas)(?<!\bare)(?<!\bdo)(?<!\bdoes)(?<!\bdid)(?<!\bwill)(?<!\bcan)"
    r"(?<!\bof)(?<!\bfor)(?<!\bto)(?<!\bin)(?<!\bon)(?<!\bat)(?<!\bby)(?<!\bwith)(?<!\bfrom)"
    r"(?<!\babout)(?<!\bafter)(?<!\bbefore)(?<!\bwhy)(?<!\bhow)(?<!\band) that(?= \w)"
    r"|\bone of\b|\bat the same time\b",
    re.IGNORECASE,
)
# "What did Microsoft say of its plans?" says itself whose.
_OWN = re.compile(r"(?<=\s)([A-Z][\w’'&.-]*.*?)\b(?:its|his|her|their)\b")
_LEANS = re.compile(
    r"\W*(?:and|but|so|also|then|what about|how about|tell me more|go on)\b"
    r"|.*\b(?:it|its|they|them|their|theirs|this|that|these|those|he|him|his|she|her|hers"
    r"|there|one|ones|such|same|else|others?|another)\b",
    re.IGNORECASE | re.DOTALL,
)
_FEW_WORDS = 2
_FURTHEST = 4  # turns


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        question: The question, as it was asked.
        subject: The questions before it that it leans on, oldest first; "" where it stands alone.
        context: These with the last answer, likewise.
    """

    question: str
    subject: str = ""
    context: str = ""


def query(question: str, history: Sequence[Turn]) -> Query:
    """Add what was said before to a question that cannot be understood without it.

    A question leans on the one before if it opens with "and" or "what about", holds a pronoun, or
    has hardly a word to search for; and where that one leans too, on the one before that as well,
    until one stands alone. Of another question nothing is added, so that a change of subject is not
    held back by the old one.
    """
    if not history:
        return Query(question)
    if not _leans(question) and len(set(stems(question))) >= _FEW_WORDS:
        return Query(question)
    asked, answered = history[-1]
    chain = [asked]
    for earlier, _ in reversed(history[-_FURTHEST:-1]):
        if not _leans(chain[0]) and stems(chain[0]):
            break
        chain.insert(0, earlier)
    subject = "\n".join(chain)
    return Query(question, subject, f"{subject}\n{answered}")


def _leans(question: str) -> bool:
    """Whether a question points to what was said before."""
    apart = _OWN.sub(r"\1", _POINTS_NOWHERE.sub(" ", question))
    return bool(_LEANS.match(apart))


def writable(text: str) -> str:
    """A text without lone surrogates, which a browser can send, and nothing can encode."""
    return text.encode(errors="replace").decode()
