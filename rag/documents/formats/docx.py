"""Word documents to Markdown: headings by style, lists with their numbers, tables, footnotes.

By python-docx, whose parser resolves no entities. Headers and footers, comments, what was deleted
and what is hidden are left out.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.table import Table

from rag.documents.formats.archive import office_authors, office_file
from rag.documents.formats.blocks import Blocks, one_line
from rag.documents.formats.docx_numbers import Numbers
from rag.documents.formats.extracted import LANGUAGE, Extracted

_HEADING = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_PASSED_OVER = {
    qn("w:txbxContent"), qn("w:moveFrom"), qn("w:del"), qn("w:instrText"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # said before
}  # fmt: skip
_SIGNS = {
    qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
}  # fmt: skip
_ITEM = re.compile(r"(\d{1,9})\.\Z")


def extract(data: bytes, source: str) -> Extracted:
    """The text of a document.

    Args:
        data: A DOCX file.
        source: Its name, which says nothing here.

    Raises:
        Unextractable: When it is encrypted, broken, or over a limit.
    """
    with office_file(data, "document") as file:
        found = _extracted(Document(file))
    return found


def _extracted(document: Any) -> Extracted:
    writer = _Writer(document)
    writer.write(document.element.body)
    about = document.core_properties
    text = writer.blocks.text
    language = about.language or ""
    return Extracted(
        text=text,
        is_markdown=True,
        title=writer.title or one_line(about.title or "") or None,
        authors=office_authors(about.author),
        language=language if LANGUAGE.fullmatch(language) else None,
        body=(0, len(text)),
    )


class _Writer:
    """Writes the blocks of a document, from its elements.

    Attributes:
        title: Its first paragraph in the style of a title.
    """

    def __init__(self, document: Any) -> None:
        self.blocks = Blocks()
        self.title: str | None = None
        self._document = document
        self._styles = {each.style_id: each for each in document.styles}
        self._numbers = Numbers(document)
        self._notes = _notes(document)

    def write(self, parent: Any) -> None:
        """Write what is inside an element, one block after another."""
        for element in parent:
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag not in _PASSED_OVER:  # content controls, and what was inserted
                self.write(element)

    def _paragraph(self, element: Any) -> None:
        text = _text(element)
        style = self._style(element)
        label, depth = self._numbers.of(element, style)
        level = self._level(element, style)
        if level:
            self.blocks.heading(level, f"{label} {text}" if text.strip() else "")
            if style and style.name == "Title" and self.title is None:
                self.title = one_line(text) or None
        elif label == "•":
            self.blocks.item(text, depth)
        elif item := _ITEM.match(label):
            self.blocks.item(text, depth, int(item[1]))
        elif text.strip():
            self.blocks.paragraph(f"{label} {text}")
        self._beside(element)

    def _beside(self, element: Any) -> None:
        """Text boxes and footnotes of a paragraph, after it."""
        for box in _inside(element, qn("w:txbxContent")):
            self.write(box)
        for reference in _inside(element, qn("w:footnoteReference")):
            self.blocks.paragraph(self._notes.get(reference.get(qn("w:id")), ""))

    def _style(self, element: Any) -> Any:
        properties = element.find(qn("w:pPr"))
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        return self._styles.get(named.get(qn("w:val"))) if named is not None else None

    def _level(self, element: Any, style: Any) -> int:
        """Of a heading; 0 where it is none."""
        for properties in (
            element.find(qn("w:pPr")),
            *(each.element.pPr for each in _lineage(style)),
        ):
            outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
            if outline is not None:
                level = int(outline.get(qn("w:val"))) + 1
                return level if level <= 9 else 0
        for each in _lineage(style):
            if each.name == "Title":
                return 1
            if found := _HEADING.match(each.name or ""):
                return int(found[1])
        return 0

    def _table(self, element: Any) -> None:
        rows = [list(row.cells) for row in Table(element, self._document).rows]
        if len(rows) == 1 and len({id(cell._tc) for cell in rows[0]}) == 1:  # a frame
            self.write(rows[0][0]._tc)
            return
        texts = [[" ".join(map(_text, cell._tc.iter(qn("w:p")))) for cell in row] for row in rows]
        look = element.tblPr.find(qn("w:tblLook"))
        headed = look is None or look.get(qn("w:firstRow"), "1") == "1"
        self.blocks.table(texts, headed=headed and len(rows) > 1)
        self._beside(element)


def _lineage(style: Any) -> Iterator[Any]:
    """A style, and those it is based on."""
    seen: set[str] = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        yield style
        style = style.base_style


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """The nearest elements of a tag inside one, but for what is passed over."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _PASSED_OVER:
            yield from _inside(child, tag)


def _text(element: Any) -> str:
    """The words inside an element."""
    parts: list[str] = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag in _PASSED_OVER or _is_hidden(child):
            continue
        elif child.tag not in (qn("w:pPr"), qn("w:rPr")):
            parts.append(_text(child))
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    properties = run.find(qn("w:rPr")) if run.tag == qn("w:r") else None
    vanish = properties.find(qn("w:vanish")) if properties is not None else None
    return vanish is not None and vanish.get(qn("w:val"), "1") not in ("0", "false")


def _notes(document: Any) -> dict[str, str]:
    """Footnotes by their ids."""
    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(qn("w:type")) is None:
                    found[note.get(qn("w:id"))] = " ".join(map(_text, note.iter(qn("w:p"))))
    return found
