"""The words of the pages of documents, where one cannot be shown as it was asked for."""

CANNOT_BE_SHOWN = "This page cannot be shown"

CHANGED = (
    "This document has changed since it was quoted, so the quote cannot be shown in its place. "
    "Ask again for quotes of this version."
)

NO_SUCH_PLACE = "No such place in this document"


def places(length: int) -> str:
    """Say which places there are in a document of so many characters."""
    return f"start and end must be whole numbers with 0 ≤ start < end ≤ {length}."
