"""What one connection may cost: bytes of headers, seconds of waiting, and how many there may be.

Uvicorn limits none of them but the headers, and these only by h11, which therefore reads the
requests. What is too much is closed here, before there is a request that could be counted.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.server.forwarding import is_proxy
from ui.server.limits import network_of
from ui.wording.requests import NO_ROOM, NOT_HTTP, TOO_LARGE, TOO_SLOW

HEADER_BYTES = 65536
"""Bytes of a request line and its headers."""

SECONDS = {h11.IDLE: 20.0, h11.SEND_BODY: 60.0}
"""For all headers, from the connection or the first byte of a further request; and for the body
after them, whether anybody reads it or not."""

UNREAD_SECONDS = 30.0
"""In which a client takes nothing of what is sent to it."""

LINGER_SECONDS = 2.0
"""In which a client that is turned away may still send, unread: or it would lose the answer."""

OF_AN_ADDRESS, OF_ALL = 256, 800
"""Connections at once: a page keeps one or two, a whole office may have one address, and most
systems let a process have 1,024 files."""

_PIECE = 4096
"""Bytes that h11 is given at once: it compares what it holds with its limit only afterwards."""


class Connection(H11Protocol):
    """A connection with limits."""

    turned_away = False
    """Whether it only lingers."""
    _due: object = None
    _deadline: asyncio.TimerHandle | None = None
    _unread = 0
    _unread_since: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, if there is room."""
        others = [each for each in self.connections if isinstance(each, Connection)]
        super().connection_made(transport)
        # So that whatever a client has not taken is known of, be it little.
        transport.set_write_buffer_limits(0)
        self.since = self.loop.time()
        self.address = network_of({"client": self.client})
        neighbours = [each for each in others if each.address == self.address]
        proxies = self.config.forwarded_allow_ips or ()
        limit = OF_ALL if is_proxy(self.client, proxies) else OF_AN_ADDRESS
        if _room(neighbours, limit) and _room(others, OF_ALL):
            self._watch()
        else:
            self._turn_away(503, NO_ROOM)
            self.transport.close()  # at once, or those turned away would be the crowd

    def data_received(self, data: bytes) -> None:
        """Read on."""
        for start in range(0, len(data), _PIECE):
            if self.turned_away or self.transport.is_closing():
                return
            super().data_received(data[start : start + _PIECE])
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        for timer in (self._deadline, self._unread_since):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to take what is sent to it, though not for ever."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._unread_since = self.loop.call_later(UNREAD_SECONDS, self._close_if_unread)

    def resume_writing(self) -> None:
        """Go on, since all is taken."""
        super().resume_writing()
        if self._unread_since:
            self._unread_since.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer what h11 does not read."""
        if self._waiting_bytes() > HEADER_BYTES:
            self._turn_away(431, TOO_LARGE)
        else:
            self._turn_away(400, NOT_HTTP)

    def owes(self) -> bool:
        """Whether the server waits for the client: for a request, or for the rest of one."""
        return not self.turned_away and self.conn.their_state in SECONDS

    def _watch(self) -> None:
        """Set the deadline of what the client owes, once for each thing."""
        due = self.conn.their_state, self.cycle
        if due == self._due or self.turned_away:
            return
        self._due = due
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
        if self.owes():
            seconds = SECONDS[self.conn.their_state]
            self._deadline = self.loop.call_later(seconds, self._end_late)

    def _end_late(self) -> None:
        if self.conn.their_state is h11.IDLE and not self._waiting_bytes():
            self.transport.close()  # browsers open connections that they may not need
        else:
            self._turn_away(408, TOO_SLOW)

    def _close_if_unread(self) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= self._unread:
            self.transport.abort()
        else:
            self._unread = left
            self._unread_since = self.loop.call_later(UNREAD_SECONDS, self._close_if_unread)

    def _waiting_bytes(self) -> int:
        return len(self.conn.trailing_data[0])

    def _turn_away(self, status: int, words: str) -> None:
        """Say why, unless a response has begun, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            content = words.encode()
            headers = [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(content))),
                ("Connection", "close"),
            ]
            reason = HTTPStatus(status).phrase
            for event in (
                h11.Response(status_code=status, headers=headers, reason=reason),
                h11.Data(data=content),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None:
            # Or the application would go on with a response on top of this one.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.turned_away = True
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
        with suppress(OSError):  # where the client has gone in the meantime
            self.transport.write_eof()


def _room(others: Sequence[Connection], limit: int) -> bool:
    """Whether there is room for one more, made by closing the oldest of which nothing is missed."""
    open = [each for each in others if not each.transport.is_closing()]
    if len(open) < limit:
        return True
    idle = [each for each in open if each.owes() or each.turned_away]
    if idle:
        min(idle, key=lambda each: each.since).transport.close()
    return bool(idle)
