"""PDF to plain text, page by page, by PDFium; nothing in it is run, and nothing is fetched."""

import ctypes
import re
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from rag.documents.formats.blocks import one_line
from rag.documents.formats.extracted import Extracted, Unextractable
from rag.documents.formats.hyphens import HYPHEN
from rag.documents.formats.lines import Line, flow, usual_size

_PAGES = 5000
_GAP = 2.0  # of the size; a wider one is between the cells of a table
_BOLD = 600  # weight
_HEADLINE = 1.15  # of the usual size
_UNTITLED = re.compile(
    r"(?:untitled|document\d*|microsoft (?:word|powerpoint|excel) -.*|.*\.(?:\w{2,4}))\Z",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\.\s?){5}")  # of a table of contents
_SPACES = " \t\xa0"
_HYPHEN = (0x2, 0xFFFE)  # what PDFium has for a hyphen at a line's end


def extract(data: bytes, source: str) -> Extracted:
    """The text of a PDF, with a place where each page begins.

    Args:
        data: Of the file.
        source: Its name, which says nothing here.

    Raises:
        Unextractable: When it is encrypted, broken, a scan, or has too many pages.
    """
    document = opened(data)
    try:
        if len(document) > _PAGES:
            raise Unextractable(f"has more than {_PAGES:,} pages; divide it")
        pages = [list(_lines(document, number)) for number in range(len(document))]
        pictures = [n for n, page in enumerate(pages) if not page and _is_picture(document, n)]
        about = document.get_metadata_dict()
    finally:
        document.close()
    lines = [line for page in pages for line in page]
    if not lines:
        raise Unextractable("is a scan without text: run ocrmypdf on it first")
    found = flow(lines)
    author = one_line(about.get("Author", ""))
    return Extracted(
        text=found.text,
        is_markdown=False,
        title=_title(one_line(about.get("Title", "")), lines),
        authors=(author,) if " " in author else (),
        places=tuple((start, f"page {number}") for start, number in found.pages),
        body=(0, found.end),
        cut=_cut(pictures),
    )


def _is_picture(document: pypdfium2.PdfDocument, number: int) -> bool:
    """Whether there is a picture on a page, which may be one of text."""
    try:
        page = document[number]
        return any(True for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    except pypdfium2.PdfiumError:
        return False


def _cut(pictures: Sequence[int]) -> tuple[str, ...]:
    if not pictures:
        return ()
    more = f" and {len(pictures) - 1:,} more" if len(pictures) > 1 else ""
    return (f"page {pictures[0] + 1}{more}, pictures without text, which ocrmypdf can give them",)


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """A document of PDFium's; raises Unextractable where it is encrypted or broken."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise Unextractable("is encrypted: save it without a password") from error
        raise Unextractable("is broken, or no PDF: export it again") from error


def _title(given: str, lines: Sequence[Line]) -> str | None:
    """The title that the file gives, if it is one; else what is largest on its first page."""
    if " " in given and not _UNTITLED.match(given):
        return given
    first = [line for line in lines if line.page == lines[0].page]
    largest = max(first, key=lambda line: line.size).size
    if largest < usual_size(lines) * _HEADLINE:
        return None
    words = one_line(" ".join(line.text for line in first if line.size >= largest * 0.98))
    return words if 3 <= len(words) <= 200 else None


def _lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    """The lines of a page, as PDFium orders and separates them; of a broken page none."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return
    text = page.get_textpage()
    reading = _Page(text.raw, number + 1)
    begun = 0
    codes = [pdfium.FPDFText_GetUnicode(text.raw, at) for at in range(text.count_chars())]
    for at, code in enumerate([*codes, 10]):
        if code in (10, 13, *_HYPHEN):  # after a hyphen PDFium leaves the line break out
            if line := reading.line(codes, begun, at + (code in _HYPHEN)):
                yield line
            begun = at + 1
    text.close()
    page.close()


class _Page:
    """What PDFium knows of the characters of a page."""

    def __init__(self, raw: object, number: int) -> None:
        self._raw = raw
        self._number = number
        self._box = [ctypes.c_double() for _ in range(4)]
        self._loose = pdfium.FS_RECTF()

    def line(self, codes: Sequence[int], start: int, end: int) -> Line | None:
        """The line of the characters between two indices; None where it has no word."""
        seen = [at for at in range(start, end) if codes[at] and chr(codes[at]) not in _SPACES]
        if not seen:
            return None
        text = one_line(_text(codes[start:end]))
        text += HYPHEN * (codes[seen[-1]] in _HYPHEN)
        if not text:
            return None
        first, last = seen[0], seen[-1]
        if codes[last] in _HYPHEN and len(seen) > 1:  # made up, so it has no box
            last = seen[-2]
        left, _, bottom = self._at(first)
        _, right, _ = self._at(last)
        size = pdfium.FPDFText_GetFontSize(self._raw, first) or 1.0
        loose = self._height(first)
        # A font of size 1 that is scaled up is as large as its letters are.
        size = loose if loose and not 0.5 < size / loose < 1.6 else size
        return Line(
            page=self._number,
            text=text,
            left=left,
            right=right,
            y=round(self._loose.bottom or bottom, 1),
            size=float(size),
            bold=all(self._is_bold(at) for at in (first, last)),
            tabular=bool(_LEADERS.search(text)) or self._has_gap(codes, seen, float(size)),
        )

    def _at(self, index: int) -> tuple[float, float, float]:
        left, right, bottom, top = self._box
        pdfium.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return left.value, right.value, bottom.value

    def _height(self, index: int) -> float:
        pdfium.FPDFText_GetLooseCharBox(self._raw, index, self._loose)
        return float(self._loose.top - self._loose.bottom)

    def _is_bold(self, index: int) -> bool:
        return bool(pdfium.FPDFText_GetFontWeight(self._raw, index) >= _BOLD)

    def _has_gap(self, codes: Sequence[int], seen: Sequence[int], size: float) -> bool:
        for before, after in zip(seen, seen[1:], strict=False):
            if after - before > 1 and self._at(after)[0] - self._at(before)[1] > _GAP * size:
                return True
        return False


def _text(codes: Sequence[int]) -> str:
    """Characters as text; PDFium gives those beyond 16 bits in two halves."""
    halves = "".join(chr(code) for code in codes if code and code not in _HYPHEN)
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
