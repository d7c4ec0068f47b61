"""The process that files of other formats are parsed and drawn in, within limits.

It reads a line of JSON and a file from its input, and writes a line of JSON, until the input ends.
"""

import json
import resource
import sys
from base64 import b64encode
from dataclasses import asdict
from typing import Any, BinaryIO

from rag.documents.formats import extract
from rag.documents.formats.extracted import Extracted, Unextractable

MEGABYTES = 500
"""Memory of the child, what its libraries take included."""

SECONDS = 30
"""Of the processor's time, for a file."""

DRAWING_SECONDS = 10
"""Likewise for a page."""

_CHARACTERS = 16 * 2**20
_GONE_WRONG = 3  # exit status


def serve(files: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there is no more to read."""
    while line := files.readline():
        asked = json.loads(line)
        data = files.read(asked["size"])
        _allow(DRAWING_SECONDS if "page" in asked else SECONDS)
        try:
            found = _drawn(data, asked) if "page" in asked else _extracted(data, asked)
        except Unextractable as error:
            found = {"why": str(error)}
        except MemoryError:
            sys.exit(_GONE_WRONG)
        except Exception as error:
            said = f"{type(error).__name__}: {error}".split("\n")[0][:200]
            found = {"why": f"is broken, or not of the format that its name says ({said})"}
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()


def _extracted(data: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    return {"extracted": asdict(_checked(extract(data, asked["source"])))}


def _drawn(data: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    from rag.documents.formats.picture import draw

    picture = asdict(draw(data, asked["page"], asked["before"], asked["words"]))
    return {"picture": picture | {"png": b64encode(picture["png"]).decode()}}


def _checked(found: Extracted) -> Extracted:
    if len(found.text) > _CHARACTERS:
        raise Unextractable(f"holds more than {_CHARACTERS:,} characters; divide it")
    return found


def _allow(seconds: int) -> None:
    """So much more of the processor's time, after which the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def main() -> None:
    """Set the limits, and serve."""
    memory = MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
