"""The chat's page on embedding: what to copy into another site, and how it will look there.

What is copied is escaped as little as HTML allows, to be read by people.
"""

import re
from html import escape
from urllib.parse import urlencode, urljoin

import gradio as gr
from markupsafe import Markup

from ui.chat.markup import html
from ui.wording import chat as words

TITLE = "Ask the documents"
ACCENT = "#1c4e8a"

_LONGEST = 120
"""Characters of a title that are kept."""

_CHANNEL = r"\s*([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
_RGB = re.compile(rf"rgba?\({_CHANNEL},{_CHANNEL},{_CHANNEL}(?:,[0-9. ]*)?\)")


def script(server: str, title: str, accent: str) -> str:
    """The line that gives a site the button and the panel.

    Args:
        server: The address of the chat, which ends in a slash.
        title: What the panel is called.
        accent: A colour as a browser's picker gives it; of another kind it is left out.
    """
    chosen = _chosen(title, accent)
    line = html(
        "script",
        src=_attribute(urljoin(server, "widget.js")),
        title=_attribute(chosen.get("title", "")),
        accent=_attribute(chosen.get("accent", "")),
    )
    return str(line)


def frame(server: str, title: str, accent: str) -> str:
    """The frame for a site that allows no script of others; arguments are those of ``script``."""
    source = urljoin(server, _page(title, accent))
    return str(html("frame", src=_attribute(source), title=_attribute(_kept(title) or TITLE)))


def preview(title: str, accent: str) -> str:
    """HTML of a frame that shows the widget as it will look."""
    return str(html("preview", src=_page(title, accent)))


def build(blocks: gr.Blocks) -> None:
    """Add the page to Blocks that are open; it shows while the body has the class ``embedding``."""

    def shown(title: str | None, accent: str | None, request: gr.Request) -> tuple[str, str, str]:
        server = address(request)
        chosen = title or "", accent or ""
        return script(server, *chosen), frame(server, *chosen), preview(*chosen)

    with gr.Row(elem_id="embedding"):
        with gr.Column(elem_id="snippets"):
            gr.Markdown(html("embedding"), sanitize_html=False, container=False)
            title = gr.Textbox(TITLE, label=words.TITLE, max_length=_LONGEST)
            accent = gr.ColorPicker(ACCENT, label=words.COLOUR)
            line = gr.Textbox(
                label=words.EVERY_PAGE,
                lines=7,
                interactive=False,
                buttons=["copy"],
                elem_classes="code",
            )
            framed = gr.Textbox(
                label=words.IN_A_FRAME,
                lines=6,
                interactive=False,
                buttons=["copy"],
                elem_classes="code",
            )
            gr.Markdown(html("allowed"), sanitize_html=False, container=False)
        with gr.Column(elem_id="preview"):
            # Gradio's own HTML component evaluates strings, which the page's policy forbids.
            looks = gr.Markdown(preview(TITLE, ACCENT), sanitize_html=False, container=False)
    gr.on(
        [blocks.load, title.change, accent.change],
        shown,
        [title, accent],
        [line, framed, looks],
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",
    )


def address(request: gr.Request) -> str:
    """The chat's address as the browser has it: behind a proxy the server does not know it."""
    return urljoin(request.headers.get("referer") or str(request.base_url), ".")


def _page(title: str, accent: str) -> str:
    query = urlencode(_chosen(title, accent))
    return f"embed?{query}" if query else "embed"


def _chosen(title: str, accent: str) -> dict[str, str]:
    """What differs from the widget's own settings."""
    settings = (("title", _kept(title), TITLE), ("accent", _hexadecimal(accent), ACCENT))
    return {name: value for name, value, usual in settings if value and value != usual}


def _kept(title: str) -> str:
    return " ".join(title.split())[:_LONGEST]


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
