"""Which documents a question is put to, by their names, tags and dates."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rag.errors import NoDate, UnknownDocument, UnknownTag
from rag.records import Metadata

_DATE = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a document has to be like to be searched; all of it.

    Attributes:
        documents: Ids or sources, of which it is one; any where it is None.
        tags: Those it bears, in whatever case.
        since: A day as 2024-05-01, a month or a year, on which it was published or later. One that
            says no date is not known to have been, and one that says a year may have been in all
            of it.
    """

    documents: Collection[str] | None = None
    tags: Collection[str] = ()
    since: str | None = None


EVERYTHING = Scope()


def within(known: Sequence[Metadata], scope: Scope) -> list[str] | None:
    """The ids of the documents in a scope, in the order given; None where that is all of them.

    Args:
        known: All documents there are.
        scope: Which of them.

    Raises:
        UnknownDocument: When there is none of this id or source.
        UnknownTag: When no document bears one of the tags.
        NoDate: When ``since`` is none.
    """
    if scope == EVERYTHING:
        return None
    chosen = list(known)
    if scope.documents is not None:
        names = {name for each in known for name in (each.id, each.source)}
        for name in scope.documents:
            if name not in names:
                raise UnknownDocument(name)
        chosen = [each for each in chosen if {each.id, each.source} & {*scope.documents}]
    if scope.tags:
        borne = {tag.casefold(): tag for each in known for tag in each.tags}
        wanted = [tag.strip().casefold() for tag in scope.tags]
        for tag, folded in zip(scope.tags, wanted, strict=True):
            if folded not in borne:
                raise UnknownTag(tag, tuple(sorted(borne.values(), key=str.casefold)))
        chosen = [each for each in chosen if {*wanted} <= {tag.casefold() for tag in each.tags}]
    if scope.since is not None:
        since = checked(scope.since)
        # Nines are after every month and every day.
        chosen = [each for each in chosen if (each.published or "").ljust(10, "9") >= since]
        chosen = [each for each in chosen if each.published]
    return [each.id for each in chosen]


def checked(since: str) -> str:
    """A day, a month or a year, as it was given; raises NoDate where it is none."""
    found = _DATE.fullmatch(since)
    try:
        if found is None:
            raise ValueError("of another form")
        date.fromisoformat(f"{found[1]}{found[2] or '-01'}{found[3] or '-01'}")
    except ValueError as error:
        raise NoDate(since) from error
    return since
