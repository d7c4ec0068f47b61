"""What other sites embed: the widget's script, and a page of it alone for a frame."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_WIDGET = Path(__file__).parent.parent / "widget"

_ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache"}
"""For pages of other origins; and to be asked for again, so that nobody keeps an old version."""


def create(allowed_origins: Sequence[str]) -> APIRouter:
    """The routes ``/widget.js`` and ``/embed``; only allowed origins may frame the page."""
    script = (_WIDGET / "widget.js").read_bytes()
    small = gzip.compress(script, mtime=0)
    tag = f'W/"{hashlib.sha256(script).hexdigest()[:32]}"'
    page = (_WIDGET / "embed.html").read_bytes()
    framers = " ".join(("'self'", *allowed_origins))
    policy = (
        "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {framers}"
    )

    def widget(request: Request) -> Response:
        headers = {**_ELSEWHERE, "ETag": tag, "Vary": "Accept-Encoding"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(small, headers=headers, media_type="text/javascript")
        return Response(script, headers=headers, media_type="text/javascript")

    def embed() -> HTMLResponse:
        return HTMLResponse(page, headers={**_ELSEWHERE, "Content-Security-Policy": policy})

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/widget.js", widget, methods=["GET", "HEAD"])
    router.add_api_route("/embed", embed, methods=["GET", "HEAD"])
    return router
