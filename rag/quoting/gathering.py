"""The best pieces of the hits to quotes: those that say the same are gathered under one."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile

from rag.documents.places import place_below
from rag.index.reading import Index
from rag.quoting.confidence import Evidence, Weights
from rag.records import Metadata, Quote
from rag.text.sentences import Span
from rag.text.words import stems

_QUOTES = 3
_WORTH_ADDING = 0.4  # of the best confidence; eval/README.md has what other shares give
_ITEMS = 10
_SAME = 0.88  # SequenceMatcher.ratio; the seeds' retold quotations lie above it, others below .7
_FACTS = re.compile(r"\d+|\b(?:no|not|never|none|nor|without)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of a hit, a sentence or a few, with its offsets in the document.

    Attributes:
        marked: Offsets in the document of the words in it that the reader would give as the answer.
        asked_above: Whether it is what stands below a heading that asks the question in its words.
        ordinal: Of the passage that it is from.
        headings: Those above it, as of ``Passage``.
    """

    document_id: str
    start: int
    end: int
    text: str
    evidence: Evidence
    marked: tuple[int, int] | None
    asked_above: bool = False
    ordinal: int = 0
    headings: tuple[str, ...] = ()


def gather(index: Index, ranked: Sequence[Candidate], weights: Weights) -> tuple[Quote, ...]:
    """The best pieces as quotes, those of other documents that say the same gathered under one."""
    groups: list[list[Candidate]] = []
    for candidate in _worth_adding(ranked, weights):
        _add(groups, candidate, most=_QUOTES)
    return _numbered(index, groups)


def gather_items(
    index: Index,
    ranked: Sequence[Candidate],
    weights: Weights,
    whole: Callable[[Index, Candidate], Sequence[Candidate]],
) -> tuple[Quote, ...]:
    """Likewise the items of a list: each piece that names another one, or is another document's.

    Args:
        index: Where the pieces are from.
        ranked: Best first.
        weights: What makes one better than another.
        whole: A piece, or the list that it is of, as pieces.
    """
    groups: list[list[Candidate]] = []
    for candidate in _worth_adding(ranked, weights):
        own = [each for group in groups for each in group]
        own = [each for each in own if each.document_id == candidate.document_id]
        named = set(stems(_marked(candidate)))
        if own and named <= set(stems(" ".join(each.text for each in own))):
            continue
        for piece in whole(index, candidate):
            _add(groups, piece, most=_ITEMS)
    return _numbered(index, groups)


def _worth_adding(ranked: Sequence[Candidate], weights: Weights) -> Iterator[Candidate]:
    """Those that are hardly less sure than the first."""
    enough = weights.confidence(ranked[0].evidence) * _WORTH_ADDING
    return takewhile(lambda each: weights.confidence(each.evidence) >= enough, ranked)


def _add(groups: list[list[Candidate]], candidate: Candidate, *, most: int) -> None:
    """Put a piece into the group that says the same, or into one of its own."""
    same = next((group for group in groups if same_words(group[0].text, candidate.text)), None)
    overlapping = any(_overlap(other, candidate) for group in groups for other in group)
    if same is None and not overlapping and len(groups) < most:
        groups.append([candidate])
    elif same and all(candidate.document_id != other.document_id for other in same):
        same.append(candidate)


def _numbered(index: Index, groups: Sequence[Sequence[Candidate]]) -> tuple[Quote, ...]:
    return tuple(
        replace(
            quote(index, group[0], number),
            also_in=tuple(quote(index, other, number) for other in group[1:]),
        )
        for number, group in enumerate(groups, 1)
    )


def _marked(candidate: Candidate) -> str:
    """The words that answer."""
    if candidate.marked is None:
        return candidate.text
    start, end = candidate.marked
    return candidate.text[start - candidate.start : end - candidate.start]


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def same_words(one: str, other: str) -> bool:
    """Whether two sentences are near-identical, with the same numbers and negations."""
    if sorted(_FACTS.findall(one.casefold())) != sorted(_FACTS.findall(other.casefold())):
        return False
    matcher = SequenceMatcher(None, _plain(one), _plain(other), autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def quote(index: Index, candidate: Candidate, number: int) -> Quote:
    """A candidate as a quote of this number."""
    metadata = index.metadata(candidate.document_id)
    span = candidate.start, candidate.end
    made = quoted(metadata, span, candidate.text, candidate.headings, number)
    return replace(made, marked=candidate.marked)


def quoted(
    metadata: Metadata, span: Span, text: str, headings: Sequence[str], number: int
) -> Quote:
    """A piece of a document, below some headings, as a quote of this number."""
    start, end = span
    return Quote(
        number=number,
        document_id=metadata.id,
        title=metadata.title,
        start=start,
        end=end,
        text=text,
        sha256=metadata.sha256,
        place=place_below(metadata, start, headings),
    )
