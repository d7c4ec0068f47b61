"""Formats other than text: one module for each, from a file's bytes to ``Extracted``.

``extract`` is called in a child process (``rag.documents.formats.apart``); what is here imports no
library, so that who reads text alone loads none.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import NamedTuple

from rag.documents.formats.extracted import Extracted


class Format(NamedTuple):
    """How files of a format are read.

    Attributes:
        module: Of this package; its ``extract`` takes a file's bytes and its source.
        revision: Raised whenever the module makes other text of a file than before.
        library: The distribution that parses; "" where it is Python's own.
        holds_others: Whether there may be files of all other formats in one.
    """

    module: str
    revision: int
    library: str = ""
    holds_others: bool = False


_HTML = Format("html", 2, "selectolax")

FORMATS: Mapping[str, Format] = {
    ".pdf": Format("pdf", 1, "pypdfium2"),
    ".docx": Format("docx", 1, "python-docx"),
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".csv": Format("csv", 1),
    ".xlsx": Format("xlsx", 1, "openpyxl"),
    ".pptx": Format("pptx", 1, "python-pptx"),
    ".epub": Format("epub", 1, "selectolax"),
    ".eml": Format("mail", 1, holds_others=True),
}
"""By suffix."""


def suffix_of(source: str) -> str:
    """The suffix that a file's format is told by."""
    return PurePosixPath(source).suffix.lower()


def extractor(source: str) -> str:
    """What extracts a file's text; where this changes, so may the text."""
    kind = FORMATS[suffix_of(source)]
    others = {each for each in FORMATS.values() if kind.holds_others and each != kind}
    return "; ".join([_named(kind), *sorted(map(_named, others))])


def _named(kind: Format) -> str:
    made_by = f"{kind.module} {kind.revision}"
    return f"{made_by}, {kind.library} {version(kind.library)}" if kind.library else made_by


def extract(data: bytes, source: str) -> Extracted:
    """The text of a file of one of the ``FORMATS``, read in this process.

    Raises:
        Unextractable: When it gives none. A parser may raise anything else of a broken file.
    """
    module = import_module(f"{__name__}.{FORMATS[suffix_of(source)].module}")
    extracted: Extracted = module.extract(data, source)
    return extracted
