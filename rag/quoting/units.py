"""The sentences of a passage to pieces that make sense by themselves."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from rag.text.headings import Heading, headings, plain, unlabelled
from rag.text.sentences import ITEM_CHARACTERS, Span, is_list_item, leads_in
from rag.text.words import stemmed, stems

_CHARACTERS = 800
_FOLLOWING = 40  # sentences that are looked at; more are not so short
_SHORT_ANSWER = 3  # words, as of "It depends."
_ANAPHOR = re.compile(r"(?:This|These|That|Those|It|They|Such)\b")
_YES_NO = re.compile(r"\W{0,3}(?:yes|no|maybe|sometimes|usually|of course)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_OF_NO_WEIGHT = frozenset("the a an please i we you my our your me us".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a passage, from its first sentence to its last.

    Attributes:
        asked: Whether it is what stands below a heading that asks the question.
        heading: Which sentence of the passage is the marked heading, or question, that it stands
            below; None where there is none.
    """

    first: int
    last: int
    asked: bool
    heading: int | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence and where it stands.

    Attributes:
        heading: That it is.
        below: The heading that it stands directly below.
        item: Whether it is an item of a list.
        new_line: Whether it begins a line.
    """

    start: int
    end: int
    text: str
    heading: Heading | None
    below: Heading | None
    item: bool
    new_line: bool


def units(text: str, spans: Sequence[Span], question: str, *, explanatory: bool) -> Iterator[Unit]:
    """The pieces of a passage, in its order.

    That is a sentence; one that leads to a list, with the list; what stands below a heading that
    asks the question; an answer as "Yes." with what follows it; and for a question that asks for
    an explanation a sentence with the next, where that goes on about it ("This framework ...").
    A heading is none, nor is a question that only asks again.

    Args:
        text: Of the passage.
        spans: Of its sentences.
        question: What is asked.
        explanatory: Whether that asks for an explanation.
    """
    sentences = _sentences(text, spans)
    only_guesses = all(each.heading and not each.heading.sure for each in sentences)
    asked, again = _worded(question), set(stems(question))
    listed = -1  # the last sentence that is quoted with what leads to it
    heading: int | None = None
    for first, sentence in enumerate(sentences):
        rest = sentences[first + 1 : first + 1 + _FOLLOWING]
        leads = bool(rest) and leads_in(sentence.text, rest[0].text)
        if sentence.heading and sentence.heading.sure:
            heading = first
        if sentence.heading and not only_guesses and (sentence.heading.sure or not leads):
            continue  # a heading says what follows, not what is so
        below = sentence.below
        if below and asked in (_worded(below.text), _worded(unlabelled(below.text))):
            yield Unit(first, first + _section(sentence, rest), True, heading)
            continue
        if first <= listed:
            continue
        more = 0
        if leads or (below and sentence.item):
            more = _list(sentence, rest)
            if more == len(rest) or (rest[more].new_line and not rest[more].item):
                listed = first + more
        elif _needs_more(sentence, rest, explanatory=explanatory):
            more = 1
        cut_off = (leads or sentence.text.endswith(":")) and len(sentences) > 1
        if more or not (cut_off or _only_asks(sentence.text, again)):
            yield Unit(first, first + more, False, heading)


def _sentences(text: str, spans: Sequence[Span]) -> list[_Sentence]:
    known = {heading.start: heading for heading in headings(text)}
    found = []
    below: Heading | None = None
    before = 0
    for start, end in spans:
        heading, new_line = known.get(start), "\n" in text[before:start]
        shown = text[start:end]
        found.append(_Sentence(start, end, shown, heading, below, is_list_item(shown), new_line))
        below, before = heading, end
    return found


def _section(sentence: _Sentence, rest: Sequence[_Sentence]) -> int:
    """How many more sentences stand below the same heading, as far as they are not too long."""
    more = 0
    while more < len(rest) and not rest[more].heading and _fits(sentence, rest[more]):
        more += 1
    return more


def _list(sentence: _Sentence, rest: Sequence[_Sentence]) -> int:
    """How many more sentences are of the list that begins with this one or after it, likewise."""
    more, item = 0, sentence if sentence.item else None
    for each in rest:
        item = each if each.item else item
        of_item = item and not each.new_line and each.end - item.start <= ITEM_CHARACTERS
        if each.heading or not (each.item or of_item) or not _fits(sentence, each):
            break
        more += 1
    return more


def _needs_more(sentence: _Sentence, rest: Sequence[_Sentence], *, explanatory: bool) -> bool:
    """Whether a sentence is to be quoted with the next one."""
    if not rest or rest[0].heading or not _fits(sentence, rest[0]):
        return False
    if explanatory and _ANAPHOR.match(rest[0].text):
        return True
    short = len(sentence.text.split()) <= _SHORT_ANSWER
    return short and (sentence.below is not None or bool(_YES_NO.match(sentence.text)))


def _only_asks(sentence: str, stems_asked: Set[str]) -> bool:
    """Whether a sentence only asks again, or is a link to where that is answered."""
    words = plain(sentence)
    asks = words.endswith("?") or "](#" in sentence
    return asks and set(stems(words)) <= stems_asked


def _fits(first: _Sentence, last: _Sentence) -> bool:
    return last.end - first.start <= _CHARACTERS


def _worded(text: str) -> frozenset[str]:
    """The words of a question, whatever their endings and order, without those of no weight."""
    words = [word for word in _WORD.findall(text.casefold()) if word not in _OF_NO_WEIGHT]
    return frozenset(stemmed(words))
