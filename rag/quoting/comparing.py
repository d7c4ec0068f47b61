"""Two statements of different documents: whether they say the same of what is asked.

Two sources differ where both speak of what is asked and give other numbers, dates or names for it,
where one says "not" and the other does not, or where they quote one person in other words. That is
told from the words: what is otherwise reworded is not noticed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.outcomes import FactKind
from rag.quoting.facts import Fact, facts
from rag.records import Quote
from rag.text.sentences import Span, sentences
from rag.text.words import stems

_ASKED_OF = 0.3  # share of the question's words that a source holds, if it speaks of that
_ALIKE = 0.5  # share of the shorter one's words that both hold, if they say the same
_OPPOSED = 0.6  # likewise where "not" makes the difference
_QUOTED, _QUOTED_WORDS = 0.3, 3  # share, and number, of words that two quotations have in common
_LEADS = (
    r"(?:.*\b(?:at|of|with|for|under) (?=which|what|whom))?"
    r"(?:\W|(?:and|so|in|from|until|till|since|by|on|to|at|with|according to) )*"
)
_ASKS: Mapping[FactKind, str] = {
    "date": r"when|(?:what|which) (?:year|date|day|month|season|time)|how (?:long ago|soon)",
    "number": r"how (?:many|much|large|big|high|long|old|far|often|tall)"
    r"|(?:what|which) (?:number|percent\w*|share|proportion|amount|price|age)",
    "name": r"who|whom|whose|which|where|what (?:union|company|companies|organi[sz]ation|firm|group"
    r"|federation|institute|platform|city|country|person)",
    "negation": r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may",
}
"""How a question begins that asks for a fact of a kind, or for yes or no."""

_BY_THEMSELVES: tuple[FactKind, ...] = ("number", "date", "negation")
"""What is compared where the question asks for neither."""

_ANSWERED: tuple[FactKind, ...] = ("date", "number", "name")
"""What a question can ask for."""

Relation = Literal["agree", "neither"] | FactKind


@dataclass(frozen=True, slots=True)
class Statement:
    """What a quote says on the question.

    Attributes:
        told: Facts of the sentence in it that answers, with offsets in the quote's text.
        answer: Those that stand in the words that answer.
        words: Stems of the sentence, without its facts.
        asked: Share of the question's words that the quote holds.
    """

    quote: Quote
    told: tuple[Fact, ...]
    answer: tuple[Fact, ...]
    words: frozenset[str]
    asked: float


def focus_of(question: str) -> FactKind | None:
    """What kind of fact a question asks for."""
    for kind, asks in _ASKS.items():
        if re.match(rf"{_LEADS}(?:{asks})\b", question, re.IGNORECASE):
            return kind
    return None


def statement(quote: Quote, wanted: frozenset[str]) -> Statement:
    """What a quote says, to a question of these stems."""
    text = quote.text
    spans = sentences(text) or ((0, len(text)),)
    marked = quote.marked and (quote.marked[0] - quote.start, quote.marked[1] - quote.start)
    if marked:
        first, last = marked
        inside = [span for span in spans if span[0] < last and first < span[1]]
    else:
        inside = []
    if not inside:
        inside = [max(spans, key=lambda span: len(wanted & set(stems(text[slice(*span)]))))]
    start, end = inside[0][0], inside[-1][1]
    told = _facts(text, (start, end))
    # Of the words alone, since a name in them may begin before: "President Liz Shuler".
    answer = _facts(text, marked) if marked else ()
    said = [each for each in told if each.kind in ("number", "date", "negation")]
    plain = "".join(
        " " if any(each.start <= at < each.end for each in said) else text[at]
        for at in range(start, end)
    )
    held = len(wanted & set(stems(f"{quote.title} {text}"))) / len(wanted) if wanted else 0.0
    return Statement(quote, told, answer, frozenset(stems(plain)), held)


def _facts(text: str, span: Span) -> tuple[Fact, ...]:
    """The facts between two offsets of a text, with offsets in all of it."""
    start, end = span
    return tuple(
        replace(each, start=each.start + start, end=each.end + start)
        for each in facts(text[start:end])
    )


def relation(one: Statement, other: Statement, focus: FactKind | None, *, twins: bool) -> Relation:
    """What two statements are to each other.

    Args:
        one: A statement.
        other: Another.
        focus: What kind of fact the question asks for.
        twins: Whether they are near-identical, with the same numbers and negations.
    """
    if one.quote.document_id == other.quote.document_id:
        return "neither"
    if not twins and min(one.asked, other.asked) < _ASKED_OF:
        return "neither"
    if focus in _ANSWERED:
        told = [asked_for(each, focus) for each in (one, other)]
        if all(told):
            return focus if _apart(*told) else "agree"
    if twins:
        return "agree"
    if _of(one, "quotation") and _of(other, "quotation"):
        return "quotation" if _misquoted(one, other) else "neither"
    if focus == "negation" and _denied(one, other):
        return "negation"
    return _by_themselves(one, other, () if focus in _ANSWERED else _BY_THEMSELVES)


def _denied(one: Statement, other: Statement) -> bool:
    """Whether one says "not" in its answer to what both speak of, and the other does not."""
    denied = [any(each.kind == "negation" for each in said.answer) for said in (one, other)]
    return denied[0] != denied[1] and min(one.asked, other.asked) >= _ALIKE


def _by_themselves(one: Statement, other: Statement, kinds: Sequence[FactKind]) -> Relation:
    """What two statements are by their words, and by their facts of some kinds."""
    least = min(len(one.words), len(other.words))
    alike = len(one.words & other.words) / least if least else 0.0
    for kind in kinds:
        if kind == "negation":
            differs = alike >= _OPPOSED and _negated(one) != _negated(other)
        else:
            differs = alike >= _ALIKE and _apart(_of(one, kind), _of(other, kind))
        if differs:
            return kind
    return "agree" if alike >= _ALIKE else "neither"


def _misquoted(one: Statement, other: Statement) -> bool:
    """Whether they quote the same person on the same thing in other words."""
    speakers = [_of(each, "name") for each in (one, other)]
    if all(speakers) and not any(_same(a.value, b.value) for a in speakers[0] for b in speakers[1]):
        return False
    said = [
        set(stems(" ".join(each.value for each in _of(statement, "quotation"))))
        for statement in (one, other)
    ]
    shared = len(said[0] & said[1])
    return shared >= _QUOTED_WORDS and shared / min(map(len, said)) >= _QUOTED


def _of(statement: Statement, kind: FactKind) -> tuple[Fact, ...]:
    return tuple(each for each in statement.told if each.kind == kind)


def asked_for(statement: Statement, kind: FactKind) -> tuple[Fact, ...]:
    """The facts of a kind that answer; of the whole sentence where none is among its answer.

    A sentence holds many names, so that only those of the answer count.
    """
    answer = tuple(each for each in statement.answer if each.kind == kind)
    return answer if answer or kind == "name" else _of(statement, kind)


def _negated(statement: Statement) -> bool:
    return len(_of(statement, "negation")) % 2 == 1


def _apart(ones: Sequence[Fact], others: Sequence[Fact]) -> bool:
    """Whether two sources give other facts of one part, and none the same."""
    for part in dict.fromkeys(each.part for each in ones):
        here = {each.value for each in ones if each.part == part}
        there = {each.value for each in others if each.part == part}
        if here and there:
            return not any(_same(left, right) for left in here for right in there)
    return False


def _same(one: str, other: str) -> bool:
    """Whether two values are the same; a part of a name is that name."""
    return one == other or bool({*one.split()} & {*other.split()} - {"of", "the", "and", "for"})
