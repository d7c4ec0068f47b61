"""Titles of texts whose front matter gives none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.titles import LONGEST, heading_of, name_of, shortened


def of(text: str, source: str) -> str | None:
    in_markdown = source.endswith(".md")
    return heading_of(text, lambda line: line == "Most read this week", is_markdown=in_markdown)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Draft, do not quote\n\n# The *real* title\n\nText.\n", "The *real* title"),
        ("## Part\n\n# Title ##\n\n# Another\n", "Title"),
        ("# In C#\n", "In C#"),
        ("Some words.\n\n## The only heading\n\nText.\n", "The only heading"),
        ("## Who can join?\n\nAll.\n\n## What is due?\n\nNothing.\n", None),
        ("The title\n=========\n\nText.\n", "The title"),
        ("The title\n---\n\nText.\n", "The title"),
        ("Text of two\nlines\n---\n", None),
        ("```\n# a comment\n```\n\nText.\n", None),
        ("    # code\n\nText.\n", None),
        ("#hashtag and words\n", None),
        ("A line that looks like a title\n\nText.\n", None),
        ("#\n# \n\nText.\n", None),
        ("", None),
    ],
)
def test_of_markdown_the_heading_that_stands_for_all_is_the_title(
    text: str, title: str | None
) -> None:
    assert of(text, "a.md") == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How bees make honey\n\nBees collect nectar.\n", "How bees make honey"),
        ("fbpx\n\nA union on AI\n\nText follows.\n", "A union on AI"),
        ("How bees make honey\n===================\nText.\n", "How bees make honey"),
        ("The talks have begun.\n- One\n- Two\n", "The talks have begun"),
        ("Most read this week\n\nThe title of it\n\nText.\n", "The title of it"),
        ("We met on Monday.\n\nWhat you should bring\n\nTea.\n", None),
        ("We met on Monday and\nthen we left.\n\nWhat to bring\n\n", None),
        ("Dear members,\n\nthe meeting is on Monday. Bring tea.\n\nWhat to bring\n", None),
        ("Come soon. Bring tea\n\nText.\n", None),
        ("- a point of it\n\nText.\n", None),
        ("Minutes\n\nWe met.\n", None),
        (f"{'word ' * 30}\n\nThe title of it\n\n", None),
        ("", None),
    ],
)
def test_of_plain_text_it_is_a_line_by_itself_and_never_a_sentence(
    text: str, title: str | None
) -> None:
    assert of(text, "a.txt") == title


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("minutes/2024-05_general-meeting.txt", "2024 05 general meeting"),
        ("posts/far-north/index.md", "Far north"),
        ("index.md", "Index"),
        ("___.txt", "___.txt"),
    ],
)
def test_a_file_s_name_is_made_readable(source: str, name: str) -> None:
    assert name_of(source) == name


def test_a_title_is_one_line_of_some_length() -> None:
    assert shortened(" a\n b\x1b ") == "a b"
    assert shortened("word " * 9000).endswith("word…")
    assert len(shortened("a" * 9000)) == LONGEST


def test_a_line_of_many_spaces_is_no_work() -> None:
    assert of(f"# a{' ' * 1_000_000}b\n", "a.md") == f"a{' ' * 1_000_000}b"


@given(st.text(), st.sampled_from(["a.md", "a.txt"]))
def test_a_heading_is_of_the_text(text: str, source: str) -> None:
    found = of(text, source)
    assert found is None or (found and found in text)
