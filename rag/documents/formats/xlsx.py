"""Excel workbooks: each sheet a heading, each row a line that stands alone.

By openpyxl, row after row, with what formulas came to when the workbook was saved. It uses
defusedxml where that is installed, which refuses entities. Hidden sheets are left out, and charts,
pictures, notes and macros.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from rag.documents.formats.archive import office_authors, office_file
from rag.documents.formats.blocks import Blocks
from rag.documents.formats.extracted import Extracted, Unextractable
from rag.documents.formats.rows import COLUMNS, TOO_LARGE, write_rows

SHEETS = 100
LAST_ROW = 100_000
"""Looked at, of a sheet, which may be empty up to its row 1,048,576."""

_DIGITS = 15  # of a number, as Excel shows it: 0.3 and not 0.30000000000000004


def extract(data: bytes, source: str) -> Extracted:
    """The rows of a workbook.

    Args:
        data: An XLSX file.
        source: Its name.

    Raises:
        Unextractable: When it is encrypted, broken, or over a limit.
    """
    with office_file(data, "workbook") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(book):
            found = _extracted(book)
    return found


def _extracted(book: Any) -> Extracted:
    blocks = Blocks()
    cut: list[str] = []
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(shown) > SHEETS:
        cut.append(f"sheets after the first {SHEETS}")
    for sheet in shown[:SHEETS]:
        blocks.heading(2, sheet.title)
        if write_rows(blocks, _cells(sheet)) or (sheet.max_row or 0) > LAST_ROW:
            cut.append(f"in the sheet {sheet.title}, {TOO_LARGE}")
    if not blocks.places:
        raise Unextractable("holds no cells with words or numbers")
    about = book.properties
    return Extracted(
        text=blocks.text,
        is_markdown=True,
        title=(about.title or "").strip() or None,
        authors=office_authors(about.creator),
        places=blocks.places,
        body=(0, len(blocks.text)),
        cut=tuple(cut),
    )


def _cells(sheet: Any) -> Iterator[list[str]]:
    # Limits are given, for what a sheet says of its own size openpyxl would fill with empty cells.
    for row in sheet.iter_rows(max_row=LAST_ROW, max_col=COLUMNS + 1):
        yield [_shown(cell) if cell.value is not None else "" for cell in row]


def _shown(cell: Any) -> str:
    """A cell's value, much as Excel shows it."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        percent = str(cell.number_format).rstrip().endswith("%")
        return f"{value * 100:.{_DIGITS}g}%" if percent else f"{value:.{_DIGITS}g}"
    return str(value)
