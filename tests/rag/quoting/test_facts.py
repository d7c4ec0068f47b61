"""Numbers, dates, names, negations and quotations of a text."""

import pytest

from rag.quoting.facts import facts


def told(text: str, kind: str) -> list[str]:
    return [f"{each.value}{each.part}" for each in facts(text) if each.kind == kind]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("70% of workers", ["70%"]),
        ("seventy per cent of them", ["70%"]),
        ("more than one million people, or 1,000,000", ["1e+06", "1e+06"]),
        ("It costs $4.50.", ["4.5$"]),
        ("three goals, one of them old", ["3"]),
        ("a 12-week course of 3 parts", ["3"]),
        ("goals:\n  1. to teach\n  2. to learn", []),
        ("goals: (1) to teach; (2) to learn 5 words", ["5"]),
    ],
)
def test_numbers_are_told_however_they_are_written(text: str, numbers: list[str]) -> None:
    assert told(text, "number") == numbers


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("in the winter of 2024", ["winterseason", "2024year"]),
        ("until March 2026, on a Monday", ["marchmonth", "2026year", "mondayweekday"]),
        ("in the fall of next year", ["autumnseason", "next yearyear"]),
        ("they may march", []),
    ],
)
def test_dates_are_told_and_are_no_numbers(text: str, dates: list[str]) -> None:
    assert told(text, "date") == dates
    assert told(text, "number") == []


def test_names_are_told_without_articles_and_endings() -> None:
    text = "The American Federation of Teachers met Microsoft’s Brad Smith. It went well."
    found = [each for each in facts(text) if each.kind == "name"]
    assert found[0].value == "american federation of teachers"
    assert text[found[0].start : found[0].end] == "American Federation of Teachers"
    assert told("It was Microsoft’s, then James’.", "name") == ["microsoft", "james"]


def test_negations_and_quotations_are_told_with_their_places() -> None:
    text = "She didn't say “we will never leave this place again” but “yes”."
    assert len(told(text, "negation")) == 2
    (quoted,) = [each for each in facts(text) if each.kind == "quotation"]
    assert text[quoted.start : quoted.end] == "we will never leave this place again"
