"""Hits to quotes: the one to three sentences that answer, word for word, or none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rag.confidence import Evidence, confidence
from rag.embedding import Encoder, Vectors
from rag.index import Index
from rag.lexical import stems, words
from rag.passages import heading_of, sentences
from rag.records import Hit, Quote

_QUOTES = 3
_WORTH_ADDING = 0.8  # of the best sentence's confidence
_SAME = 0.88  # SequenceMatcher.ratio; the seeds' retold quotations lie above it, others below .7
_FACTS = re.compile(r"\d+|\b(?:no|not|never|none|nor|without)\b|n['’]t\b", re.IGNORECASE)
# Words that ask rather than inform, beside the stop words.
_ASKING = frozenset(stems("many much name tell give please describe explain list"))


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the documents hold on a question, before it is decided whether that is an answer.

    Attributes:
        quotes: Best first.
        confidence: Of the best one; 0 where there is none.
        unknown: The question's informative words, as written, that no document holds.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a hit, with its offsets in the document."""

    document_id: str
    start: int
    end: int
    text: str
    hit: Hit
    confidence: float = 0.0


def extract(
    index: Index, encoder: Encoder, question: str, vector: Vectors, hits: Sequence[Hit]
) -> Extraction:
    """Choose the sentences of the hits that answer a question.

    Args:
        index: Where the hits are from; gives titles and idf.
        encoder: Embeds the sentences.
        question: The question.
        vector: Its embedding, shape (dimensions,).
        hits: The passages to read.
    """
    informative = {stem: index.lexical.idf(stem) for stem in stems(question) if stem not in _ASKING}
    unknown = tuple(
        word
        for word in dict.fromkeys(words(question))
        if not index.lexical.holds(stem := stems(word)[0]) and stem not in _ASKING
    )
    candidates = [candidate for hit in hits for candidate in _candidates(hit)]
    if not candidates or not informative:
        return Extraction((), 0.0, unknown)
    similarities = encoder.encode([candidate.text for candidate in candidates]) @ vector
    absent = sum(map(_is_name, unknown)) / max(1, sum(map(_is_name, words(question))))
    ranked = []
    for candidate, similarity in zip(candidates, similarities.tolist(), strict=True):
        passage = candidate.hit.passage
        title = index.metadata(passage.document_id).title
        evidence = Evidence(
            similarity=max(0.0, similarity),
            coverage=_covered(informative, candidate.text),
            context=_covered(informative, f"{title}\n{passage.heading}\n{passage.text}"),
            retrieval=candidate.hit.score,
            unknown=absent,
        )
        ranked.append(replace(candidate, confidence=confidence(evidence)))
    ranked.sort(key=lambda item: (-item.confidence, item.document_id, item.start))
    return Extraction(_quotes(index, ranked), ranked[0].confidence, unknown)


def _candidates(hit: Hit) -> list[_Candidate]:
    """The passage's sentences; a heading is not a sentence unless there is nothing else."""
    passage = hit.passage
    spans = sentences(passage.text)
    prose = [span for span in spans if heading_of(passage.text, *span) is None] or spans
    return [
        _Candidate(
            document_id=passage.document_id,
            start=passage.start + start,
            end=passage.start + end,
            text=passage.text[start:end],
            hit=hit,
        )
        for start, end in prose
    ]


def _covered(informative: Mapping[str, float], text: str) -> float:
    """Share of the informative stems, weighted, that a text holds."""
    own = set(stems(text))
    return sum(weight for stem, weight in informative.items() if stem in own) / sum(
        informative.values()
    )


def _is_name(word: str) -> bool:
    """Whether a word is a name or a number, as far as its form shows."""
    return word[0].isupper() or word[0].isdigit()


def _quotes(index: Index, ranked: Sequence[_Candidate]) -> tuple[Quote, ...]:
    """The best sentences, those of other documents that say the same gathered under one."""
    groups: list[list[_Candidate]] = []
    for candidate in ranked:
        if candidate.confidence < ranked[0].confidence * _WORTH_ADDING:
            break
        same = next((group for group in groups if _same(group[0].text, candidate.text)), None)
        if same is None and len(groups) < _QUOTES:
            groups.append([candidate])
        elif same and all(candidate.document_id != other.document_id for other in same):
            same.append(candidate)
    return tuple(
        replace(
            _quote(index, group[0], number),
            also_in=tuple(_quote(index, other, number) for other in group[1:]),
        )
        for number, group in enumerate(groups, 1)
    )


def _same(one: str, other: str) -> bool:
    """Whether two sentences are near-identical, with the same numbers and negations."""
    if sorted(_FACTS.findall(one.casefold())) != sorted(_FACTS.findall(other.casefold())):
        return False
    matcher = SequenceMatcher(None, _plain(one), _plain(other), autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _quote(index: Index, candidate: _Candidate, number: int) -> Quote:
    metadata = index.metadata(candidate.document_id)
    pages = sum(1 for start in metadata.page_starts if start <= candidate.start)
    return Quote(
        number=number,
        document_id=metadata.id,
        title=metadata.title,
        start=candidate.start,
        end=candidate.end,
        text=candidate.text,
        sha256=metadata.sha256,
        page=pages or None,
    )
