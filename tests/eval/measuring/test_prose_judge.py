"""The judge of what was shown, by hand, and that it shares nothing with the writer's check."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measuring.prose_judge import Fault, judge
from tests.conftest import ROOT

CITED = (
    "On May 4, 2021, Ann Lee of the Water Office did not measure 1,200 rivers, but seven. The Lena "
    "is 4,294 kilometres long."
)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Bob Lee of the Water Office did not measure 1,200 rivers.", "name"),
        ("The Lena is 4,295 kilometres long.", "number"),
        ("The Lena is eight kilometres long.", "number"),
        ("On June 4, 2021, Ann Lee of the Water Office did not measure 1200 rivers.", "month"),
        ("The Lena is never 4,294 kilometres long, not never, no.", "negation"),
        ("Rivers long the is Lena, kilometres.", "support"),
    ],
)
def test_each_fault_is_found(sentence: str, fault: Fault) -> None:
    assert fault in judge(sentence, [CITED]).faults


def test_what_is_said_is_without_fault_however_the_number_is_written() -> None:
    found = judge("The Lena is 4294 kilometres long.", [CITED, "Tea."])
    assert found.faults == ()
    # Two words, since the cited text has "4,294" as "4" and "294".
    assert found.support == pytest.approx(5 / 6)
    assert found.pairs == pytest.approx(3 / 5)


def test_support_is_by_one_text_and_not_by_two_together() -> None:
    assert judge("Green tea is long.", ["Green tea.", "It is long."]).support == 0.5


@given(st.text(max_size=100), st.lists(st.text(max_size=100), max_size=3))
def test_any_sentence_can_be_judged(sentence: str, cited: list[str]) -> None:
    found = judge(sentence, cited)
    assert 0 <= found.support <= 1
    assert 0 <= found.pairs <= 1


@given(st.text(max_size=100))
def test_a_text_is_true_to_itself(text: str) -> None:
    assert set(judge(text, [text]).faults) <= {"support"}


def test_nothing_of_the_writers_check_is_used() -> None:
    source = (ROOT / "eval" / "measuring" / "prose_judge.py").read_text(encoding="utf-8")
    imported = {
        node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    }
    assert "rag.text.words" in imported
    assert not any(name and name.startswith("rag.prose") for name in imported)
