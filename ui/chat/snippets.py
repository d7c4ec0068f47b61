"""What is copied into another site, and the page that shows how it will look there.

What is copied is escaped as little as HTML allows, to be read by people.
"""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urljoin

from markupsafe import Markup

from ui.chat.markup import html

TITLE = "Ask the documents"
ACCENT = "#1c4e8a"

LONGEST_TITLE = 120
LONGEST = 300
"""Characters of a setting that are kept; the widget takes no more from an address."""

_CHANNEL = r"\s*([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
_RGB = re.compile(rf"rgba?\({_CHANNEL},{_CHANNEL},{_CHANNEL}(?:,[0-9. ]*)?\)")


@dataclass(frozen=True, slots=True)
class Look:
    """What a site chooses; what is none of the choices is left out.

    Attributes:
        title: What the panel is called.
        accent: A colour as a browser's picker gives it.
        language: "en" or "es", or "" for the page's.
        greeting: The sentence at the start; "" for the widget's own.
        questions: Questions to begin with, each in a line of its own.
        theme: "light" or "dark", or "" for what the visitor or the page prefers.
        inline: Whether it stands in the text of a page, instead of a button in the corner.
    """

    title: str = TITLE
    accent: str = ACCENT
    language: str = ""
    greeting: str = ""
    questions: str = ""
    theme: str = ""
    inline: bool = False


def script(server: str, look: Look) -> str:
    """The lines that give a site the button and the panel, or the form in its text.

    Args:
        server: The address of the chat, which ends in a slash.
        look: What is chosen.
    """
    settings = {name: _attribute(value) for name, value in _chosen(look).items()}
    source = _attribute(urljoin(server, "widget.js"))
    return str(html("script", src=source, settings=settings, inline=look.inline))


def frame(server: str, look: Look) -> str:
    """The frame for a site that allows no script of others; arguments are those of ``script``."""
    source = _attribute(urljoin(server, _page(look)))
    title = _attribute(_kept(look.title, LONGEST_TITLE) or TITLE)
    return str(html("frame", src=source, title=title))


def preview(look: Look) -> str:
    """HTML of a frame that shows the widget as it will look."""
    return str(html("preview", src=_page(look)))


def _page(look: Look) -> str:
    query = urlencode(_chosen(look))
    return f"embed?{query}" if query else "embed"


def _chosen(look: Look) -> dict[str, str]:
    """What differs from the widget's own settings, by its name there."""
    settings = (
        ("title", _kept(look.title, LONGEST_TITLE), TITLE),
        ("accent", _hexadecimal(look.accent), ACCENT),
        ("lang", look.language if look.language in ("en", "es") else "", ""),
        ("greeting", _kept(look.greeting, LONGEST), ""),
        ("questions", _joined(look.questions), ""),
        ("theme", look.theme if look.theme in ("light", "dark") else "", ""),
    )
    return {name: value for name, value, usual in settings if value and value != usual}


def _kept(words: str, most: int) -> str:
    return " ".join(words.split())[:most]


def _joined(questions: str) -> str:
    """Questions as the widget takes them, as many as there is room for."""
    joined = ""
    for question in re.split(r"[\n|]", questions):
        kept = _kept(question, LONGEST)
        longer = " | ".join(filter(None, (joined, kept)))
        if len(longer) <= LONGEST:
            joined = longer
    return joined


def _hexadecimal(colour: str) -> str:
    """A colour as #rrggbb, be it so or as rgba(r, g, b, a), or "" where it is neither."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return colour.lower()
    parts = _RGB.fullmatch(colour)
    if not parts:
        return ""
    return "#" + "".join(f"{min(255, round(float(part))):02x}" for part in parts.groups())


def _attribute(value: str) -> Markup:
    return Markup(escape(value))
