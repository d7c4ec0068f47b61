"""Steward: answers in verbatim quotes, or an honest refusal.

What a program needs is here; the README's "As a library" shows it in use. ``import rag`` loads
nothing that is slow: ``Assistant``, ``Settings`` and ``ingest`` are loaded when they are asked for.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from rag.errors import StewardError
from rag.records import Answer, Document, Hit, IngestReport, Metadata, Passage, Quote

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.ingest import ingest
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

_ON_DEMAND = {"Assistant": "rag.assistant", "Settings": "rag.settings", "ingest": "rag.ingest"}


class _Package(ModuleType):
    """A package in which ``ingest`` is the function, whoever imported the module of that name.

    Python binds a submodule to its package once it is imported, so that what ``from rag import
    ingest`` gave would depend on what was imported before.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _ON_DEMAND and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

if not TYPE_CHECKING:  # or a name that is not there would pass the type check

    def __getattr__(name: str) -> object:
        if name not in _ON_DEMAND:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_ON_DEMAND[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
