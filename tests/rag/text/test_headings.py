"""The headings of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.headings import headings, path_at, plain, unlabelled

LINES = st.sampled_from(
    ["", "# A b", "## C? D!", "Why?", "Yes.", "**Bold**", "Short line", "----", "===", "```", "- x"]
    + ["Q: Who?", "1. How?", "A: So.", "The Lena is long.", "  ", "#", "| a |", "> # Q", "\u2028"]
)


def found(text: str) -> list[tuple[str, int]]:
    """Words and level of the headings of a text."""
    return [(each.text, each.level) for each in headings(text)]


@pytest.mark.parametrize(
    ("text", "words", "level"),
    [
        ("## Wages ##\nText.", "Wages", 2),
        (
            "### I used to work here. What can I do?\n\nYes.",
            "I used to work here. What can I do?",
            3,
        ),
        ("# C#\n\nText.", "C#", 1),
        ("## Who pays? {#pays}\n\nYou.", "Who pays?", 2),
        ("## **7.4** The [pay](https://a.b/c) `scale`\n\nText.", "7.4 The pay scale", 2),
        ("Mill Lane\n=========\n\nText.", "Mill Lane", 1),
        ("Can I copy it? I write.\n---\n\nYes.", "Can I copy it? I write.", 2),
        ("**Opening hours**\n\nAt nine.", "Opening hours", 7),
        ("__Has it been mended?__\nIt has.", "Has it been mended?", 9),
        ("Q: How big is a plot?\nA: Small.", "Q: How big is a plot?", 9),
        ("One.\nQ3. How big is it?\nSmall.", "Q3. How big is it?", 9),
        ("4. Do I get a key?\n\nOne.", "4. Do I get a key?", 9),
        ("Is there a lavatory?\n\nBehind the hut.", "Is there a lavatory?", 9),
        ("Do you lend?\nYes, two.", "Do you lend?", 9),
        ("Hours\n\nText.", "Hours", 8),
    ],
)
def test_a_heading_is_told_by_its_mark_or_its_shape(text: str, words: str, level: int) -> None:
    assert found(text) == [(words, level)]


@pytest.mark.parametrize(
    "text",
    [
        "Text.\nHours\nText.",  # inside a paragraph
        "They rose.\n\nText.",  # a sentence
        "• Wages\n\nText.",
        "#hashtag\n\nText.",
        "##\n\nText.",
        "## ##\n\nText.",
        "```\n# a comment\n```\nText.",
        "The bank is closed.\n---\n\nText.",  # a rule below a paragraph
        "**Nobody may enter the hall.**\n\nText.",  # what must not be overlooked
        "**The bank** is **closed**\n\nIt is.",
        "“Who goes there?”\n\nNobody.",
        "Who am I?\n\nWho are you?",
        "1. How old is it?\n2. How big is it?\n",
        "As a member you have the right to\n\n- vote",
        "What is it?\n",
        "- [Who pays?](#who)\n\nText.",
        f"# {'very ' * 60}long",
        "",
    ],
)
def test_what_is_so_or_only_looks_alike_is_no_heading(text: str) -> None:
    assert found(text) == []


def test_a_fence_that_is_not_closed_hides_nothing() -> None:
    assert found("```\n# One\n\nText.") == [("One", 1)]


@given(st.lists(LINES, max_size=12).map("\n".join) | st.text())
def test_headings_are_whole_lines_in_their_order(text: str) -> None:
    position = 0
    for each in headings(text):
        assert position <= each.start < each.end <= len(text)
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        assert text[: each.start].rpartition("\n")[2].strip() == ""
        assert text[each.end :].partition("\n")[0].strip() == ""
        assert each.text and "\n" not in each.text
        position = each.end


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Q: Who pays?", "Who pays?"),
        ("Q12. Who pays?", "Who pays?"),
        ("3.4 How long?", "How long?"),
        ("Question 2) Who?", "Who?"),
        ("Quay 7", "Quay 7"),
    ],
)
def test_a_number_or_q_is_no_word_of_the_heading(heading: str, words: str) -> None:
    assert unlabelled(heading) == words


def test_of_a_link_its_text_is_shown_and_names_keep_their_underscores() -> None:
    assert plain("*See* [the  table](x.md) of `snake_case`") == "See the table of snake_case"


def test_an_offset_stands_below_the_nearest_heading_of_each_level_above_it() -> None:
    text = "# Pay\n\nA.\n\n## Rise\n\nB.\n\n### When\n\nC.\n\n## Scale\n\nD.\n\n# Leave\n\nE."
    known = headings(text)

    def path(words: str) -> list[str]:
        return [each.text for each in path_at(known, text.index(words))]

    assert [path(letter) for letter in ("A.", "B.", "C.", "D.", "E.")] == [
        ["Pay"],
        ["Pay", "Rise"],
        ["Pay", "Rise", "When"],
        ["Pay", "Scale"],
        ["Leave"],
    ]
    assert path("### When") == ["Pay", "Rise", "When"]
    assert path_at((), 3) == ()
