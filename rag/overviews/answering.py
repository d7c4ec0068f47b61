"""A question about documents as a whole to its answer: quotes that cover them, or what they are."""

import re
import time
from collections.abc import Mapping, Sequence

from rag.index.reading import Index
from rag.overviews.naming import named
from rag.overviews.overview import Overview, of_documents, of_subject
from rag.overviews.requests import KIND, Request
from rag.quoting.unknown import unknown
from rag.records import Answer, Metadata
from rag.text.encoder import Encoder

_THRESHOLD = 0.5
_THE_KIND = re.compile(rf"(?:the|this|that|your|my|our) {KIND}", re.IGNORECASE)


def respond(
    index: Index,
    encoder: Encoder,
    question: str,
    wish: Request,
    documents: Sequence[str] | None,
) -> Answer | None:
    """What is asked for; None where the documents hold nothing of it.

    Args:
        index: Where the documents are.
        encoder: Embeds a subject.
        question: As it was asked.
        wish: What that asks for.
        documents: Ids of the documents that may be used; all where it is None.
    """
    begun = time.perf_counter()
    known = index.documents() if documents is None else tuple(map(index.metadata, documents))
    asked_of = wish.within or wish.subject
    meant = named(asked_of, known) if asked_of else None
    if meant is None and len(known) == 1 and _THE_KIND.fullmatch(asked_of):
        meant = known[0]
    if wish.wish != "overview":
        if not known or (asked_of and meant is None):
            return None
        listed = _newest_first(known) if wish.wish == "dates" else known
        listed = (meant,) if meant else listed
        about = {each.id: each for each in listed}
        return _answer(question, question, Overview((), 1.0, ()), about, begun, listed)
    within = [meant.id] if meant else documents
    if wish.subject and (wish.within or meant is None):
        found = of_subject(index, encoder, wish.subject, within)
    else:
        found = of_documents(index, within)
    if not found.quotes or found.confidence < _THRESHOLD or unknown(found.searched, index.lexical):
        return None
    searched = question.replace(wish.subject, found.searched or wish.subject)
    return _answer(question, searched, found, _documents(index, found), begun)


def _answer(
    question: str,
    searched: str,
    found: Overview,
    documents: Mapping[str, Metadata],
    begun: float,
    catalogue: tuple[Metadata, ...] = (),
) -> Answer:
    return Answer(
        question=question,
        searched=searched,
        quotes=found.quotes,
        confidence=found.confidence,
        threshold=_THRESHOLD,
        perhaps_threshold=_THRESHOLD,
        kind="overview",
        reason=None,
        unknown=(),
        hits=found.hits,
        documents=documents,
        timings={"overview": time.perf_counter() - begun},
        catalogue=catalogue,
    )


def _documents(index: Index, found: Overview) -> dict[str, Metadata]:
    quotes = [each for quote in found.quotes for each in (quote, *quote.also_in)]
    ids = [each.document_id for each in quotes]
    ids += [hit.passage.document_id for hit in found.hits]
    return {id: index.metadata(id) for id in ids}


def _newest_first(known: Sequence[Metadata]) -> tuple[Metadata, ...]:
    """By date, those without one last, else in the order of their sources."""
    return tuple(sorted(known, key=lambda each: each.published or "", reverse=True))
