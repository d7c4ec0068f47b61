"""Connections that ask for more than their share: headers without end, bytes that never come, and
crowds. Each on a real server, over real sockets.

More connections: ``ATTACK_ROUNDS=20 pytest tests/attacks/test_connections.py``.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from tests.fakes import FailingAssistant, WaitingAssistant
from tests.serving import running, served
from ui.server import connections
from ui.server.app import create_app
from ui.server.connections import HEADER_BYTES, Connection
from ui.settings import ServerSettings

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "1"))
BEGUN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
ASKED = BEGUN + b"\r\n"
STREAM = b"GET /gradio_api/heartbeat/a HTTP/1.1\r\nHost: localhost\r\n\r\n"
LATE = b"HTTP/1.1 408 "


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    settings = ServerSettings()
    with served(lambda: create_app(FailingAssistant(KeyError()), settings), settings) as url:
        yield url


@pytest.fixture
def client(server: str) -> Iterator["Clients"]:
    with Clients(server) as clients:
        yield clients


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for state in connections.SECONDS:
        monkeypatch.setitem(connections.SECONDS, state, 0.3)


class Clients(ExitStack):
    """Sockets of one server, closed at the end."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        self.server = parts.hostname, parts.port

    def new(self, *pieces: bytes, source: str = "127.0.0.1") -> socket.socket:
        """A connection from an address, on which something was sent."""
        client = socket.create_connection(self.server, 60, (source, 0))
        self.enter_context(client)
        for piece in pieces:
            client.sendall(piece)
        return client


