"""What changes on the chat's page while a question is answered, or is answered again."""

import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from rag.records import Answer, Retrieved
from rag.retrieval.query import Turn
from rag.retrieval.scope import Scope
from ui.chat.markup import answered, failure, html, written
from ui.server.feedback import Offer
from ui.server.questions import Questions
from ui.server.unexpected import problem_or_unexpected
from ui.settings import ServerSettings
from ui.wording import chat as words
from ui.wording.answers import prose as in_words
from ui.wording.answers import reading

_TURNS = 50
"""Turns kept in a conversation; older ones leave the page."""

KEPT = 20
"""Questions of a page that are asked again when it is loaded again."""

_QUESTIONS = TypeAdapter(list[str | tuple[str, list[str]]])
"""Each with the tags of the documents that were asked, where it had any."""

Message = dict[Literal["role", "content"], str]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the server remembers of a page: what it shows, and the questions with their answers."""

    messages: tuple[Message, ...] = ()
    turns: tuple[Turn, ...] = ()


async def answer(
    questions: Questions,
    settings: ServerSettings,
    question: str,
    before: Conversation,
    stopped: threading.Event,
    tags: Sequence[str] = (),
) -> AsyncGenerator[tuple[Any, ...], None]:
    """Answer one question: the input is closed while it is read, and opened again after."""
    question = question.strip()
    if not question:
        yield _change()
        return
    asked = (*before.messages[-2 * (_TURNS - 1) :], _asked(question, settings, tags))
    turns, scope = before.turns, Scope(tags=tuple(tags))
    shown = _stage(words.SEARCHING)
    yield _change(
        question=gr.Textbox(value="", interactive=False),
        send=gr.Button(interactive=False),
        offered=gr.Column(visible=False),
        messages=[*asked, shown],
    )
    try:
        async with aclosing(questions.stages(question, turns, scope, stopped)) as stages:
            async for stage in stages:
                if isinstance(stage, Retrieved):
                    yield _change(messages=[*asked, _stage(reading(stage.hits))])
                    continue
                turns = _with(before.turns, question, stage)
                going_on = bool(stage.prose and not stage.prose.outcome)
                # Of what is still written nobody can say whether it helped.
                offer = None if going_on else questions.offer(stage, before.turns)
                shown = _answer(stage, offer, questions.examples)
                if going_on:
                    yield _change(messages=[*asked, shown], stop=gr.Button(visible=True))
    except Exception as error:
        shown = _failure(error)
    yield _change(
        question=gr.Textbox(interactive=True),
        send=gr.Button(interactive=True),
        messages=[*asked, shown],
        remembered=Conversation((*asked, shown), turns),
        stop=gr.Button(visible=False),
    )


async def answer_again(
    questions: Questions, settings: ServerSettings, kept: str
) -> AsyncGenerator[tuple[Any, ...], None]:
    """Answer once more what a page was asked before it was loaded again: quotes, and no prose.

    Nothing but the questions comes from the browser, so that nothing is shown which is not in the
    documents as they are now.
    """
    try:
        given = _QUESTIONS.validate_json(kept)[-KEPT:]
    except ValidationError:
        given = []
    asked = [(each.strip(), []) if isinstance(each, str) else each for each in given]
    if not asked or not all(question for question, _ in asked):
        yield _change()
        return
    waiting = _stage(words.AGAIN)
    messages = [
        each for question, tags in asked for each in (_asked(question, settings, tags), waiting)
    ]
    yield _change(
        question=gr.Textbox(interactive=False),
        send=gr.Button(interactive=False),
        offered=gr.Column(visible=False),
        messages=messages,
    )
    turns: tuple[Turn, ...] = ()
    for number, (question, tags) in enumerate(asked):
        scope = Scope(tags=tuple(tags))
        try:
            async with aclosing(questions.stages(question, turns, scope, again=True)) as stages:
                found = await anext(stage async for stage in stages if isinstance(stage, Answer))
            offer = questions.offer(found, turns)
            turns = _with(turns, question, found)
            shown = answered(found, offer=offer, examples=questions.examples)
            messages[2 * number + 1] = _said(shown)
        except Exception as error:
            messages[2 * number + 1] = _failure(error)
        yield _change(messages=messages)
    yield _change(
        question=gr.Textbox(interactive=True),
        send=gr.Button(interactive=True),
        remembered=Conversation(tuple(messages), turns),
    )


def _with(turns: tuple[Turn, ...], question: str, found: Answer) -> tuple[Turn, ...]:
    said = "\n".join(quote.text for quote in found.quotes)
    return (*turns[1 - _TURNS :], (question, said))


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


def _asked(question: str, settings: ServerSettings, tags: Sequence[str]) -> Message:
    limit = settings.question_characters
    cut = question if len(question) <= limit else f"{question[:limit]}…"
    return {"role": "user", "content": str(html("asked", question=cut, tags=tags))}


def _stage(line: str) -> Message:
    return _said(html("stage", line=line))


def _answer(found: Answer, offer: Offer | None, examples: Sequence[str]) -> Message:
    if not (prose := found.prose):
        return _said(answered(found, offer=offer, examples=examples))
    above = written(found, prose.sentences, in_words(prose), going_on=not prose.outcome)
    return _said(answered(found, above, offer))


def _failure(error: Exception) -> Message:
    return _said(failure(problem_or_unexpected(error)[0].message))


def _said(content: Markup) -> Message:
    return {"role": "assistant", "content": str(content)}
