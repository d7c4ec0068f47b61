"""Every way in which an index is not backed up, or not put back.

    BackupFault
    ├── BackupUnwritable
    ├── BackupUnreadable
    ├── BackupInTheWay
    └── BackupElsewhere

They are below ``StewardError`` of ``rag.errors``, and like those carry facts alone.
"""

from pathlib import Path

from rag.errors import StewardError


class BackupFault(StewardError):
    """An index cannot be written into one file, or put back from it.

    Attributes:
        path: The file, or the folder of the index.
        detail: What is known beside that.
    """

    def __init__(self, path: Path, detail: str = "") -> None:
        super().__init__(f"{path}: {detail}" if detail else str(path))
        self.path = path
        self.detail = detail


class BackupUnwritable(BackupFault):
    """The file cannot be written."""


class BackupUnreadable(BackupFault):
    """The file cannot be read, is no backup, or is not whole."""


class BackupInTheWay(BackupFault):
    """There is an index where the backup would go."""


class BackupElsewhere(BackupFault):
    """The passages are kept on a server, which ``detail`` names."""
