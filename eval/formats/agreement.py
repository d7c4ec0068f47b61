"""How well the files of the corpus are read: words in order, pages of quotes, pages a second."""

import hashlib
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from rag.documents.formats.apart import Apart
from rag.documents.formats.extracted import Extracted
from rag.documents.formats.marking import letters
from rag.text.sentences import sentences

_BEGINNING = 40  # letters of a quote that are looked for
_SHORTEST = 25  # letters of a sentence that is picked: a shorter one may be on many pages


class Agreement(NamedTuple):
    """How a file's text agrees with the one that it was made of.

    Attributes:
        kept: Words of that, in order, that the file's text has.
        words: All of them.
        added: Words that it has besides, as a title or a running head.
    """

    kept: int
    words: int
    added: int


class Picked(NamedTuple):
    """A sentence of a PDF.

    Attributes:
        path: Of the file.
        start: Offset in its text; likewise ``end``.
        page: Which the text's places say it begins on.
    """

    path: Path
    start: int
    end: int
    page: int


def agreement(text: str, found: str) -> Agreement:
    """Compare two texts, word by word."""
    expected, had = _words(text), _words(found)
    blocks = SequenceMatcher(None, expected, had, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks)
    return Agreement(kept, len(expected), len(had) - kept)


def picked(texts: Mapping[Path, Extracted], number: int) -> list[Picked]:
    """So many sentences of PDF files, by a hash of where they are."""
    found = [
        Picked(path, start, end, _page(read, start))
        for path, read in texts.items()
        for start, end in sentences(read.text)
        if len(letters(read.text[start:end])) >= _SHORTEST
    ]
    found.sort(key=lambda each: hashlib.sha256(f"{each.path.name} {each.start}".encode()).digest())
    return found[:number]


def is_on_its_page(quote: Picked, text: str) -> bool:
    """Whether poppler's pdftotext finds the beginning of a sentence on the page that is named."""
    page = _pdftotext(quote.path, "-f", str(quote.page), "-l", str(quote.page))
    return letters(text[quote.start : quote.end])[:_BEGINNING] in letters(page)


def marked(quote: Picked, read: Extracted) -> float:
    """Share of a sentence's letters that are marked on the picture of the page it begins on."""
    ends = [start for start, _ in read.places[1:]] + [len(read.text)]
    within = next(
        (start, end)
        for (start, name), end in zip(read.places, ends, strict=True)
        if name == f"page {quote.page}"
    )
    words = read.text[quote.start : min(quote.end, within[1])]
    with Apart() as child:
        before = read.text[within[0] : quote.start]
        return child.draw(quote.path.read_bytes(), quote.page, before, words).marked


def seconds(paths: Sequence[Path]) -> tuple[float, float]:
    """What reading PDF files takes Steward, and pdftotext, starting their processes included."""
    began = time.perf_counter()
    with Apart() as child:
        for path in paths:
            child.extract(path.read_bytes(), path.name)
    between = time.perf_counter()
    for path in paths:
        _pdftotext(path)
    return between - began, time.perf_counter() - between


def pages(path: Path) -> int:
    """Pages of a PDF."""
    return _pdftotext(path).count("\f")


def words_by_pdftotext(path: Path) -> str:
    """The text of a PDF by poppler's pdftotext."""
    return _pdftotext(path)


def _pdftotext(path: Path, *options: str) -> str:
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _page(read: Extracted, offset: int) -> int:
    name = [name for start, name in read.places if start <= offset][-1]
    return int(name.removeprefix("page "))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
