import pytest

from rag.quoting.units import units

LIST = ["There are three rivers:\n", "- the Lena\n", "- the Ob\n", "All are long."]
ABOUT = ["The Lena rises near Baikal. ", "It ends in the Laptev Sea. ", "It freezes."]


def pieces(sentences: list[str], explanatory: bool = False) -> list[str]:
    """The units of a passage of these sentences, as they read."""
    text = "".join(sentences)
    ends = [sum(map(len, sentences[: count + 1])) for count in range(len(sentences))]
    spans = [
        (end - len(sentence), end - len(sentence) + len(sentence.rstrip()))
        for end, sentence in zip(ends, sentences, strict=True)
    ]
    return [
        text[spans[first][0] : spans[last][1]] for first, last in units(text, spans, explanatory)
    ]


def test_a_sentence_is_a_unit() -> None:
    assert pieces(ABOUT) == [sentence.strip() for sentence in ABOUT]


def test_a_list_stays_with_the_sentence_that_announces_it() -> None:
    assert pieces(LIST)[0] == "There are three rivers:\n- the Lena\n- the Ob"


def test_a_sentence_that_announces_nothing_that_follows_is_none_unless_it_is_alone() -> None:
    assert pieces(["Two things are said: ", "Rivers freeze."]) == ["Rivers freeze."]
    assert pieces(["Two things are said:"]) == ["Two things are said:"]


def test_an_explanation_has_the_next_sentence_where_it_goes_on() -> None:
    assert pieces(ABOUT, explanatory=True) == [
        "The Lena rises near Baikal. It ends in the Laptev Sea.",
        "It ends in the Laptev Sea. It freezes.",
        "It freezes.",
    ]


@pytest.mark.parametrize("length", [400, 900])
def test_a_unit_of_several_sentences_has_its_bounds(length: int) -> None:
    long = ["The Lena rises. ", f"It is {'very ' * (length // 5)}long."]
    assert (len(pieces(long, explanatory=True)[0]) > length) == (length < 800)


def test_a_heading_is_no_unit_unless_there_is_nothing_else() -> None:
    assert pieces(["# Rivers\n\n", "The Lena is long."]) == ["The Lena is long."]
    assert pieces(["# Rivers"]) == ["# Rivers"]
