"""OpenAI's chat completions, as far as quotes can be given by them.

The shape is that of https://platform.openai.com/docs/api-reference/chat, so that programs made for
it can ask Steward. The content of the message is the quotes, word for word, each with its place, or
the refusal; before quotes that may answer or not a line says so, which is the refusal, too. Besides
the standard's fields there is ``steward``, the whole answer with all offsets. A system message
changes nothing, nor does a temperature: there is nothing to be sampled.
"""

import json
import time
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from rag.errors import EmptyQuestion
from rag.records import Answer, Prose
from rag.retrieval.query import Turn
from ui.access.gate import as_seen
from ui.server import schemas
from ui.server.errors import UnknownModel
from ui.server.problems import CompletionsProblem, completions_problem
from ui.server.questions import Questions, Stages, unless_gone
from ui.server.route_errors import json_only, problems
from ui.server.source_schemas import Agreement, Listed
from ui.server.unexpected import problem_or_unexpected
from ui.wording.answers import place

MODEL = "steward"


class Part(BaseModel):
    """A piece of a message's content."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def text(self) -> str:
        """Its content as one text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream holds besides."""

    include_usage: bool | None = None


class Completion(BaseModel):
    """A request. Fields that are not named here are left out of account."""

    model: str = Field(examples=[MODEL])
    messages: list[Message] = Field(
        min_length=1, examples=[[{"role": "user", "content": "how long is the Lena?"}]]
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


def create(questions: Questions) -> APIRouter:
    """The routes below ``/v1``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI's shape"])
    began = int(time.time())

    @router.get("/models", responses=problems(model=CompletionsProblem))
    def models() -> dict[str, Any]:
        """List the one model there is."""
        return {"object": "list", "data": [_model(began)]}

    @router.get("/models/{model}", responses=problems(404, model=CompletionsProblem))
    def model(model: str) -> dict[str, Any]:
        """Describe a model."""
        _check(model)
        return _model(began)

    @router.post(
        "/chat/completions",
        dependencies=[Depends(json_only)],
        responses={
            200: {
                "description": "The quotes or the refusal as a message; with `stream`, in pieces.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **problems(400, 404, 413, 415, 504, model=CompletionsProblem),
        },
        response_model=dict[str, Any],
    )
    async def completions(asked: Completion, request: Request) -> Any:
        """Answer the user's last message with verbatim quotes, or what may answer, or refuse."""
        _check(asked.model)
        question, history = _conversation(asked.messages)
        frame = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        own = as_seen(questions, request.scope)
        if not asked.stream:
            found = await unless_gone(request, own.answer(question, history))
            return frame | _whole(schemas.answer(found, examples=own.examples))
        stages = own.stages(question, history)
        await unless_gone(request, anext(stages))
        usage = bool(asked.stream_options and asked.stream_options.include_usage)
        return StreamingResponse(
            _pieces(frame, stages, usage, questions.examples),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


def content(answer: schemas.Answer) -> list[str]:
    """An answer as text: the model's prose if there is any, then a piece for each quote.

    A quote's piece is its words, and below them where they are from. What is said of an overview
    comes first, whether the sources agree last.
    """
    pieces = [f"{quote.text}\n{_place(quote)}" for quote in answer.quotes]
    if answer.message is not None:
        lines = "".join(f"\n- {example}" for example in answer.examples)
        pieces.insert(0, f"{answer.message}{lines}")
    if answer.prose and answer.prose.sentences:
        pieces.insert(0, " ".join(map(_cited, answer.prose.sentences)))
    if answer.note:
        pieces.insert(0, answer.note)
    pieces += ["\n".join(_listed(answer.catalogue))] if answer.catalogue else []
    pieces += ["\n".join(_compared(answer.agreement))] if answer.agreement else []
    return [piece if piece is pieces[-1] else f"{piece}\n\n" for piece in pieces]


def _listed(documents: Sequence[Listed]) -> list[str]:
    return [
        f"- {each.title}{f' ({each.published})' if each.published else ''}" for each in documents
    ]


def _compared(found: Agreement) -> list[str]:
    """Whether the sources agree, and of sources that differ their words with their quotes."""
    lines = [found.message]
    for position in found.positions if found.differ else []:
        said = "".join(f"“{words}” " for words in position.words)
        sources = (f"[{each.number}] {each.title} ({each.dated})" for each in position.sources)
        lines.append(f"- {said}{', '.join(sources)}")
    return lines


def _refusal(answer: schemas.Answer) -> str | None:
    return None if answer.kind == "help" else answer.message


def _cited(sentence: schemas.Sentence) -> str:
    return f"{sentence.text} [{', '.join(map(str, sentence.cites))}]"


def _place(quote: schemas.Quote) -> str:
    known = quote.publisher, quote.published
    return f"[{quote.number}] {place(quote.title, quote.start, quote.end, quote.place, known)}"


def _conversation(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The last question, and the questions before it with what was answered to each."""
    turns: list[tuple[str, list[str]]] = []
    for message in messages:
        if message.role == "user":
            turns.append((message.text(), []))
        elif message.role == "assistant" and turns:
            turns[-1][1].append(message.text())
    if not turns:
        raise EmptyQuestion
    history = [(question, "\n".join(answered)) for question, answered in turns[:-1]]
    return turns[-1][0], history


def _whole(answer: schemas.Answer) -> dict[str, Any]:
    text = "".join(content(answer))
    message = {"role": "assistant", "content": text, "refusal": _refusal(answer)}
    return {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _NO_TOKENS,
        "steward": answer.model_dump(mode="json"),
    }


async def _pieces(
    frame: Mapping[str, Any], stages: Stages, usage: bool, examples: Sequence[str]
) -> AsyncGenerator[bytes, None]:
    frame = {**frame, "object": "chat.completion.chunk"}

    def piece(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**frame, "choices": [choice], **more})

    async with aclosing(stages):
        yield piece({"role": "assistant", "content": ""})
        try:
            async for stage in stages:
                match stage:
                    case Answer(prose=Prose(outcome=None, sentences=(*before, last))):
                        space = " " if before else ""
                        yield piece({"content": space + _cited(schemas.sentence(last))})
            assert isinstance(stage, Answer)
            answer = schemas.answer(stage, examples=examples)
            written = answer.prose and answer.prose.sentences
            for number, text in enumerate(content(answer)):
                yield piece({"content": "\n\n" if written and number == 0 else text})
            if (refused := _refusal(answer)) is not None:
                yield piece({"refusal": refused})
            yield piece({}, "stop", steward=answer.model_dump(mode="json"))
        except Exception as error:
            problem, status, _ = problem_or_unexpected(error)
            yield _event(completions_problem(problem, status).model_dump())
            return
        if usage:
            yield _event({**frame, "choices": [], "usage": _NO_TOKENS})
        yield format_sse_event(data_str="[DONE]")


_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
"""Quotes are not generated; a model's own tokens are not the client's to pay."""


def _event(data: Mapping[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data))


def _check(model: str) -> None:
    if model != MODEL:
        raise UnknownModel(model, MODEL)


def _model(created: int) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}
