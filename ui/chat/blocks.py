"""The chat: a Gradio Blocks app, the conversation on one side and the sources on the other."""

import threading
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from markupsafe import Markup

from rag.assistant import Assistant
from rag.records import Answer, Retrieved
from rag.retrieval.query import Turn
from ui.chat import embedding as snippets
from ui.chat.markup import answered, failure, html, written
from ui.server.questions import Questions
from ui.server.unexpected import problem_or_unexpected
from ui.settings import ServerSettings
from ui.wording import chat as words
from ui.wording.answers import prose as in_words
from ui.wording.answers import reading

_HERE = Path(__file__).parent
# The style goes into the head, as Gradio rewrites the selectors of what is given to it as ``css``.
HEAD = html(
    "head",
    style=Markup((_HERE / "chat.css").read_text(encoding="utf-8")),
    script=Markup((_HERE / "chat.js").read_text(encoding="utf-8")),
)
FAVICON = _HERE / "favicon.svg"

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans")
THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.blue,
    neutral_hue=gr.themes.colors.stone,
    font=[gr.themes.Font(name) for name in (*_SANS, "sans-serif")],
    font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
)

_TURNS = 50
"""Turns kept in a conversation; older ones leave the page."""

Message = dict[Literal["role", "content"], str]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the server remembers of a page: what it shows, and the questions with their answers."""

    messages: tuple[Message, ...] = ()
    turns: tuple[Turn, ...] = ()


def examples(assistant: Assistant) -> tuple[str, ...]:
    """Questions to begin with, of those about the seeds: none where the documents are others."""

    def answers(question: str) -> bool:  # without waiting for a model
        stages = assistant.stages(question)
        return any(isinstance(stage, Answer) and stage.answered for stage in stages)

    return tuple(filter(answers, words.EXAMPLES))


def build(questions: Questions, settings: ServerSettings, examples: Sequence[str]) -> gr.Blocks:
    """The chat. Its look (``THEME``, ``HEAD``) is given where it is mounted."""
    stops: dict[str | None, threading.Event] = {}

    async def turn(
        question: str | None, before: Conversation, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        stopped = stops[request.session_hash] = threading.Event()
        changes = _turn(questions, settings, question or "", before, stopped)
        try:
            async with aclosing(changes):
                async for change in changes:
                    yield change
        finally:
            stops.pop(request.session_hash, None)

    def halt(request: gr.Request) -> None:
        if request.session_hash in stops:
            stops[request.session_hash].set()

    way = words.QUOTES_BELOW_PROSE if questions.has_model else words.QUOTES_ALONE
    blocks: gr.Blocks
    with gr.Blocks(title="Steward", analytics_enabled=False, fill_height=True) as blocks:
        gr.Markdown(html("masthead"), sanitize_html=False, container=False)
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
                    chosen = [gr.Button(example, elem_classes="example") for example in examples]
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        elem_id="question",
                        label=words.QUESTION,
                        placeholder=words.ASK_A_QUESTION,
                        container=False,
                        lines=1,
                        max_lines=5,
                        max_length=settings.question_characters,
                        scale=1,
                    )
                    send = gr.Button(words.ASK, elem_id="send", variant="primary", scale=0)
                    stop = gr.Button(words.STOP, elem_id="stop", visible=False, scale=0)
            with gr.Column(elem_id="panel"):
                gr.Markdown(html("sources"), sanitize_html=False, container=False)
        snippets.build(blocks)
        remembered = gr.State(Conversation())
        outputs = [question, send, offered, conversation, remembered, stop]
        for triggers, asked_by in (
            ([question.submit, send.click], question),
            *(([button.click], button) for button in chosen),
        ):
            gr.on(
                triggers,
                turn,
                [asked_by, remembered],
                outputs,
                show_progress="hidden",
                api_visibility="private",
                trigger_mode="once",
            )
        # Gradio's own way to cancel an event leaves an error on the page.
        stop.click(halt, show_progress="hidden", api_visibility="private")
    return blocks


async def _turn(
    questions: Questions,
    settings: ServerSettings,
    question: str,
    before: Conversation,
    stopped: threading.Event,
) -> AsyncGenerator[tuple[Any, ...], None]:
    """Answer one question: the input is closed while it is read, and opened again after."""
    question = question.strip()
    if not question:
        yield _change()
        return
    asked = (*before.messages[-2 * (_TURNS - 1) :], _asked(question, settings))
    turns = before.turns
    shown = _stage(words.SEARCHING)
    yield _change(
        question=gr.Textbox(value="", interactive=False),
        send=gr.Button(interactive=False),
        offered=gr.Column(visible=False),
        messages=[*asked, shown],
    )
    try:
        async with aclosing(questions.stages(question, turns, stopped=stopped)) as stages:
            async for stage in stages:
                if isinstance(stage, Retrieved):
                    yield _change(messages=[*asked, _stage(reading(stage.hits))])
                    continue
                said = "\n".join(quote.text for quote in stage.quotes)
                turns = (*before.turns[1 - _TURNS :], (question, said))
                shown = _answer(stage)
                if stage.prose and not stage.prose.outcome:
                    yield _change(messages=[*asked, shown], stop=gr.Button(visible=True))
    except Exception as error:
        shown = _said(failure(problem_or_unexpected(error)[0].message))
    yield _change(
        question=gr.Textbox(interactive=True),
        send=gr.Button(interactive=True),
        messages=[*asked, shown],
        remembered=Conversation((*asked, shown), turns),
        stop=gr.Button(visible=False),
    )


def _change(
    *,
    question: Any = None,
    send: Any = None,
    offered: Any = None,
    messages: Any = None,
    remembered: Any = None,
    stop: Any = None,
) -> tuple[Any, ...]:
    """What changes on the page, in the order of the outputs; the rest stays as it is."""
    parts = question, send, offered, messages, remembered, stop
    return tuple(gr.skip() if part is None else part for part in parts)


def _asked(question: str, settings: ServerSettings) -> Message:
    limit = settings.question_characters
    cut = question if len(question) <= limit else f"{question[:limit]}…"
    return {"role": "user", "content": str(html("asked", question=cut))}


def _stage(line: str) -> Message:
    return _said(html("stage", line=line))


def _answer(found: Answer) -> Message:
    if not (prose := found.prose):
        return _said(answered(found))
    above = written(found, prose.sentences, in_words(prose), going_on=not prose.outcome)
    return _said(answered(found, above))


def _said(content: Markup) -> Message:
    return {"role": "assistant", "content": str(content)}
