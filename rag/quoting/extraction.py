"""Hits to quotes: the one to three sentences that answer, word for word, or none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rag.index.reading import Index
from rag.index.store.contract import Sentences
from rag.quoting.confidence import SHIPPED, Evidence, Weights
from rag.quoting.gathering import Candidate, gather, gather_items
from rag.quoting.lists import asks_for_list, whole
from rag.quoting.reader import AnswerSpan, Reader, Reading
from rag.quoting.units import Unit, units
from rag.quoting.unknown import ASKING, unknown
from rag.quoting.windows import headed
from rag.records import Hit, Quote
from rag.retrieval.hybrid import CONTEXT_WEIGHT
from rag.retrieval.searching import Found
from rag.text.encoder import Vectors
from rag.text.words import stems

# Not "how many" or "what year", which one sentence answers.
_EXPLAIN = re.compile(
    r"\W*(?:why|explain|describe|tell|how(?! (?:many|much|old|long|far|tall|high|large|big|often))"
    r"|what(?! (?:number|percent|percentage|amount|age|year|date|day|month|century|time)))\b",
    re.IGNORECASE,
)
_FIRST = 5  # passages read at once; the others are where none of these surely answers
_SURELY = 0.6  # confidence
_UNREAD = -20.0  # margin of a piece beyond what the reader reads of a passage


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the documents hold on a question, before it is decided whether that is an answer.

    Attributes:
        quotes: Best first.
        confidence: Of the best one; 0 where there is none.
        unknown: Words of the question, as written, that say what it is about and that no document
            holds.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """A question, taken apart once for all the sentences it is held against."""

    text: str
    vector: Vectors
    informative: Mapping[str, float]
    by_rarity: Mapping[str, float]
    explanatory: bool


def extract(index: Index, reader: Reader, found: Found, weights: Weights = SHIPPED) -> Extraction:
    """Choose the sentences of the hits that answer a question; arguments as of ``candidates``."""
    ranked = candidates(index, reader, found, weights)
    missing = unknown(found.query.question, index.lexical)
    if not ranked:
        return Extraction((), 0.0, missing)
    if asks_for_list(found.query.question):
        quotes = gather_items(index, ranked, weights, whole)
    else:
        quotes = gather(index, ranked, weights)
    return Extraction(quotes, weights.confidence(ranked[0].evidence), missing)


def candidates(
    index: Index, reader: Reader, found: Found, weights: Weights = SHIPPED
) -> list[Candidate]:
    """All pieces of the hits that could be quoted, best first; none without an informative word.

    Args:
        index: Where the hits are from.
        reader: Reads them.
        found: What to read; the later hits only where the first are weak.
        weights: What makes a piece better than another.
    """
    question, hits = found.query.question, found.hits
    asked = dict.fromkeys(stems(found.query.subject), CONTEXT_WEIGHT) | dict.fromkeys(
        stems(question), 1.0
    )
    informative = {stem: weight for stem, weight in asked.items() if stem not in ASKING}
    if not informative:
        return []
    apart = _Question(
        text=question,
        vector=found.vector,
        informative=informative,
        by_rarity={stem: weight * index.lexical.idf(stem) for stem, weight in informative.items()},
        explanatory=bool(_EXPLAIN.match(question)),
    )
    ranked: list[Candidate] = []
    for some in (hits[:_FIRST], hits[_FIRST:]):
        titled = [(_title(index, hit), hit.passage.text) for hit in some]
        readings = reader.read(question, titled)
        sentences = index.store.sentences([hit.passage.id for hit in some])
        for hit, reading, own in zip(some, readings, sentences, strict=True):
            ranked += _of_hit(index, apart, hit, reading, own)
        surely = any(weights.confidence(each.evidence) >= _SURELY for each in ranked)
        if surely and not asks_for_list(question):
            break
    ranked.sort(
        key=lambda item: (
            not item.asked_above,
            -weights.score(item.evidence),
            item.document_id,
            item.start,
        )
    )
    return ranked


def _title(index: Index, hit: Hit) -> str:
    """What the reader is told of a passage beside its text: document, section, subsection."""
    return headed(index.metadata(hit.passage.document_id).title, hit.passage.headings)


def _of_hit(
    index: Index, question: _Question, hit: Hit, reading: Reading, own: Sentences
) -> list[Candidate]:
    """The pieces of a passage that could be quoted."""
    passage = hit.passage
    spans, vectors = own.spans, own.vectors
    header = "\n".join((index.metadata(passage.document_id).title, *passage.headings, ""))
    pieces = []
    for unit in units(passage.text, spans, question.text, explanatory=question.explanatory):
        first, last = unit.first, unit.last
        start, end = spans[first][0], spans[last][1]
        text = passage.text[start:end]
        window = slice(spans[max(0, first - 1)][0], spans[min(last + 1, len(spans) - 1)][1])
        span = reading.best(start, end)
        evidence = Evidence(
            reading=span.margin if span else _UNREAD,
            similarity=1.0 if unit.asked else _similarity(vectors, unit, question.vector),
            passage_similarity=hit.similarity,
            coverage=_covered(question.informative, text),
            context=_covered(question.by_rarity, header + passage.text[window]),
            passages=len(index.passage_ids),
        )
        pieces.append(
            Candidate(
                passage.document_id,
                passage.start + start,
                passage.start + end,
                text,
                evidence,
                _moved(span, passage.start),
                unit.asked,
                passage.ordinal,
                passage.headings,
            )
        )
    return pieces


def _similarity(vectors: Vectors, unit: Unit, question: Vectors) -> float:
    """Cosine of a question and a piece, or the piece with its heading, whichever is nearer."""
    alone = vectors[unit.first : unit.last + 1].sum(axis=0)
    sums = [alone] if unit.heading is None else [alone, alone + vectors[unit.heading]]
    return max(float(each @ question / np.linalg.norm(each)) for each in sums)


def _moved(span: AnswerSpan | None, by: int) -> tuple[int, int] | None:
    return (span.start + by, span.end + by) if span else None


def _covered(informative: Mapping[str, float], text: str) -> float:
    """Share of the informative stems, weighted, that a text holds."""
    own = set(stems(text))
    held = sum(weight for stem, weight in informative.items() if stem in own)
    return held / sum(informative.values())
