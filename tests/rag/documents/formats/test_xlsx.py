"""Excel workbooks, made by openpyxl, and hostile ones."""

import random
import zipfile
from datetime import date, datetime
from functools import partial
from io import BytesIO

import pytest
from openpyxl import Workbook

from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.rows import ROWS, TOO_LARGE
from rag.documents.formats.xlsx import LAST_ROW, SHEETS, extract
from tests.rag.documents.formats.archives import LAUGHS, OUTSIDE, changed, damaged


def _saved(book: Workbook) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _officers() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Officers"
    for row in (["Name", "Role", "Since"], ["Ada", "Chair", date(2024, 5, 1)], ["Bo", "Clerk"]):
        sheet.append(row)
    dues = book.create_sheet("Dues  2024")
    dues.append(["Step", "Dues"])
    dues.append([1, 0.025])
    dues["B2"].number_format = "0.0%"
    return book


def test_each_sheet_is_a_heading_and_each_row_a_line_of_its_own() -> None:
    found = extract(_saved(_officers()), "officers.xlsx")
    assert found.is_markdown
    assert found.text == (
        "## Officers\n\nName: Ada; Role: Chair; Since: 2024-05-01.\n\nName: Bo; Role: Clerk.\n\n"
        "## Dues 2024\n\nStep: 1; Dues: 2.5%."
    )
    assert found.body == (0, len(found.text))
    assert [(found.text[offset:][:7], name) for offset, name in found.places] == [
        ("Name: A", "row 2"), ("Name: B", "row 3"), ("Step: 1", "row 2"),
    ]  # fmt: skip


def test_title_and_authors_are_the_workbooks_own() -> None:
    book = _officers()
    assert extract(_saved(book), "a.xlsx").authors == ()  # what openpyxl calls itself is no author
    book.properties.title, book.properties.creator = "Officers of Local 12", "A. Ode; B. Ell"
    found = extract(_saved(book), "a.xlsx")
    assert (found.title, found.authors) == ("Officers of Local 12", ("A. Ode", "B. Ell"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"), (3.0, "3"), (0.1 + 0.2, "0.3"), (12345678901, "12345678901"), (True, "TRUE"),
        (datetime(2024, 5, 1), "2024-05-01"), (datetime(2024, 5, 1, 9, 30), "2024-05-01 09:30"),
        ("#N/A", "#N/A"), ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_values_are_written_much_as_excel_shows_them(value: object, shown: str) -> None:
    book = Workbook()
    book.active.append(["What", "Value"])
    book.active.append(["it", value])
    assert extract(_saved(book), "a.xlsx").text.endswith(f"What: it; Value: {shown}.")


def test_of_a_formula_its_value_is_read_and_never_the_formula() -> None:
    book = Workbook()
    book.active.append(["Step", "Dues"])
    book.active.append([1, "=1+1"])
    data = _saved(book)
    assert extract(data, "a.xlsx").text.endswith("Step: 1.")  # openpyxl did not work it out
    with_value = changed(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</f>" + b"<v></v>", b"</f>" + b"<v>2</v>").replace(
            b"</f>" + b"<v />", b"</f>" + b"<v>2</v>"
        ),
    )
    assert extract(with_value, "a.xlsx").text.endswith("Step: 1; Dues: 2.")


def test_hidden_sheets_are_left_out() -> None:
    book = _officers()
    book["Dues  2024"].sheet_state = "hidden"
    assert "Dues" not in extract(_saved(book), "a.xlsx").text


def test_a_workbook_without_a_cell_holds_nothing() -> None:
    with pytest.raises(Unextractable, match="holds no cells"):
        extract(_saved(Workbook()), "a.xlsx")


def test_what_is_cut_off_is_said_for_each_sheet() -> None:
    book = _officers()
    long = book.create_sheet("Long")
    for number in range(ROWS + 1):
        long.append(["value", f"no. {number}"])
    assert extract(_saved(book), "a.xlsx").cut == (f"in the sheet Long, {TOO_LARGE}",)


def test_so_it_is_of_too_many_sheets() -> None:
    book = Workbook()
    for number in range(SHEETS):
        book.create_sheet(f"No. {number}").append(["a", "b"])
    found = extract(_saved(book), "a.xlsx")
    assert found.cut == (f"sheets after the first {SHEETS}",)
    assert f"No. {SHEETS - 2}" in found.text
    assert f"No. {SHEETS - 1}" not in found.text


@pytest.mark.timeout(60)
def test_a_sheet_that_says_it_is_as_large_as_can_be_takes_no_time() -> None:
    book = Workbook()
    book.active.append(["Name", "Role"])
    book.active.append(["Ada", "Chair"])
    book.active["XFD1048576"] = "last"
    found = extract(_saved(book), "a.xlsx")
    assert found.text == "## Sheet\n\nName: Ada; Role: Chair."
    assert found.cut == (f"in the sheet Sheet, {TOO_LARGE}",)
    assert LAST_ROW < 1048576


@pytest.mark.timeout(60)
def test_a_number_of_a_row_without_bound_takes_no_time() -> None:
    data = changed(
        _saved(_officers()),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'r="3"', b'r="99999999999"').replace(b'"B3"', b'"B99999999999"'),
    )
    try:
        assert "Ada" in extract(data, "a.xlsx").text
    except Unextractable as error:
        assert "broken workbook" in str(error)


@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.timeout(60)
def test_entities_are_refused_wherever_they_stand(entities: bytes, name: str) -> None:
    def declared(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?") else 0
        return xml[:start] + entities + xml[start:].replace(b"Ada", b"&a;&k;")

    data = changed(_saved(_officers()), name, declared)
    try:
        assert "root:" not in extract(data, "a.xlsx").text
    except Unextractable as error:
        assert "broken workbook" in str(error)


def test_an_encrypted_workbook_is_named_as_one() -> None:
    with pytest.raises(Unextractable, match="is encrypted"):
        extract(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), "a.xlsx")


def test_whatever_is_broken_inside_there_is_no_other_error() -> None:
    dice = random.Random(5)
    data = _saved(_officers())
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()

    for _ in range(150):
        try:
            extract(changed(data, dice.choice(names), partial(damaged, dice)), "a.xlsx")
        except Unextractable as error:
            assert str(error)
