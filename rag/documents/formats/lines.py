"""Lines on pages to paragraphs: joined where a sentence goes on, over columns and pages too.

Running heads and feet come last, after the article; footnotes stand before the paragraph that they
would break.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from rag.documents.formats.hyphens import HYPHENS, WORD, ending

_EDGE = 2  # lines at the top and the bottom of a page among which its running ones are
_OFTEN = 3  # pages that a line stands on, at one height, to be a running one
_NEAR = 3.0  # points, of a height that is one
_LARGER = 1.08  # sizes that are not one
_WIDER = 1.35  # of the usual distance between lines; more sets paragraphs apart
_SURE = 4  # distances whose middle is the usual one
_INDENT = 0.8  # of the size
_LETTER = 0.5  # width, of the size

_BULLET = re.compile(r"(?:[•●○▪■◦–—·*-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")
_ENDED = re.compile(r"[.!?:;…][\"'”’)\]]*\Z")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶])(?![.)]?\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page, in points from its lower left corner.

    Attributes:
        page: From 1.
        y: Of what its letters stand on, nearly.
        tabular: Whether there are wide gaps in it, as between the cells of a table.
    """

    page: int
    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False
    tabular: bool = False


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line] = field(default_factory=list)
    after: str = "\n\n"  # what sets it apart from the one before


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of pages.

    Attributes:
        pages: Where each page that has text begins, and its number.
        end: Where the article ends, and running heads and feet begin.
    """

    text: str
    pages: tuple[tuple[int, int], ...]
    end: int


def flow(lines: Sequence[Line]) -> Flow:
    """The text of lines, which are in reading order."""
    running = _running(lines)
    kept = [line for line in lines if id(line) not in running]
    paragraphs = _over_breaks(list(_paragraphs(kept)), usual_size(kept))
    words = Counter(WORD.findall(" ".join(line.text for line in kept)))
    parts: list[str] = []
    length, page = 0, 0
    pages: list[tuple[int, int]] = []

    def add(part: str) -> None:
        nonlocal length
        parts.append(part)
        length += len(part)

    for number, paragraph in enumerate(paragraphs):
        if number:
            add(paragraph.after)
        for line, between in _joined(paragraph.lines, words):
            if line.page > page:
                page = line.page
                pages.append((length, page))
            add(between)
    end = length
    firsts: dict[str, str] = {}
    for line in lines:
        if id(line) in running:
            firsts.setdefault(_alike(line.text), line.text)
    if firsts:
        add("\n\n" * bool(parts) + "\n".join(firsts.values()))
    return Flow("".join(parts), tuple(pages), end)


def usual_size(lines: Sequence[Line]) -> float:
    """The size that most letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _alike(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text)


def _running(lines: Sequence[Line]) -> set[int]:
    """The identities of running heads, feet and page numbers: the same at one height of pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    found: dict[str, list[Line]] = {}
    for page in pages.values():
        heights = sorted({round(line.y) for line in page})
        edges = {*heights[:_EDGE], *heights[-_EDGE:]}
        for line in page:
            if round(line.y) in edges:
                found.setdefault(_alike(line.text), []).append(line)
    often = min(_OFTEN, max(len(pages), 2))
    running: set[int] = set()
    for alike in found.values():
        for line in alike:
            near = {each.page for each in alike if abs(each.y - line.y) <= _NEAR}
            if len(near) >= often:
                running.add(id(line))
    return running if len(running) < len(lines) else set()


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    """Lines of a column that belong together."""
    leading = _leading(lines)
    width = _columns(lines)
    paragraph = _Paragraph()
    for line in lines:
        if paragraph.lines:
            before = paragraph.lines[-1]
            apart = _apart(paragraph.lines, line, leading, width[id(before)])
            if apart:
                yield paragraph
                paragraph = _Paragraph(after=apart)
        paragraph.lines.append(line)
    if paragraph.lines:
        yield paragraph


def _leading(lines: Sequence[Line]) -> dict[float, float]:
    """The usual distance of lines, by their size."""
    found: dict[float, list[float]] = {}
    for above, below in zip(lines, lines[1:], strict=False):
        down = above.y - below.y
        if above.page == below.page and 0 < down < 3 * above.size:
            found.setdefault(round(above.size), []).append(down)
    return {
        size: median(each) if len(each) >= _SURE else min([*each, size * 1.4])
        for size, each in found.items()
    }


def _columns(lines: Sequence[Line]) -> dict[int, float]:
    """Of each line, by its identity, where the column ends that it stands in."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return {
        id(line): max(
            each.right
            for each in page
            if abs(each.left - line.left) < 3 * line.size and round(each.size) == round(line.size)
        )
        for page in pages.values()
        for line in page
    }


