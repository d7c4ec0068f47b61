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
SIGN_OUT = "Sign out"

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
AMONG = "Only documents with"
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
MY_SITE = "Is my site allowed?"
A_SITE = "www.example.org"
NO_SITE = "That is no address of a site. Type it as a browser shows it: `https://www.example.org`."
TITLE = "Title"
COLOUR = "Colour"
PLACE = "Where it stands"
PLACES = (("A button in the corner", ""), ("In the text of a page", "inline"))
LANGUAGE = "Language of its words"
LANGUAGES = (("As the page's", ""), ("English", "en"), ("Español", "es"))
THEME = "Light or dark"
THEMES = (("As the visitor prefers", ""), ("Light", "light"), ("Dark", "dark"))
GREETING = "Greeting"
THE_WIDGETS_OWN = "Its own, in the language of its words"
QUESTIONS = "Questions to begin with, each in a line of its own"
EVERY_PAGE = "For every page of the site"
IN_THE_TEXT = "For the page, where the form should stand"
IN_A_FRAME = "Or in a frame, where scripts of others are not allowed"
PREVIEW = "Preview"


def about(subject: "Subject") -> str:
    """A question to begin with."""
    match subject.kind:
        case "question":
            return subject.words
        case "list":
            return f"What are the {subject.words}?"
        case "time":
            return f"When do the {subject.words}?"
        case "term":
            return f"What is {subject.words}?"
        case "topic":
            return f"What is said about {subject.words}?"


def only_here(host: str) -> str:
    """A warning that what is copied leads visitors to their own machines."""
    return (
        f"`{host}` is this machine alone, so what stands below works here and for nobody else. "
        "Open this page by the address that visitors will have, and copy it then."
    )


def may_ask(origin: str) -> str:
    """The answer to whether a site is allowed."""
    return f"Yes, pages of `{origin}` may ask."


def may_not_ask(origin: str) -> str:
    """Likewise."""
    return (
        f"Not yet. Add `{origin}` to `STEWARD_ALLOWED_ORIGINS` and start Steward again. With or "
        "without www, http or https: each is another site."
    )


def opens(found: Quote) -> str:
    """What a link to a quote does."""
    return f"Open the quote in: {found.title}"


def confident(percentage: str) -> str:
    """The confidence below an answer."""
    return f"{percentage} confident"
