"""What is said of overviews, of the documents, and of sources that agree or differ."""

from dataclasses import replace
from typing import get_args

import pytest

from rag.outcomes import FactKind
from rag.positions import Agreement, Position, Source
from rag.records import Answer, Metadata, Quote
from tests.fakes import ANSWER
from ui.wording.sources import comparison, day, introduction, sides


def metadata(id: str, published: str | None = None) -> Metadata:
    return Metadata(
        id=id,
        title=f"Title {id}",
        source=f"{id}.txt",
        sha256="sum",
        length=99,
        body=(0, 99),
        published=published,
    )


def quote(number: int, document: str, text: str, also: tuple[Quote, ...] = ()) -> Quote:
    title = f"Title {document}"
    return Quote(number, document, title, 10, 10 + len(text), text, "sum", also_in=also)


IN_2024, IN_2025 = quote(1, "a", "It begins in 2024."), quote(2, "b", "It begins in 2025.")
DIFFERING = replace(
    ANSWER,
    quotes=(IN_2024, IN_2025),
    documents={"a": metadata("a", "2023-12-11"), "b": metadata("b")},
    agreement=Agreement(
        (Position((Source(1, "a", ((23, 27),)),)), Position((Source(2, "b", ((23, 27),)),))),
        ("date",),
    ),
)


def answer(**changes: object) -> Answer:
    return replace(DIFFERING, **changes)  # type: ignore[arg-type]


def test_of_sources_that_differ_the_words_and_the_dates_are_shown() -> None:
    assert comparison(DIFFERING) == "Sources differ in a date."
    one, other = sides(DIFFERING)
    assert (one.words, one.sources) == (("2024",), ((IN_2024, "11 December 2023"),))
    assert (other.words, other.sources) == (("2025",), ((IN_2025, "no date"),))


def test_the_newest_is_named_and_not_held_to_be_right() -> None:
    assert DIFFERING.agreement
    found = answer(agreement=replace(DIFFERING.agreement, newest="a"))
    assert comparison(found).endswith("The newest is “Title a”, which need not be right.")
    assert sides(found)[0].sources[0][1] == "11 December 2023, the newest"


def test_sources_that_agree_are_counted() -> None:
    both = Position((Source(1, "a", ()), Source(2, "b", ())))
    assert comparison(answer(agreement=Agreement((both,), ()))) == "2 sources agree."
    assert comparison(ANSWER) == "" and sides(ANSWER) == ()


@pytest.mark.parametrize("kind", get_args(FactKind))
def test_each_difference_has_words(kind: FactKind) -> None:
    assert DIFFERING.agreement
    found = answer(agreement=replace(DIFFERING.agreement, differ=(kind,)))
    assert comparison(found).startswith("Sources differ in ")


def test_an_overview_says_of_how_many_documents_it_is() -> None:
    twin = quote(1, "b", "It begins in 2024.")
    found = answer(kind="overview", quotes=(replace(IN_2024, also_in=(twin,)),))
    assert introduction(found) == "An overview in 1 quote from 2 documents, in their words."
    assert introduction(DIFFERING) == ""


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([metadata("a")], "“Title a” does not say when it was published."),
        ([metadata("a", "2021-05-04")], "“Title a” was published: 4 May 2021."),
        ([metadata("a"), metadata("b")], "2 documents. None of them says when it was published."),
        (
            [metadata("a", "2021"), metadata("b", "2021-05")],
            "2 documents. The newest that has a date is “Title b” (2021-05).",
        ),
    ],
)
def test_of_documents_the_number_and_the_newest_are_said(
    documents: list[Metadata], expected: str
) -> None:
    found = answer(kind="overview", quotes=(), catalogue=tuple(documents))
    assert introduction(found) == expected


def test_a_date_that_is_no_day_is_as_it_is_written() -> None:
    assert [day(each) for each in ("2021-05", "2021", None)] == ["2021-05", "2021", None]
