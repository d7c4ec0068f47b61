"""Which documents a question is put to."""

import pytest

from rag.errors import NoDate, UnknownDocument, UnknownTag
from rag.records import Metadata
from rag.retrieval.scope import EVERYTHING, Scope, within


def _metadata(id: str, published: str | None, *tags: str) -> Metadata:
    return Metadata(
        id=id, title=id, source=f"{id}.txt", sha256="", length=1, body=(0, 1),
        published=published, tags=tags,
    )  # fmt: skip


KNOWN = (
    _metadata("a", "2023", "Nurses", "2023"),
    _metadata("b", "2024-05", "nurses", "far north"),
    _metadata("c", "2024-05-04", "drivers"),
    _metadata("d", None, "nurses"),
)


def test_without_a_scope_all_are_searched() -> None:
    assert within(KNOWN, EVERYTHING) is None


def test_a_document_bears_all_of_the_tags_in_whatever_case() -> None:
    assert within(KNOWN, Scope(tags=["NURSES"])) == ["a", "b", "d"]
    assert within(KNOWN, Scope(tags=["nurses", " Far North "])) == ["b"]
    assert within(KNOWN, Scope(tags=["nurses", "drivers"])) == []


def test_an_unknown_tag_is_an_error_that_knows_those_there_are() -> None:
    with pytest.raises(UnknownTag) as raised:
        within(KNOWN, Scope(tags=["nurses", "pilots"]))
    assert raised.value.tag == "pilots"
    assert raised.value.known == ("2023", "drivers", "far north", "nurses")
    with pytest.raises(UnknownTag) as raised:
        within((*KNOWN, _metadata("e", None, "Loaders")), Scope(tags=["pilots"]))
    assert raised.value.known == ("2023", "drivers", "far north", "Loaders", "nurses")


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2023", "abc"), ("2023-12-31", "abc"), ("2024", "bc"), ("2024-05-04", "bc"),
        ("2024-05-05", "b"), ("2024-05-31", "b"), ("2024-06", ""),
    ],
)  # fmt: skip
def test_a_month_or_a_year_may_have_been_in_all_of_it(since: str, found: str) -> None:
    assert within(KNOWN, Scope(since=since)) == list(found)


@pytest.mark.parametrize("since", ["", "May", "24", "2024-13", "2024-02-30", "2024-5", "2024-05-"])
def test_what_is_no_date_is_an_error(since: str) -> None:
    with pytest.raises(NoDate):
        within(KNOWN, Scope(since=since))


def test_documents_are_named_by_id_or_source() -> None:
    assert within(KNOWN, Scope(documents=["c.txt", "a"])) == ["a", "c"]
    assert within(KNOWN, Scope(documents=[])) == []
    with pytest.raises(UnknownDocument):
        within(KNOWN, Scope(documents=["a", "c.md"]))


def test_all_of_a_scope_must_hold() -> None:
    scope = Scope(documents=["a", "b", "c"], tags=["nurses"], since="2024")
    assert within(KNOWN, scope) == ["b"]
