"""Names, numbers and dates, in one form however they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims import Date, Number, claims, names, plain, tokens


def numbers(text: str) -> frozenset[Number]:
    return claims(plain(text)).numbers


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("1,000 of them", 1000, ""),
        ("one thousand of them", 1000, ""),
        ("two hundred and five", 205, ""),
        ("twenty-one", 21, ""),
        ("3.5 million", 3_500_000, ""),
        ("a dozen", 12, ""),
        ("5%", 5, "%"),
        ("5 percent", 5, "%"),
        ("five per cent", 5, "%"),
        ("$5 million", 5_000_000, "$"),
        ("$5m", 5_000_000, "$"),
        ("five million dollars", 5_000_000, "$"),
        ("£1.5bn", 1_500_000_000, "£"),
        ("the 21st", 21, "th"),
        ("twenty-first", 21, "th"),
        ("the first", 1, "th"),
        ("-5 degrees", -5, ""),
        ("−5 degrees", -5, ""),
        ("a 50-year plan", 50, ""),
        ("It is 5.", 5, ""),
    ],
)
def test_a_number_is_its_value_and_what_it_counts_in(text: str, value: int, kind: str) -> None:
    assert numbers(text) == {(Decimal(value), kind)}


def test_a_range_is_two_numbers() -> None:
    assert numbers("from 2019–2021") == {(Decimal(2019), ""), (Decimal(2021), "")}


@pytest.mark.parametrize("text", ["someone", "often", "attend", "a network", "the weight"])
def test_a_word_that_holds_a_number_word_is_no_number(text: str) -> None:
    assert numbers(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "code"),
    [("version 4.1.2", "4.1.2"), ("5G", "5g"), ("the 2020s", "2020s"), ("room 101A.", "101a")],
)
def test_a_word_with_a_digit_that_is_no_number_is_a_code(text: str, code: str) -> None:
    assert claims(plain(text)).codes == {code}


@pytest.mark.parametrize(
    "text",
    [
        "January 5, 2021",
        "January 5 2021",
        "Jan. 5, 2021",
        "Jan 5th, 2021",
        "5 January 2021",
        "5th of January, 2021",
        "2021-01-05",
    ],
)
def test_a_date_is_its_parts_and_no_number(text: str) -> None:
    found = claims(plain(f"On {text} they met."))
    assert found.dates == (Date(2021, 1, 5),)
    assert found.numbers == frozenset()
    assert found.codes == frozenset()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("in May 2020", Date(2020, 5, None)),
        ("on March 3.", Date(None, 3, 3)),
        ("on 3 March", Date(None, 3, 3)),
        ("Sept. 11, 2001", Date(2001, 9, 11)),
    ],
)
def test_a_date_has_the_parts_that_are_said(text: str, date: Date) -> None:
    assert claims(plain(text)).dates == (date,)


def test_may_is_a_month_only_with_a_capital_and_a_number() -> None:
    assert claims(plain("they may 5 times")).dates == ()


def test_a_date_is_within_one_that_says_more_and_not_the_other_way() -> None:
    assert Date(None, 1, 5).within(Date(2021, 1, 5))
    assert not Date(2021, 1, 5).within(Date(None, 1, 5))
    assert not Date(None, 1, 6).within(Date(2021, 1, 5))
    assert not Date(None, 2, 5).within(Date(2021, 1, 5))


def test_names_are_runs_of_words_with_a_capital() -> None:
    words = tokens(plain("In Rome, the Bank of Italy’s head Ann Lee met AFL-CIO and iRobot."))
    assert [name for _, name in names(words)] == [
        ("In", "Rome"),
        ("Bank", "of", "Italy"),
        ("Ann", "Lee"),
        ("AFL", "-", "CIO"),
        ("iRobot",),
    ]


def test_quotation_marks_dashes_and_spaces_are_of_one_kind() -> None:
    assert plain("“It’s\u00a0a – b”\n") == '"It\'s a - b"'


@given(st.text(max_size=200) | st.text(alphabet="AbC -&of1", max_size=40))
def test_any_text_can_be_read_and_its_names_stand_where_they_are_said_to(text: str) -> None:
    words = tokens(plain(text))
    claims(plain(text))  # raises nothing
    end = 0
    for start, name in names(words):
        assert end <= start
        end = start + len(name)
        assert tuple(words[start:end]) == name
    covered = {at for start, name in names(words) for at in range(start, start + len(name))}
    assert covered >= {at for at, word in enumerate(words) if any(map(str.isupper, word))}


@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_matter(value: int) -> None:
    assert numbers(f"about {value:,} people") == numbers(f"about {value} people")
