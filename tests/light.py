"""Python as it is where some packages are not installed."""

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

HEAVY = ("torch", "transformers", "sentence_transformers")
"""What the light install lacks."""


class Without(MetaPathFinder):
    """Finds that these packages are not there."""

    def __init__(self, *packages: str) -> None:
        self._packages = packages

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in self._packages:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None
