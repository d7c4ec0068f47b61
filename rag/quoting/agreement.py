"""Quotes of several documents to what they agree on, and where they differ.

Which source is right is nobody's to say here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from rag.outcomes import FactKind
from rag.positions import Agreement, Position, Source
from rag.quoting.comparing import Relation, Statement, asked_for, focus_of, relation, statement
from rag.quoting.lists import asks_for_list
from rag.quoting.unknown import ASKING
from rag.records import Metadata, Quote
from rag.text.words import stems


def agreement(
    question: str, quotes: Sequence[Quote], known: Mapping[str, Metadata]
) -> Agreement | None:
    """What the sources of an answer agree on, or differ in; None where neither can be told.

    Args:
        question: What was asked.
        quotes: Of the answer, with those of other documents that say the same.
        known: Of the quotes' documents, by id.
    """
    wanted = frozenset(stems(question)) - ASKING
    # Of a list each source may well name other items.
    focus = None if asks_for_list(question) else focus_of(question)
    statements = [
        (number, statement(each, wanted))
        for number, found in enumerate(quotes)
        for each in (found, *found.also_in)
    ]
    relations: dict[tuple[int, int], Relation] = {}
    for other, (its, later) in enumerate(statements):
        for one, (own, before) in enumerate(statements[:other]):
            relations[one, other] = relation(before, later, focus, twins=own == its)
    differing = {pair: kind for pair, kind in relations.items() if kind not in ("agree", "neither")}
    in_conflict = {at for pair in differing for at in pair}
    positions: list[Position] = []
    placed: set[str] = set()
    for members in _joined(len(statements), relations):
        # A document that says two things stands where it says the better one.
        said = _one_each(statements[at][1] for at in members)
        held = [each for each in said if each.quote.document_id not in placed]
        if len(held) > 1 or (held and in_conflict & {*members}):
            placed |= {each.quote.document_id for each in held}
            kinds = {differing[pair] for pair in differing if {*pair} & {*members}}
            positions.append(Position(tuple(_source(each, kinds) for each in held)))
    if len(placed) < 2:
        return None
    if len(positions) < 2:
        differing.clear()
    order = [kind for kind in get_args(FactKind) if kind in differing.values()]
    dated = {id: known[id].published or "" for id in sorted(placed) if known[id].published}
    newest = max(dated, key=lambda id: dated[id]) if order and len(dated) > 1 else None
    return Agreement(tuple(positions), tuple(order), newest)


def _joined(count: int, relations: dict[tuple[int, int], Relation]) -> list[list[int]]:
    """Numbers of groups that agree, together; none that differs from one already there."""
    joined: list[list[int]] = []
    for number in range(count):
        for members in joined:
            found = [relations[member, number] for member in members]
            if "agree" in found and all(each in ("agree", "neither") for each in found):
                members.append(number)
                break
        else:
            joined.append([number])
    return joined


def _one_each(statements: Iterable[Statement]) -> list[Statement]:
    """Of each document the first."""
    found: dict[str, Statement] = {}
    for each in statements:
        found.setdefault(each.quote.document_id, each)
    return list(found.values())


def _source(said: Statement, kinds: set[Relation]) -> Source:
    """A source with the places of the words in which it differs, in its document."""
    quote = said.quote
    found = [
        each
        for kind in dict.fromkeys(each.kind for each in said.told)
        if kind in kinds
        for each in asked_for(said, kind)
    ]
    spans = sorted((quote.start + each.start, quote.start + each.end) for each in found)
    return Source(quote.number, quote.document_id, tuple(spans))
