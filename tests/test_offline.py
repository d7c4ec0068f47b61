"""No request leaves the machine."""

import errno
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.settings import Settings
from tests.conftest import ROOT
from tests.offline import QUESTION

_UNSHARE = ("unshare", "--net", "--map-root-user", "--")


def _no_namespace() -> str:
    """Why there can be no network namespace of a test's own; "" where there can."""
    if shutil.which(_UNSHARE[0]) is None:
        return "needs unshare, of Linux"
    done = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    return done.stderr and f"needs a network namespace: {done.stderr.strip()}"


_WHY_NOT = _no_namespace()


@pytest.mark.skipif(bool(_WHY_NOT), reason=_WHY_NOT)
def test_without_a_network_all_is_answered_and_nobody_looks_for_a_way_out(
    folder: Path, tmp_path: Path
) -> None:
    command = [*_UNSHARE, sys.executable, "-m", "tests.offline", str(folder), str(tmp_path / "i")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert found["devices"] == ["lo"], "no route leads out"
    assert (found["failed"], found["noticed"]) == (errno.ENETUNREACH, 1), "attempts are noticed"
    assert found["attempts"] == 0
    for answer in (found["asked"], found["served"]):
        assert (answer["question"], answer["answered"]) == (QUESTION, True)
        assert answer["quotes"][0]["text"] == "It is 4,294 kilometres long."


def test_nothing_in_python_connects_to_anything(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which holds where there are no namespaces too, and says who it was."""
    tried: list[object] = []

    def cut(*address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", cut)
    monkeypatch.setattr(socket, "getaddrinfo", cut)
    ingest(folder, settings)
    assistant = Assistant(settings)
    assert assistant.ask(QUESTION).answered
    assistant.close()
    assert tried == []
