"""Requests that the server does not answer, in words.

The words of Steward's own errors are those of ``ui.wording.errors``; here are besides them the
errors that only a server has, its framework's, and defects.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rag.errors import StewardError
from ui.server.errors import (
    Busy,
    CountsClosed,
    DocumentChanged,
    NoSuchPlace,
    NotJson,
    NotKept,
    NotSignedIn,
    NotTheOwner,
    OtherSite,
    ServiceError,
    TookTooLong,
    TooManyAttempts,
    TooManyRequests,
    UnknownAnswer,
    UnknownHost,
    UnknownModel,
    UsersUnreadable,
    WrongCredentials,
)
from ui.settings import PREFIX
from ui.wording.errors import explain as explain_own

STATUSES: Mapping[int, str] = {
    400: "It cannot be answered as it was asked.",
    401: "It is asked without the token or the password that it takes.",
    403: "It is asked by a page of an origin that is not allowed.",
    404: "There is nothing of this name.",
    409: "The document has changed since it was quoted.",
    413: "The question or the request is too long.",
    415: "The body is not declared to be JSON.",
    421: "It is asked by a name that is not Steward's.",
    422: "The request does not have this shape.",
    429: "This address has asked too often.",
    500: "A defect in Steward; the message holds the number of the unexpected error in the log.",
    503: "Steward is busy, or has no index.",
    504: "It took too long.",
}
"""What each status of the API means, for its description."""

NOT_HTTP = "This is no request of HTTP."
TOO_LARGE = "The request's headers are larger than 64 KB."
TOO_SLOW = "The request did not come to its end in time. Send it again."
NO_ROOM = "There are too many connections. Try again in a moment."
"""What is said to a connection of which no request came about."""

_NAMED = 5
"""Faults of a request that a message names."""

_LONGEST_NAME = 253
"""Characters of a host's name, by RFC 1035."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An error as whoever sent the request meets it.

    Attributes:
        text: What happened and what to do; plain text of one line, to be escaped where it is shown.
        status: The HTTP status.
        seconds: After how many of them to ask again; None where that alone changes nothing.
    """

    text: str
    status: int
    seconds: int | None = None


def explain(error: Exception) -> Reply:
    """Say what is wrong with a request and what to do about it.

    Raises:
        TypeError: If it is a defect, which is no fault of the request.
    """
    match error:
        case ServiceError():
            return _service(error)
        case StewardError():
            message = explain_own(error)
            return Reply(message.text, message.status)
        case RequestValidationError():
            return Reply(_invalid(error.errors()), 422)
        case HTTPException():
            return Reply(_http(error.status_code), error.status_code)
        case _:
            raise TypeError("a defect is no problem of the request") from error


def unexpected(number: str) -> str:
    """Say that there is a defect, of which the log tells under this number."""
    return f"Something went wrong inside Steward. Unexpected error {number}."


def _service(error: ServiceError) -> Reply:
    match error:
        case Busy():
            seconds = math.ceil(error.seconds)
            return Reply(f"Steward is busy. Ask again in {seconds} seconds.", 503, seconds)
        case TookTooLong():
            return Reply(
                f"The question was not answered within {error.seconds:g} seconds. Ask again, or "
                "ask a simpler one.",
                504,
            )
        case TooManyRequests():
            seconds = math.ceil(error.seconds)
            return Reply(
                f"This address has asked for much in a short time. Ask again in {seconds} seconds.",
                429,
                seconds,
            )
        case NotJson():
            return Reply(
                "Send the body as JSON, with the header Content-Type: application/json.", 415
            )
        case UnknownHost():
            return Reply(
                f"Steward does not answer to the name {_shown(error.name)}. Open it by an IP "
                f"address or as localhost, or name its hosts in {PREFIX}HOSTS.",
                421,
            )
        case OtherSite():
            return Reply(_other_site(_shown(error.origin)), 403)
        case NotKept():
            seconds = math.ceil(error.seconds)
            return Reply(
                f"What you said could not be kept. Try again in {seconds} seconds.", 503, seconds
            )
        case _:
            return _about(error)


def _about(error: ServiceError) -> Reply:
    """What is asked for is not there, or not as it was."""
    match error:
        case NoSuchPlace():
            return Reply(
                "Give both start and end, whole numbers with "
                f"0 ≤ start < end ≤ {error.length}, or neither.",
                400,
            )
        case DocumentChanged():
            return Reply(
                "The document has changed since it was quoted. Ask the question again.", 409
            )
        case UnknownAnswer():
            return Reply(
                "That answer is not remembered any more. Ask the question again and judge the "
                "answer to that.",
                404,
            )
        case NotTheOwner():
            return Reply(f"This page opens with the token of {PREFIX}OWNER_TOKEN.", 401)
        case UnknownModel():
            return Reply(f"There is no model {error.name}. Ask for {error.known}.", 404)
        case _:
            return _access(error)


def _access(error: ServiceError) -> Reply:
    """Of what is said to who is not let in."""
    match error:
        case NotSignedIn():
            return Reply(
                "Only who was given access may ask here. Sign in in a browser, or send the token, "
                "or NAME:PASSWORD, as Authorization: Bearer.",
                401,
            )
        case WrongCredentials():
            return Reply("That name and password, or that token, is not right.", 401)
        case TooManyAttempts():
            seconds = math.ceil(error.seconds)
            return Reply(f"Too many attempts. Try again in {seconds} seconds.", 429, seconds)
        case UsersUnreadable():
            return Reply(
                "Nobody can be let in, since the file of users cannot be read. Steward's log says "
                "why.",
                503,
            )
        case CountsClosed():
            return Reply(
                f"The counts are for this machine, or for who sends {PREFIX}ACCESS_TOKEN as "
                "Authorization: Bearer.",
                403,
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _other_site(origin: str) -> str:
    if origin in ("", "null"):
        return (
            "A page that names no origin, such as a file or a sandboxed frame, may not ask "
            f"Steward. Pages that may are those of the origins in {PREFIX}ALLOWED_ORIGINS."
        )
    return (
        f"Pages of {origin} may not ask Steward. To let them, add {origin} to "
        f"{PREFIX}ALLOWED_ORIGINS and start it again. If that is Steward's own address, name the "
        f"proxy before it in {PREFIX}TRUSTED_PROXIES."
    )


def _shown(name: str) -> str:
    """A name that a stranger gave, in letters that steer no terminal."""
    return ascii(name[:_LONGEST_NAME])[1:-1]


def _invalid(errors: Sequence[Any]) -> str:
    """What is wrong with a request, without the values that were sent."""
    if errors and errors[0]["type"] == "json_invalid":
        return "The body is not JSON."
    said = []
    for each in errors[:_NAMED]:
        place = ".".join(str(part) for part in each["loc"] if part not in ("body", "query", "path"))
        said.append(f"{place}: {each['msg']}" if place else each["msg"])
    return f"The request is not as it should be. {'; '.join(said)}."


def _http(status: int) -> str:
    match status:
        case 404:
            return "There is nothing at this address."
        case 405:
            return "This address does not take requests of this method."
        case 413:
            return "The request is larger than Steward takes."
        case _:
            return "The request cannot be understood."
