"""Sentences of texts that are not made for it; those of usual ones are in ``test_passages``."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nupunkt import sentence_spans

import rag.text.sentences
from rag.text.sentences import is_list_item, leads_in, sentences

RUNS = st.sampled_from(["\n", " ", "\n \n", "-", "a", "\u2028", ". ", "\t", "日"])
HOSTILE = st.lists(
    st.tuples(RUNS, st.integers(1, 500)).map(lambda run: run[0] * run[1])
    | st.sampled_from(["One here. Two there.", "# What? Why?", "\n\n", "He met Dr. Smith."]),
    max_size=8,
).map("".join)


@given(HOSTILE)
def test_spans_hold_all_that_is_not_white_space_in_order(text: str) -> None:
    position, rest = 0, []
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        rest.append(text[position:start])
        position = end
    assert not "".join([*rest, text[position:]]).strip()


@given(st.integers(3, 3000), st.sampled_from(["\n", "\n ", " \n\n\t"]))
def test_a_run_of_blank_lines_changes_no_sentence(count: int, line: str) -> None:
    text = f"He met Dr. Smith. She left.{line * count}Then it rained. It stopped."
    shown = [text[start:end] for start, end in sentences(text)]
    assert shown == ["He met Dr. Smith.", "She left.", "Then it rained.", "It stopped."]


@pytest.mark.parametrize(
    "hostile",
    [
        lambda count: "One.\n" + "\n" * count + "Two.",
        lambda count: "# a" + " " * count + "b\n\nText.",
        lambda count: "-" * count,
        lambda count: "a.)" * count,
        lambda count: "One." + " \t" * count + "Two.",
    ],
)
def test_of_a_run_without_end_little_is_shown_to_the_segmenter(
    hostile: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []

    def counting(text: str, *, line_breaks: bool) -> list[tuple[int, int]]:
        shown.append(len(text))
        return sentence_spans(text, line_breaks=line_breaks)

    monkeypatch.setattr(rag.text.sentences, "sentence_spans", counting)
    for count in (20_000, 40_000):
        shown.clear()
        assert sentences(hostile(count))
        assert sum(shown) < 1000


def test_a_heading_is_one_sentence_however_many_it_holds() -> None:
    text = "## I left. What now? And then?\nYes. Come back.\n\nCan I copy it? I write.\n---\nNo."
    assert [text[start:end] for start, end in sentences(text)] == [
        "## I left. What now? And then?",
        "Yes.",
        "Come back.",
        "Can I copy it? I write.\n---",
        "No.",
    ]


@pytest.mark.parametrize(
    ("sentence", "following", "leads"),
    [
        ("The goals are:", "- peace", True),
        ("You have the right to", "• vote", True),
        ("You have the right to:", "vote", False),
        ("They voted.", "- peace", False),
        ("“They voted.”", "- peace", False),
        ("- bread", "- peace", False),
        ("- food, that is:", "1. bread", True),
    ],
)
def test_a_list_is_led_in_by_a_colon_or_by_what_is_no_whole_sentence(
    sentence: str, following: str, leads: bool
) -> None:
    assert leads_in(sentence, following) == leads


def test_a_short_word_and_a_full_stop_are_no_number() -> None:
    assert [is_list_item(text) for text in ("iv. so", "(a) so", "12) so", "Yes. So", "Dr. So")] == [
        *[True] * 3,
        *[False] * 2,
    ]
