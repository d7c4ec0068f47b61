"""PDF to text, page by page."""

import random
from pathlib import Path

import pytest

from rag.documents.formats.apart import Apart
from rag.documents.formats.extracted import Extracted, Unextractable
from rag.documents.formats.pdf import extract
from tests.chromium import needed, printed
from tests.conftest import SEEDS
from tests.pdfs import column, pdf

_WORDS = "The fees of the guild are due in May of every year, and those who cannot pay them".split()
_FULL = [" ".join(_WORDS[:12]), " ".join(_WORDS[12:]) + " may ask the board"]


def text_of(found: Extracted) -> str:
    """The article."""
    assert found.body
    return found.text[slice(*found.body)]


def test_each_page_is_a_place_and_a_sentence_goes_on_from_one_to_the_next() -> None:
    found = extract(pdf(column(_FULL), column(["to pay them later.", "", "Second."])), "a.pdf")
    joined = f"{_FULL[0]} {_FULL[1]} to pay them later.\n\nSecond."
    assert text_of(found) == joined
    assert found.places == ((0, "page 1"), (joined.index("to pay"), "page 2"))
    assert not found.is_markdown


def test_two_columns_are_read_one_after_the_other() -> None:
    left = column(["The fees of the guild are", "due in May of every year,"])
    right = column(["and those who cannot pay", "may ask the board."], left=320)
    assert text_of(extract(pdf(left + right), "a.pdf")) == (
        "The fees of the guild are due in May of every year, and those who cannot pay may ask the"
        " board."
    )


def test_running_heads_feet_and_page_numbers_come_last_and_break_no_sentence() -> None:
    pages = [
        [(50, 770, 9, "The Guild - Statutes"), *column(lines), (300, 30, 9, f"Page {number} of 3")]
        for number, lines in enumerate((_FULL, _FULL[::-1], ["to pay them late."]), 1)
    ]
    found = extract(pdf(*pages), "a.pdf")
    assert "Statutes" not in text_of(found) and "Page" not in text_of(found)
    assert found.text.endswith("\n\nThe Guild - Statutes\nPage 1 of 3")
    assert text_of(found).count("\n\n") == 0, "three pages of one sentence"


def test_a_footnote_stands_before_the_paragraph_that_it_would_break() -> None:
    note = (50, 60, 7, "1 As of May.")
    found = extract(pdf([*column(_FULL), note], column(["to pay them later."])), "a.pdf")
    assert text_of(found) == f"1 As of May.\n\n{' '.join(_FULL)} to pay them later."


def test_rows_of_a_table_are_lines() -> None:
    rows = [
        [(50, 700.0 - 12 * at, 10, name), (300, 700.0 - 12 * at, 10, fee)]
        for at, (name, fee) in enumerate([("Ann", "5 euro"), ("Bob", "6 euro"), ("Cy", "7 euro")])
    ]
    found = extract(pdf([cell for row in rows for cell in row]), "a.pdf")
    assert found.text.splitlines() == ["Ann 5 euro", "Bob 6 euro", "Cy 7 euro"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The fees of 2024", "The fees of 2024"),
        ("Microsoft Word - fees.doc", "What the guild asks"),
        ("fees.indd", "What the guild asks"),
        ("", "What the guild asks"),
    ],
)
def test_the_title_is_the_files_own_else_what_is_largest(title: str, shown: str) -> None:
    page = [(50.0, 750.0, 20.0, "What the guild asks"), *column(_FULL)]
    assert extract(pdf(page, title=title), "a.pdf").title == shown


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is broken, or no PDF"),
        (b"%PDF-1.7\nnothing", "is broken, or no PDF"),
        (pdf([]), "is a scan without text: run ocrmypdf on it first"),
        (pdf(column(["A."]), encrypted=True), "is encrypted: save it without a password"),
    ],
)
def test_what_gives_no_text_is_named_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(Unextractable, match=why):
        extract(data, "a.pdf")


def test_pages_that_are_pictures_are_named_and_empty_ones_are_not() -> None:
    assert extract(pdf(column(["A."]), []), "a.pdf").cut == ()
    found = extract(pdf(column(["A."]), [], [], pictured=2), "a.pdf")
    assert (found.text, found.cut[0][:17]) == ("A.", "page 2 and 1 more")


def test_a_file_cut_off_or_spoilt_anywhere_harms_nobody() -> None:
    whole = pdf(column(_FULL), column(_FULL), title="The fees of 2024")
    chance = random.Random(15)
    with Apart() as reading:
        for _ in range(40):
            at = chance.randrange(len(whole))
            cut = whole[:at]
            spoilt = whole[:at] + chance.randbytes(8) + whole[at + 8 :]
            for data in (cut, spoilt):
                try:
                    assert reading.extract(data, "a.pdf").text.strip()
                except Unextractable as error:
                    assert str(error).startswith(("is ", "needs "))
        assert reading.extract(whole, "a.pdf").title == "The fees of 2024"


@needed
def test_what_a_browser_prints_in_two_columns_comes_back_word_for_word(tmp_path: Path) -> None:
    paragraphs = [
        line for line in (SEEDS / "ai-magazine-ai-alliance.txt").read_text().split("\n") if line
    ]
    paragraphs *= 4
    found = extract(printed(paragraphs, tmp_path, columns=2), "a.pdf")
    assert len(found.places) >= 3
    # "ground-breaking" and "groundbreaking" are both words.
    read, written = text_of(found).replace("-", ""), " ".join(paragraphs).replace("-", "")
    assert read.split() == written.split()
