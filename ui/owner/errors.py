"""Every way in which what is the owner's says no; ``ui.wording.owner`` turns one into words.

StewardError
├── LogFault
│   ├── LogMissing
│   ├── LogUnwritable
│   └── LogDamaged
└── FileRefused
"""

from pathlib import Path
from typing import Literal

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


class FileRefused(StewardError):
    """A file is not added, or not taken out.

    Attributes:
        name: Of the file, as it was given.
        why: ``no_folder``: there is no index, or its folder is gone; ``no_name``: a hidden file's,
            none, or too long; ``no_format``: of no format that is read; ``too_large``;
            ``not_there``: there is no such file; ``unwritable``: the folder does not take it.
        detail: What the system says of the last.
    """

    def __init__(
        self,
        name: str,
        why: Literal["no_folder", "no_name", "no_format", "too_large", "not_there", "unwritable"],
        detail: str = "",
    ) -> None:
        super().__init__(name)
        self.name = name
        self.why = why
        self.detail = detail
