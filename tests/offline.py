"""Steward where there is no network: to be run in a network namespace of its own.

``unshare --net --map-root-user python -m tests.offline FOLDER INDEX``. Of such a namespace the
kernel counts each attempt to reach another machine: that of native code too, which no patch of
Python's sockets sees, and that whose failure nobody tells.
"""

import fcntl
import json
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx

QUESTION = "How long is the river Lena?"
_URL = "http://127.0.0.1:7860"  # the port is free, since nobody else is here
_STEWARD = (sys.executable, "-P", "-m", "ui.cli.app")
_SET_FLAGS, _UP = 0x8914, 1  # SIOCSIFFLAGS and IFF_UP of Linux
_NOBODY = ("192.0.2.1", 443)  # an address for examples, RFC 5737


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))


def _devices() -> set[str]:
    """What any route leads to."""
    four = Path("/proc/net/route").read_text().splitlines()[1:]
    six = Path("/proc/net/ipv6_route").read_text().splitlines()
    fields = [line.split() for line in (*four, *six)]
    return {(line[0] if len(line) > 10 else line[-1]) for line in fields if line}


def _attempts() -> int:
    """How often anybody in this namespace has looked for a way out, or asked for a name."""
    counted = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        counted |= {names[0] + name: value for name, value in zip(names, values, strict=True)}
    of = ("Ip:OutNoRoutes", "Ip6OutNoRoutes", "Udp:OutDatagrams", "Udp6OutDatagrams")
    return sum(int(counted[name]) for name in of)


def _asked(index: Path) -> Any:
    command = [*_STEWARD, "ask", "--json", "--index", str(index), QUESTION]
    done = subprocess.run(command, cwd=index.parent, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _served(folder: Path, index: Path) -> Any:
    """The answer over HTTP, after the page of the chat was loaded."""
    command = [*_STEWARD, "serve", "--index", str(index), "--documents", str(folder)]
    with (
        subprocess.Popen(command, cwd=index.parent, stdout=subprocess.DEVNULL) as server,
        httpx.Client(base_url=_URL, trust_env=False, timeout=120) as client,
    ):
        try:
            while True:
                assert server.poll() is None, "the server ended"
                try:
                    client.get("/").raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            answer = client.post("/api/ask", json={"question": QUESTION})
        finally:
            server.send_signal(signal.SIGTERM)
    return answer.raise_for_status().json()


def main(folder: Path, index: Path) -> None:
    """Ingest, ask and serve; print what came of it, and which attempts there were to get out."""
    _loopback_up()
    subprocess.run(
        [*_STEWARD, "ingest", "--index", str(index), str(folder)],
        cwd=index.parent,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    found = {"asked": _asked(index), "served": _served(folder, index), "attempts": _attempts()}
    with socket.socket() as one:
        failed = one.connect_ex(_NOBODY)
    found |= {"devices": sorted(_devices()), "failed": failed, "noticed": _attempts()}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
