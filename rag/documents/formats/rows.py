"""Rows of a sheet to lines that say by themselves what they say, as "Name: Ada; Role: Chair.".

Each is a paragraph that ends as a sentence does: a short line that does not is taken for a heading,
and items of a list are quoted together.
"""

from collections.abc import Iterable, Sequence

from rag.documents.formats.blocks import Blocks, one_line, record

ROWS = 10_000
"""Of a sheet; what follows is left out. As many are 2,500 passages or more."""
COLUMNS = 100
TOO_LARGE = f"rows after the first {ROWS:,}, or columns after the first {COLUMNS}"
"""What was left out where ``write_rows`` says that something was."""

_ENDS = ".!?…"


def write_rows(blocks: Blocks, rows: Iterable[Sequence[str]]) -> bool:
    """Write each row that is not empty, at a place of its own, as "row 7" by a spreadsheet's count.

    The first row of several cells names the columns, unless a number is among them; rows of one
    cell above it, as a title, are lines of their own. Where no row does, cells stand side by side.

    Returns:
        Whether there are more rows or columns than are read.
    """
    cut = False
    names: Sequence[str] | None = None
    heads: tuple[int, Sequence[str]] | None = None  # the row of names, while none is below it
    filled = 0
    for number, row in enumerate(rows, 1):
        cut = cut or any(row[COLUMNS:])
        cells = [one_line(cell) for cell in row[:COLUMNS]]
        width = sum(map(bool, cells))
        if not width:
            continue
        if filled == ROWS:
            cut = True
            break
        filled += 1
        if names is None and width > 1:
            names = [] if any(map(_is_number, cells)) else [cell.rstrip(":") for cell in cells]
            if names:
                heads = number, cells
                continue
        heads = None
        _write(blocks, number, record(names or (), cells), single=width == 1 and not names)
    if heads:
        _write(blocks, heads[0], record((), heads[1]))
    return cut


def _write(blocks: Blocks, number: int, line: str, *, single: bool = False) -> None:
    blocks.place(f"row {number}")
    blocks.paragraph(line if single or line[-1] in _ENDS else f"{line}.")


def _is_number(cell: str) -> bool:
    """Whether a cell holds a quantity or a date, and so names no column; a year may name one."""
    digits = sum(map(str.isdigit, cell))
    letters = sum(map(str.isalpha, cell))
    return digits > letters and not (len(cell) == 4 and cell.isdigit())
