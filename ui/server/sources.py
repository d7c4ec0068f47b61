"""The routes of the sources panel: what is asked of the pages of ``ui.server.pages``."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from rag.assistant import Assistant
from rag.documents.places import is_pdf, page_at, page_span
from rag.errors import StewardError
from rag.records import Document
from ui.access.gate import as_seen
from ui.server import pages
from ui.server.errors import Busy
from ui.server.picture_page import PICTURED, picture_page
from ui.server.pictures import Pictures
from ui.wording import pages as words
from ui.wording.requests import explain


def create(assistant: Assistant, pictures: Pictures) -> APIRouter:
    """The routes ``/documents`` and ``/documents/ID``."""

    def documents(request: Request) -> HTMLResponse:
        try:
            seen = as_seen(assistant, request.scope)
            return _page(pages.listing(seen.documents(), seen.left_out()))
        except StewardError as error:
            return _problem(error)

    def document(
        request: Request,
        document_id: str,
        start: str | None = None,
        end: str | None = None,
        sha256: str = "",
        view: str = "",
        page: str | None = None,
    ) -> HTMLResponse:
        as_in_file = view == "file"
        try:
            found = as_seen(assistant, request.scope).document(document_id)
        except StewardError as error:
            return _problem(error)
        span = None
        if start is not None or end is not None:
            if sha256 and sha256 != found.sha256:
                return _page(pages.source(found, notice=words.CHANGED, as_in_file=as_in_file))
            first, last = _whole(start), _whole(end)
            if first is None or last is None or not first < last <= found.length:
                line = words.places(found.length)
                return _page(pages.problem(words.NO_SUCH_PLACE, line), 400)
            span = first, last
        if is_pdf(found) and (view == "page" or (span and not view)):
            return _pictured(pictures, found, span, _whole(page))
        return _page(pages.source(found, span, as_in_file=as_in_file))

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/documents", documents, methods=["GET", "HEAD"])
    router.add_api_route("/documents/{document_id}", document, methods=["GET", "HEAD"])
    return router


def _pictured(
    pictures: Pictures, found: Document, span: tuple[int, int] | None, number: int | None
) -> HTMLResponse:
    """A page of a PDF as it is; where that cannot be shown, the text, and why."""
    number = number or page_at(found, span[0] if span else 0) or 1
    within = page_span(found, number) or (0, 0)
    marked = span if span and span[0] < within[1] and within[0] < span[1] else None
    try:
        picture = pictures.of(found.id, found.sha256, number, marked)
    except (StewardError, Busy) as error:
        return _page(pages.source(found, span, notice=explain(error).text))
    return _page(picture_page(found, number, picture, marked, span), policy=PICTURED)


def _page(
    content: str, status: int = 200, policy: str = pages.CONTENT_SECURITY_POLICY
) -> HTMLResponse:
    return HTMLResponse(
        content, status, {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    )


def _problem(error: StewardError) -> HTMLResponse:
    message = explain(error)
    return _page(pages.problem(words.CANNOT_BE_SHOWN, message.text), message.status)


def _whole(given: str | None) -> int | None:
    if given is None or not re.fullmatch(r"[0-9]{1,12}", given):
        return None
    return int(given)
