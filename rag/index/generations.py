"""The index folder: complete generations, and one pointer to the current one.

    index/
      CURRENT                  name of the current generation; replaced by one atomic rename
      ingest.lock              held by the one process that may write
      generations/
        000002-5f0c9a1e/       chroma/  lexical/  sentences/  manifest.json

Where each part lies is known here alone.

A generation is built aside, made whole, and never changed again. The reasons, measured on Chroma
1.5.9: a kill during upserts made stores unusable for good, an open reader misses another process's
writes, two writers lose records without an error, and deletions leave records unreachable.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexDamaged, IndexUnwritable
from rag.index.manifest import folders_in

CHROMA, LEXICAL, SENTENCES = "chroma", "lexical", "sentences"
"""Folders of a generation."""

_POINTER = "CURRENT"
_NAME = re.compile(r"[0-9]{6,}-[0-9a-f]{8}")


def current(index: Path) -> Path | None:
    """The folder of the current generation, or None where nothing was ever made current.

    Raises:
        IndexDamaged: When the pointer cannot be read.
    """
    try:
        name = (index / _POINTER).read_text(encoding="ascii").strip()
        if not _NAME.fullmatch(name):
            raise ValueError("it names no generation")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        why = f": {error.strerror}" if isinstance(error, OSError) else ""
        raise IndexDamaged(index, f"its {_POINTER} cannot be read{why}") from error
    return index / "generations" / name


def folders_of(index: Path) -> tuple[Path, ...]:
    """The folders that were ingested last, by whichever version; none where nothing was.

    Raises:
        IndexMismatch: When another version has not written them down.
        IndexDamaged: When they cannot be read.
    """
    generation = current(index)
    return folders_in(generation) if generation else ()


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the right to write; the system lets go of it when the process dies.

    Raises:
        IndexBusy: When another process holds it.
        IndexUnwritable: When the folder cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "ingest.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(index) from error
    except OSError as error:
        raise IndexUnwritable(index, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()


def is_busy(index: Path) -> bool:
    """Whether another process holds it; raises IndexUnwritable likewise."""
    try:
        with writing(index):
            return False
    except IndexBusy:
        return True


def create(index: Path) -> Path:
    """Make the folder of a new generation, numbered after the last; call it while writing."""
    last = max((int(path.name.partition("-")[0]) for path in every(index)), default=0)
    # The random part keeps the names of several indexes on one server apart.
    generation = index / "generations" / f"{last + 1:06d}-{secrets.token_hex(4)}"
    generation.mkdir(parents=True)
    return generation


def collection_name(generation: Path) -> str:
    """The name of a generation's collection, or, on a server, of those that follow on it too."""
    return f"steward-{generation.name}"


def publish(index: Path, generation: Path) -> None:
    """Make a generation current, durably: its files first, then the pointer."""
    for folder, _, files in os.walk(generation):
        for path in (*(Path(folder, name) for name in files), Path(folder)):
            _sync(path)
    _sync(generation.parent)
    pointer = index / f"{_POINTER}.new"
    pointer.write_text(generation.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(index / _POINTER)
    _sync(index)


def orphans(index: Path) -> list[Path]:
    """Generations that nobody can begin to read: all but the current one."""
    named = None
    with suppress(IndexDamaged):  # then none can be read
        named = current(index)
    return [path for path in every(index) if path != named]


def remove(generation: Path) -> None:
    """Delete the folder of a generation."""
    shutil.rmtree(generation)


def every(index: Path) -> list[Path]:
    """All generations, in order; what else may lie there, as .DS_Store, is none."""
    found = (index / "generations").glob("*-*")
    return sorted(path for path in found if _NAME.fullmatch(path.name) and path.is_dir())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(PermissionError):  # Windows has no sync of folders
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
