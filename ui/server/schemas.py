"""The schemas of the API's answers, and how they are made of Steward's records.

Offsets count Unicode code points of the document's text and every span is half-open.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rag import records
from rag.outcomes import Kind, Outcome, Reason
from ui.server import source_schemas
from ui.server.api_examples import ANSWER, REFUSAL
from ui.server.feedback import Offer
from ui.server.pages import address
from ui.server.picture_page import of_quote
from ui.wording.answers import beginning, emphasis, message, offered
from ui.wording.answers import prose as in_words
from ui.wording.sources import introduction

_READS = (
    "As people read it, without the signs of Markdown: what stands before the words that answer, "
    "these (empty where bold would say nothing), and what stands after them."
)
_URL = "Where it can be read in its document, relative to the address Steward is served under."

_Known = Mapping[str, records.Metadata]


class Quote(BaseModel):
    """A verbatim piece of a document: `text[start:end]` of the document is `text`."""

    number: int = Field(description="What it is cited by, from 1, best first.")
    document_id: str
    title: str
    source: str = Field(description="The file's path inside the folder it came from.")
    publisher: str | None
    published: str | None
    start: int
    end: int
    text: str
    place: str | None = Field(
        description="As page 12 or slide 3, or the headings above it; else null."
    )
    sha256: str = Field(description="Of the document's text, which names the version quoted.")
    marked: tuple[int, int] | None = Field(
        description="Offsets in the document, within start and end, of the words that answer."
    )
    reads: tuple[str, str, str] = Field(description=_READS)
    page_image: str | None = Field(
        description="Of a PDF, where the page can be seen as it is, the quote marked on it; a "
        "picture, its address relative as that of url."
    )
    also_in: list["Quote"] = Field(description="The same words, nearly, in other documents.")
    url: str = Field(description=_URL)


class Passage(BaseModel):
    """A passage of a document."""

    document_id: str
    title: str
    start: int
    end: int
    text: str


class Nearest(Passage):
    """A passage near to a question that the documents do not answer. It is not an answer."""

    begins: str = Field(description="Its first words, on one line, without the signs of Markdown.")
    url: str = Field(description=_URL)


class Hit(Passage):
    """A passage found."""

    score: float = Field(description="Between 0 and 1; best first.")


class Hits(BaseModel):
    """The passages nearest to what was searched for."""

    hits: list[Hit]


class Sentence(BaseModel):
    """A sentence of the language model that passed the check against the quotes it cites."""

    text: str = Field(description="Plain text, without its citations.")
    cites: list[int] = Field(description="Numbers of the quotes it rests on.")


class Prose(BaseModel):
    """What an optional language model made of the quotes. It is not a quote."""

    sentences: list[Sentence]
    withheld: int = Field(description="Sentences left out, since the quotes do not bear them out.")
    outcome: Outcome
    message: str = Field(description="The outcome in words.")


class Judging(BaseModel):
    """How to say whether an answer helped."""

    id: str = Field(description="The answer's name, for `/api/feedback`.")
    days: int = Field(description="How long what is said is kept.")


class Answer(BaseModel):
    """Quotes that answer the question, or may, or a refusal with its reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER, REFUSAL]})

    question: str
    searched: str = Field(description="Differs from the question where words were mistyped.")
    kind: Kind = Field(
        description="What it is: an `answer`; an `overview`; a `list` of quotes that each hold an "
        "item or all of them; `perhaps`, whose quotes may answer or not; `none`, a refusal without "
        "quotes; `help`, where nothing was asked of the documents."
    )
    answered: bool = Field(description="Whether the quotes surely answer.")
    perhaps: bool = Field(description="Whether the quotes may answer. They are no answer.")
    confidence: float = Field(description="Probability that the quotes answer the question.")
    threshold: float = Field(description="The confidence from which on Steward answers.")
    perhaps_threshold: float = Field(description="Likewise quotes what may answer.")
    reason: Reason | None = Field(description="Why it does not answer.")
    message: str | None = Field(description="What is said instead of an answer.")
    examples: list[str] = Field(description="Of `help`, questions that the documents answer.")
    unknown: list[str] = Field(description="Words of the question that no document holds.")
    quotes: list[Quote]
    prose: Prose | None = Field(description="Null without a model, and of all but an answer.")
    note: str | None = Field(
        description="Of an overview or of documents what it is, in words; null for other answers."
    )
    agreement: source_schemas.Agreement | None = Field(
        description="Null unless several documents answer, and agree or differ."
    )
    catalogue: list[source_schemas.Listed] = Field(
        description="The documents, where these were asked for; then there are no quotes."
    )
    nearest: list[Nearest] = Field(description="Of `none`, what is near; not an answer.")
    milliseconds: int = Field(description="Time that finding and reading took.")
    feedback: Judging | None = Field(description="Null where people are not asked if it helped.")


