"""The words of the pages of documents."""

CANNOT_BE_SHOWN = "This page cannot be shown"

CHANGED = (
    "This document has changed since it was quoted, so the quote cannot be shown in its place. "
    "Ask again for quotes of this version."
)

AS_IN_FILE = "Show as in the file"

AS_IT_READS = "Show as it reads"

NOT_FOR_THIS_SITE = "This site may not show Steward yet"

OPEN_STEWARD = "Open Steward in a page of its own"

NO_SUCH_PLACE = "No such place in this document"


def places(length: int) -> str:
    """Say which places there are in a document of so many characters."""
    return f"start and end must be whole numbers with 0 ≤ start < end ≤ {length}."
