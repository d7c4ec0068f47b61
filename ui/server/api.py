"""The API: questions, searches and documents over HTTP."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from rag.assistant import Assistant
from rag.records import Answer, Document, Prose, Retrieved
from rag.retrieval.scope import Scope
from ui.access.gate import as_seen
from ui.server import document_schemas, schemas
from ui.server.errors import DocumentChanged, NoSuchPlace
from ui.server.feedback import Offer
from ui.server.pictures import Pictures
from ui.server.questions import Questions, Stages, unless_gone
from ui.server.route_errors import json_only, problems
from ui.server.unexpected import problem_or_unexpected

_TURNS = 50
_TAGS = 50
_SINCE = (
    "A day as 2024-05-01, a month or a year; documents of before and without a date are not "
    "searched."
)

_STREAM = """event: reading
data: {"passages": 5, "documents": 4}

event: quote
data: {"number": 1, "text": "The Lena is 4,294 kilometres long.", ...}

event: done
data: {"question": "how long is the Lena?", "kind": "answer", ...}
"""


class Turn(BaseModel):
    """A question before this one, and what was answered."""

    model_config = ConfigDict(extra="forbid")

    question: str
    answer: str = Field(description="The texts of its quotes; empty for a refusal.")


class Question(BaseModel):
    """What is asked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "how long is the Lena?"},
                {
                    "question": "and where does it end?",
                    "history": [
                        {
                            "question": "how long is the Lena?",
                            "answer": "The Lena is 4,294 kilometres long.",
                        }
                    ],
                    "documents": ["3f1c5d0a9b7e"],
                },
            ]
        },
    )

    question: str = Field(description="Holds at least one letter or digit.")
    history: list[Turn] = Field(
        default=[], max_length=_TURNS, description="What was said before, oldest first."
    )
    documents: list[str] | None = Field(
        default=None, min_length=1, description="Ids of the documents to search; null for all."
    )
    tags: list[str] = Field(
        default=[], max_length=_TAGS, description="All of which a document must bear."
    )
    since: str | None = Field(default=None, description=_SINCE)


