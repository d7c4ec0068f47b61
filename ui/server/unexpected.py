"""Unexpected errors: each is logged under a number, which is all that the client is told."""

import logging
import uuid
from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import StewardError
from ui.server.errors import ServiceError
from ui.server.problems import Problem, name_of, path_below, problem_of, respond
from ui.wording.requests import unexpected

log = logging.getLogger(__name__)


def problem_or_unexpected(error: Exception) -> tuple[Problem, int, Mapping[str, str]]:
    """Any error as the API says it, its status, and headers; an unexpected one is logged."""
    if isinstance(error, StewardError | ServiceError | HTTPException | RequestValidationError):
        return problem_of(error)
    number = uuid.uuid4().hex[:8]
    log.error("request failed, unexpected error %s", number, exc_info=error)
    return Problem(error=name_of(error), message=unexpected(number)), 500, {}


class UnexpectedErrors:
    """Answers 500 where the application fails, inside of what adds headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            response = respond(*problem_or_unexpected(error), path_below(scope))
            await response(scope, receive, send)
