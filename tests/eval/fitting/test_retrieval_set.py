"""What is held out of made-up rows and, where they are, of the real ones."""

from random import Random
from types import ModuleType

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval.fitting import check_threshold, evidence, fusion, passage_size
from eval.fitting.retrieval_set import SHARES, half_by_text, held_out
from rag.training.rows import Row, digest, read_rows
from tests.rag.training.test_rows import COVID, REAL, real, row


def covid(paragraphs: int) -> list[Row]:
    """Three questions on each of some paragraphs."""
    return [
        row(COVID, f"Question {ask} of {number}?", f"Fact {number} holds.", answer="Fact")
        for number in range(paragraphs)
        for ask in range(3)
    ]


@given(st.randoms())
def test_what_is_held_out_does_not_depend_on_the_order_of_the_rows(random: Random) -> None:
    rows = covid(40)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert held_out(shuffled) == held_out(rows)


def test_questions_are_of_held_paragraphs_and_at_most_two_of_each() -> None:
    chosen = held_out(covid(40))
    held = {number for number in range(40) if digest(f"Fact {number} holds.")[0] % 16 < 5}
    assert len(chosen.paragraphs) == 40
    assert {chosen.paragraphs[each.gold].text for each in chosen.questions} == {
        f"Fact {number} holds." for number in held
    }
    assert len(chosen.questions) == 2 * len(held)
    assert {each.starts for each in chosen.questions} == {(0,)}


def test_the_half_is_the_parity_of_the_second_byte_of_the_hash() -> None:
    # SHA-256 of "abc" begins with ba 78, of the empty text with e3 b0, of "a" with ca 97.
    assert [half_by_text(text) for text in ("abc", "", "a")] == ["tuning", "tuning", "reporting"]


@real
def test_the_real_rows_give_the_retrieval_set_that_the_figures_are_of() -> None:
    chosen = held_out(read_rows(REAL))
    assert (len(chosen.paragraphs), len(chosen.questions)) == (5180, 1840)
    for share in SHARES.values():
        of_source = [each for each in chosen.paragraphs if each.source == share.name]
        assert len(of_source) == share.paragraphs


@pytest.mark.parametrize("module", [check_threshold, evidence, fusion, passage_size])
def test_the_folder_of_the_rows_is_asked_for_and_never_guessed(module: ModuleType) -> None:
    app = typer.Typer()
    app.command()(module.main)
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "--data" in result.output