def create(assistant: Assistant, questions: Questions, pictures: Pictures) -> APIRouter:
    """The routes below ``/api``."""
    router = APIRouter(prefix="/api", tags=["Steward"])

    @router.post(
        "/ask",
        response_model=schemas.Answer,
        dependencies=[Depends(json_only)],
        responses={
            200: {
                "description": "The answer, what may be one, or the refusal; or, where "
                "text/event-stream is accepted, events: `reading`, `quote` for each, then `done` "
                "with the whole answer, "
                "or `error` with a problem. Where a language model is set, the answer without its "
                "prose comes before as `answer`, then `sentence` for each.",
                "content": {
                    "text/event-stream": {"schema": {"type": "string"}, "example": _STREAM}
                },
            },
            **problems(400, 404, 413, 415, 504),
        },
    )
    async def ask(asked: Question, request: Request) -> Any:
        """Answer a question with verbatim quotes, quote what may answer it, or refuse."""
        history = [(turn.question, turn.answer) for turn in asked.history]
        scope = Scope(documents=asked.documents, tags=tuple(asked.tags), since=asked.since)
        own = as_seen(questions, request.scope)
        if "text/event-stream" not in request.headers.get("accept", ""):
            answer = await unless_gone(request, own.answer(asked.question, history, scope))
            return schemas.answer(answer, own.offer(answer, history), own.examples)
        stages = own.stages(asked.question, history, scope)
        # An error before the first stage still has a status of its own.
        first = await unless_gone(request, anext(stages))
        assert isinstance(first, Retrieved)
        return StreamingResponse(
            _events(
                first,
                stages,
                lambda answer: questions.offer(answer, history),
                questions.examples,
            ),
            media_type="text/event-stream",
            # The second is for nginx, which would keep the stream back.
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.get("/search", response_model=schemas.Hits, responses=problems(400, 404, 413, 504))
    async def search(
        request: Request,
        q: Annotated[str, Query(description="What to look for.", examples=["length of the Lena"])],
        count: Annotated[int, Query(ge=1, le=50, description="Most passages to return.")] = 8,
        tag: Annotated[
            list[str] | None,
            Query(max_length=_TAGS, description="That a document must bear; of several, all."),
        ] = None,
        since: Annotated[str | None, Query(description=_SINCE)] = None,
    ) -> Any:
        """Find the passages nearest to a question, without judging whether they answer it."""
        scope = Scope(tags=tuple(tag or ()), since=since)
        found = as_seen(questions, request.scope).search(q, count, scope)
        return schemas.hits(await unless_gone(request, found))

    @router.get("/documents", responses=problems())
    def documents(request: Request) -> document_schemas.Documents:
        """List the documents, and what was found beside them and could not be read."""
        seen = as_seen(assistant, request.scope)
        return document_schemas.documents(seen.documents(), seen.left_out())

    @router.get("/documents/{document_id}", responses=problems(400, 404, 409))
    def document(
        request: Request,
        document_id: str,
        start: Annotated[int | None, Query(description="Where an excerpt begins.")] = None,
        end: Annotated[int | None, Query(description="Where it ends.")] = None,
        sha256: Annotated[
            str | None, Query(description="The version that was quoted, if that matters.")
        ] = None,
    ) -> document_schemas.Document:
        """Read a document, so that a quote can be checked; with start and end, around a place."""
        found = as_seen(assistant, request.scope).document(document_id)
        return document_schemas.document(*_place(found, start, end, sha256))

    @router.get(
        "/documents/{document_id}/pages/{number}",
        response_class=Response,
        responses={
            200: {"description": "The picture.", "content": {"image/png": {}}},
            **problems(400, 404, 409),
        },
    )
    def page(
        request: Request,
        document_id: str,
        number: Annotated[int, Path(ge=1, description="As in the quote's place.")],
        start: Annotated[int | None, Query(description="Where the words to mark begin.")] = None,
        end: Annotated[int | None, Query(description="Where they end.")] = None,
        sha256: Annotated[
            str | None, Query(description="The version that was quoted, if that matters.")
        ] = None,
    ) -> Response:
        """Show a page of a PDF as it is, with the words of a quote marked on it."""
        document = as_seen(assistant, request.scope).document(document_id)
        found, span = _place(document, start, end, sha256)
        picture = pictures.of(found.id, found.sha256, number, span)
        # What it shows never changes where its version is named.
        kept = "private, max-age=3600" if sha256 else "no-cache"
        return Response(picture.png, media_type="image/png", headers={"Cache-Control": kept})

    return router


def _place(
    found: Document, start: int | None, end: int | None, sha256: str | None
) -> tuple[Document, tuple[int, int] | None]:
    """The document, and the place in it that is asked for, if any.

    Raises:
        DocumentChanged: When the document is of another version.
        NoSuchPlace: When there is no such place in it.
    """
    if sha256 is not None and sha256 != found.sha256:
        raise DocumentChanged
    if start is None and end is None:
        return found, None
    if start is None or end is None or not 0 <= start < end <= found.length:
        raise NoSuchPlace(found.length)
    return found, (start, end)


async def _events(
    first: Retrieved,
    stages: Stages,
    offer: Callable[[Answer], Offer | None],
    examples: Sequence[str],
) -> AsyncGenerator[bytes, None]:
    offered: Offer | None = None
    async with aclosing(stages):
        yield _event("reading", schemas.reading(first))
        try:
            async for stage in stages:
                assert isinstance(stage, Answer)
                offered = offered or offer(stage)  # of the answer that comes again, the same
                answer = schemas.answer(stage, offered, examples)
                match stage.prose:
                    case Prose(outcome=None, sentences=(*_, last)):
                        yield _event("sentence", schemas.sentence(last))
                    case None | Prose(outcome=None):
                        for quote in answer.quotes:
                            yield _event("quote", quote)
                        if stage.prose:
                            yield _event("answer", answer)
            yield _event("done", answer)
        except Exception as error:
            yield _event("error", problem_or_unexpected(error)[0])


def _event(name: str, data: BaseModel) -> bytes:
    # ASCII: many a reader of events would end a line at U+2028, which may be in a quote.
    return format_sse_event(event=name, data_str=json.dumps(data.model_dump(mode="json")))
