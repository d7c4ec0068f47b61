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
    """

    module: str
    revision: int
    library: str = ""


_HTML = Format("html", 1, "selectolax")

FORMATS: Mapping[str, Format] = {
    ".pdf": Format("pdf", 1, "pypdfium2"),
    ".docx": Format("docx", 1, "python-docx"),
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
}
"""By suffix."""


def suffix_of(source: str) -> str:
    """The suffix that a file's format is told by."""
    return PurePosixPath(source).suffix.lower()


def extractor(source: str) -> str:
    """What extracts a file's text; where this changes, so may the text."""
    module, revision, library = FORMATS[suffix_of(source)]
    return f"{module} {revision}" + (f", {library} {version(library)}" if library else "")


def extract(data: bytes, source: str) -> Extracted:
    """The text of a file of one of the ``FORMATS``, read in this process.

    Raises:
        Unextractable: When it gives none. A parser may raise anything else of a broken file.
    """
    module = import_module(f"{__name__}.{FORMATS[suffix_of(source)].module}")
    extracted: Extracted = module.extract(data, source)
    return extracted
