"""Where quotes of several documents agree and differ."""

from dataclasses import replace

import pytest

from rag.positions import Agreement
from rag.quoting.agreement import agreement
from rag.records import Metadata, Quote


def quote(document: str, text: str, marked: str = "", number: int = 1, offset: int = 100) -> Quote:
    """A quote that begins at an offset, with these words of it marked."""
    at = text.find(marked)
    span = (offset + at, offset + at + len(marked)) if marked else None
    return Quote(number, document, document, offset, offset + len(text), text, "", marked=span)


def metadata(id: str, published: str | None = None) -> Metadata:
    return Metadata(
        id=id, title=id, source=id, sha256="", length=1, body=(0, 1), published=published
    )


def compared(question: str, *quotes: Quote, dates: tuple[str | None, ...] = ()) -> Agreement | None:
    numbered = [replace(each, number=number) for number, each in enumerate(quotes, 1)]
    ids = [each.document_id for quote in quotes for each in (quote, *quote.also_in)]
    published = dict(zip(ids, dates, strict=False))
    return agreement(question, numbered, {id: metadata(id, published.get(id)) for id in ids})


def differing(found: Agreement | None, *quotes: Quote) -> list[list[list[str]]]:
    """The differing words of each source of each position."""
    assert found is not None
    texts = {each.document_id: each for each in quotes}
    return [
        [
            [
                texts[source.document_id].text[start - 100 : end - 100]
                for start, end in source.differing
            ]
            for source in position.sources
        ]
        for position in found.positions
    ]


WHEN = "When do the courses begin?"
IN_2024 = quote("a", "The courses begin in the winter of 2024.", "the winter of 2024")
IN_2025 = quote("b", "The new courses will begin in 2025.", "2025")
ALSO_2024 = quote("c", "In 2024 the courses begin for all.", "2024")


def test_other_dates_differ_and_their_words_are_marked() -> None:
    found = compared(WHEN, IN_2024, IN_2025)
    assert found is not None and found.differ == ("date",) and found.newest is None
    assert differing(found, IN_2024, IN_2025) == [[["winter", "2024"]], [["2025"]]]


def test_the_same_year_agrees_and_stands_on_one_side() -> None:
    found = compared(WHEN, IN_2024, IN_2025, ALSO_2024)
    assert found is not None
    sides = [[source.document_id for source in each.sources] for each in found.positions]
    assert sides == [["a", "c"], ["b"]]
    agreeing = compared(WHEN, IN_2024, ALSO_2024)
    assert agreeing is not None and agreeing.differ == () and len(agreeing.positions) == 1


def test_the_newest_is_named_where_sources_differ_and_have_dates() -> None:
    found = compared(WHEN, IN_2024, IN_2025, dates=("2023-12", "2023-11-05"))
    assert found is not None and found.newest == "a"
    alone = compared(WHEN, IN_2024, IN_2025, dates=("2023-12", None))
    assert alone is not None and alone.newest is None
    agreeing = compared(WHEN, IN_2024, ALSO_2024, dates=("2023-12", "2022"))
    assert agreeing is not None and agreeing.newest is None


def test_a_name_in_near_identical_quotes_can_differ() -> None:
    one = quote("a", "The president Liz Shuler said so at the meeting.", "Liz Shuler")
    other = quote("b", "The president Ann Hale said so at the meeting.", "Ann Hale")
    found = compared("Who is the president?", replace(one, also_in=(other,)))
    assert found is not None and found.differ == ("name",)
    assert differing(found, one, other) == [[["Liz Shuler"]], [["Ann Hale"]]]


def test_a_part_of_a_name_is_that_name() -> None:
    one = quote("a", "The president is Liz Shuler of the union.", "Liz Shuler")
    other = quote("b", "Shuler is the president of the union.", "Shuler")
    found = compared("Who is the president?", one, other)
    assert found is not None and found.differ == ()


@pytest.mark.parametrize(
    ("question", "one", "other", "kind"),
    [
        (
            "How many workers worry?",
            quote("a", "70% of the workers worry.", "70%"),
            quote("b", "Of all workers 45% worry.", "45%"),
            "number",
        ),
        (
            "Is the office open on Sunday?",
            quote("a", "The office is open on Sunday in summer."),
            quote("b", "The office is not open on Sunday in summer."),
            "negation",
        ),
        (
            "What did Ann Lee say about the river?",
            quote("a", "“The river is the longest in the north,” said Ann Lee."),
            quote("b", "Ann Lee said: “In the north this river is the longest by far.”"),
            "quotation",
        ),
    ],
)
def test_numbers_negations_and_quotations_differ(
    question: str, one: Quote, other: Quote, kind: str
) -> None:
    found = compared(question, one, other)
    assert found is not None and found.differ == (kind,)


def test_quotes_of_one_document_and_about_other_things_are_not_compared() -> None:
    same = replace(IN_2025, document_id="a")
    assert compared(WHEN, IN_2024, same) is None
    tea = quote("b", "Tea is grown in Assam since 1837.", "1837")
    assert compared(WHEN, IN_2024, tea) is None
    assert compared(WHEN, IN_2024) is None
    assert compared(WHEN) is None


def test_of_a_list_each_source_may_name_other_items() -> None:
    one = quote("a", "The unions named are the Teamsters of Ohio.", "Teamsters")
    other = quote("b", "The unions named are the Nurses United.", "Nurses United")
    found = compared("Which unions are named?", one, other)
    assert found is None or found.differ == ()


def test_who_agrees_with_one_of_a_side_and_differs_from_none_is_of_that_side() -> None:
    found = compared(
        "What of the port?",
        quote("port a", "Cranes lift boxes, gulls cry."),
        quote("port b", "Cranes lift boxes, ships wait."),
        quote("port c", "Dogs bark and gulls cry."),
    )
    assert found is not None and found.differ == ()
    (side,) = found.positions
    assert [each.document_id for each in side.sources] == ["port a", "port b", "port c"]


def test_two_names_that_share_only_an_and_are_two() -> None:
    baker = quote("a", "The port is run by Bread and Roses.", "Bread and Roses")
    singer = quote("b", "The port is run by Fire and Ice.", "Fire and Ice")
    found = compared("Who runs the port?", baker, singer)
    assert found is not None and found.differ == ("name",)


def test_quotes_of_nothing_but_facts_have_no_words_to_agree_in() -> None:
    assert compared("What of the port?", quote("port a", "2024"), quote("port b", "2024.")) is None
