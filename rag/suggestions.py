"""Questions to begin with, made of what the documents themselves say.

Of the headings that ask, the shortest first; else of what a sentence counts and lists, when
something begins, and what is defined or named more than once; else of the headings that name a
subject, and of the two words that a document puts side by side most often. Each is asked before it
is offered: it stays only where the documents surely answer it, out of the document it was made of.
No two have a word in common, but for those that stand in any question.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rag.assistant import Assistant
from rag.quoting.unknown import ASKING
from rag.records import Answer, Document
from rag.text.headings import Heading, headings, unlabelled
from rag.text.sentences import sentences
from rag.text.words import STOP_WORDS, stems

OFFERED = 3
_DOCUMENTS = 12  # that are looked at, from the first to the last at equal distances
_TRIED = 9  # questions that are asked; each takes as long as any
_OF_ONE = 3  # of those, that are made of the same document
_LONGEST = 90  # characters of a question, which is to stand on a button
_READ = 40_000  # characters of a document that are looked at
_SURE = 0.8  # confidence; below it were pairs of words that are no subject ("new era", .75)

_LISTS = re.compile(
    r"\b((?:two|three|four|five|six|seven|eight|nine|ten) (?:[a-z-]+ )?[a-z-]+[a-rt-z]s):"
)
_BEGINS = re.compile(
    r"\b([a-z-]+ )?([a-z-]+[a-rt-z]s) (?:will |are (?:set|due|slated) to )?"
    r"(start|begin|open|end)(?:n?ing)? (?:in|on|at|from) (?:\w+ ){0,3}\d"
)
_DEFINES = re.compile(
    r"(?:(An?|The) )?(\w[\w'’-]+(?: [\w'’-]+){0,3}?)"
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
_PAIR = re.compile(r"(?=\b([^\W\d_]{3,}) ([^\W\d_]{3,})\b)")
_NAMED = re.compile(r"\b(?:an?|the) \Z")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")

Kind = Literal["question", "list", "time", "term", "topic"]
_RANKS = {"question": 0, "topic": 2}  # the others are between


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question can be made of.

    Attributes:
        kind: Whether it is a question already, things that are listed, things with a time and what
            they do then, a term with its article, or whatever is spoken of.
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
        (turn, id, subject)
        for id in looked_at
        for turn, subject in enumerate(islice(subjects(assistant.document(id)), _OF_ONE))
    ]
    sure: list[str] = []
    used: set[str] = set()
    said: set[str] = set()
    tried = 0
    while made and tried < _TRIED and len(sure) < OFFERED:
        # Of every document one, before there is a second of any; of equals the first.
        best = min(made, key=lambda each: (_RANKS.get(each[2].kind, 1), each[1] in used, each[0]))
        made.remove(best)
        _, id, subject = best
        about = _about(subject)
        if about & said:
            continue
        tried += 1
        asked = question(subject)
        if _surely_answered(assistant, asked, id):
            sure.append(asked)
            used.add(id)
            said |= about
    return tuple(sure)


def subjects(document: Document) -> Iterator[Subject]:
    """What a document could be asked, the likeliest to be well answered first."""
    start, end = document.body
    text = document.text[start : min(end, start + _READ)]
    found = headings(text)
    known = [heading for heading in found if heading.text != document.title]
    asked = sorted((unlabelled(each.text) for each in known if _asks(each)), key=len)
    yield from _distinct("question", asked)
    spans = sentences(text, found)
    said = [text[first:last] for first, last in spans]
    yield from _distinct("list", (words for each in said for words in _LISTS.findall(each)))
    yield from _distinct("time", (words for each in said for words in _begin(each)))
    yield from _distinct("term", map(_term, said))
    yield from _distinct("term", (f"the {words}" for words in _together(said, named=True)))
    yield from _distinct("topic", (each.text for each in known if each.sure and _names(each)))
    yield from _distinct("topic", _together(said))


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


def _about(subject: Subject) -> set[str]:
    """The stems of what tells a subject from others."""
    return {stem for stem in stems(subject.words) if stem not in ASKING}


def _begin(sentence: str) -> Iterator[str]:
    """What begins or ends at a time that a sentence tells, and which of the two."""
    for kind, things, does in _BEGINS.findall(sentence):
        if things not in STOP_WORDS:
            yield f"{'' if kind.strip() in STOP_WORDS else kind}{things} {does}"


def _term(sentence: str) -> str:
    """What a sentence says the meaning of, or ""."""
    defined = _DEFINES.match(sentence)
    if not defined:
        return ""
    words = defined[2].split()
    if {word.casefold() for word in words} & (_POINTS_ELSEWHERE | STOP_WORDS):
        return ""
    return " ".join(filter(None, ((defined[1] or "").lower(), defined[2])))


def _together(said: Sequence[str], *, named: bool = False) -> Iterator[str]:
    """Two words that stand side by side in more than one place, the most frequent first.

    Args:
        said: The sentences.
        named: Those that once have an article before them and are not "of" something, or else
            the others.
    """
    pairs: Counter[str] = Counter()
    names: set[str] = set()
    for sentence in said:
        for found in _PAIR.finditer(sentence):
            one, other = found[1], found[2]
            if not {one.casefold(), other.casefold()} & STOP_WORDS:
                pairs[f"{one} {other}"] += 1
                goes_on = sentence[found.end(2) :].startswith((" of ", "-"))
                if _NAMED.search(sentence[: found.start()]) and not goes_on:
                    names.add(f"{one} {other}")
    for words, count in pairs.most_common():
        if count > 1 and (words in names) == named:
            yield words
