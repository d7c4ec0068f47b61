"""The words of the chat's page: its buttons, its welcome, and what stands around an answer."""

from typing import TYPE_CHECKING

from rag.records import Quote

if TYPE_CHECKING:  # or the command line would wait for what it does not use
    from rag.suggestions import Subject

TAGLINE = "Answers in verbatim quotes from your documents."
EMBED = "Embed"
SOURCES = "Sources"
SOURCE = "Source document"
NEW = "New"
CLOSE = "Close"
DARK = "Dark"
LIGHT = "Light"

WELCOME = "Ask, and read what the documents say."
QUOTES_ALONE = (
    "Steward writes no sentence of its own. It quotes the ones that answer, word for word, and "
    "says so when none does."
)
QUOTES_BELOW_PROSE = (
    "Steward quotes the sentences that answer, word for word, and says so when none does. Above "
    "them a language model may put them shorter, as far as they bear it out."
)
QUESTION = "Your question"
ASK_A_QUESTION = "Ask a question"
ASK = "Ask"
STOP = "Stop"

# The page puts in what stands between braces.
NEW_CONVERSATION = "Begin a new conversation"
COUNT = "{count} of {limit} characters"
TOO_LONG = "The question is too long to be asked. Shorten it to {limit} characters."
LOST = (
    "The server cannot be reached. What was asked is kept in this tab, and it goes on as soon as "
    "the server is back."
)
NOT_SENT = "That did not reach Steward. Try again in a moment."
OLDER = "This page was loaded again. Only the last {count} questions are kept."
COPIED = "Copied"
SHOWN = "Sources show: {title}"

SEARCHING = "Searching…"
AGAIN = "Finding the answer again…"
SEARCHED_FOR = "Searched for:"
ALSO_IN = "also in:"
COPY = "Copy"
NEAREST = "The nearest passages, which are not an answer:"
ERROR = "Error."

EMBEDDING = "Put Steward on your site"
ONE_LINE = (
    "One line gives every page of it a button, and the cited answers behind it. Visitors get no "
    "cookie and nothing is stored with them."
)
ALLOWED = (
    "Answers go only to sites that the server names in `STEWARD_ALLOWED_ORIGINS`, each as "
    "`https://www.example.org`. A site with a Content-Security-Policy allows this server in "
    "`script-src` and `connect-src`, or in `frame-src` for the frame."
)
"""What stands between backticks is code."""
TITLE = "Title"
COLOUR = "Colour"
EVERY_PAGE = "For every page of the site"
IN_A_FRAME = "Or in a frame, where scripts of others are not allowed"
PREVIEW = "Preview"


def about(subject: "Subject") -> str:
    """A question to begin with."""
    match subject.kind:
        case "question":
            return subject.words
        case "term":
            return f"What is {subject.words}?"
        case "topic":
            return f"What is said about {subject.words}?"


def opens(found: Quote) -> str:
    """What a link to a quote does."""
    return f"Open the quote in: {found.title}"


def confident(percentage: str) -> str:
    """The confidence below an answer."""
    return f"{percentage} confident"
