"""What people say of an answer: whether it helped, and what was wrong.

An answer is remembered here for a while under a name that nobody can guess, so that what is kept
of it is what was shown, and not what somebody sends.
"""

import asyncio
import secrets
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from rag.records import Answer
from rag.retrieval.query import Turn
from ui.owner.question_log import QuestionLog
from ui.owner.records import Verdict, nearest, shown, vector
from ui.server.errors import NotKept, UnknownAnswer
from ui.server.route_errors import json_only, problems
from ui.settings import ServerSettings

WORDS = 500
"""Characters that somebody may write."""

_REMEMBERED = 1000
"""Answers that can still be judged; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """That an answer may be judged.

    Attributes:
        key: The answer's name.
        days: How long what is said is kept.
    """

    key: str
    days: int


class Feedback:
    """Answers that can be judged, and what is said of them; the log stays the caller's."""

    def __init__(self, log: QuestionLog, settings: ServerSettings) -> None:
        self._log = log
        self._days = settings.keep_days
        self._logged = settings.log_questions
        self._answers: OrderedDict[str, tuple[Answer, tuple[Turn, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, answer: Answer, history: Sequence[Turn]) -> Offer:
        """Remember an answer, so that it can be judged."""
        key = secrets.token_urlsafe(12)
        with self._lock:
            self._answers[key] = answer, tuple(history)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return Offer(key, self._days)

    async def give(self, key: str, helped: bool, words: str) -> None:
        """Keep what somebody says; a second time it takes the place of the first.

        Raises:
            UnknownAnswer: When the answer is forgotten, or never was.
            NotKept: When it could not be written.
        """
        with self._lock:
            found = self._answers.get(key)
        if found is None:
            raise UnknownAnswer
        answer, history = found
        verdict = Verdict(
            key=key,
            at=time.time(),
            question=answer.question,
            history=history,
            kind=answer.kind,
            confidence=answer.confidence,
            quotes=shown(answer),
            helped=helped,
            words=words,
            nearest=nearest(answer),
            vector=vector(answer),
            logged=self._logged,
        )
        try:
            await asyncio.wrap_future(self._log.give(verdict))
        except sqlite3.Error as error:
            raise NotKept from error


class Given(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"id": "Zm9vYmFyYmF6cXV4", "helped": False, "words": "It is on page 4."}]
        },
    )

    id: str = Field(max_length=64, description="Of the answer, as it names itself in `feedback`.")
    helped: bool = Field(description="Whether it helped.")
    words: str = Field(
        default="", max_length=WORDS, description="What was wrong, or what you know better."
    )


class Kept(BaseModel):
    """What was said is kept."""

    days: int = Field(description="For how long.")


def create(feedback: Feedback, settings: ServerSettings) -> APIRouter:
    """The route ``/api/feedback``."""
    router = APIRouter(prefix="/api", tags=["Steward"])

    @router.post(
        "/feedback",
        dependencies=[Depends(json_only)],
        responses=problems(404, 415),
    )
    async def give(given: Given) -> Kept:
        """Say whether an answer helped, once it is there; again, to correct it or to add words."""
        # A lone surrogate is no character that could be kept.
        words = given.words.encode(errors="replace").decode().strip()
        await feedback.give(given.id, given.helped, words)
        return Kept(days=settings.keep_days)

    return router
