"""Files parsed, and pages drawn, in a process of their own: no file can take this one along."""

import json
import os
import signal
import subprocess
import sys
import threading
from base64 import b64decode
from contextlib import suppress
from typing import Any, Self

from rag.documents.formats.child import DRAWING_SECONDS, MEGABYTES, SECONDS
from rag.documents.formats.extracted import Extracted, Picture, Unextractable

_WAIT = 2 * SECONDS  # of the clock, for a file; the machine may be busy
_TOO_MUCH = f"needs more than {MEGABYTES} MB or {SECONDS} seconds to read; divide it"
_CRASHED = "is broken in a way that what reads it does not survive"
_CRASHES = (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGFPE, -signal.SIGILL)
_DEFECT = 1  # exit status of Python itself


class Apart:
    """A child that parses one file after another; it is started by the first one.

    A child that ended, by a limit or a broken file, is replaced. It ends with the block.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._child and self._child.stdin:
            with suppress(BrokenPipeError):
                self._child.stdin.close()  # so that it ends by itself
        self._end()

    def extract(self, data: bytes, source: str) -> Extracted:
        """The text of a file of one of the ``FORMATS``.

        Raises:
            Unextractable: When it gives none, is broken, or takes more than the limits.
            RuntimeError: When the child has a defect, as of an installation that is not whole.
        """
        found = self._answer({"source": source}, data, _WAIT)
        return _extracted(found["extracted"])

    def draw(self, data: bytes, page: int, before: str, words: str) -> Picture:
        """A picture of a page of a PDF; arguments as of ``picture.draw``, errors as of both."""
        asked = {"source": "", "page": page, "before": before, "words": words}
        found = self._answer(asked, data, 2 * DRAWING_SECONDS)["picture"]
        return Picture(**{**found, "png": b64decode(found["png"])})

    def _answer(self, asked: dict[str, object], data: bytes, wait: float) -> dict[str, Any]:
        child = self._started()
        late = threading.Timer(wait, child.kill)
        late.start()
        try:
            answer = _asked(child, asked, data)
        finally:
            late.cancel()
        if not answer:
            if (status := self._end()) == _DEFECT:
                raise RuntimeError(f"what reads {asked['source']} ended by itself")
            raise Unextractable(_CRASHED if status in _CRASHES else _TOO_MUCH)
        found: dict[str, Any] = json.loads(answer)
        if "why" in found:
            raise Unextractable(found["why"])
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            # -P: no module is taken from the folder that Steward happens to run in.
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "rag.documents.formats.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what parsers say of a broken file, its exit tells
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # else it takes memory for each
            )
        return self._child

    def _end(self) -> int:
        """End the child, if it has not ended by itself; its exit status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        with suppress(subprocess.TimeoutExpired):  # it has closed its output, if it ends by itself
            child.wait(0.5)
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        return child.wait()


def _asked(child: subprocess.Popen[bytes], asked: dict[str, object], data: bytes) -> bytes:
    """The line that the child answers with; empty where it ended instead."""
    if child.stdin is None or child.stdout is None:
        return b""
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps({**asked, "size": len(data)}).encode() + b"\n")
        child.stdin.write(data)
        child.stdin.flush()
        return child.stdout.readline()
    return b""


def _extracted(found: dict[str, Any]) -> Extracted:
    return Extracted(
        **{
            **found,
            "authors": tuple(found["authors"]),
            "tags": tuple(found["tags"]),
            "cut": tuple(found["cut"]),
            "places": tuple((start, name) for start, name in found["places"]),
            "body": tuple(found["body"]) if found["body"] else None,
        }
    )
