"""PowerPoint presentations: each slide a heading, its texts in reading order, tables and notes.

By python-pptx, whose parser resolves no entities. Charts, pictures and SmartArt are left out, as
are hidden slides.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Inches

from rag.documents.formats.archive import office_authors, office_file
from rag.documents.formats.blocks import Blocks, one_line
from rag.documents.formats.extracted import Extracted, Unextractable

SLIDES = 2_000
DEEPEST_GROUP = 16
"""Groups of shapes within each other."""

_SAME_LINE = Inches(0.25)  # apart from top to top, and read from left to right
_LEFT_OUT = {  # what stands on every slide
    PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER,
}  # fmt: skip
_LISTS = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY}
_OF_A_TEMPLATE = {"PowerPoint Presentation"}


def extract(data: bytes, source: str) -> Extracted:
    """The text of a presentation.

    Args:
        data: A PPTX file.
        source: Its name.

    Raises:
        Unextractable: When it is encrypted, broken, or over a limit.
    """
    with office_file(data, "presentation") as file:
        found = _extracted(Presentation(file))
    return found


def _extracted(presentation: Any) -> Extracted:
    blocks = Blocks()
    first: str | None = None
    shown = [
        (number, slide)
        for number, slide in enumerate(presentation.slides, 1)
        if slide.element.get("show") not in ("0", "false")
    ]
    for number, slide in shown[:SLIDES]:
        title = slide.shapes.title
        named = _text(title.text_frame) if title is not None else ""
        first = named if first is None else first
        blocks.place(f"slide {number}")
        # One without a title must not seem to stand below the title of the one before.
        blocks.heading(2, named or f"Slide {number}")
        for shape in _in_reading_order(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _write(blocks, shape)
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        for paragraph in notes.paragraphs if notes is not None else ():
            blocks.paragraph(_text(paragraph))
    if not shown:
        raise Unextractable("holds no slides")
    about = presentation.core_properties
    own = one_line(about.title or "")
    return Extracted(
        text=blocks.text,
        is_markdown=True,
        title=first or (own if own not in _OF_A_TEMPLATE else None) or None,
        authors=office_authors(about.author),
        places=blocks.places,
        body=(0, len(blocks.text)),
        cut=(f"slides after the first {SLIDES:,}",) if len(shown) > SLIDES else (),
    )


def _in_reading_order(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """The shapes, those of groups too, from top to bottom and on about one height left to right."""
    line: list[Any] = []
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if line and (shape.top or 0) - (line[0].top or 0) > _SAME_LINE:
            yield from _apart(line, depth)
            line = []
        line.append(shape)
    yield from _apart(line, depth)


def _apart(line: list[Any], depth: int) -> Iterator[Any]:
    for shape in sorted(line, key=lambda shape: shape.left or 0):
        if shape.shape_type != MSO_SHAPE_TYPE.GROUP:
            yield shape
        elif depth < DEEPEST_GROUP:
            yield from _in_reading_order(shape.shapes, depth + 1)


def _write(blocks: Blocks, shape: Any) -> None:
    if shape.has_table:
        rows = [[_text(cell.text_frame) for cell in row.cells] for row in shape.table.rows]
        blocks.table(rows, headed=shape.table.first_row and len(rows) > 1)
        return
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if not shape.has_text_frame or kind in _LEFT_OUT:
        return
    paragraphs = [each for each in shape.text_frame.paragraphs if _text(each)]
    for each in paragraphs:
        if kind in _LISTS and len(paragraphs) > 1:
            blocks.item(_text(each), each.level)
        else:
            blocks.paragraph(_text(each))


def _text(part: Any) -> str:
    """The words of a paragraph, or of a frame, on one line."""
    return one_line(part.text)
