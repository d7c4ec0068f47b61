"""Requests that a stranger's page sends through a visitor's browser, turned away. Pure ASGI.

A page may have a name of its own point to this server (DNS rebinding), and then read what it
answers: so it answers only to names that it knows, and to addresses, which nobody can point
anywhere. And any page may send requests here without reading the answers, which would still cost
time and count for the visitor.
"""

import ipaddress
import logging
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.server.errors import OtherSite, ServiceError, UnknownHost
from ui.server.problems import answer_with, path_below
from ui.settings import ServerSettings
from ui.wording.requests import explain

log = logging.getLogger(__name__)

_GUARDED = re.compile(r"/(?:api/|v1/|documents|owner|gradio_api/|sign-).*", re.DOTALL)
"""Paths that other origins have no business with. They may load the widget, and embed its page."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]*)?")

_LOGGED = 20
"""Names that are logged; a stranger could make up any number."""


class KnownHosts:
    """Answers only to ``localhost``, IP addresses, and the names in the settings."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        """Stand before ``app``."""
        self.app = app
        self._known = {"localhost", settings.host.lower(), *settings.hosts}
        self._seen = Seen()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 421."""
        if scope["type"] == "http":
            name = _host(Headers(scope=scope).get("host", ""))
            if name.removesuffix(".") not in self._known and not _is_address(name):
                error = UnknownHost(name)
                self._seen.tell(name, error)
                await _refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, send)


class Sites:
    """Which origins may ask. Each that may not is logged once, and not without end."""

    def __init__(self, allowed_origins: Collection[str]) -> None:
        """Let in those allowed, and Steward's own."""
        self._allowed = frozenset(allowed_origins)
        self._seen = Seen()

    def refusal(self, method: str, headers: Headers, origin: str | None) -> OtherSite | None:
        """Why a request is turned away, or None where it is not.

        Args:
            method: Of the request.
            headers: Of the request.
            origin: Of the page that sends it, as far as that is known.
        """
        if origin in self._allowed or not _is_of_another_site(method, headers, origin):
            return None
        error = OtherSite(origin or "")
        self._seen.tell(error.origin, error)
        return error


class KnownSites:
    """Turns away what pages of other origins send, but for those allowed and for links."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        """Stand before ``app``."""
        self.app = app
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http" and _GUARDED.fullmatch(path_below(scope)):
            headers = Headers(scope=scope)
            error = self._sites.refusal(scope["method"], headers, headers.get("origin"))
            if error:
                await _refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, send)


class Seen:
    """Logs an error once for each name, and only so many."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def tell(self, name: str, error: ServiceError) -> None:
        """Log it, unless that was done or it is too many."""
        if name not in self._names and len(self._names) < _LOGGED:
            self._names.add(name)
            log.warning("%s", explain(error).text)


async def _refuse(error: ServiceError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the path does, or in plain words where a browser wants a page."""
    if "text/html" in Headers(scope=scope).get("accept", ""):
        said = explain(error)
        await PlainTextResponse(said.text, said.status)(scope, receive, send)
    else:
        await answer_with(error, path_below(scope))(scope, receive, send)


def _host(header: str) -> str:
    """The name or address in a Host header, or all of it where it is neither."""
    found = _HOST.fullmatch(header)
    return (found[1] or found[2]).lower() if found else header


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_of_another_site(method: str, headers: Headers, origin: str | None) -> bool:
    """Whether a page of another origin sends this, as far as the browser says so.

    Over plain HTTP to another machine than the visitor's own, browsers leave ``Sec-Fetch-Site`` out
    (W3C, Fetch Metadata Request Headers), and what has no ``Origin`` either may be a program's.
    """
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return False
    if site is not None:
        link = headers.get("sec-fetch-mode") == "navigate"
        link = link and headers.get("sec-fetch-dest") == "document" and method in ("GET", "HEAD")
        return not link
    if origin is None:
        return False
    forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip()
    return origin.partition("://")[2] != (forwarded or headers.get("host", "")).lower()
