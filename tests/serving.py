"""Servers in a thread, for clients that need an address."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from ui.server.app import Server
from ui.settings import ServerSettings


@contextmanager
def served(make: Callable[[], FastAPI], settings: ServerSettings, port: int = 0) -> Iterator[str]:
    """Serve Steward, made in the loop it runs in, until the block ends; its address."""
    with _running(lambda: Server(make(), settings), port) as url:
        yield url


@contextmanager
def listening(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """Likewise any application."""
    with _running(lambda: uvicorn.Server(uvicorn.Config(make(), log_level="warning"))) as url:
        yield url


@contextmanager
def _running(make: Callable[[], uvicorn.Server], port: int = 0) -> Iterator[str]:
    servers: list[uvicorn.Server] = []
    made = threading.Event()
    # Connections wait in the socket until the server takes them, so that nobody comes too early.
    with socket.create_server(("127.0.0.1", port)) as bound:

        async def run() -> None:
            servers.append(make())
            made.set()
            await servers[0].serve(sockets=[bound])

        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        try:
            assert made.wait(60)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            for server in servers:
                server.should_exit = True
            thread.join()
