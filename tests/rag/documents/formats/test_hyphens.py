"""Words that a line's end cuts in two."""

import pytest

from rag.documents.formats.hyphens import HYPHEN, ending


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the negoti-", "ations began", "the negotiations began"),
        (f"the negoti{HYPHEN}", "ations began", "the negotiations began"),
        ("los traba-", "jadores", "los trabajadores"),
        ("an open-", "source model", "an open-source model"),
        ("an AI-", "powered tool", "an AI-powered tool"),
        ("the AFL-", "CIO said", "the AFL-CIO said"),
        ("in 2020-", "and later", "in 2020-and later"),
        ("a so\u00ad", "called plan", "a socalled plan"),
        ("a plan -", "and more", "a plan - and more"),
        ("no hyphen", "here", "no hyphen here"),
    ],
)
def test_a_word_cut_at_a_lines_end_is_one_word(first: str, second: str, joined: str) -> None:
    assert ending(first, second, {}) + second == joined


def test_a_hyphen_stays_where_the_document_has_the_word_with_it() -> None:
    assert ending("a coöper-", "ation", {"coöper-ation": 1}) == "a coöper-"
    assert ending("a coöper-", "ation", {"coöper-ation": 1, "coöperation": 1}) == "a coöper"


def test_a_hyphen_at_the_end_of_all_stays() -> None:
    assert ending(f"and so{HYPHEN}", "", {}) == "and so-"
