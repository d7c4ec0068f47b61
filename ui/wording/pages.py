"""The words of the pages of documents."""

CANNOT_BE_SHOWN = "This page cannot be shown"

CHANGED = (
    "This document has changed since it was quoted, so the quote cannot be shown in its place. "
    "Ask again for quotes of this version."
)

AS_IN_FILE = "Show as in the file"

AS_IT_READS = "Show as it reads"

LEFT_OUT = "Not read"

AS_PAGE = "Show the page itself"

AS_TEXT = "Show as text"

NOT_FOUND_ON_PAGE = (
    "The quote could not be found in the picture of this page. As text it is marked."
)

OPEN_PICTURE = "Open the page in full size"

NOT_FOR_THIS_SITE = "This site may not show Steward yet"

OPEN_STEWARD = "Open Steward in a page of its own"

NO_SUCH_PLACE = "No such place in this document"


def places(length: int) -> str:
    """Say which places there are in a document of so many characters."""
    return f"start and end must be whole numbers with 0 ≤ start < end ≤ {length}."


def page_named(number: int) -> str:
    """A page by its number."""
    return f"Page {number}"


def page_described(number: int, quote: str) -> str:
    """What a picture of a page shows, for those who do not see it."""
    said = " ".join(quote.split())
    return f"Page {number}, marked on it: {said}" if said else f"Page {number}"


def and_more(number: int) -> str:
    """So many more than are listed; "" where there are none."""
    return f"And {number:,} more." if number > 0 else ""
