"""How much a client may ask for: requests in a minute, and bytes in a request. Pure ASGI.

Addresses are those that ``ui.server.forwarding`` lets through.
The counting is by the ``limits`` package: a sliding window, in memory, of this process alone.
"""

import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.errors import TooManyRequests
from ui.server.problems import answer_with, path_below
from ui.settings import ServerSettings

_COUNTED = re.compile(r"/(?:api/|v1/|documents|owner|gradio_api/queue/join).*", re.DOTALL)
"""Paths whose answer has a price. Health, metrics, and the files of pages are not counted."""


class RateLimit:
    """Answers 429 to an address that asks too often."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ServerSettings,
        also: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        """Stand before ``app``, and count, beside all that has a price, what ``also`` says."""
        self.app = app
        self._also = also
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429."""
        path = path_below(scope) if scope["type"] == "http" else ""
        if _COUNTED.fullmatch(path) or self._also(scope):
            address = network_of(scope)
            if not self._limiter.hit(self._limit, address):
                free_at = self._limiter.get_window_stats(self._limit, address).reset_time
                error = TooManyRequests(max(1.0, free_at - time.time()))
                await answer_with(error, path)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class BodyLimit:
    """Lets no request body through of more than ``most`` bytes, or than its path may have."""

    def __init__(
        self, app: ASGIApp, most: int, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """Stand before ``app``."""
        self.app = app
        self.most = most
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.larger.get(path_below(scope), self.most)
        # A request that only says how long it is need not be read to be refused.
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced[:12]) > most:
            refused = answer_with(HTTPException(413), path_below(scope))
            await refused(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)  # which FastAPI passes on while it reads a body
            return message

        await self.app(scope, counted, send)


def network_of(scope: Scope) -> str:
    """Whom a request is counted for: its IPv4 address, or the /64 that an IPv6 client has whole."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return host
