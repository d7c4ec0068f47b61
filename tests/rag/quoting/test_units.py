"""Sentences to pieces, on passages in which a reader can see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quoting.units import units
from rag.text.sentences import sentences

LIST = "There are three rivers:\n- the Lena\n- the Ob\nAll are long."
ABOUT = "The Lena rises near Baikal. It ends in the Laptev Sea. It freezes."


def pieces(text: str, question: str = "Which rivers?", *, explanatory: bool = False) -> list[str]:
    """The units of a passage, as they read."""
    spans = sentences(text)
    return [
        text[spans[each.first][0] : spans[each.last][1]]
        for each in units(text, spans, question, explanatory=explanatory)
    ]


def asked(text: str, question: str) -> list[str]:
    """Those of them that stand below a heading that asks the question."""
    spans = sentences(text)
    return [
        text[spans[each.first][0] : spans[each.last][1]]
        for each in units(text, spans, question, explanatory=False)
        if each.asked
    ]


def test_a_sentence_is_a_unit() -> None:
    assert pieces(ABOUT) == [
        "The Lena rises near Baikal.",
        "It ends in the Laptev Sea.",
        "It freezes.",
    ]


def test_a_list_stays_with_what_leads_to_it() -> None:
    assert pieces(LIST) == ["There are three rivers:\n- the Lena\n- the Ob", "All are long."]
    unannounced = "You have the right to\n\n- be heard\n- see the notes. All of them\n\nIt is so."
    assert pieces(unannounced) == [unannounced.removesuffix("\n\nIt is so."), "It is so."]


def test_an_item_as_long_as_a_paragraph_is_taken_apart() -> None:
    first = f"1. {'So ' * 50}long."
    text = f"The goals are:\n{first} It is so. {first[3:]}\n2. Peace.\n"
    assert pieces(text) == [
        f"The goals are:\n{first} It is so.",
        first,
        "It is so.",
        first[3:],
        "2. Peace.",
    ]


def test_of_a_list_too_long_for_one_piece_the_rest_can_be_quoted_alone() -> None:
    item = f"- {'so ' * 100}long"
    found = pieces("The goals are:\n" + f"{item}\n" * 4)
    assert found[0] == f"The goals are:\n{item}\n{item}"
    assert found[1:] == [item] * 4


def test_a_list_below_a_heading_is_one_piece() -> None:
    assert pieces("## You need\n\n- a pen\n- a pass\n") == ["- a pen\n- a pass"]


def test_a_short_line_that_leads_to_a_list_is_quoted_with_it() -> None:
    assert pieces("Opening hours\n\n- Monday\n- Friday\n") == [
        "Opening hours\n\n- Monday\n- Friday"
    ]


def test_a_sentence_that_announces_nothing_that_follows_is_none_unless_it_is_alone() -> None:
    assert pieces("Two things are said:\n\nRivers freeze.") == ["Rivers freeze."]
    assert pieces("Two things are said:") == ["Two things are said:"]


def test_an_explanation_has_the_next_sentence_where_it_goes_on() -> None:
    assert pieces(ABOUT, explanatory=True) == [
        "The Lena rises near Baikal. It ends in the Laptev Sea.",
        "It ends in the Laptev Sea. It freezes.",
        "It freezes.",
    ]


@pytest.mark.parametrize("length", [400, 900])
def test_a_unit_of_several_sentences_has_its_bounds(length: int) -> None:
    long = f"The Lena rises. It is {'very ' * (length // 5)}long."
    assert (len(pieces(long, explanatory=True)[0]) > length) == (length < 800)


def test_a_heading_that_is_marked_is_never_a_unit() -> None:
    assert pieces("# Rivers\n\nThe Lena is long.") == ["The Lena is long."]
    assert pieces("# Rivers\n\n## I left. What now?\n") == []


def test_a_line_that_may_be_no_heading_is_a_unit_where_there_is_nothing_else() -> None:
    assert pieces("Opening hours\n\n") == ["Opening hours"]
    assert pieces("Opening hours\n\nAt nine.") == ["At nine."]


@pytest.mark.parametrize("answer", ["Yes.", "No!", "It depends.", "A: Yes."])
def test_an_answer_that_says_nothing_by_itself_is_quoted_with_what_follows(answer: str) -> None:
    text = f"## May I sing?\n\n{answer} The hall is open at nine. It is cold."
    assert pieces(text)[0] == f"{answer} The hall is open at nine."


@pytest.mark.parametrize(
    "question",
    [
        "I used to work here. What can I do?",
        "what can I do if i used to work here",
        "I used to work here. What could be done?",
        "May I use it to work? What is here to do?",
    ],
)
def test_what_stands_below_a_heading_that_asks_the_question_is_one_piece(question: str) -> None:
    text = "### I used to work here. What can I do?\n\nYes. Go.\n\nAsk.\n\n### Who else?\n\nAll."
    same = question == "I used to work here. What can I do?"
    assert asked(text, question) == (["Yes. Go.\n\nAsk."] if same else [])


def test_other_words_of_a_question_and_a_not_make_it_another() -> None:
    text = "## 4.2 May I refuse to work?\n\nYes, in strong wind.\n"
    assert asked(text, "May we refuse to work, please?") == ["Yes, in strong wind."]
    for other in (
        "May I not refuse to work?",
        "When may I refuse to work?",
        "Must I refuse to work?",
    ):
        assert asked(text, other) == []


def test_a_question_that_only_asks_again_answers_nothing() -> None:
    text = "- [Which rivers are long?](#a)\n- [Why](#b)\n\nThe Lena. Which rivers are long? So."
    found = pieces(text, "Which rivers are long?")
    assert not any(each.startswith(("Which", "- [Which")) for each in found)


@given(st.text(alphabet="aB?.:\n -#1*", max_size=200))
def test_units_lie_inside_the_passage_and_are_in_its_order(text: str) -> None:
    spans = sentences(text)
    found = list(units(text, spans, "a b?", explanatory=True))
    assert all(0 <= each.first <= each.last < len(spans) for each in found)
    assert [each.first for each in found] == sorted({each.first for each in found})


def test_a_yes_of_three_words_is_quoted_with_what_follows_and_one_of_four_is_not() -> None:
    assert pieces("Yes, of course. It is free.")[0] == "Yes, of course. It is free."
    assert pieces("Yes, so it is. It is free.")[0] == "Yes, so it is."
