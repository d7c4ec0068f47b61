"""Files that whoever runs Steward adds to the folder of the documents, and takes out of it again.

Nothing is lost: what another takes the place of, or what is taken out, lies in a hidden folder
beside the documents, which no ingest reads. A file stands there whole or not at all.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import BinaryIO

from rag.documents.files import SUFFIXES
from rag.documents.folders import LARGEST, places
from rag.documents.formats import suffix_of
from rag.index import generations
from rag.index.manifest import Manifest
from ui.owner.errors import FileRefused

REMOVED = ".removed"
"""The folder of what was taken out, in that of the documents."""

_LONGEST = 200  # bytes of a name; file systems take 255, and the time goes before it


def folders_of(index: Path) -> tuple[Path, ...]:
    """The folders that the index was made of; the first is the one that files are added to.

    Raises:
        IndexFault: When the index cannot be read.
    """
    generation = generations.current(index)
    return tuple(map(Path, Manifest.read(generation).folders)) if generation else ()


def add(folders: Sequence[Path], name: str, data: BinaryIO) -> None:
    """Add a file to the first folder; one of the same name gives way to it.

    Args:
        folders: Of the documents.
        name: As whoever sent it has it; folders before it are left away.
        data: What it holds.

    Raises:
        FileRefused: When it cannot be a document's file, or there is no room.
    """
    if not (folders and isdir(folders[0])):
        raise FileRefused(name, "no_folder")
    plain = name.replace("\\", "/").rpartition("/")[2].strip()
    shown = plain.isprintable() and not plain.startswith(".")
    if not shown or not 0 < len(os.fsencode(plain)) < _LONGEST:
        raise FileRefused(name, "no_name")
    if suffix_of(plain) not in SUFFIXES:
        raise FileRefused(name, "no_format")
    try:
        _write(folders[0], plain, data)
    except OSError as error:
        raise FileRefused(name, "unwritable", error.strerror or "") from error


def remove(folders: Sequence[Path], source: str) -> None:
    """Take the file of a document out of its folder.

    Raises:
        FileRefused: When it is in none of them, or cannot be moved.
    """
    for root, path in places(source, folders):
        if path.is_file() and path.resolve().is_relative_to(root.resolve()):
            try:
                path.rename(_aside(root, path.name))
            except OSError as error:
                raise FileRefused(source, "unwritable", error.strerror or "") from error
            return
    raise FileRefused(source, "not_there")


def _write(folder: Path, name: str, data: BinaryIO) -> None:
    path = folder / name
    # Hidden, so that no ingest reads it before it is whole.
    descriptor, new = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            shutil.copyfileobj(data, file)
            if file.tell() > LARGEST:
                raise FileRefused(name, "too_large")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(new, 0o644)
        if path.exists():
            shutil.copy2(path, _aside(folder, name))
        os.replace(new, path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def _aside(folder: Path, name: str) -> Path:
    """Where a file of the folder is put that is taken out now."""
    removed = folder / REMOVED
    removed.mkdir(exist_ok=True)
    return removed / f"{time.strftime('%Y%m%d-%H%M%S')}-{time.monotonic_ns()}-{name}"
