"""What a text in Markdown shows, and where its words stand."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.wording.markdown import Element, Words, elements, has_words

LINES = st.sampled_from(
    [
        "",
        "# A **b**",
        "text *em* &amp; more",
        "- item",
        "  - deep",
        "3. third",
        "> said",
        "| a | b |",
    ]
    + ["|---|---|", "| 1 \\| 2 | `c  d` |", "```", "<div>", "</div>", "<br>a<b>c</b>", "![p](q) r"]
    + [
        "[x](y)y [z][w]",
        "\\*no\\*",
        "a  ",
        "---",
        "===",
        "{{< header />}} t",
        "{% if %}",
        "<!-- c -->",
    ]
    + ["    code", "<https://a.b>", "**open", "\u2028", "\r"]
)


def outline(shown: Sequence[Element | Words]) -> list[object]:
    """Tags with what they hold, and words as they are shown."""
    return [
        each.text if isinstance(each, Words) else (each.tag, *outline(each.children))
        for each in shown
    ]


def words(shown: Sequence[Element | Words]) -> Iterator[Words]:
    """All words, in their order."""
    for each in shown:
        if isinstance(each, Words):
            yield each
        else:
            yield from words(each.children)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## Pay **now** {#pay}\n", [("h2", "Pay ", ("strong", "now"))]),
        ("One *two*\nthree.", [("p", "One ", ("em", "two"), " ", "three.")]),
        ("- a\n- b\n  1. c\n", [("ul", ("li", "a"), ("li", "b", ("ol", ("li", "c"))))]),
        ("> said", [("blockquote", ("p", "said"))]),
        ("a<br>b <a class='x'>c</a>", [("p", "a", ("br",), "b ", "c")]),
        ("See [the form](http://a.b/form)form.", [("p", "See ", "the form", "form.")]),
        ("![A map](map.png) of it", [("p", "A map", " of it")]),
        ("5 &lt; 6 \\* 7", [("p", "5 ", "<", " 6 ", "*", " 7")]),
        ("{{< header />}}\n\nText {% x %}here.", [("p",), ("p", "Text ", "here.")]),
        ("<div>\nIn a box. <!-- not this -->\n</div>", [("p", "In a box.")]),
        ("<script>\nalert(1)\n</script>", []),
        ("```\na\n  b\n```", [("pre", "a\n", "  b\n")]),
        ("a\n\n---\n\nb", [("p", "a"), ("hr",), ("p", "b")]),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            [
                (
                    "table",
                    ("thead", ("tr", ("th", "a"), ("th", "b"))),
                    ("tbody", ("tr", ("td", "1"), ("td", "2"))),
                )
            ],
        ),
    ],
)
def test_structure_is_kept_and_signs_are_not_shown(text: str, shown: list[object]) -> None:
    assert outline(elements(text)) == shown


def test_a_numbered_list_begins_where_it_begins_in_the_file() -> None:
    (later,) = elements("4. four\n5. five")
    (first,) = elements("1. one\n2. two")
    assert (later.number, first.number) == (4, None)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_words_stand_in_order_where_their_offsets_say(text: str) -> None:
    at = 0
    for each in words(elements(text)):
        assert at <= each.start <= each.end <= len(text)
        at = each.end
        if each.text.strip() and len(each.text) == each.end - each.start:
            assert text[each.start : each.end].split() == each.text.split()


@pytest.mark.parametrize(
    "text",
    ["a **b** c [d](e)d `f`", "| x \\| y | z |\n|---|---|\n| 1 \\| 2 | 3 |", "- [a](b) b\n- c"],
)
def test_all_words_are_found_in_the_text(text: str) -> None:
    assert all(each.start < each.end for each in words(elements(text)))


def test_a_span_without_a_word_that_is_shown_is_told() -> None:
    text = "Seen. <!-- hidden words -->\n\n![](a.png)"
    shown = elements(text)
    assert has_words(shown, 0, 5)
    assert not has_words(shown, text.index("hidden"), text.index("words"))
