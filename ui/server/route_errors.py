"""What the API's routes have in common: how they can fail, for OpenAPI, and what they refuse."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel

from ui.server.problems import NotJson, Problem

_WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def problems(*statuses: int, model: type[BaseModel] = Problem) -> dict[int | str, dict[str, Any]]:
    """The errors of a route: those that every route has, and these."""
    said = {
        400: "It cannot be answered as it was asked.",
        404: "There is nothing of this name.",
        409: "The document has changed since it was quoted.",
        413: "The question or the request is too long.",
        415: "The body is not declared to be JSON.",
        422: "The request does not have this shape.",
        429: "This address has asked too often.",
        500: "A defect in Steward; the message holds the incident's number in the log.",
        503: "Steward is busy, or has no index.",
        504: "It took too long.",
    }
    return {
        status: {"model": model, "description": said[status]}
        | ({"headers": _WAIT} if status == 429 else {})
        for status in sorted({413, 422, 429, 500, 503, *statuses})
    }


def json_only(request: Request) -> None:
    """Refuse a body that a form of any web page could send without asking first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson
