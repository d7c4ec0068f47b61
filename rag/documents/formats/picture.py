"""A page of a PDF as a picture, with words of its text marked on it, by PDFium and Pillow."""

import ctypes
from collections.abc import Iterator, Sequence
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from rag.documents.formats.extracted import Picture, Unextractable
from rag.documents.formats.marking import letters, places
from rag.documents.formats.pdf import opened

_WIDTH = 1240  # pixels at most; of a page of A4 as many as 150 dots per inch make
_HEIGHT = 3200
_MARK = (255, 229, 143)
_LINE = (170, 112, 0)

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def draw(data: bytes, number: int, before: str, words: str) -> Picture:
    """A picture of a page.

    Args:
        data: Of the file.
        number: Of the page, from 1.
        before: The text of the page before the words, by which they are told from others alike.
        words: What to mark; "" for nothing.

    Raises:
        Unextractable: When the file is broken, or has no such page or none that could be drawn.
    """
    document = opened(data)
    if not 1 <= number <= len(document):
        raise Unextractable(f"has no page {number}")
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if min(width, height) <= 0:
            raise Unextractable(f"has a page {number} of no size")
        scale = min(_WIDTH / width, _HEIGHT / height)
        image = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
        boxes, marked = _boxes(page, before, words)
    except pypdfium2.PdfiumError as error:
        raise Unextractable(f"has a page {number} that is broken") from error
    for box in boxes:
        _mark(image, _pixels(page, box, image.size))
    file = BytesIO()
    image.save(file, "PNG", compress_level=3)
    return Picture(file.getvalue(), image.width, image.height, marked)


def _boxes(page: pypdfium2.PdfPage, before: str, words: str) -> tuple[list[Box], float]:
    """Where the words stand, a box for each line, and the share of their letters in these."""
    sought = letters(words)
    if not sought:
        return [], 1.0
    text = page.get_textpage()
    codes = [pdfium.FPDFText_GetUnicode(text.raw, at) for at in range(text.count_chars())]
    runs = places(codes, before, words)
    held = "".join(letters("".join(map(chr, codes[start:end]))) for start, end in runs)
    boxes = [box for start, end in runs for box in _lines(text.raw, codes, start, end)]
    return boxes, len(held) / len(sought)


def _lines(raw: object, codes: Sequence[int], start: int, end: int) -> Iterator[Box]:
    """A box around the characters of each line of a run."""
    line: Box | None = None
    for at in range(start, end):
        box = _box(raw, at) if not chr(codes[at]).isspace() else None
        if box is None:
            continue
        if line and _go_on(line, box):
            line = (*map(min, line[:2], box[:2]), *map(max, line[2:], box[2:]))  # type: ignore[assignment]
        else:
            if line:
                yield line
            line = box
    if line:
        yield line


def _go_on(line: Box, box: Box) -> bool:
    """Whether a character stands in a line: at its height, and not far behind it."""
    height = max(line[3] - line[1], box[3] - box[1])
    middle = (box[1] + box[3]) / 2
    return line[1] <= middle <= line[3] and -height < box[0] - line[2] < 3 * height


def _box(raw: object, at: int) -> Box | None:
    """The box of a character as high as its line; None of one that has none, as a made-up space."""
    loose = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(raw, at, loose):
        return None
    box = (loose.left, loose.bottom, loose.right, loose.top)
    return box if box[0] < box[2] and box[1] < box[3] else None


def _pixels(page: pypdfium2.PdfPage, box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box of the page, which may be turned, on its picture: left, top, right, bottom."""
    points = []
    for x, y in (box[:2], box[2:]):
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, left, top)
        points.append((left.value, top.value))
    (x1, y1), (x2, y2) = points
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _mark(image: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Colour a box as a marker does, and draw a line below it, for paper that is dark."""
    left, top, right, bottom = box
    box = max(left - 2, 0), max(top, 0), min(right + 2, image.width), min(bottom, image.height)
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    part = image.crop(box)
    image.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _MARK)), box)
    ImageDraw.Draw(image).line([(box[0], box[3]), (box[2] - 1, box[3])], _LINE, 2)
