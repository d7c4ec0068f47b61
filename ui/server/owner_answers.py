"""What the owner's routes answer with: a page that nobody keeps, or the form that lets one in."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ui.server import owner_pages
from ui.server.errors import NotTheOwner
from ui.wording.requests import explain


def page(content: str, status: int = 200) -> HTMLResponse:
    """A page, which no cache keeps and which names itself to no other."""
    headers = {
        "Content-Security-Policy": owner_pages.CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(content, status, headers)


def refused(error: Exception, request: Request) -> Response:
    """The form that asks for the token, with what is wrong."""
    said = explain(error)
    action = "owner/enter" if request.url.path.endswith("/owner") else "enter"
    # Of a browser that has not given it yet nothing is wrong.
    first = isinstance(error, NotTheOwner) and request.method != "POST"
    response = page(owner_pages.door(action, "" if first else said.text), said.status)
    if said.seconds is not None:
        response.headers["Retry-After"] = str(said.seconds)
    return response
