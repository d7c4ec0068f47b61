"""``kill -9`` of ``steward serve`` while it ingests: nothing is left that holds the index."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import ROOT
from tests.stopping import SAID

STOPPING = """
import sys
if "ingest" in sys.orig_argv:
    from tests import stopping
    owner, name = stopping.MOMENTS["embedding"]
    setattr(owner, name, stopping._stop)
"""


@pytest.mark.skipif(os.name != "posix", reason="processes have parents elsewhere")
def test_a_killed_server_takes_its_ingest_along(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(STOPPING)
    index = tmp_path / "index"
    command = [sys.executable, "-P", "-m", "ui.cli.app", "serve", "--index", str(index)]
    server = subprocess.Popen(
        [*command, "--documents", str(folder), "--port", "17861"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        assert server.stdout
        assert server.stdout.readline().strip() == SAID
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        with FileLock(index / "ingest.lock", timeout=60):
            pass
        assert server.stdout.read() == ""
    finally:
        with suppress(ProcessLookupError):  # as it should be
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