class Reading(BaseModel):
    """How much is about to be read."""

    passages: int
    documents: int


def answer(
    found: records.Answer, offer: Offer | None = None, examples: Sequence[str] = ()
) -> Answer:
    """An answer, with its prose once that is whole; with an offer, it may be judged.

    Of help it has the examples, questions to begin with.
    """
    return Answer(
        question=found.question,
        searched=found.searched,
        kind=found.kind,
        answered=found.answered,
        perhaps=found.kind == "perhaps",
        confidence=found.confidence,
        threshold=found.threshold,
        perhaps_threshold=found.perhaps_threshold,
        reason=found.reason,
        message=message(found, examples),
        examples=list(examples) if found.kind == "help" else [],
        unknown=list(found.unknown),
        quotes=[_quote(each, found) for each in found.quotes],
        prose=_prose(found.prose),
        note=introduction(found) or None,
        agreement=source_schemas.agreement(found),
        catalogue=[source_schemas.listed(each) for each in found.catalogue],
        nearest=[_nearest(each, found) for each in offered(found)],
        milliseconds=round(1000 * sum(found.timings.values())),
        feedback=Judging(id=offer.key, days=offer.days) if offer else None,
    )


def sentence(found: records.Sentence) -> Sentence:
    """A sentence of the model."""
    return Sentence(text=found.text, cites=list(found.cites))


def reading(stage: records.Retrieved) -> Reading:
    """What is about to be read."""
    return Reading(passages=len(stage.hits), documents=len(stage.documents))


def hits(found: records.Retrieved) -> Hits:
    """What a search found."""
    known = found.documents
    return Hits(hits=[Hit(**_passage(hit.passage, known), score=hit.score) for hit in found.hits])


def _prose(found: records.Prose | None) -> Prose | None:
    if found is None or found.outcome is None:
        return None
    return Prose(
        sentences=[sentence(each) for each in found.sentences],
        withheld=len(found.withheld),
        outcome=found.outcome,
        message=in_words(found),
    )


def _quote(found: records.Quote, of: records.Answer) -> Quote:
    about = of.documents[found.document_id]
    return Quote(
        number=found.number,
        document_id=found.document_id,
        title=found.title,
        source=about.source,
        publisher=about.publisher,
        published=about.published,
        start=found.start,
        end=found.end,
        text=found.text,
        place=found.place,
        sha256=found.sha256,
        marked=found.marked,
        reads=emphasis(of, found),
        page_image=of_quote(about, found.start, found.end),
        also_in=[_quote(other, of) for other in found.also_in],
        url=address(found.document_id, found.start, found.end, found.sha256),
    )


def _nearest(passage: records.Passage, of: records.Answer) -> Nearest:
    return Nearest(
        **_passage(passage, of.documents),
        begins=beginning(of, passage),
        url=address(passage.document_id, passage.start, passage.end),
    )


def _passage(passage: records.Passage, known: _Known) -> dict[str, Any]:
    return {
        "document_id": passage.document_id,
        "title": known[passage.document_id].title,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }
