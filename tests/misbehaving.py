"""A server of a language model that misbehaves in a chosen way, on a loopback address.

It speaks sockets, not a framework, since no framework sends half a header.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Connection: close\r\n\r\n"
)
DONE = b"data: [DONE]\n\n"


def event(text: str) -> bytes:
    """One event of a stream of chat completions."""
    chunk = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": text}}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def written(text: str) -> bytes:
    """A whole and proper answer, word by word."""
    return OK + b"".join(event(f"{word} ") for word in text.split(" ")) + DONE


@dataclass
class Connection:
    """One request, read, and how it is answered.

    Attributes:
        stopping: Set when the test is over.
    """

    socket: socket.socket
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hang(self) -> None:
        self.stopping.wait(120)

    def endlessly(self, data: bytes) -> None:
        """The same again until the other side has enough."""
        while not self.stopping.is_set():
            self.send(data)


Behaviour = Callable[[Connection], None]


def always(data: bytes) -> Behaviour:
    """Sends this and closes."""
    return lambda connection: connection.send(data)


def status(line: str, more: str = "") -> bytes:
    """An answer that is an error."""
    return f"HTTP/1.1 {line}\r\n{more}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode()


def hangs_before_headers(connection: Connection) -> None:
    connection.hang()


def hangs_mid_stream(connection: Connection) -> None:
    connection.send(OK + event("The river Lena flows"))
    connection.hang()


def hangs_mid_header(connection: Connection) -> None:
    connection.send(OK[:30])
    connection.hang()


def endless(connection: Connection) -> None:
    connection.send(OK)
    connection.endlessly(event("and on and on "))


def endless_line(connection: Connection) -> None:
    connection.send(OK + b"data: ")
    connection.endlessly(b"x" * 65_536)


def endless_silence(connection: Connection) -> None:
    """Comments, as servers send to keep a connection open."""
    connection.send(OK)
    connection.endlessly(b": still here\n\n" * 50)


def keeps_waiting(connection: Connection) -> None:
    """Likewise, a comment now and then."""
    connection.send(OK)
    while not connection.stopping.wait(0.05):
        connection.send(b": still here\n\n")


@dataclass
class Received:
    """What the server received: the bodies of the requests."""

    url: str
    bodies: list[Mapping[str, object]] = field(default_factory=list)


@contextmanager
def misbehaving(*behaviours: Behaviour) -> Iterator[Received]:
    """Serve until the block ends: the first request in the first way, later ones in the last."""
    stopping = threading.Event()
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        received = Received(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")

        def answer(accepted: socket.socket, behave: Behaviour) -> None:
            with accepted:
                accepted.settimeout(60)
                try:
                    received.bodies.append(_body(accepted))
                    behave(Connection(accepted, stopping))
                except OSError:
                    pass  # the other side has left, as it should

        def accept() -> None:
            while not stopping.is_set():
                try:
                    accepted, _ = listening.accept()
                except TimeoutError:
                    continue
                behave = behaviours[min(len(threads), len(behaviours) - 1)]
                threads.append(threading.Thread(target=answer, args=(accepted, behave)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield received
        finally:
            stopping.set()
            accepting.join()
            for thread in threads:
                thread.join()


def _body(accepted: socket.socket) -> Mapping[str, object]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += accepted.recv(65_536) or _gone()
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0].partition(b":")[2]):
        body += accepted.recv(65_536) or _gone()
    found: Mapping[str, object] = json.loads(body)
    return found


def _gone() -> bytes:
    raise ConnectionError("the other side has left")
