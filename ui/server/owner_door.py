"""Who may see the owner's page: whoever has the token, from a page of this server.

A browser gives it once, in a form, and then has a cookie that pages of other sites never send; a
program gives it as a bearer. Wrong tokens are counted by address.
"""

import hashlib
import hmac
import secrets
import threading
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from ui.server.errors import NotTheOwner, TooManyRequests
from ui.server.limits import network_of
from ui.server.strangers import Sites

COOKIE = "steward_owner"

WRONG = 5
"""Wrong tokens that an address may give in a minute."""

_HOURS = 12
"""For so long a browser need not give the token again."""

_MOST = 100
"""Browsers that are in at once; the one that came first goes."""


class Door:
    """Lets in whoever has the token."""

    def __init__(self, token: str) -> None:
        self._token = _digest(token)
        self._in: dict[bytes, float] = {}
        self._lock = threading.Lock()
        self._sites = Sites(())
        self._wrong = RateLimitItemPerMinute(WRONG)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def enter(self, request: Request, token: str) -> str:
        """A session for a browser that gives the token.

        Raises:
            NotTheOwner: When it is another.
            TooManyRequests: When there were too many of those.
        """
        self._check(request, token)
        session = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._in) >= _MOST:
                del self._in[next(iter(self._in))]
            self._in[_digest(session)] = time.monotonic() + _HOURS * 3600
        return session

    def leave(self, request: Request) -> None:
        """End the session of a browser."""
        with self._lock:
            self._in.pop(_digest(request.cookies.get(COOKIE, "")), None)

    def own_page(self, request: Request) -> None:
        """Refuse what a page of another origin sends, be it one that may ask questions.

        Raises:
            OtherSite: When it is one.
        """
        headers = request.headers
        error = self._sites.refusal(request.method, headers, headers.get("origin"))
        if error:
            raise error

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            NotTheOwner: When it has neither session nor token.
            TooManyRequests: As of ``enter``.
        """
        self.own_page(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._check(request, token.strip())
            return
        with self._lock:
            until = self._in.get(_digest(request.cookies.get(COOKIE, "")), 0.0)
        if until < time.monotonic():
            raise NotTheOwner

    def _check(self, request: Request, token: str) -> None:
        address = network_of(request.scope)
        if not self._limiter.test(self._wrong, "owner", address):
            free_at = self._limiter.get_window_stats(self._wrong, "owner", address).reset_time
            raise TooManyRequests(max(1.0, free_at - time.time()))
        # Digests are of one length, and compared in one time, whatever was given.
        if not hmac.compare_digest(_digest(token), self._token):
            self._limiter.hit(self._wrong, "owner", address)
            raise NotTheOwner


def give_cookie(response: Response, request: Request, session: str) -> None:
    """Have a browser keep its session, for the owner's pages alone."""
    response.set_cookie(
        COOKIE,
        session,
        max_age=_HOURS * 3600,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def take_cookie(response: Response, request: Request) -> None:
    """Have a browser forget it."""
    response.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="strict")


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/owner"


def _digest(given: str) -> bytes:
    return hashlib.sha256(given.encode(errors="surrogatepass")).digest()
