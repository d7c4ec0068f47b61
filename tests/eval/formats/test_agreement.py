"""How files that other programs made are compared with what they were made of."""

import shutil
from pathlib import Path

import pytest

from eval.formats.agreement import agreement, is_on_its_page, marked, picked
from rag.documents.formats.pdf import extract
from tests.pdfs import pdf

PAGES = pdf(
    [(50, 700, 10, "The dues of all members are ten euro each month.")],
    [(50, 700, 10, "They rise each spring by as much as prices do.")],
)
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("One, two three four.", (4, 4, 0)),
        ("Title one two\n\nthree four", (4, 4, 1)),
        ("three four one two", (2, 4, 2)),
        ("", (0, 4, 0)),
    ],
)
def test_words_count_that_stand_in_order(found: str, expected: tuple[int, int, int]) -> None:
    assert agreement("One two three, four!", found) == expected


@poppler
def test_quotes_are_picked_the_same_each_time_and_held_against_another_program(
    tmp_path: Path,
) -> None:
    path = tmp_path / "dues.pdf"
    path.write_bytes(PAGES)
    read = extract(PAGES, "dues.pdf")
    quotes = picked({path: read}, 9)
    assert sorted(each.page for each in quotes) == [1, 2]
    assert quotes == picked({path: read}, 9) and picked({path: read}, 1) == quotes[:1]
    for each in quotes:
        assert is_on_its_page(each, read.text)
        assert not is_on_its_page(each._replace(page=3 - each.page), read.text)
        assert marked(each, read) == 1
