"""Pictures of pages, with words marked on them."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops

from rag.documents.formats import picture
from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.picture import draw
from tests.pdfs import column, pdf

TWO = pdf(
    column(["The first line is here.", "The second line is here."]),
    [(50, 700, 10, "Of page two.")],
)


def coloured(png: bytes) -> tuple[int, int, int, int] | None:
    """The box of all that is not grey."""
    red, _, blue = Image.open(BytesIO(png)).split()
    return ImageChops.difference(red, blue).getbbox()


def marked_text(data: bytes, number: int, png: bytes) -> str:
    """What PDFium finds in the box that is marked."""
    box, size = coloured(png), Image.open(BytesIO(png)).size
    assert box
    page = pypdfium2.PdfDocument(data)[number - 1]
    width, height = page.get_size()
    left, top, right, bottom = (
        box[0] / size[0] * width,
        height - box[1] / size[1] * height,
        box[2] / size[0] * width,
        height - box[3] / size[1] * height,
    )
    return str(page.get_textpage().get_text_bounded(left, bottom, right, top)).strip()


def test_the_words_and_no_others_are_marked() -> None:
    found = draw(TWO, 1, "The first line is here.\n", "The second line is here.")
    assert found.marked == 1
    assert marked_text(TWO, 1, found.png) == "The second line is here."


def test_words_over_two_lines_are_marked_in_both() -> None:
    found = draw(TWO, 1, "The first ", "line is here. The second")
    assert found.marked == 1
    text = marked_text(TWO, 1, found.png)
    assert "first line" in text and "The second" in text


def test_nothing_is_marked_where_nothing_is_asked_for_or_found() -> None:
    assert coloured(draw(TWO, 2, "", "").png) is None
    lost = draw(TWO, 2, "", "Words of another document.")
    assert (lost.marked, coloured(lost.png)) == (0, None)


def test_on_a_page_that_is_turned_the_mark_turns_with_the_words() -> None:
    turned = TWO.replace(b"/MediaBox[0 0 600 800]", b"/Rotate 90/MediaBox[0 0 600 800]")
    found = draw(turned, 2, "", "Of page two.")
    box = coloured(found.png)
    assert box and box[3] - box[1] > box[2] - box[0]  # the words run downwards
    assert found.width / found.height == pytest.approx(800 / 600, rel=0.01)


@pytest.mark.parametrize("size", ["14400 14400", "1 14400", "14400 1", "3 3", "99999999 99999999"])
def test_a_page_of_whatever_size_makes_a_picture_of_a_fair_one(size: str) -> None:
    page = TWO.replace(b"0 0 600 800", f"0 0 {size}".encode())
    found = draw(page, 1, "", "")
    assert 1 <= found.width <= picture._WIDTH + 1
    assert 1 <= found.height <= picture._HEIGHT + 1


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_a_page_that_there_is_not_is_named(number: int) -> None:
    with pytest.raises(Unextractable, match="has no page"):
        draw(TWO, number, "", "")


def test_a_file_that_is_broken_is_named() -> None:
    with pytest.raises(Unextractable, match="broken"):
        draw(TWO[:50], 1, "", "")
