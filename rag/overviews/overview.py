"""An overview: three to seven quotes that cover all documents, one of them, or a subject."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rag.index.reading import Index
from rag.overviews.covering import centrality, cover
from rag.quoting.gathering import quoted, same_words
from rag.quoting.units import Unit, units
from rag.records import Hit, Passage, Quote
from rag.retrieval.hybrid import retrieve
from rag.retrieval.searching import Found, search
from rag.text.encoder import Encoder, Vectors
from rag.text.words import stems, words

_LEAST, _MOST = 3, 7  # quotes
_FOR_LEAST = 10  # pieces of text that three quotes cover; of twice as many a quote more is shown
_PASSAGES = 1500  # that are looked at; of more, some at equal distances
_COMPARED = 1500  # sentences that are compared, each with each; of more, those of central passages
_FOUND = 30  # passages that are near to a subject
_OF_THE_BEST = 0.4  # relevance; what is further away is not about the subject
_NEAR = 0.33  # relevance of the best piece that makes a confidence of one half
_WORDS = (6, 70)  # of a piece: a shorter one is a scrap, a longer one no overview
_LEANS = re.compile(
    r"\W*(?:this|these|that|those|it|its|they|their|he|she|his|her|such|here|there|however|but|and"
    r"|or|so|also|then|thus|still|yet|instead|moreover|furthermore|in addition|for example|lastly"
    r"|finally|additionally|meanwhile|consequently)\b",
    re.IGNORECASE,
)
_LEANING = 0.75  # factor of what is worth less, since it leans on what stands before it


@dataclass(frozen=True, slots=True)
class Overview:
    """What covers what was asked for.

    Attributes:
        quotes: In the order of the documents and of their texts.
        confidence: By how near the nearest piece is to the subject; 1 where there is none.
        hits: The passages that the quotes are from, or that are nearest to a subject.
        searched: The subject, with mistyped words put right; "" where there is none.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    hits: tuple[Hit, ...]
    searched: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A sentence, or a list with what leads to it, that could be quoted.

    Attributes:
        start: Offset in the document; likewise ``end``.
        vector: Of unit length, shape (dimensions,).
    """

    passage: Passage
    start: int
    end: int
    text: str
    vector: Vectors


def of_documents(index: Index, documents: Collection[str] | None) -> Overview:
    """An overview of some documents, of all where it is None, without regard to a subject."""
    rows = range(len(index.passage_ids)) if documents is None else index.rows_of(documents)
    if not rows:
        return Overview((), 0.0, ())
    passages = _passages(index, rows)
    pieces = _pieces(index, _central(index, passages))
    if not pieces:
        return Overview((), 0.0, ())
    vectors = np.stack([piece.vector for piece in pieces])
    chosen = _chosen(index, pieces, vectors, centrality(vectors))
    distinct = dict.fromkeys(piece.passage for piece in chosen)
    hits = tuple(Hit(passage, 1.0, 1.0, None, None) for passage in distinct)
    return Overview(_quotes(index, chosen, pieces), 1.0, hits)


def of_subject(
    index: Index, encoder: Encoder, subject: str, documents: Collection[str] | None
) -> Overview:
    """An overview of what some documents say on a subject; all where ``documents`` is None."""
    find = partial(retrieve, count=_FOUND, documents=documents)
    found = search(index, encoder, subject, find)
    searched = found.query.question
    passages = [hit.passage for hit in found.hits]
    passages = [each for each in passages if not each.boilerplate] or passages
    pieces = _pieces(index, passages)
    if not pieces:
        return Overview((), 0.0, found.hits, searched)
    vectors = np.stack([piece.vector for piece in pieces])
    relevance = _relevance(index, found, pieces, vectors)
    best = max(float(relevance.max()), 1e-6)
    near = np.flatnonzero(relevance >= best * _OF_THE_BEST)
    pieces, vectors, relevance = [pieces[at] for at in near], vectors[near], relevance[near]
    worth = (centrality(vectors, relevance) + relevance / best) / 2
    chosen = _chosen(index, pieces, vectors, np.asarray(worth, dtype=np.float32))
    confidence = min(best / _NEAR / 2, 1.0)
    return Overview(_quotes(index, chosen, pieces), confidence, found.hits, searched)


def statements(index: Index, documents: Collection[str]) -> list[str]:
    """All that could be quoted of some documents in an overview, in their order."""
    return [piece.text for piece in _pieces(index, _passages(index, index.rows_of(documents)))]


def _passages(index: Index, rows: Sequence[int]) -> list[Passage]:
    step = max(1, -(-len(rows) // _PASSAGES))
    found = index.store.passages([index.passage_ids[row] for row in rows[::step]])
    return [passage for passage in found if not passage.boilerplate] or found


def _central(index: Index, passages: Sequence[Passage]) -> list[Passage]:
    """Those of the passages, in their order, whose sentences can all be compared."""
    of_passages = index.store.sentences([passage.id for passage in passages])
    counts = [len(own.spans) for own in of_passages]
    if sum(counts) <= _COMPARED:
        return list(passages)
    sums = np.stack([own.vectors.sum(axis=0) for own in of_passages])
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    rank = centrality(sums / lengths)
    kept, left = set(), _COMPARED
    for at in np.argsort(-rank, kind="stable").tolist():
        left -= counts[at]
        if left < 0:
            break
        kept.add(at)
    return [passage for at, passage in enumerate(passages) if at in kept]


def _pieces(index: Index, passages: Sequence[Passage]) -> list[_Piece]:
    found = []
    of_passages = index.store.sentences([passage.id for passage in passages])
    for passage, own in zip(passages, of_passages, strict=True):
        spans, vectors = own.spans, own.vectors
        for unit in units(passage.text, spans, "", explanatory=False):
            start, end = spans[unit.first][0], spans[unit.last][1]
            text = passage.text[start:end]
            if _says_something(text, unit):
                vector = vectors[unit.first : unit.last + 1].sum(axis=0)
                vector /= max(float(np.linalg.norm(vector)), 1e-6)
                found.append(
                    _Piece(passage, passage.start + start, passage.start + end, text, vector)
                )
    return found


def _says_something(text: str, unit: Unit) -> bool:
    """Whether a piece is a statement that can be read alone: no scrap, and no question."""
    least, most = _WORDS
    ended = text.rstrip("\"'”’)]*_ ")[-1:] in ".!…" or unit.last > unit.first
    return ended and least <= len(text.split()) <= most and bool(words(text))


def _relevance(index: Index, found: Found, pieces: Sequence[_Piece], vectors: Vectors) -> Vectors:
    """How near each piece is to the subject: the mean of the cosine and the share of its words."""
    rarity = {stem: index.lexical.idf(stem) for stem in stems(found.query.question)}
    cosines = np.maximum(vectors @ found.vector, 0.0)
    whole = sum(rarity.values())
    if not whole:
        return np.asarray(cosines, dtype=np.float32)
    held = [
        sum(rarity[stem] for stem in rarity.keys() & set(stems(piece.text))) / whole
        for piece in pieces
    ]
    return np.asarray((cosines + np.array(held)) / 2, dtype=np.float32)


def _chosen(
    index: Index, pieces: Sequence[_Piece], vectors: Vectors, worth: Vectors
) -> list[_Piece]:
    """The pieces that cover all of them, in the order of the documents and of their texts."""
    leaning = [_LEANING if _LEANS.match(piece.text) else 1.0 for piece in pieces]

    def fits(at: int, taken: Sequence[int]) -> bool:
        return not any(same_words(pieces[at].text, pieces[each].text) for each in taken)

    taken = cover(
        vectors,
        np.asarray(worth * np.array(leaning), dtype=np.float32),
        _count(len(pieces)),
        [piece.passage.document_id for piece in pieces],
        fits,
    )
    chosen = [pieces[at] for at in taken]
    return sorted(chosen, key=lambda piece: (index.row(piece.passage.id), piece.start))


def _quotes(index: Index, chosen: Sequence[_Piece], pieces: Sequence[_Piece]) -> tuple[Quote, ...]:
    """Quotes with their numbers, and with those of other documents that say the same."""
    made = []
    for number, piece in enumerate(chosen, 1):
        others: dict[str, _Piece] = {}
        for other in pieces:
            document = other.passage.document_id
            apart = document != piece.passage.document_id and other not in chosen
            if apart and document not in others and same_words(piece.text, other.text):
                others[document] = other
        also = tuple(_quote(index, other, number) for other in others.values())
        made.append(replace(_quote(index, piece, number), also_in=also))
    return tuple(made)


def _quote(index: Index, piece: _Piece, number: int) -> Quote:
    metadata = index.metadata(piece.passage.document_id)
    return quoted(metadata, (piece.start, piece.end), piece.text, piece.passage.headings, number)


def _count(pieces: int) -> int:
    doubled = np.log2(max(pieces, 1) / _FOR_LEAST)
    return int(min(_MOST, max(_LEAST, _LEAST + round(float(doubled)))))
