"""What keeps an index from being backed up or put back, in words."""

from rag.index.backup_errors import (
    BackupElsewhere,
    BackupFault,
    BackupInTheWay,
    BackupUnwritable,
)
from ui.wording.index_faults import because


def backup_fault(error: BackupFault) -> str:
    """Say what is wrong and what to do."""
    match error:
        case BackupUnwritable():
            return f"The backup {error.path} cannot be written{because(error.detail)}."
        case BackupInTheWay():
            return (
                f"There is an index in {error.path}. To put the backup in its place: "
                "steward restore --replace FILE"
            )
        case BackupElsewhere():
            return (
                f"The passages of this index are on the server {error.detail}, which "
                "STEWARD_STORE_URL names. Back up that server."
            )
        case _:
            return (
                f"The file {error.path} is no whole backup{because(error.detail)}. Name one that "
                "steward backup wrote."
            )
