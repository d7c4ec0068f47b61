"""Word documents to Markdown."""

import random
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from rag.documents.formats.apart import Apart
from rag.documents.formats.docx import extract
from rag.documents.formats.extracted import Unextractable
from tests.rag.documents.formats.archives import LAUGHS, OUTSIDE, changed, zipped


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def test_headings_paragraphs_lists_and_tables_become_markdown() -> None:
    document = Document()
    document.add_heading("The contract", 0)
    document.add_heading("Fees", 1)
    document.add_paragraph("The fee is ").add_run("five").bold = True
    document.add_paragraph("members", style="List Bullet")
    document.add_paragraph("guests", style="List Bullet")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Name", "Fee", "Ann", "5 euro"), strict=True):
        cell.text = text
    found = extract(saved(document), "a.docx")
    assert found.text == (
        "# The contract\n\n# Fees\n\nThe fee is five\n\n- members\n- guests\n1. first\n2. second"
        "\n\n- Name: Ann; Fee: 5 euro"
    )
    assert (found.title, found.is_markdown) == ("The contract", True)


def test_the_core_properties_say_title_author_and_language() -> None:
    document = Document()
    document.add_paragraph("Text.")
    about = document.core_properties
    about.title, about.author, about.language = "Fees of 2024", "A. Bell; C. Dahl", "en-GB"
    found = extract(saved(document), "a.docx")
    assert (found.title, found.authors, found.language) == (
        "Fees of 2024",
        ("A. Bell", "C. Dahl"),
        "en-GB",
    )


def test_what_was_deleted_or_is_hidden_is_left_out_and_what_was_inserted_is_not() -> None:
    document = Document()
    paragraph = document.add_paragraph("The fee is ")
    inserted, deleted = element("w:ins"), element("w:del")
    inserted.append(paragraph.add_run("six ")._r)
    deleted.append(paragraph.add_run("five ")._r)
    paragraph._p.extend([inserted, deleted])
    paragraph.add_run("secret ").font.hidden = True
    paragraph.add_run("euro.")
    assert extract(saved(document), "a.docx").text == "The fee is six euro."


def test_what_stands_in_a_content_control_is_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("Controlled.")
    control, content = element("w:sdt"), element("w:sdtContent")
    paragraph._p.addprevious(control)
    control.append(content)
    content.append(paragraph._p)
    assert extract(saved(document), "a.docx").text == "Controlled."


def test_numbers_of_many_levels_are_written_as_word_shows_them() -> None:
    document = Document()
    numbering = document.part.numbering_part.element
    abstract = element("w:abstractNum", abstractNumId="77")
    for level, (kind, text) in enumerate(
        [("decimal", "%1"), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("upperRoman", "%4)")]
    ):
        each = element("w:lvl", ilvl=str(level))
        each.append(element("w:start", val="1"))
        each.append(element("w:numFmt", val=kind))
        each.append(element("w:lvlText", val=text))
        abstract.append(each)
    numbering.insert(0, abstract)
    number = element("w:num", numId="77")
    number.append(element("w:abstractNumId", val="77"))
    numbering.append(number)
    for level in (0, 1, 1, 2, 2, 3, 0, 1):
        properties = document.add_paragraph("Text.")._p.get_or_add_pPr()
        numbered = element("w:numPr")
        numbered.append(element("w:ilvl", val=str(level)))
        numbered.append(element("w:numId", val="77"))
        properties.append(numbered)
    labels = [line.split()[0] for line in extract(saved(document), "a.docx").text.split("\n\n")]
    assert labels == ["1", "1.1", "1.2", "(a)", "(b)", "I)", "2", "2.1"]


def test_a_table_of_one_cell_is_a_frame_around_its_text() -> None:
    document = Document()
    cell = document.add_table(1, 1)._cells[0]
    cell.text = "Framed."
    cell.add_paragraph("And more.")
    assert extract(saved(document), "a.docx").text == "Framed.\n\nAnd more."


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive", zipped({"a.txt": b"a"})])
def test_what_is_no_document_is_named(data: bytes) -> None:
    with pytest.raises(Unextractable, match="broken"):
        extract(data, "a.docx")


@pytest.mark.parametrize("entities", [LAUGHS, OUTSIDE])
def test_entities_are_not_followed(entities: bytes) -> None:
    document = Document()
    document.add_paragraph("Text.")

    def hostile(xml: bytes) -> bytes:
        declared = xml.index(b"?>") + 2
        return xml[:declared] + entities + xml[declared:].replace(b"Text.", b"a&k;b&a;")

    with Apart() as reading:
        data = changed(saved(document), "word/document.xml", hostile)
        try:
            assert reading.extract(data, "a.docx").text in ("a", "ab")
        except Unextractable as error:
            assert "broken" in str(error)


def test_a_document_spoilt_anywhere_harms_nobody() -> None:
    document = Document()
    document.add_heading("Fees", 1)
    document.add_paragraph("Five euro.", style="List Number")
    whole = saved(document)
    chance = random.Random(15)
    with Apart() as reading:
        for _ in range(20):
            at = chance.randrange(len(whole))
            for data in (whole[:at], whole[:at] + chance.randbytes(8) + whole[at + 8 :]):
                try:
                    reading.extract(data, "a.docx")
                except Unextractable as error:
                    assert str(error).startswith(("is ", "needs "))
        assert reading.extract(whole, "a.docx").text == "# Fees\n\n1. Five euro."
