"""What other sites embed: the widget's script, and a page of it alone for a frame.

And what tells a site that may not that it has to be named first: a route that any page may read,
since it holds nothing but that, and a page in the place of the other in its frame.
"""

import gzip
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ui.server import pages
from ui.server.strangers import Sites
from ui.wording import pages as words
from ui.wording.requests import explain

_WIDGET = Path(__file__).parent.parent / "widget"

_ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache"}
"""For pages of other origins; and to be asked for again, so that nobody keeps an old version."""

_FRAMES = ("iframe", "frame", "object", "embed", None)
"""What browsers load for a frame, by ``Sec-Fetch-Dest``; over plain HTTP they do not say."""

_ORIGIN = re.compile(r"https?://[^/?#@]+")


def create(allowed_origins: Sequence[str], sites: Sites) -> APIRouter:
    """The routes ``/widget.js``, ``/embed`` and ``/origin``.

    Args:
        allowed_origins: Those that may frame the page.
        sites: Knows them too, and logs others.
    """
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

    def embed(request: Request) -> HTMLResponse:
        framer = _framer(request.headers)
        error = sites.refusal(request.method, request.headers, framer) if framer else None
        if error:
            # Any page may frame it, as there is nothing to see, and nothing to press but a link.
            said = pages.unframed(words.NOT_FOR_THIS_SITE, explain(error).text)
            headers = {**_ELSEWHERE, "Content-Security-Policy": pages.FRAMED_BY_ANY}
            return HTMLResponse(said, headers=headers)
        return HTMLResponse(page, headers={**_ELSEWHERE, "Content-Security-Policy": policy})

    def origin(request: Request) -> JSONResponse:
        error = sites.refusal(request.method, request.headers, request.headers.get("origin"))
        return JSONResponse(
            {"allowed": error is None, "message": explain(error).text if error else None},
            headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"},
        )

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/widget.js", widget, methods=["GET", "HEAD"])
    router.add_api_route("/embed", embed, methods=["GET", "HEAD"])
    router.add_api_route("/origin", origin, methods=["GET", "HEAD"])
    return router


def _framer(headers: Headers) -> str | None:
    """The origin of the page that frames this one, where the browser names it."""
    page = _ORIGIN.match(headers.get("referer", ""))
    return page[0] if page and headers.get("sec-fetch-dest") in _FRAMES else None
