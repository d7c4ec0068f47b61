"""PowerPoint presentations, made by python-pptx, and hostile ones."""

import random
import zipfile
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from rag.documents.formats.extracted import Unextractable
from rag.documents.formats.pptx import extract
from tests.rag.documents.formats.archives import LAUGHS, OUTSIDE, changed, damaged

TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


def _saved(presentation: Any) -> bytes:
    made = BytesIO()
    presentation.save(made)
    return made.getvalue()


def _slide(presentation: Any, layout: int, title: str = "") -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    return slide


def _box(slide: Any, text: str, left: float, top: float) -> None:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    box.text_frame.text = text


def _rights() -> Any:
    presentation = Presentation()
    slide = _slide(presentation, TITLE_AND_CONTENT, "Your rights")
    slide.placeholders[1].text = "You may bring a steward.\nYou may read\vthe file."
    slide.notes_slide.notes_text_frame.text = "Say that this is the law."
    slide = _slide(presentation, TITLE_ONLY, "Dues")
    rows = [["Step", "Dues"], ["One", "2%"], ["Two", "3%"]]
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(4), Inches(2)).table
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return presentation


def test_a_slide_is_a_heading_with_its_texts_tables_and_notes() -> None:
    found = extract(_saved(_rights()), "rights.pptx")
    assert found.is_markdown
    assert found.text.startswith(
        "## Your rights\n\n- You may bring a steward.\n- You may read the file.\n\n"
        "Say that this is the law.\n\n## Dues\n\n"
    )
    assert "Step: One; Dues: 2%" in found.text
    assert found.places == ((0, "slide 1"), (found.text.index("## Dues"), "slide 2"))
    assert found.body == (0, len(found.text))


def test_the_first_slide_names_the_presentation_and_not_its_template() -> None:
    found = extract(_saved(_rights()), "rights.pptx")
    assert (found.title, found.authors) == ("Your rights", ())
    presentation = Presentation()
    _box(_slide(presentation, BLANK), "Words.", 1, 1)
    assert extract(_saved(presentation), "a.pptx").title is None
    presentation.core_properties.title = "All rights"
    presentation.core_properties.author = "A. Ode; B. Ell"
    found = extract(_saved(presentation), "a.pptx")
    assert (found.title, found.authors) == ("All rights", ("A. Ode", "B. Ell"))


def test_texts_come_in_the_order_in_which_they_are_read() -> None:
    presentation = Presentation()
    slide = _slide(presentation, BLANK)
    _box(slide, "Below.", 1, 4)
    _box(slide, "Right.", 5, 1)
    _box(slide, "Left, a little lower.", 1, 1.1)
    group = slide.shapes.add_group_shape()
    for text, top in (("Last.", 6), ("Last but one.", 5)):
        box = group.shapes.add_textbox(Inches(1), Inches(top), Inches(2), Inches(1))
        box.text_frame.text = text
    assert extract(_saved(presentation), "a.pptx").text == (
        "## Slide 1\n\nLeft, a little lower.\n\nRight.\n\nBelow.\n\nLast but one.\n\nLast."
    )


def test_hidden_slides_are_left_out_and_counted() -> None:
    presentation = _rights()
    presentation.slides[0].element.set("show", "0")
    found = extract(_saved(presentation), "rights.pptx")
    assert "steward" not in found.text
    assert found.places == ((0, "slide 2"),)


def test_groups_within_each_other_without_end_are_not_followed() -> None:
    presentation = Presentation()
    shapes = _slide(presentation, BLANK).shapes
    for _ in range(60):
        shapes = shapes.add_group_shape().shapes
    shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Deep."
    assert "Deep" not in extract(_saved(presentation), "a.pptx").text


def test_a_presentation_without_slides_holds_none() -> None:
    with pytest.raises(Unextractable, match="holds no slides"):
        extract(_saved(Presentation()), "a.pptx")


@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("name", ["ppt/presentation.xml", "ppt/slides/slide1.xml"])
@pytest.mark.timeout(60)
def test_entities_are_not_resolved(entities: bytes, name: str) -> None:
    def declared(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2
        return xml[:start] + entities + xml[start:].replace(b"You may", b"&a;&k;")

    data = changed(_saved(_rights()), name, declared)
    try:
        found = extract(data, "a.pptx")
        assert "root:" not in found.text
        assert len(found.text) < 1000
    except Unextractable as error:
        assert "broken presentation" in str(error)


def test_whatever_is_broken_inside_there_is_no_other_error() -> None:
    dice = random.Random(5)
    data = _saved(_rights())
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if "Layout" not in name]

    for _ in range(60):
        try:
            extract(changed(data, dice.choice(names), partial(damaged, dice)), "a.pptx")
        except Unextractable as error:
            assert str(error)
