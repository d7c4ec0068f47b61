"""What of a model's sentences is shown: what a cited quote holds, and nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.outcomes import Why
from rag.prose.sentence_check import check
from rag.records import Sentence, Withheld
from rag.text.sentences import sentences
from tests.answers import LENA, TEA, quote
from tests.conftest import SEEDS

POLL = (
    "According to a new poll, 70% of workers worry about being replaced by AI, said Ann Lee, head "
    "of the Office for Work. The union will not sue Acme Corp. unless 1,200 members vote for it."
)
DEAL = (
    "On January 5, 2021, the Bank of Italy, which is in Rome, bought twelve ships from Acme Corp. "
    "for $5 million. The employees of Acme Corp. may join a union."
)
QUOTES = (quote(1, LENA), quote(2, TEA), quote(3, POLL), quote(4, DEAL))


def why(text: str, *cites: int) -> Why | None:
    found = check(text, cites, QUOTES)
    return found.why if isinstance(found, Withheld) else None


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("The river Lena flows north to the Arctic Ocean.", 1),
        ("The river Lena flows north.", None),
        ("The Lena river flows north to the Arctic Ocean.", None),
        ("Green tea is not fermented.", 2),
        ("Black tea, which most workers drink, is fully fermented.", 2),
        ("Black tea is fully fermented.", None),
        ("According to a new poll, 70 percent of workers worry about being replaced by AI.", None),
        ("The Bank of Italy bought twelve ships from Acme Corp. for $5 million.", None),
        (
            "The Bank of Italy, which is in Rome, bought twelve ships from Acme Corp. for $5 "
            "million.",
            None,
        ),
        ("The Bank of Italy bought 12 ships from Acme Corp. for $5 million.", None),
        ("The Bank of Italy bought twelve ships from Acme Corp. for $5m.", None),
        (
            "On January 5, 2021, the Bank of Italy, which is in Rome, bought twelve ships from "
            "Acme Corp. for $5 million.",
            4,
        ),
        ("On Jan. 5, 2021, the Bank of Italy bought twelve ships.", None),
        ("The employees of Acme Corp. may join a union.", None),  # behind "On January 5, 2021,"
        ("Employees of Acme Corp. may join a union.", None),
    ],
)
def test_a_sentence_that_its_quote_holds_is_shown(text: str, cites: int | None) -> None:
    # None: true, and withheld all the same, as it is no whole sentence, or leaves a date behind.
    found = [number for number in range(1, 5) if why(text, number) is None]
    assert found == ([cites] if cites else [])


@pytest.mark.parametrize(
    ("text", "cites", "expected"),
    [
        ("The river Lena flows north to the Arctic", 1, "unfinished"),
        ("flows north to the Arctic Ocean.", 1, "unfinished"),
        ("Flows north.", 1, "unfinished"),
        ("The river Lena flows south to the Arctic Ocean.", 1, "not_covered"),
        ("The river Ob flows north to the Arctic Ocean.", 1, "name"),
        ("The river Lena flows North to the Arctic Ocean.", 1, "name"),
        ("The river Lena flows north to the Arctic Sea Ocean.", 1, "name"),
        ("The river Lena is 4,295 kilometres long.", 1, "number"),
        ("The river Lena is 4294 kilometres long.", 1, "number"),
        (
            "According to a new poll, 70 of workers worry about being replaced by AI.",
            3,
            "qualifier",
        ),
        ("The Bank of Italy bought twelve ships from Acme Corp. for 5 million.", 4, "cut"),
        ("On January 6, 2021, the Bank of Italy bought twelve ships from Acme Corp.", 4, "number"),
        ("In January 2022 the Bank of Italy bought twelve ships from Acme Corp.", 4, "number"),
        ("Green tea is fully fermented.", 2, "not_covered"),
        ("Green tea is fermented.", 2, "qualifier"),
        ("Black tea is not fully fermented.", 2, "not_covered"),
        ("The union will sue Acme Corp. unless 1,200 members vote for it.", 3, "qualifier"),
        ("The union will not sue Acme Corp.", 3, "qualifier"),
        ("The employees of Acme Corp. join a union.", 4, "cut"),
        ("The employees of Acme Corp. must join a union.", 4, "not_covered"),
        ("70% of workers worry about being replaced by AI.", 3, "qualifier"),
        ("Black tea, which workers drink, is fully fermented.", 2, "cut"),
        ("Black tea is, fully fermented.", 2, "not_covered"),
        ("Acme Corp. bought twelve ships from the Bank of Italy.", 4, "name"),
        ("Twelve ships were bought by Acme Corp. from the Bank of Italy.", 4, "name"),
        ("The Bank of Italy was bought twelve ships by Acme Corp.", 4, "not_covered"),
        ("The Bank of Italy bought twelve ships with Acme Corp.", 4, "not_covered"),
        ("Employers of Acme Corp. may join a union.", 4, "not_covered"),
        ("Acme Corp. may join a union.", 4, "cut"),
        ("May join a union, Acme Corp.", 4, "not_covered"),
        ("We flow north to the Arctic Ocean.", 1, "voice"),
        ("You flow north to the Arctic Ocean.", 1, "voice"),
        ("It is 4,294 kilometres long.", 1, "voice"),
        ("The river Lena flows to www.example.org today.", 1, "form"),
        ("The river Lena flows, visit http://evil.example/x now.", 1, "form"),
        ("The river <b>Lena</b> flows north.", 1, "form"),
        ("The river Lena flows north\u202e to the Arctic Ocean.", 1, "form"),
        ("The river [Lena](x) flows north.", 1, "form"),
        ("The river Lena flows north to the Arctic Ocean.", 5, "no_such_quote"),
        ("The river Lena flows north to the Arctic Ocean.", 0, "no_such_quote"),
        ("The river Lena flows north to the Arctic Ocean.", 2, "name"),
    ],
)
def test_a_sentence_that_breaks_a_rule_is_withheld(text: str, cites: int, expected: Why) -> None:
    assert why(text, cites) == expected


def test_a_sentence_without_a_citation_is_withheld() -> None:
    assert why("The river Lena flows north.") == "no_citation"


def test_one_number_that_does_not_exist_is_one_too_many() -> None:
    assert why("The river Lena flows north.", 1, 9) == "no_such_quote"


def test_of_the_cited_quotes_those_are_named_that_hold_it_all() -> None:
    found = check("The river Lena flows north to the Arctic Ocean.", (1, 2), QUOTES)
    assert found == Sentence("The river Lena flows north to the Arctic Ocean.", (1,))


def test_two_quotes_together_hold_nothing_that_neither_does() -> None:
    text = "The river Lena flows north to the Arctic Ocean, green tea is not fermented."
    assert why(text, 1, 2) == "not_covered"


@pytest.mark.parametrize(
    ("text", "quote_text", "broken"),
    [
        ("In Rome, Ann Lee lost.", "In Rome, Ann Lee lost.", None),
        ("Ann Lee lost in Rome.", "In Rome, Ann Lee lost.", "name"),
        ("The river flows north.", "The river flows north, to the sea.", "cut"),
        ("The river flows north.", "The river flows north to the sea.", "cut"),
        ("Rome is the largest city.", "Rome is the largest city in Italy.", "cut"),
        ("The river grew by 3.", "The river grew by 3.5.", "number"),
        ("The fine is 5 dollars.", "The fine is -5 dollars.", "cut"),
        ("The judge sued Bob.", "The employees of the judge sued Bob.", "cut"),
        ("Ann Lee sued Bob.", "Ann Lee, a judge, sued Bob.", "cut"),
        ("Ann Lee sued Bob.", "Ann Lee (a judge) sued Bob.", "cut"),
        ("Ann Lee sued Bob.", "Ann Lee, perhaps, sued Bob.", "qualifier"),
        ("Ann Lee sued Bob.", "If it rains, Ann Lee sued Bob.", "qualifier"),
        ("Ann Lee sued Bob.", "Ann Lee sued Bob, Eve said.", "qualifier"),
        ("Ann Lee sued Bob.", "Ann Lee sued Bob?", "qualifier"),
        ("Ann Lee sued Bob?", "Ann Lee sued Bob.", "not_covered"),
        ("Ann Lee sued Bob.", "Ann Lee sued Bob-like men.", "name"),
        ("Ann Lee sued BOB.", "Ann Lee sued Bob.", "name"),
        ("They of Rome won it.", "They of Rome won it.", "voice"),
        ("Otherwise Bob won it.", "Otherwise Bob won it.", "voice"),
        ("Under this law Bob won it.", "Under this law Bob won it.", "voice"),
        ("Bob of Rome lost it.", "Bob of Rome lost “it”.", "cut"),
        ("Bob lost “it” in Rome.", 'Bob lost "it" in Rome.', None),
    ],
)
def test_only_a_whole_sentence_is_shown(text: str, quote_text: str, broken: Why | None) -> None:
    found = check(text, (1,), (quote(1, quote_text),))
    assert (found.why if isinstance(found, Withheld) else None) == broken


PAIRS = Path(__file__).with_name("pairs.tsv")
HANDMADE = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.parametrize(("kind", "holds", "quote_text", "text"), HANDMADE)
def test_of_a_true_quote_no_false_prose_is_shown(
    kind: str, holds: str, quote_text: str, text: str
) -> None:
    # "lost" is true and withheld all the same, which is the price of the rules.
    found = check(text, (1,), (quote(1, quote_text.replace("\\n", "\n")),))
    assert isinstance(found, Sentence) == (holds == "yes"), (kind, found)


def test_there_are_pairs_enough_to_say_so() -> None:
    counts = Counter(holds for _, holds, *_ in HANDMADE)
    assert counts["no"] >= 100
    assert counts["yes"] >= 40
    assert {*counts} == {"no", "yes", "lost"}


@pytest.mark.parametrize(
    "again",
    [
        "The river Lena flows north to the Arctic Ocean.",
        "The Lena river flows north to the Arctic Ocean.",
    ],
)
def test_what_was_shown_is_not_shown_again(again: str) -> None:
    shown = (Sentence("The river Lena flows north to the Arctic Ocean.", (1,)),)
    found = check(again, (1,), QUOTES, shown)
    assert isinstance(found, Withheld)
    assert found.why == "repeated"


ARTICLES = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
OWN = [" ".join(text[start:end].split()) for text in ARTICLES for start, end in sentences(text)]


def test_a_sentence_of_the_seeds_holds_itself_unless_it_cannot_stand_alone() -> None:
    whys = [check(text, (1,), (quote(1, text),)) for text in OWN]
    held = [each for each in whys if isinstance(each, Sentence)]
    broken = {each.why for each in whys if isinstance(each, Withheld)}
    assert held
    # "cut": a heading, and a quotation of which the sentence is a part.
    assert {"unfinished", "form", "voice"} <= broken <= {"unfinished", "form", "voice", "cut"}


@given(st.data())
def test_a_sentence_with_another_digit_never_passes(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([each for each in OWN if re.search("[0-9]", each)]))
    places = [at for at, each in enumerate(text) if each in "0123456789"]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != text[at]]))
    changed = text[:at] + digit + text[at + 1 :]
    # Where the digit begins a number, a zero in front of it changes nothing.
    assume(not (digit == "0" and re.match(r"(?<![0-9])0", changed[at:])))
    found = check(changed, (1,), (quote(1, text),))
    assert isinstance(found, Withheld)


@given(st.data())
def test_a_sentence_with_another_name_never_passes(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([each for each in OWN if re.search(r" [A-Z]\w+", each)]))
    old = data.draw(st.sampled_from(re.findall(r" ([A-Z]\w+)", text)))
    new = data.draw(st.sampled_from(["Zaphod", "Quirrell", "Oz"]))
    changed = re.sub(rf" {old}\b", f" {new}", text, count=1)
    assert isinstance(check(changed, (1,), (quote(1, text),)), Withheld)


@given(st.text(max_size=300), st.lists(st.integers(-3, 9), max_size=4))
def test_any_text_is_shown_or_withheld(text: str, cites: list[int]) -> None:
    found = check(text, cites, QUOTES)
    assert found.text == text
    if isinstance(found, Sentence):
        assert found.cites
        assert set(found.cites) <= set(cites)


@given(st.text(max_size=200))
def test_any_quote_can_be_read_against(text: str) -> None:
    check("The river Lena flows north.", (1,), (quote(1, text),))
