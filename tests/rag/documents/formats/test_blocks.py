"""Blocks to Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.formats.blocks import Blocks, one_line, record
from rag.text.headings import headings
from ui.wording.plain import read


def test_a_place_is_where_the_next_block_begins() -> None:
    blocks = Blocks()
    blocks.place("page 1")
    blocks.paragraph("One.")
    blocks.place("page 2")
    blocks.paragraph(" ")
    blocks.heading(2, "Two")
    assert blocks.text == "One.\n\n## Two"
    assert [(blocks.text[at:], name) for at, name in blocks.places] == [
        (blocks.text, "page 1"),
        ("## Two", "page 2"),
    ]


def test_a_row_stands_alone() -> None:
    assert (
        record(["Name", "Fee", ""], ["Ann", "5\neuro", "x", "y"]) == "Name: Ann; Fee: 5 euro; x; y"
    )
    assert record(["Name", "Fee"], ["Ann", ""]) == "Name: Ann"
    assert record([], ["Ann", "", "5"]) == "Ann | 5"


@pytest.mark.parametrize("text", ["# a", "###### b", "```", "~~~ x", "ok\n# a"])
def test_no_text_becomes_a_heading_or_a_fence(text: str) -> None:
    blocks = Blocks()
    blocks.paragraph(text)
    blocks.heading(2, "After")
    assert [each.text for each in headings(blocks.text) if each.sure] == ["After"]


@given(st.text(alphabet="ab <>/!?&;#-`~\n"))
def test_a_tag_in_a_text_is_read_as_text(text: str) -> None:
    blocks = Blocks()
    blocks.paragraph(f"x {text} y")
    words = "".join(read(blocks.text)).split()
    assert (words[0], words[-1]) == ("x", "y")


@given(st.text())
def test_one_line_is_one_line_and_changes_no_more_once_it_is(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line and "\r" not in line and one_line(line) == line
