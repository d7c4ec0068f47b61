"""The real local model, where it is installed, and its own server."""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rag.prose.model_file import packaged_model
from tests.conftest import free_port

_FOUND = packaged_model()

needs_local_model = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None or _FOUND is None,
    reason="needs the local model: make local-model",
)


def local_model() -> Path:
    """Path of the packaged model."""
    assert _FOUND
    return _FOUND


_SERVE = """
import sys, threading, xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path, port = sys.argv[1:]
parameters.hostnames, parameters.port = ["127.0.0.1"], int(port)
parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 4096, 1, 0
server = xllamacpp.Server(parameters)
threading.Event().wait()
"""


@contextmanager
def running_llama() -> Iterator[str]:
    """llama.cpp's own OpenAI-compatible server with the packaged model; yields its address."""
    port = free_port()
    command = [sys.executable, "-c", _SERVE, str(local_model()), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/health", trust_env=False).status_code == httpx.codes.OK:
                    break
            except httpx.TransportError:
                pass
            assert process.poll() is None, "the model's server ended"
            time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()