def rest(client: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def status(client: socket.socket) -> int:
    """The status of a response, of which more may come."""
    return int(client.recv(65536).split(b" ", 2)[1])


def is_let_in(client: socket.socket) -> bool:
    """Whether a request is answered; else it is told so or, having been sent, just cut off."""
    try:
        return status(client) == 200
    except ConnectionResetError:
        return False


@pytest.mark.parametrize("piece", [16, 1024, 2 * HEADER_BYTES])
def test_headers_without_end_are_cut_off_at_64_kilobytes(client: Clients, piece: int) -> None:
    """One connection took the server from 823 to 1,763 MB in 9 seconds."""
    endless = client.new(BEGUN + b"X-Long: ")
    sending = threading.Thread(target=lambda: _send_until_closed(endless, b"a" * piece))
    sending.start()
    assert status(endless) == 431
    sending.join()


@pytest.mark.parametrize(
    "header",
    [
        b"X-Long: " + b"a" * (HEADER_BYTES + 5000) + b"\r\n",
        b"X-Many: a\r\n" * (HEADER_BYTES // 10),
        b"Cookie: " + b"a" * 50 * HEADER_BYTES + b"\r\n",
    ],
    ids=["one", "many", "huge"],
)
def test_headers_of_more_than_64_kilobytes_get_431(client: Clients, header: bytes) -> None:
    refused = client.new()
    sending = threading.Thread(target=lambda: _try_to_send(refused, BEGUN + header + b"\r\n"))
    sending.start()
    assert status(refused) == 431
    sending.join()


def test_a_long_address_gets_431_too(client: Clients) -> None:
    refused = client.new(b"GET /" + b"a" * (HEADER_BYTES + 5000))
    said = rest(refused)
    assert said.startswith(b"HTTP/1.1 431 ") and said.endswith(b"larger than 64 KB.")


def test_headers_of_less_are_read(client: Clients) -> None:
    header = b"X-Long: " + b"a" * (HEADER_BYTES - 5000) + b"\r\n\r\n"
    assert status(client.new(BEGUN + header)) == 200


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\x02\x00", b"hello\r\n\r\n", b"GET\r\n\r\n"])
def test_what_is_no_request_is_told_so_and_not_logged(
    client: Clients, noise: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert rest(client.new(noise + b"\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
    assert not caplog.records


@pytest.mark.parametrize(
    "sent",
    [
        b"G",
        BEGUN,
        BEGUN + b"X-Long: a",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100\r\n\r\n{"question": ',
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"qu',
    ],
)
@pytest.mark.usefixtures("impatient")
def test_what_does_not_come_to_its_end_is_ended(
    client: Clients, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """1,100 half request lines kept everybody out for as long as they liked."""
    assert rest(client.new(sent)).startswith(LATE)
    assert not caplog.records


@pytest.mark.usefixtures("impatient")
def test_a_byte_now_and_then_does_not_help(client: Clients) -> None:
    slow = client.new(BEGUN + b"X-Slow: ")
    sending = threading.Thread(target=lambda: _send_until_closed(slow, b"a", 0.05))
    sending.start()
    assert status(slow) == 408
    sending.join()


@pytest.mark.usefixtures("impatient")
def test_a_connection_that_says_nothing_is_closed_without_a_word(client: Clients) -> None:
    assert rest(client.new()) == b""


@pytest.mark.usefixtures("impatient")
def test_a_further_request_has_a_deadline_too(client: Clients) -> None:
    for more, said in ((b"\r\n", False), (b"GET /healthz HTTP/1.1\r\n", True)):
        kept = client.new(ASKED)
        assert status(kept) == 200
        kept.sendall(more)
        assert (LATE in rest(kept)) == said


@pytest.mark.usefixtures("impatient")
def test_a_body_that_nobody_reads_has_a_deadline_too(client: Clients) -> None:
    unread = client.new(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\na")
    assert rest(unread).startswith(b"HTTP/1.1 405 ")


@pytest.mark.usefixtures("impatient")
def test_an_answer_may_take_longer_than_its_question(client: Clients) -> None:
    assistant, settings = WaitingAssistant(), ServerSettings()
    question = b'{"question": "why?"}'
    asked = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    asked += b"Accept: text/event-stream\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    with (
        served(lambda: create_app(assistant, settings), settings) as url,
        Clients(url) as clients,
    ):
        waiting = clients.new(asked % len(question) + question)
        threading.Event().wait(1)
        assistant.go_on.set()
        assert b"event: done" in rest(waiting)


@pytest.mark.parametrize("number", [1, 40 * ROUNDS])
def test_a_crowd_of_one_address_keeps_nobody_out(
    client: Clients, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "OF_AN_ADDRESS", 5)
    half = [client.new(BEGUN) for _ in range(5 + number)]
    assert status(client.new(ASKED)) == 200
    with suppress(ConnectionResetError):  # where it was closed before all of it was read
        assert rest(half[0]) == b""
    assert status(client.new(ASKED, source="127.0.0.2")) == 200


def test_who_holds_all_places_with_requests_gets_no_further_one(
    client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "OF_AN_ADDRESS", 3)
    held = client.new(STREAM, source="127.0.0.3")
    assert status(held) == 200
    for _ in range(2):
        assert status(client.new(STREAM, source="127.0.0.3")) == 200
    refused = rest(client.new(source="127.0.0.3"))
    assert refused.startswith(b"HTTP/1.1 503 ") and b"too many connections" in refused
    assert status(client.new(ASKED)) == 200
    held.close()
    while not is_let_in(client.new(ASKED, source="127.0.0.3")):
        threading.Event().wait(0.05)  # until the server has seen that it is free again


@pytest.mark.parametrize(
    ("most", "proxies", "sources", "refused"),
    [
        ("OF_AN_ADDRESS", "", 1, True),
        ("OF_AN_ADDRESS", "127.0.0.0/8", 1, False),
        ("OF_AN_ADDRESS", "", 9, False),
        ("OF_ALL", "", 9, True),
        ("OF_ALL", "127.0.0.0/8", 9, True),
    ],
)
def test_all_together_have_a_limit_and_an_address_has_its_own_unless_it_is_a_trusted_proxy(
    most: str, proxies: str, sources: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, most, 4)
    settings = ServerSettings(trusted_proxies=proxies)  # type: ignore[arg-type]
    app = FailingAssistant(KeyError())
    with served(lambda: create_app(app, settings), settings) as url, Clients(url) as clients:
        got = [
            is_let_in(clients.new(STREAM, source=f"127.0.0.{1 + number % sources}"))
            for number in range(8)
        ]
    assert got == [True] * 4 + [not refused] * 4


def test_a_client_that_does_not_read_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.2)
    ended = threading.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})
        await send({"type": "http.response.body"})
        ended.set()

    config = uvicorn.Config(endless, http=Connection, lifespan="off")
    with running(lambda: uvicorn.Server(config)) as url, Clients(url) as clients:
        clients.new(ASKED)
        assert ended.wait(60), "it waited for the client"


def _try_to_send(client: socket.socket, data: bytes) -> None:
    with suppress(OSError):  # it is closed, as it should be
        client.sendall(data)


def _send_until_closed(client: socket.socket, data: bytes, pause: float = 0) -> None:
    with suppress(OSError):
        while True:
            client.sendall(data)
            threading.Event().wait(pause)
