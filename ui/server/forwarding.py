"""What a proxy says of whom a request is from and where it went, believed of those that are named.

Pure ASGI. Whatever else says it has it taken away, since Gradio writes it into its page.
"""

import ipaddress
import re
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_SAID_BY_PROXIES = re.compile(rb"forwarded|x-forwarded-.*|x-real-ip")

FORWARDED = "steward.forwarded"
"""In the scope: whether a proxy, trusted or not, said that it hands the request on."""

_NEVER = b"x-gradio-server"
"""Where Gradio is said to be, by one in front of it that only Gradio's own hosts have."""

_ONE = rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?"
_PLACES = re.compile(_ONE + rb"(?:\s*,\s*" + _ONE + rb")*")


class ProxyHeaders:
    """Takes client and scheme from the headers of the proxies that are trusted, and of no other."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        """Stand before ``app``; ``trusted`` are addresses and networks."""
        self.app = app
        self.trusted = trusted
        self.believing: Any = ProxyHeadersMiddleware(app, list(trusted))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        believed = is_proxy(scope.get("client"), self.trusted)
        headers = [
            (name, value) for name, value in scope["headers"] if _kept(name, value, believed)
        ]
        forwarded = any(_SAID_BY_PROXIES.fullmatch(name.lower()) for name, _ in scope["headers"])
        app = self.believing if believed else self.app
        await app({**scope, "headers": headers, FORWARDED: forwarded}, receive, send)


def is_proxy(client: tuple[str, int] | None, trusted: Sequence[str]) -> bool:
    """Whether a connection comes from one of these addresses and networks."""
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ipaddress.ip_network(each) for each in trusted)


def _kept(name: bytes, value: bytes, believed: bool) -> bool:
    name = name.lower()
    if name == b"x-forwarded-host":
        return believed and bool(_PLACES.fullmatch(value))
    return name != _NEVER and (believed or not _SAID_BY_PROXIES.fullmatch(name))
