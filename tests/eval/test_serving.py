"""A server in a process of its own: waited for, weighed, and ended with all that it started."""

import os
import subprocess
import sys
from pathlib import Path

import httpx2 as httpx
import pytest

from eval.serving import STEWARD, served

SERVER = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        Handler.asked += 1
        self.send_response(200 if Handler.asked > 2 else 503)
        self.end_headers()
        self.wfile.write(f"{Handler.asked} {os.environ['GIVEN']}".encode())

    def log_message(self, *_):
        pass

try:
    HTTPServer(("127.0.0.1", int(os.environ["STEWARD_PORT"])), Handler).serve_forever()
except KeyboardInterrupt:
    pass
"""


def test_the_block_begins_when_the_server_is_ready_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    command = ["sh", "-c", f"'{sys.executable}' server.py; true"]  # as make, a child serves
    with served({"GIVEN": "seeds"}, command, tmp_path) as server:
        # It was not ready at the first two looks, and ready at the third.
        assert httpx.get(server.url, trust_env=False).text == "4 seeds"
        assert 0.1 < server.megabytes() < 100
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url, trust_env=False)


def test_a_command_that_ends_without_serving_is_named_with_its_status(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match="ended with 3"), served({}, command, tmp_path):
        pytest.fail("there is no server")


def test_steward_is_this_installations_own() -> None:
    done = subprocess.run([*STEWARD, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("steward ")
