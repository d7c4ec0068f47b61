"""Steward served in a process of its own, and how much memory that process takes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
STEWARD = (sys.executable, "-m", "ui.cli.app")
"""The command line of this installation."""

_LOOK = 0.2  # seconds between two looks at whether the server answers


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers: its address, and the id of the process that was started."""

    url: str
    pid: int

    def megabytes(self) -> float:
        """Resident memory of the process, in MB of 1,000,000 bytes (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        sizes = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(next(sizes)) * 1024 / 1e6


@contextmanager
def served(
    environment: Mapping[str, str],
    command: Sequence[str] = (*STEWARD, "serve"),
    folder: Path = ROOT,
) -> Iterator[RunningServer]:
    """Serve on a free port until the block ends; the block begins when questions are answered.

    Args:
        environment: Settings, beside those of this process.
        command: What serves, by itself or by a process that it starts.
        folder: Where to run it.

    Raises:
        RuntimeError: When the command ends before it answers.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment, "STEWARD_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, trust_env=False) as client:
            while not _ready(client):
                if process.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
                time.sleep(_LOOK)
        yield RunningServer(url, process.pid)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait()


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False
