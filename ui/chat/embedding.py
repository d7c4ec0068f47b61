"""The chat's page on embedding: what to copy into another site, and whether that site may ask."""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

import gradio as gr

from ui.chat.markup import html
from ui.chat.snippets import (
    ACCENT,
    LONGEST,
    LONGEST_TITLE,
    TITLE,
    Look,
    frame,
    preview,
    script,
)
from ui.setting_values import ORIGIN
from ui.wording import chat as words


def build(blocks: gr.Blocks, allowed_origins: Collection[str]) -> None:
    """Add the page to Blocks that are open; it shows while the body has the class ``embedding``."""

    def shown(
        title: str | None,
        accent: str | None,
        place: str | None,
        language: str | None,
        theme: str | None,
        greeting: str | None,
        questions: str | None,
        request: gr.Request,
    ) -> tuple[gr.Textbox, str, str, str]:
        look = Look(
            title or "",
            accent or "",
            language or "",
            greeting or "",
            questions or "",
            theme or "",
            place == "inline",
        )
        server = address(request)
        label = words.IN_THE_TEXT if look.inline else words.EVERY_PAGE
        return (
            gr.Textbox(script(server, look), label=label),
            frame(server, look),
            preview(look),
            html("note", line=warning(server), kind="warning"),
        )

    def judged(site: str | None, request: gr.Request) -> str:
        line = verdict(site or "", allowed_origins, address(request))
        return html("note", line=line, kind="verdict")

    with gr.Row(elem_id="embedding"):
        with gr.Column(elem_id="snippets"):
            gr.Markdown(html("embedding"), sanitize_html=False, container=False)
            choices: list[gr.Textbox | gr.ColorPicker | gr.Radio] = [
                gr.Textbox(TITLE, label=words.TITLE, max_length=LONGEST_TITLE, elem_id="title"),
                gr.ColorPicker(ACCENT, label=words.COLOUR),
                gr.Radio(list(words.PLACES), value="", label=words.PLACE, elem_id="place"),
                gr.Radio(list(words.LANGUAGES), value="", label=words.LANGUAGE),
                gr.Radio(list(words.THEMES), value="", label=words.THEME),
                gr.Textbox(
                    label=words.GREETING,
                    placeholder=words.THE_WIDGETS_OWN,
                    max_length=LONGEST,
                    elem_id="greeting",
                ),
                gr.Textbox(
                    label=words.QUESTIONS,
                    lines=3,
                    max_lines=6,
                    max_length=LONGEST,
                    elem_id="questions",
                ),
            ]
            warns = gr.Markdown(sanitize_html=False, container=False)
            line, framed = (
                gr.Textbox(
                    label=label,
                    lines=6,
                    interactive=False,
                    buttons=["copy"],
                    elem_classes="code",
                )
                for label in (words.EVERY_PAGE, words.IN_A_FRAME)
            )
            allowed = html("note", line=words.ALLOWED, kind="")
            gr.Markdown(allowed, sanitize_html=False, container=False)
            site = gr.Textbox(
                label=words.MY_SITE, placeholder=words.A_SITE, max_length=LONGEST, elem_id="site"
            )
            may = gr.Markdown(sanitize_html=False, container=False)
        with gr.Column(elem_id="preview"):
            # Gradio's own HTML component evaluates strings, which the page's policy forbids.
            looks = gr.Markdown(preview(Look()), sanitize_html=False, container=False)
    gr.on(
        [blocks.load, *(each.change for each in choices)],
        shown,
        choices,
        [line, framed, looks, warns],
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",
    )
    site.change(
        judged,
        [site],
        [may],
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",
    )


def address(request: gr.Request) -> str:
    """The chat's address as the browser has it: behind a proxy the server does not know it."""
    return urljoin(request.headers.get("referer") or str(request.base_url), ".")


def warning(server: str) -> str:
    """Words where no visitor elsewhere could reach an address, else ""."""
    host = urlsplit(server).hostname or ""
    return words.only_here(host) if _is_this_machine(host) else ""


def verdict(site: str, allowed_origins: Collection[str], server: str) -> str:
    """Whether a site may ask, in words; "" where none is named."""
    if not site.strip():
        return ""
    origin = _origin(site)
    if not origin:
        return words.NO_SITE
    if origin in allowed_origins or origin == _origin(server):
        return words.may_ask(origin)
    return words.may_not_ask(origin)


def _origin(site: str) -> str:
    """The origin of a site, by an address in it or its name alone, or ""."""
    name = site.strip().lower()
    if "://" not in name:
        local = _is_this_machine(re.split("[:/]", name)[0])
        name = f"{'http' if local else 'https'}://{name}"
    origin = re.match(r"https?://[^/?#]+", name)
    if not origin:
        return ""
    plain = re.sub(r"(?<=^http)(://.+):80$|(?<=^https)(://.+):443$", r"\1\2", origin[0])
    return plain if ORIGIN.fullmatch(plain) else ""


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        at = ipaddress.ip_address(host)
    except ValueError:
        return False
    return at.is_loopback or at.is_unspecified
