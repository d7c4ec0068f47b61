"""Who is let through to what: everything is closed but what is listed here. Pure ASGI.

Whoever is let through stands in the request, for ``as_seen`` to show them what is theirs. Where
neither a token nor users are set the site is open, and all that is asked for is whether somebody
who wants the counts is on this machine.
"""

import base64
import binascii
import ipaddress
import logging
import re
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import SettingsFault
from ui.access.credentials import Credentials
from ui.access.sessions import Sessions
from ui.access.users import User
from ui.server.errors import CountsClosed, NotSignedIn, ServiceError, UsersUnreadable
from ui.server.forwarding import FORWARDED
from ui.server.limits import network_of
from ui.server.problems import answer_with, path_below

log = logging.getLogger(__name__)

OPEN = re.compile(
    r"/healthz|/readyz|/favicon\.ico|/robots\.txt|/sign-in|/sign-out|/widget\.js|/embed|/origin"
    r"|/owner(?:/.*)?"
)
"""What anybody gets: nothing of a document is in it; the owner's pages ask for their own token."""

COUNTS = "/metrics"

COOKIE = "steward-session"

USER = "steward.user"
"""In the scope: who was let through."""

_STATIC = re.compile(r"/(?:assets|static)/.*")


class Seeable(Protocol):
    """What can be asked on behalf of somebody."""

    def seen_by(self, tags: frozenset[str]) -> Self:
        """The same, as if there were no documents but those of these tags."""
        ...


S = TypeVar("S", bound=Seeable)


def user_of(scope: Any) -> User | None:
    """Who was let through; None where the site is open. A KeyError where nobody was."""
    user: User | None = scope[USER]
    return user


def as_seen(what: S, scope: Any) -> S:
    """An assistant, or what asks one, as it is for whoever sends a request."""
    user = user_of(scope)
    return what if user is None or user.tags is None else what.seen_by(user.tags)


class Gate:
    """Lets through who may."""

    def __init__(self, app: ASGIApp, credentials: Credentials, sessions: Sessions) -> None:
        """Stand before ``app``."""
        self.app = app
        self._credentials = credentials
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, have a browser sign in, or answer 401."""
        path = path_below(scope) if scope["type"] == "http" else ""
        if scope["type"] != "http" or OPEN.fullmatch(path):
            await self.app(scope, receive, send)
            return
        try:
            user = await self._user(scope)
            if path == COUNTS and not (_is_here(scope) or (user and user.tags is None)):
                raise CountsClosed
            if user is None and self._credentials.guarded and path != COUNTS:
                raise NotSignedIn
        except SettingsFault as fault:
            log.error("%s", fault)
            await answer_with(UsersUnreadable(str(fault)), path)(scope, receive, send)
        except NotSignedIn as refused:
            if _wants_a_page(scope):
                await RedirectResponse(_sign_in(scope), 303)(scope, receive, send)
            else:
                await answer_with(refused, path)(scope, receive, send)
        except ServiceError as refused:
            await answer_with(refused, path)(scope, receive, send)
        else:
            kept = not self._credentials.guarded or _STATIC.fullmatch(path)
            await self.app({**scope, USER: user}, receive, send if kept else _private(send))

    async def _user(self, scope: Scope) -> User | None:
        if not self._credentials.guarded:
            return None
        given = _given(Headers(scope=scope).get("authorization", ""))
        if given is not None:
            return self._credentials.user(
                await self._credentials.check_bearer(given, network_of(scope))
            )
        grant = self._sessions.grant(session_of(scope))
        return self._credentials.user(grant) if grant else None


def session_of(scope: Scope) -> str:
    """The name of the session that a browser has, or ""."""
    return HTTPConnection(scope).cookies.get(COOKIE, "")


def _given(header: str) -> str | None:
    """The token, or NAME:PASSWORD, in an ``Authorization`` header; None where there is neither."""
    kind, _, given = header.partition(" ")
    given = given.strip()
    if kind.lower() == "bearer":
        return given.encode("latin-1").decode("utf-8", errors="replace")
    if kind.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            return ""
    return None


def _wants_a_page(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    wanted = "text/html" in headers.get("accept", "") and "authorization" not in headers
    return wanted and scope["method"] in ("GET", "HEAD")


def _sign_in(scope: Scope) -> str:
    """Where a browser signs in, from where it then goes on to what it asked for."""
    path = path_below(scope)
    query = scope["query_string"].decode("latin-1")
    wanted = f"{path}?{query}" if query else path
    further = "" if wanted == "/" else f"?next={quote(wanted, safe='')}"
    return f"{scope.get('root_path', '')}/sign-in{further}"


def _is_here(scope: Scope) -> bool:
    """Whether it is asked on this machine, and not by way of a proxy."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        return ipaddress.ip_address(host).is_loopback and not scope.get(FORWARDED)
    except ValueError:
        return False


def _private(send: Send) -> Send:
    """Have nobody keep what is for one person alone."""

    async def with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "private, no-store"
        await send(message)

    return with_header
