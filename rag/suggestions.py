"""Questions to begin with, made of what the documents themselves say.

Of the headings that ask, else of what a sentence defines, else of the headings that name a subject,
else of the two words that a document puts side by side most often. Each is asked before it is
offered: it stays only where the documents surely answer it, out of the document it was made of.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rag.assistant import Assistant
from rag.records import Answer, Document
from rag.text.headings import Heading, headings, unlabelled
from rag.text.sentences import sentences
from rag.text.words import STOP_WORDS

_OFFERED = 3
_DOCUMENTS = 12  # that are looked at, from the first to the last at equal distances
_TRIED = 9  # questions that are asked; each takes as long as any
_OF_ONE = 3  # of those, that are made of the same document
_LONGEST = 90  # characters of a question, which is to stand on a button
_READ = 40_000  # characters of a document that are looked at
_SURE = 0.8  # confidence; below it were pairs of words that are no subject ("new era", .75)

_DEFINES = re.compile(
    r"(?:(?:An?|The) )?(\w[\w'’-]+(?: [\w'’-]+){0,3}?)"
    r" (?:is (?:an?|the|any|when)|means) (?=\w)"
)
_POINTS_ELSEWHERE = frozenset(
    "it this that these those there they he she we you i what which who where when why how if as "
    "here one each such both all".split()
)
_OF_EVERY_DOCUMENT = frozenset(
    "about appendix conclusion contact contents copyright faq home index introduction licence "
    "license links notes overview references summary".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")

Kind = Literal["question", "term", "topic"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question can be made of.

    Attributes:
        kind: Whether it is a question already, a term that is defined, or whatever is spoken of.
        words: As the document has them.
    """

    kind: Kind
    words: str


def suggest(assistant: Assistant, question: Callable[[Subject], str]) -> tuple[str, ...]:
    """The questions to begin with; none where none is surely answered.

    Args:
        assistant: Is asked.
        question: Puts a subject into the words of a question.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: As of ``Assistant``.
    """
    known = assistant.documents()
    step = max(1, len(known) // _DOCUMENTS)
    looked_at = [metadata.id for metadata in known[::step][:_DOCUMENTS]]
    made = [
        (subject.kind != "question", turn, id, subject)
        for id in looked_at
        for turn, subject in enumerate(islice(subjects(assistant.document(id)), _OF_ONE))
    ]
    # Of every document one, before there is a second of any; the order is stable.
    made.sort(key=lambda each: each[:2])
    sure: list[str] = []
    for _, _, id, subject in made[:_TRIED]:
        asked = question(subject)
        if asked not in sure and _surely_answered(assistant, asked, id):
            sure.append(asked)
        if len(sure) == _OFFERED:
            break
    return tuple(sure)


def subjects(document: Document) -> Iterator[Subject]:
    """What a document could be asked, the likeliest to be well answered first."""
    start, end = document.body
    text = document.text[start : min(end, start + _READ)]
    known = [heading for heading in headings(text) if heading.text != document.title]
    yield from _distinct("question", (unlabelled(each.text) for each in known if _asks(each)))
    spans = sentences(text)
    yield from _distinct("term", (_term(text[first:last]) for first, last in spans))
    yield from _distinct("topic", (each.text for each in known if each.sure and _names(each)))
    yield from _distinct("topic", _together(text, spans))


def _surely_answered(assistant: Assistant, question: str, document_id: str) -> bool:
    """Whether it is, by this document; no model that writes is waited for."""
    found = next(stage for stage in assistant.stages(question) if isinstance(stage, Answer))
    if not found.answered or found.confidence < _SURE:
        return False
    first = found.quotes[0]
    return document_id in {each.document_id for each in (first, *first.also_in)}


def _distinct(kind: Kind, found: Iterable[str]) -> Iterator[Subject]:
    for words in dict.fromkeys(found):
        if words and len(words) <= _LONGEST:
            yield Subject(kind, words)


def _asks(heading: Heading) -> bool:
    """Whether a heading is one question that says by itself what it asks."""
    words = _WORD.findall(heading.text)
    return (
        heading.text.endswith("?")
        and len(words) > 3
        and not {"it", "this", "that", "they"} & {word.casefold() for word in words}
    )


def _names(heading: Heading) -> bool:
    words = [word.casefold() for word in _WORD.findall(heading.text)]
    return (
        not heading.text.endswith("?")
        and 0 < len(words) <= 6
        and (not _OF_EVERY_DOCUMENT & {*words} and any(word not in STOP_WORDS for word in words))
    )


def _term(sentence: str) -> str:
    """What a sentence says the meaning of, or ""."""
    defined = _DEFINES.match(sentence)
    if not defined:
        return ""
    words = defined[1].split()
    if {word.casefold() for word in words} & (_POINTS_ELSEWHERE | STOP_WORDS):
        return ""
    return defined[1]


def _together(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Two words that stand side by side more than once, the most frequent first."""
    pairs: Counter[str] = Counter()
    for first, last in spans:
        for one, other in re.findall(r"(?=\b([^\W\d_]{3,}) ([^\W\d_]{3,})\b)", text[first:last]):
            if not {one.casefold(), other.casefold()} & STOP_WORDS:
                pairs[f"{one} {other}"] += 1
    yield from (words for words, count in pairs.most_common() if count > 1)
