"""What the API's routes have in common: how they can fail, for OpenAPI, and what they refuse."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel

from ui.server.errors import NotJson
from ui.server.problems import Problem
from ui.wording.requests import STATUSES

_WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def problems(*statuses: int, model: type[BaseModel] = Problem) -> dict[int | str, dict[str, Any]]:
    """The errors of a route: those that every route has, and these."""
    return {
        status: {"model": model, "description": STATUSES[status]}
        | ({"headers": _WAIT} if status == 429 else {})
        for status in sorted({413, 422, 429, 500, 503, *statuses})
    }


def json_only(request: Request) -> None:
    """Refuse a body that a form of any web page could send without asking first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson
