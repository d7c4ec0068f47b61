"""A text in Markdown as plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.wording.test_markdown import LINES
from ui.wording.plain import excerpt, read


@pytest.mark.parametrize(
    ("text", "marked", "pieces"),
    [
        ("**7.4** You *may* leave.", "may", ("7.4 You ", "may", " leave.")),
        ("**7.4** You *may* leave.", "", ("7.4 You may leave.", "", "")),
        (
            "## Leave\n\nYou may:\n\n- go\n- [rest](a)\n",
            "go",
            ("Leave\nYou may:\n• ", "go", "\n• rest"),
        ),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "2", ("a | b\n1 | ", "2", "")),
        ("| Part-time | **$21.25** |", "$21.25", ("Part-time | ", "$21.25", "")),
        ("| Part-time | $21.25 |", "Part-time", ("", "Part-time", " | $21.25")),
        ("| Part-time | $21.25 |", "", ("Part-time | $21.25", "", "")),
        ("| |", "", ("", "", "| |")),
        ("1 &lt; 2 is so", "&lt; 2", ("1 ", "< 2", " is so")),
        ("<!-- hidden words -->", "hidden", ("<!-- ", "hidden", " words -->")),
    ],
)
def test_a_text_is_read_in_one_run_with_the_span_apart(
    text: str, marked: str, pieces: tuple[str, str, str]
) -> None:
    start = text.index(marked) if marked else 0
    assert read(text, start, start + len(marked)) == pieces


@given(st.lists(LINES, max_size=8).map("\n".join), st.integers(0, 60), st.integers(0, 60))
def test_whatever_the_span_the_words_are_those_without_one(text: str, one: int, other: int) -> None:
    assert "".join(read(text, *sorted((one, other)))) == "".join(read(text))


def test_an_excerpt_is_cut_where_it_is_said_and_its_paragraphs_stand_apart() -> None:
    text = "# Fees\n\n- hall\n- **yard**\n\nThe *lock* is free.\n\nNobody pays [twice](a).\n"
    start, first = text.index("lock"), text.index("yard")
    cut = excerpt(text, start, start + 4, (first + 1, text.index("pays") + 2))
    assert cut == ("• ard\n\nThe ", "lock", " is free.\n\nNobody pa")


@given(st.lists(LINES, max_size=8).map("\n".join), st.integers(0, 60), st.integers(0, 60))
def test_an_excerpt_of_all_has_the_words_of_all(text: str, one: int, other: int) -> None:
    words = "".join(excerpt(text, min(one, other), max(one, other), (0, len(text) + 1)))
    whole = "".join(read(text))
    assert words.replace("|", " ").split() == whole.replace("|", " ").split() or (
        not words.strip() and whole == text
    )
