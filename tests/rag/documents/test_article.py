"""Where the article is in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.article import article, opens_left_overs

BODY = "The Lena rises near Lake Baikal and ends in the Laptev Sea, as everybody knows. " * 6
BODY = f"{BODY}\n\n{BODY}\n\n"


def outside(text: str, *, title_known: bool = False) -> tuple[str, str]:
    start, end = article(text, title_known=title_known)
    return text[:start].strip(), text[end:].strip()


def test_the_article_ends_above_two_signs_of_left_overs() -> None:
    text = f"The river Lena\n\n{BODY}Related articles\n\nThe river Ob\n\nLeave a comment\n"
    assert outside(text)[1].startswith("Related articles")


@pytest.mark.parametrize("sign", ["Related articles", "About the author", "Comments", "Read more"])
def test_one_sign_is_not_enough(sign: str) -> None:
    text = f"The river Lena\n\n{BODY}{sign}\n\n{BODY}"
    assert outside(text) == ("", "")


def test_a_menu_above_the_title_is_cut_off_unless_the_title_is_known() -> None:
    text = f"Home\nSkip to content:\n\nThe council sets the fees\n\n{BODY}"
    assert outside(text) == ("Home\nSkip to content:", "")
    assert outside(text, title_known=True) == ("", "")


@pytest.mark.parametrize("short", ["It freezes every winter.", "What then? It freezes over"])
def test_an_article_does_not_begin_at_its_first_short_paragraph(short: str) -> None:
    assert outside(f"{BODY}{short}\n\n{BODY}") == ("", "")
    assert outside(f"It is long.\n\n{short}\n\n{BODY}") == ("", "")


@given(st.text(), st.booleans())
def test_the_article_lies_inside_any_text(text: str, known: bool) -> None:
    start, end = article(text, title_known=known)
    assert 0 <= start <= end <= len(text)


def test_a_long_line_is_not_looked_at() -> None:
    assert opens_left_overs("—" * 20 + "Related articles" + "—" * 20)
    assert not opens_left_overs("—" * 20_000 + "Related articles")
