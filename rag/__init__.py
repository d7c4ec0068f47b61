"""Steward: answers in verbatim quotes, or an honest refusal.

What a program needs is here; the README's "As a library" shows it in use. ``import rag`` loads
nothing that is slow: ``Assistant``, ``Settings`` and ``ingest`` are loaded when they are asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from rag.errors import StewardError
from rag.index.ingest_report import IngestReport
from rag.records import Answer, Document, Hit, Metadata, Passage, Quote

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.index.building import ingest
    from rag.settings import Settings

__version__ = "0.1.0"  # the only place; pyproject.toml reads it here

__all__ = [
    "Answer",
    "Assistant",
    "Document",
    "Hit",
    "IngestReport",
    "Metadata",
    "Passage",
    "Quote",
    "Settings",
    "StewardError",
    "__version__",
    "ingest",
]

_ON_DEMAND = {
    "Assistant": "rag.assistant",
    "Settings": "rag.settings",
    "ingest": "rag.index.building",
}


if not TYPE_CHECKING:  # or a name that is not there would pass the type check

    def __getattr__(name: str) -> object:
        if name not in _ON_DEMAND:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_ON_DEMAND[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
