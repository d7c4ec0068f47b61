"""Rows of a sheet to lines that stand alone."""

import pytest

from rag.documents.formats.blocks import Blocks
from rag.documents.formats.rows import COLUMNS, ROWS, write_rows
from rag.quoting.units import units
from rag.text.sentences import sentences


def _written(rows: list[list[str]]) -> tuple[str, bool]:
    blocks = Blocks()
    cut = write_rows(blocks, rows)
    return blocks.text, cut


def test_a_row_says_which_column_each_of_its_values_is_of() -> None:
    rows = [["Name", "Role:", "Phone"], ["Ada", "Chair", "555 0101"], ["Bo", "", "555 0102"]]
    assert _written(rows)[0] == (
        "Name: Ada; Role: Chair; Phone: 555 0101.\n\nName: Bo; Phone: 555 0102."
    )


def test_a_row_can_be_quoted_alone_and_is_never_a_heading() -> None:
    blocks = Blocks()
    blocks.heading(2, "Officers")
    rows = [["Name", "Role"], ["Ada", "Chair"], ["Bo", "Clerk"], ["Cy", "Vice chair of all"]]
    write_rows(blocks, rows)
    spans = sentences(blocks.text)
    found = units(blocks.text, spans, "who is the clerk?", explanatory=False)
    quotes = [blocks.text[spans[each.first][0] : spans[each.last][1]] for each in found]
    assert quotes == [
        "Name: Ada; Role: Chair.", "Name: Bo; Role: Clerk.", "Name: Cy; Role: Vice chair of all.",
    ]  # fmt: skip


def test_a_place_is_the_row_as_a_spreadsheet_counts_it() -> None:
    blocks = Blocks()
    write_rows(blocks, [["Name", "Role"], [], ["", ""], ["Ada", "Chair"], ["Bo", "Clerk"]])
    assert [name for _, name in blocks.places] == ["row 4", "row 5"]
    assert [blocks.text[offset:][:8] for offset, _ in blocks.places] == ["Name: Ad", "Name: Bo"]


def test_a_title_above_the_names_of_the_columns_is_a_line_of_its_own() -> None:
    rows = [["Dues in 2024"], [], ["Step", "Dues"], ["1", "2%"]]
    assert _written(rows)[0] == "Dues in 2024\n\nStep: 1; Dues: 2%."


def test_without_names_of_columns_cells_stand_side_by_side() -> None:
    assert _written([["Ada", "12"], ["Bo", "13"]])[0] == "Ada | 12.\n\nBo | 13."


def test_years_may_name_columns() -> None:
    assert _written([["Region", "2023", "2024"], ["North", "10", "12"]])[0] == (
        "Region: North; 2023: 10; 2024: 12."
    )


def test_names_of_columns_with_nothing_below_them_are_kept() -> None:
    assert _written([["Name", "Role"]])[0] == "Name | Role."


def test_a_cell_of_several_lines_is_one_line_and_its_end_is_not_doubled() -> None:
    assert _written([["Q", "A"], ["Who?", "All\nof\r\nus."]])[0] == "Q: Who?; A: All of us."


def test_cells_beyond_the_named_columns_are_kept() -> None:
    assert _written([["Name", "Role"], ["Ada", "Chair", "since May"]])[0] == (
        "Name: Ada; Role: Chair; since May."
    )


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_rows_over_the_limit_are_left_out_and_it_is_said(more: int, cut: bool) -> None:
    rows = [["Name", "Role"]] + [["Ada", "Chair"]] * (ROWS - 1 + more)
    text, said = _written(rows)
    assert (text.count("Ada"), said) == (ROWS - 1, cut)


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_columns_over_the_limit_are_left_out_and_it_is_said(more: int, cut: bool) -> None:
    row = [f"value {number}" for number in range(COLUMNS + more)]
    text, said = _written([row, row])
    assert (f"value {COLUMNS}" in text, said) == (False, cut)
    assert f"value {COLUMNS - 1}" in text
