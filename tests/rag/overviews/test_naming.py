"""Which document is meant."""

import pytest

from rag.overviews.naming import named
from rag.records import Metadata


def document(source: str, title: str, publisher: str | None = None) -> Metadata:
    return Metadata(
        id=source[:4],
        title=title,
        source=source,
        sha256="",
        length=1,
        body=(0, 1),
        publisher=publisher,
    )


KNOWN = (
    document("afl-cio-partnership.txt", "Unions and Microsoft form a partnership"),
    document("magazine/ai-alliance.txt", "Microsoft and AFL-CIO form an alliance", "AI Magazine"),
    document("lease.pdf", "Contract of lease"),
    document("tea-2020.md", "Tea"),
    document("tea-2021.md", "More on tea"),
)


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("the AI Magazine article", "magazine/ai-alliance.txt"),
        ("the AFL-CIO article", "afl-cio-partnership.txt"),
        ("lease.pdf", "lease.pdf"),
        ("Contract of Lease", "lease.pdf"),
        ("the contract", "lease.pdf"),
        ("the alliance announcement", "magazine/ai-alliance.txt"),
        ("the document on the partnership of unions", "afl-cio-partnership.txt"),
    ],
)
def test_a_document_is_named_by_its_file_its_publisher_or_its_title(
    words: str, source: str
) -> None:
    found = named(words, KNOWN)
    assert found is not None and found.source == source


@pytest.mark.parametrize(
    "words", ["the partnership", "the tea document", "the article", "", "article 5"]
)
def test_a_subject_several_documents_or_none_are_no_name(words: str) -> None:
    assert named(words, KNOWN) is None