def _apart(above: Sequence[Line], line: Line, leading: dict[float, float], column: float) -> str:
    """What sets a line apart from those above it: nothing, if it goes on with them."""
    before = above[-1]
    down = before.y - line.y
    larger, smaller = max(before.size, line.size), max(min(before.size, line.size), 0.1)
    if before.page != line.page or down < -before.size or larger / smaller > _LARGER:
        return "\n\n"
    usual = leading.get(round(line.size), line.size * 1.2)
    if down > usual * _WIDER or before.bold != line.bold:
        return "\n\n"
    if _BULLET.match(line.text) or before.tabular or line.tabular:
        return "\n"
    listed = _BULLET.match(above[0].text) is not None
    if listed and len(above) == 1:  # what goes on hangs below the words, or is out again
        return "\n\n" if line.left < before.left - _INDENT * line.size else ""
    if line.left - before.left > _INDENT * line.size and len(above) > 1:
        return "\n\n"
    first = line.text.split(" ", 1)[0]
    fitted = before.right + (len(first) + 1) * _LETTER * line.size * 1.1 < column
    if fitted and not before.bold:
        if _ENDED.search(before.text):
            return "\n\n"
        far = column - before.right > 0.4 * (column - before.left)
        return "\n" if far or line.text[0].isupper() else ""
    return ""


def _over_breaks(paragraphs: list[_Paragraph], usual: float) -> list[_Paragraph]:
    """Paragraphs that go on in the next column or on the next page, joined; notes before them."""
    done: list[_Paragraph] = []
    for paragraph in paragraphs:
        at = len(done) - 1
        while at >= 0 and _is_note(done[at], usual):
            at -= 1
        if at >= 0 and at >= len(done) - 6 and _goes_on(done[at], paragraph, usual):
            open_one = done.pop(at)
            open_one.lines += paragraph.lines
            done.append(open_one)
        else:
            done.append(paragraph)
    return done


def _is_note(paragraph: _Paragraph, usual: float) -> bool:
    return paragraph.lines[0].size * _LARGER < usual and bool(_NOTE.match(paragraph.lines[0].text))


def _goes_on(above: _Paragraph, below: _Paragraph, usual: float) -> bool:
    """Whether what is set apart from a paragraph by a break or a note is the rest of it."""
    last, first = above.lines[-1], below.lines[0]
    if last.page == first.page and last.y - first.y < 3 * last.size and last.y > first.y:
        return False  # it stands right below, and was set apart for a reason
    if max(last.size, first.size) / max(min(last.size, first.size), 0.1) > _LARGER:
        return False
    if last.bold != first.bold or last.tabular or abs(last.size - usual) > usual * 0.2:
        return False
    if first.page - last.page > 1 or _BULLET.match(first.text) or _ENDED.search(last.text):
        return False
    # A line that ends where its column does may go on with a name; a list's item need not.
    text = len(above.lines) > 1 and not _BULLET.match(above.lines[0].text)
    return text or first.text[0].islower() or last.text[-1] in f"{HYPHENS},"


def _joined(lines: Sequence[Line], words: Counter[str]) -> Iterator[tuple[Line, str]]:
    """The text of each line, as it goes on in the next."""
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        yield line, ending(line.text, following, words)
