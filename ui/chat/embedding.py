"""The chat's page on embedding: what to copy into another site, and how it will look there."""

import html
import re
from urllib.parse import urlencode, urljoin

import gradio as gr

from ui.chat.markup import text

TITLE = "Ask the documents"
ACCENT = "#1c4e8a"

_LONGEST = 120
"""Characters of a title that are kept."""

_CHANNEL = r"\s*([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
_RGB = re.compile(rf"rgba?\({_CHANNEL},{_CHANNEL},{_CHANNEL}(?:,[0-9. ]*)?\)")

_HOW = """
<h2>Put Steward on your site</h2>
<p>One line gives every page of it a button, and the cited answers behind it. Visitors get no cookie
and nothing is stored with them.</p>
"""

_WHO = """
<p>Answers go only to sites that the server names in <code>STEWARD_ALLOWED_ORIGINS</code>, each as
<code>https://www.example.org</code>. A site with a Content-Security-Policy allows this server in
<code>script-src</code> and <code>connect-src</code>, or in <code>frame-src</code> for the
frame.</p>
"""


def script(server: str, title: str, accent: str) -> str:
    """The line that gives a site the button and the panel.

    Args:
        server: The address of the chat, which ends in a slash.
        title: What the panel is called.
        accent: A colour as a browser's picker gives it; of another kind it is left out.
    """
    settings = {"src": urljoin(server, "widget.js"), **_chosen(title, accent, "data-")}
    lines = "".join(f'\n  {name}="{_attribute(value)}"' for name, value in settings.items())
    return f"<script{lines}\n  async\n></script>"


def frame(server: str, title: str, accent: str) -> str:
    """The frame for a site that allows no script of others; arguments are those of ``script``."""
    address = urljoin(server, _page(title, accent))
    return (
        f'<iframe\n  src="{_attribute(address)}"\n  title="{_attribute(_kept(title) or TITLE)}"\n'
        '  width="100%" height="640" allow="clipboard-write"\n></iframe>'
    )


def preview(title: str, accent: str) -> str:
    """HTML of a frame that shows the widget as it will look."""
    return f'<iframe title="Preview" loading="lazy" src="{text(_page(title, accent))}"></iframe>'


def build(blocks: gr.Blocks) -> None:
    """Add the page to Blocks that are open; it shows while the body has the class ``embedding``."""

    def shown(title: str | None, accent: str | None, request: gr.Request) -> tuple[str, str, str]:
        server = address(request)
        chosen = title or "", accent or ""
        return script(server, *chosen), frame(server, *chosen), preview(*chosen)

    with gr.Row(elem_id="embedding"):
        with gr.Column(elem_id="snippets"):
            gr.Markdown(_HOW, sanitize_html=False, container=False)
            title = gr.Textbox(TITLE, label="Title", max_length=_LONGEST)
            accent = gr.ColorPicker(ACCENT, label="Colour")
            line = gr.Textbox(
                label="For every page of the site",
                lines=7,
                interactive=False,
                buttons=["copy"],
                elem_classes="code",
            )
            framed = gr.Textbox(
                label="Or in a frame, where scripts of others are not allowed",
                lines=6,
                interactive=False,
                buttons=["copy"],
                elem_classes="code",
            )
            gr.Markdown(_WHO, sanitize_html=False, container=False)
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


def _chosen(title: str, accent: str, prefix: str = "") -> dict[str, str]:
    """What differs from the widget's own settings."""
    colour = _hexadecimal(accent)
    return {
        f"{prefix}{name}": value
        for name, value, usual in (("title", _kept(title), TITLE), ("accent", colour, ACCENT))
        if value and value != usual
    }


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


def _attribute(value: str) -> str:
    return html.escape(value, quote=True)
