"""What is kept of those who ask: questions, what people said of the answers, and cases made of it.

None of it says who asked: there is no address, no name and no cookie in it.
"""

from dataclasses import dataclass

import numpy as np

from rag.outcomes import Kind
from rag.records import Answer
from rag.retrieval.query import Turn
from rag.text.encoder import FINGERPRINT, QUESTION_WEIGHTS_SHA256

MODEL = f"{FINGERPRINT}, questions {QUESTION_WEIGHTS_SHA256[:16]}"
"""Names what makes vectors of questions; those of different names do not compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what came of it.

    Attributes:
        at: When, in seconds since 1970.
        question: As it was asked.
        kind: What the answer is.
        confidence: The answer's.
        milliseconds: From its arrival to the answer, waiting included.
        quotes: Ids of the quotes shown: the document's, and the offsets, as "3f1c5d0a9b7e:60-94".
        tags: Those that the documents had to bear.
        nearest: Of a refusal, the title of the document that came nearest; "" where none did.
        vector: Of a refusal, what was searched for, as of ``Answer``.
        model: Whose vector it is.
    """

    at: float
    question: str
    kind: Kind
    confidence: float
    milliseconds: int
    quotes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    nearest: str = ""
    vector: bytes = b""
    model: str = MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A quote as it was shown."""

    document_id: str
    title: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody said of an answer or a refusal.

    Attributes:
        key: Names the answer, so that a second verdict on it takes the place of the first.
        at: When.
        question: As it was asked.
        history: The questions before it with their answers' texts, oldest first.
        kind: As of ``Asked``; likewise what has the same name there.
        quotes: The answer as it was.
        helped: The verdict.
        words: What was wrong, or what they know better; "" where nothing was said.
        logged: Whether the question is in the log as well.
    """

    key: str
    at: float
    question: str
    history: tuple[Turn, ...]
    kind: Kind
    confidence: float
    quotes: tuple[Shown, ...]
    helped: bool
    words: str
    nearest: str
    vector: bytes
    logged: bool
    model: str = MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with what answers it, for a question set.

    Attributes:
        history: As of ``Verdict``.
        quote: Words of a document that answer it; None where the documents do not.
        source: The document's; "" where there is none.
    """

    question: str
    history: tuple[Turn, ...]
    quote: str | None
    source: str


def nearest(answer: Answer) -> str:
    """The title of the document that came nearest to a question that was not answered."""
    articles = (hit.passage for hit in answer.hits if not hit.passage.boilerplate)
    first = next(articles, None) if answer.kind == "none" else None
    return answer.documents[first.document_id].title if first else ""


def vector(answer: Answer) -> bytes:
    """A question's vector as half floats, lowest byte first."""
    return np.array(answer.vector, dtype="<f2").tobytes()


def asked(answer: Answer, tags: tuple[str, ...], at: float, seconds: float) -> Asked:
    """What is kept of a question once it is answered or refused."""
    return Asked(
        at=at,
        question=answer.question,
        kind=answer.kind,
        confidence=answer.confidence,
        milliseconds=round(1000 * seconds),
        quotes=tuple(f"{each.document_id}:{each.start}-{each.end}" for each in answer.quotes),
        tags=tags,
        nearest=nearest(answer),
        vector=vector(answer) if answer.kind == "none" else b"",
    )


def shown(answer: Answer) -> tuple[Shown, ...]:
    """The quotes of an answer, as they are shown."""
    return tuple(
        Shown(
            document_id=each.document_id,
            title=each.title,
            start=each.start,
            end=each.end,
            text=each.text,
        )
        for each in answer.quotes
    )
