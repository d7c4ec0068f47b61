"""Errors of the API: a machine's word, words for a person, a status and headers."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from rag.errors import StewardError
from ui.server.errors import ServiceError, TooManyRequests
from ui.wording.requests import explain

COMPLETIONS = "/v1/"
"""Below it, errors have the shape that OpenAI's clients read."""


class Problem(BaseModel):
    """An error."""

    error: str = Field(description="The name, for programs.", examples=["too_many_requests"])
    message: str = Field(
        description="What happened and what to do, for people; plain text.",
        examples=[explain(TooManyRequests(12)).text],
    )


class CompletionsProblem(BaseModel):
    """An error, in the shape that OpenAI's clients read."""

    class Inner(BaseModel):
        """The error itself."""

        message: str
        type: str
        param: None = None
        code: str

    error: Inner


def name_of(error: Exception) -> str:
    """The error's name, for programs: its class's, in lower case and underscores."""
    if isinstance(error, RequestValidationError):
        return "invalid_request"
    if isinstance(error, HTTPException):
        return {404: "not_found", 405: "method_not_allowed", 413: "request_too_large"}.get(
            error.status_code, "invalid_request"
        )
    if isinstance(error, StewardError | ServiceError):
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
    return "internal_error"


def problem_of(error: Exception) -> tuple[Problem, int, Mapping[str, str]]:
    """An error as the API says it, its status, and headers.

    Raises:
        TypeError: If it is a defect.
    """
    reply = explain(error)
    headers: Mapping[str, str] = {}
    if isinstance(error, HTTPException):
        headers = error.headers or {}
    elif reply.seconds is not None:
        headers = {"Retry-After": str(reply.seconds)}
    elif reply.status == 401:
        headers = {"WWW-Authenticate": 'Bearer realm="Steward"'}
    # A name in it may be the client's, and a lone surrogate cannot be written.
    text = reply.text.encode(errors="replace").decode()
    return Problem(error=name_of(error), message=text), reply.status, headers


def answer_with(error: Exception, path: str) -> Response:
    """The response to a request that ended in an error."""
    return respond(*problem_of(error), path)


def respond(problem: Problem, status: int, headers: Mapping[str, str], path: str) -> Response:
    """A problem as a response, in the shape that belongs to the path."""
    if not path.startswith(COMPLETIONS):
        return JSONResponse(problem.model_dump(), status, headers)
    return JSONResponse(completions_problem(problem, status).model_dump(), status, headers)


def completions_problem(problem: Problem, status: int) -> CompletionsProblem:
    """A problem in the shape that OpenAI's clients read."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return CompletionsProblem(
        error=CompletionsProblem.Inner(message=problem.message, type=kind, code=problem.error)
    )


def handle(app: FastAPI) -> None:
    """Have the application answer with problems; defects are left to ``ui.server.unexpected``."""

    def answer(request: Request, error: Exception) -> Response:
        return answer_with(error, path_below(request.scope))

    def nobody(request: Request, error: Exception) -> Response:
        return Response(status_code=499)  # nginx's number; nobody is there to read it

    for each in (StewardError, ServiceError, RequestValidationError, HTTPException):
        app.add_exception_handler(each, answer)
    app.add_exception_handler(ClientDisconnect, nobody)


def path_below(scope: Mapping[str, Any]) -> str:
    """The path below the prefix that the application is served under."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))
