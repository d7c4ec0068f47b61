"""The routes of the sources panel: what is asked of the pages of ``ui.server.pages``."""

import re

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from rag.assistant import Assistant
from rag.errors import StewardError
from ui.server import pages
from ui.wording import pages as words
from ui.wording.errors import explain


def create(assistant: Assistant) -> APIRouter:
    """The routes ``/documents`` and ``/documents/ID``."""

    def documents() -> HTMLResponse:
        try:
            return _page(pages.listing(assistant.documents()))
        except StewardError as error:
            return _problem(error)

    def document(
        document_id: str,
        start: str | None = None,
        end: str | None = None,
        sha256: str = "",
        view: str = "",
    ) -> HTMLResponse:
        as_in_file = view == "file"
        try:
            found = assistant.document(document_id)
        except StewardError as error:
            return _problem(error)
        if start is None and end is None:
            return _page(pages.source(found, as_in_file=as_in_file))
        if sha256 and sha256 != found.sha256:
            return _page(pages.source(found, notice=words.CHANGED, as_in_file=as_in_file))
        first, last = _offset(start), _offset(end)
        if first is None or last is None or not first < last <= found.length:
            line = words.places(found.length)
            return _page(pages.problem(words.NO_SUCH_PLACE, line), 400)
        return _page(pages.source(found, (first, last), as_in_file=as_in_file))

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/documents", documents, methods=["GET", "HEAD"])
    router.add_api_route("/documents/{document_id}", document, methods=["GET", "HEAD"])
    return router


def _page(content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        content,
        status,
        {"Content-Security-Policy": pages.CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"},
    )


def _problem(error: StewardError) -> HTMLResponse:
    message = explain(error)
    return _page(pages.problem(words.CANNOT_BE_SHOWN, message.text), message.status)


def _offset(given: str | None) -> int | None:
    if given is None or not re.fullmatch(r"[0-9]{1,12}", given):
        return None
    return int(given)
