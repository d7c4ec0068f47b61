"""Errors of the API: a machine's word, words for a person, and a status.

The words of Steward's own errors are those of ``ui.wording.errors``. What is here besides are the
errors that only a server has.

    ServiceError
    ├── Busy
    ├── TookTooLong
    ├── TooManyRequests
    ├── NotJson
    ├── NoSuchPlace
    ├── DocumentChanged
    └── UnknownModel
"""

import math
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
from ui.wording.errors import explain

COMPLETIONS = "/v1/"
"""Below it, errors have the shape that OpenAI's clients read."""


class ServiceError(Exception):
    """A request that the server does not answer."""


class Busy(ServiceError):
    """All places for questions are taken; in ``seconds`` one may be free."""

    seconds = 5.0


class TookTooLong(ServiceError):
    """The question was not answered in the time set for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} seconds")
        self.seconds = seconds


class TooManyRequests(ServiceError):
    """The address has made as many requests as one may; in ``seconds`` it may make another."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} seconds")
        self.seconds = seconds


class NotJson(ServiceError):
    """The body is not declared to be JSON, as that of a form of any web page would be."""


class NoSuchPlace(ServiceError):
    """The document has no text between these offsets."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the document has {length} characters")
        self.length = length


class DocumentChanged(ServiceError):
    """The document is no longer the one that was quoted."""


class UnknownModel(ServiceError):
    """A model of another name than the one there is."""

    def __init__(self, name: str, known: str) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


class Problem(BaseModel):
    """An error."""

    error: str = Field(description="The name, for programs.", examples=["too_many_requests"])
    message: str = Field(
        description="What happened and what to do, for people; plain text.",
        examples=["This address has asked for much in a short time. Ask again in 12 seconds."],
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
    """An error as the API says it, its status, and headers."""
    headers: Mapping[str, str] = {}
    match error:
        case ServiceError():
            text, status = _service(error)
            if isinstance(error, Busy | TooManyRequests):
                headers = {"Retry-After": str(math.ceil(error.seconds))}
        case StewardError():
            message = explain(error)
            text, status = message.text, message.status
        case RequestValidationError():
            text, status = _invalid(error.errors()), 422
        case HTTPException():
            text, status, headers = _http(error), error.status_code, error.headers or {}
        case _:
            raise TypeError("a defect is no problem of the request") from error
    # A name in it may be the client's, and a lone surrogate cannot be written.
    text = text.encode(errors="replace").decode()
    return Problem(error=name_of(error), message=text), status, headers


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


def _service(error: ServiceError) -> tuple[str, int]:
    match error:
        case Busy():
            return f"Steward is busy. Ask again in {math.ceil(error.seconds)} seconds.", 503
        case TookTooLong():
            return (
                f"The question was not answered within {error.seconds:g} seconds. Ask again, or "
                "ask a simpler one.",
                504,
            )
        case TooManyRequests():
            return (
                "This address has asked for much in a short time. Ask again in "
                f"{math.ceil(error.seconds)} seconds.",
                429,
            )
        case NotJson():
            return "Send the body as JSON, with the header Content-Type: application/json.", 415
        case NoSuchPlace():
            return (
                "Give both start and end, whole numbers with "
                f"0 ≤ start < end ≤ {error.length}, or neither.",
                400,
            )
        case DocumentChanged():
            return "The document has changed since it was quoted. Ask the question again.", 409
        case UnknownModel():
            return f"There is no model {error.name}. Ask for {error.known}.", 404
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _invalid(errors: Any) -> str:
    """What is wrong with a request, without the values that were sent."""
    if errors and errors[0]["type"] == "json_invalid":
        return "The body is not JSON."
    said = []
    for each in errors[:5]:
        place = ".".join(str(part) for part in each["loc"] if part not in ("body", "query", "path"))
        said.append(f"{place}: {each['msg']}" if place else each["msg"])
    return f"The request is not as it should be. {'; '.join(said)}."


def _http(error: HTTPException) -> str:
    match error.status_code:
        case 404:
            return "There is nothing at this address."
        case 405:
            return "This address does not take requests of this method."
        case 413:
            return "The request is larger than Steward takes."
        case _:
            return "The request cannot be understood."
