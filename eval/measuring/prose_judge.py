"""Whether a sentence of prose is true to what it cites, by other rules than the writer's own.

``rag.prose.sentence_check`` decides what is shown; nothing of it is used here, so that a gap in its
rules shows. A sentence is read against the stretches of the documents that it cites, cut out by
their offsets. Support is ROUGE-L's precision, the longest common subsequence of words over the
sentence's words (Lin 2004, https://aclanthology.org/W04-1013), and the share of its pairs of
neighbouring words that stand side by side there too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from rag.text.words import STOP_WORDS

Fault = Literal["name", "number", "month", "negation", "support"]

SUPPORTED = 0.8
"""Longest common subsequence below which a sentence is counted as not supported."""

_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty "
    "fifty sixty seventy eighty ninety hundred thousand million billion trillion first second "
    "third percent half"
).split()
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?(?=,? \d)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not?|never|none|nothing|nobody|neither|nor|without|cannot)\b|n['’]t\b", re.I
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a sentence.

    Attributes:
        faults: What it holds that the cited text does not.
        support: The longest common subsequence, a share of the sentence's words.
        pairs: The share of its pairs of words.
    """

    faults: tuple[Fault, ...]
    support: float
    pairs: float


def judge(sentence: str, cited: Sequence[str]) -> Judgement:
    """Read a sentence against the texts it cites, taken together."""
    source = "\n".join(cited)
    support = max((_common(sentence, text) for text in cited), default=0.0)
    own, theirs = _pairs(sentence), _pairs(source)
    pairs = len(own & theirs) / len(own) if own else 1.0
    faults: list[Fault] = []
    if not _capitals(sentence) <= _capitals(source) | _capitals(source.title()):
        faults.append("name")
    if not _figures(sentence) <= _figures(source):
        faults.append("number")
    if not _months(sentence) <= _months(source):
        faults.append("month")
    if len(_NO.findall(sentence)) > len(_NO.findall(source)):
        faults.append("negation")
    if support < SUPPORTED:
        faults.append("support")
    return Judgement(tuple(faults), support, pairs)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _common(sentence: str, text: str) -> float:
    own = _words(sentence)
    return LCSseq.similarity(own, _words(text)) / len(own) if own else 0.0


def _pairs(text: str) -> set[tuple[str, str]]:
    own = _words(text)
    return set(zip(own, own[1:], strict=False))


def _capitals(text: str) -> set[str]:
    """Words with a capital anywhere, without those that only function."""
    words = re.findall(r"\w*[A-Z]\w*", text)
    return {word for word in words if word.lower() not in STOP_WORDS}


def _figures(text: str) -> set[str]:
    """Every run of digits, without thousands separators, and every number word."""
    joined = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", joined)) | {*_words(text)} & {*_NUMBER_WORDS}


def _months(text: str) -> set[str]:
    return {month[:3].lower() for month in _MONTH.findall(text)}
