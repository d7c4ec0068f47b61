"""The chat: a Gradio Blocks app, the conversation on one side and the sources on the other."""

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup
from starlette.types import Scope

from rag.suggestions import OFFERED
from ui.access.gate import as_seen
from ui.chat import embedding
from ui.chat.markup import html
from ui.chat.turns import KEPT, Conversation, answer, answer_again
from ui.server.questions import Questions
from ui.settings import ServerSettings
from ui.wording import chat as words

_HERE = Path(__file__).parent
# The style goes into the head, as Gradio rewrites the selectors of what is given to it as ``css``.
HEAD = html(
    "head",
    style=Markup((_HERE / "chat.css").read_text(encoding="utf-8")),
    scripts=[
        Markup((_HERE / name).read_text(encoding="utf-8"))
        for name in ("chat.js", "asking.js", "feedback.js")
    ],
)
FAVICON = _HERE / "favicon.svg"

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans")
THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.blue,
    neutral_hue=gr.themes.colors.stone,
    font=[gr.themes.Font(name) for name in (*_SANS, "sans-serif")],
    font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
)


def build(
    questions: Questions,
    settings: ServerSettings,
    examples: Sequence[str],
    tags: Sequence[str],
    own: Callable[[Scope], Sequence[str]] | None = None,
) -> gr.Blocks:
    """The chat. Its look (``THEME``, ``HEAD``) is given where it is mounted.

    Args:
        questions: Answers them.
        settings: Of the server.
        examples: Questions to begin with, for everybody.
        tags: By which a visitor may choose the documents that are asked.
        own: Questions to begin with for whoever opens the page, instead.
    """
    stops: dict[str | None, threading.Event] = {}

    async def turn(
        question: str | None,
        before: Conversation,
        request: gr.Request,
        among: list[str] | None = None,
    ) -> AsyncIterator[tuple[Any, ...]]:
        stopped = stops[request.session_hash] = threading.Event()
        own = as_seen(questions, _scope(request))
        changes = answer(own, settings, question or "", before, stopped, among or ())
        try:
            async with aclosing(changes):
                async for change in changes:
                    yield change
        finally:
            stops.pop(request.session_hash, None)

    async def again(kept: str | None, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        own = as_seen(questions, _scope(request))
        async with aclosing(answer_again(own, settings, kept or "")) as changes:
            async for change in changes:
                yield change

    def halt(request: gr.Request) -> None:
        if request.session_hash in stops:
            stops[request.session_hash].set()

    def offer(request: gr.Request) -> list[Any]:
        found = own(_scope(request)) if own else ()
        blank = [gr.Button(visible=False)] * (OFFERED - len(found))
        return [gr.Column(visible=bool(found)), *map(_example, found), *blank]

    way = words.QUOTES_BELOW_PROSE if questions.has_model else words.QUOTES_ALONE
    blocks: gr.Blocks
    with gr.Blocks(title="Steward", analytics_enabled=False, fill_height=True) as blocks:
        masthead = html("masthead", guarded=settings.is_guarded)
        gr.Markdown(masthead, sanitize_html=False, container=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                conversation = gr.Chatbot(
                    elem_id="conversation",
                    show_label=False,
                    container=False,
                    height="100%",
                    autoscroll=False,
                    layout="panel",
                    placeholder=html("welcome", way=way),
                    buttons=[],
                    feedback_options=None,
                    render_markdown=False,
                    sanitize_html=True,
                    allow_tags=False,
                    latex_delimiters=[],
                    group_consecutive_messages=False,
                    allow_file_downloads=False,
                )
                with gr.Column(elem_id="examples", visible=bool(examples)) as offered:
                    blank = [""] * OFFERED if own else []
                    chosen = [_example(example) for example in (*examples, *blank)]
                among = gr.CheckboxGroup(
                    list(tags),
                    elem_id="among",
                    label=words.AMONG,
                    visible=bool(tags),
                )
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        elem_id="question",
                        label=words.QUESTION,
                        placeholder=words.ASK_A_QUESTION,
                        container=False,
                        lines=1,
                        max_lines=5,
                        scale=1,
                    )
                    send = gr.Button(words.ASK, elem_id="send", variant="primary", scale=0)
                    stop = gr.Button(words.STOP, elem_id="stop", visible=False, scale=0)
                notice = html("notice", limit=settings.question_characters, kept=KEPT)
                gr.Markdown(notice, sanitize_html=False, container=False)
                kept = gr.Textbox(elem_id="kept", visible="hidden")
            with gr.Column(elem_id="panel"):
                gr.Markdown(html("sources"), sanitize_html=False, container=False)
        embedding.build(blocks, settings.allowed_origins)
        remembered = gr.State(Conversation())
        outputs = [question, send, offered, conversation, remembered, stop]
        for triggers, asked_by in (
            ([question.submit, send.click], question),
            *(([button.click], button) for button in chosen),
        ):
            gr.on(
                triggers,
                turn,
                [asked_by, remembered, among],
                outputs,
                show_progress="hidden",
                api_visibility="private",
                trigger_mode="once",
            )
        kept.change(
            again,
            [kept],
            outputs,
            show_progress="hidden",
            api_visibility="private",
            trigger_mode="once",
        )
        if own:
            blocks.load(
                offer,
                None,
                [offered, *chosen],
                show_progress="hidden",
                api_visibility="private",
            )
        # Gradio's own way to cancel an event leaves an error on the page.
        stop.click(halt, show_progress="hidden", api_visibility="private")
    return blocks


def _example(question: str) -> gr.Button:
    return gr.Button(question, visible=bool(question), elem_classes="example")


def _scope(request: gr.Request) -> Scope:
    assert request.request is not None  # as it never is of an event
    return request.request.scope
