"""What is said of several documents: an overview, which there are, where they agree or differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rag.outcomes import FactKind
from rag.positions import Position
from rag.records import Answer, Metadata, Quote
from ui.wording.numbers import counted

NO_DATE = "no date"
NEWEST = "the newest"

_IN: Mapping[FactKind, str] = {
    "number": "a number",
    "date": "a date",
    "name": "a name",
    "negation": "whether it is so",
    "quotation": "the words of a quotation",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that sources say, for whoever shows it.

    Attributes:
        words: The words in which it differs, as the first source has them; empty where none do.
        sources: Its quotes, of each document one, with what is known of their dates.
    """

    words: tuple[str, ...]
    sources: tuple[tuple[Quote, str], ...]


def introduction(answer: Answer) -> str:
    """What stands before the quotes of an overview, or instead of them; "" for other answers."""
    if answer.catalogue:
        return _catalogue(answer.catalogue)
    if answer.kind != "overview":
        return ""
    documents = {each.document_id for quote in answer.quotes for each in (quote, *quote.also_in)}
    count = counted(len(answer.quotes), "quote")
    return f"An overview in {count} from {counted(len(documents), 'document')}, in their words."


def comparison(answer: Answer) -> str:
    """Whether the sources agree or differ, and which is the newest; "" where that is not known."""
    found = answer.agreement
    if found is None:
        return ""
    if not found.differ:
        agreeing = max(len(position.sources) for position in found.positions)
        return f"{agreeing} sources agree."
    what = " and ".join(_IN[kind] for kind in found.differ)
    if found.newest is None:
        return f"Sources differ in {what}."
    newest = answer.documents[found.newest].title
    return f"Sources differ in {what}. The newest is “{newest}”, which need not be right."


def sides(answer: Answer) -> tuple[Side, ...]:
    """What each group of sources says, where they agree or differ."""
    found = answer.agreement
    if found is None:
        return ()
    return tuple(_side(answer, position, found.newest) for position in found.positions)


def _side(answer: Answer, position: Position, newest: str | None) -> Side:
    shown = {
        (each.number, each.document_id): each
        for quote in answer.quotes
        for each in (quote, *quote.also_in)
    }
    sources = []
    words: list[str] = []
    for source in position.sources:
        quote = shown[source.number, source.document_id]
        dated = day(answer.documents[source.document_id].published) or NO_DATE
        if source.document_id == newest:
            dated = f"{dated}, {NEWEST}"
        sources.append((quote, dated))
        if not words:
            words = [quote.text[a - quote.start : b - quote.start] for a, b in source.differing]
    return Side(tuple(dict.fromkeys(words)), tuple(sources))


def day(published: str | None) -> str | None:
    """A date as people write it; what is no day, as a year, is as it is."""
    try:
        found = date.fromisoformat(published or "")
    except ValueError:
        return published
    return f"{found.day} {found:%B} {found.year}"


def _catalogue(documents: Sequence[Metadata]) -> str:
    dated = sorted((each.published, each.title) for each in documents if each.published)
    if len(documents) == 1:
        (only,) = documents
        if dated:
            return f"“{only.title}” was published: {day(only.published)}."
        return f"“{only.title}” does not say when it was published."
    count = counted(len(documents), "document")
    if not dated:
        return f"{count}. None of them says when it was published."
    published, title = dated[-1]
    return f"{count}. The newest that has a date is “{title}” ({day(published)})."
