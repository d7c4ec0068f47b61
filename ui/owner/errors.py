"""Every way in which the log of questions says no; ``ui.wording.owner`` turns one into words.

StewardError
└── LogFault
    ├── LogMissing
    ├── LogUnwritable
    └── LogDamaged
"""

from pathlib import Path

from rag.errors import StewardError


class LogFault(StewardError):
    """The log of questions cannot be used."""

    def __init__(self, path: Path, detail: str = "") -> None:
        super().__init__(f"{path}: {detail}" if detail else str(path))
        self.path = path
        self.detail = detail


class LogMissing(LogFault):
    """Nothing was ever logged here."""


class LogUnwritable(LogFault):
    """It does not take what is written."""


class LogDamaged(LogFault):
    """The file is no log that this version can read."""
