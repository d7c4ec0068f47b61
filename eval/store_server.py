"""The servers that can keep passages, each as it really is, run on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.index.store import engines

_BIN = Path(sys.executable).parent
_COMMANDS = {
    engines.CHROMA: ("chroma", "run", "--path"),
    engines.MILVUS: ("milvus-lite", "server", "--data-dir"),  # on all addresses, unless told else
}
_LOOKS, _LOOK = 600, 0.1  # at whether it listens, and the seconds between two


@dataclass(frozen=True, slots=True)
class StoreServer:
    """A server that runs.

    Attributes:
        url: As ``store_url`` has it.
        process: To be killed.
    """

    url: str
    process: subprocess.Popen[bytes]


def is_installed(engine: str) -> bool:
    """Whether there is such a server."""
    return (_BIN / _COMMANDS[engine][0]).exists()


@contextmanager
def store_server(engine: str, folder: Path, port: int = 0) -> Iterator[StoreServer]:
    """Run an engine's server until the block ends.

    Args:
        engine: As ``rag.index.store.engines`` has it.
        folder: Where it keeps its data.
        port: Where it listens; a free one where it is 0.

    Raises:
        RuntimeError: When it ends before it listens.
    """
    command, *options = _COMMANDS[engine]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also just after another
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [_BIN / command, *options, folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(_LOOKS):
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None:
                raise RuntimeError(f"the server of {engine} ended with {process.returncode}")
            time.sleep(_LOOK)
        yield StoreServer(f"{engine}+http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.wait()
