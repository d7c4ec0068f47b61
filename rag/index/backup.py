"""An index in one file, and back: the current generation, the calibration, and what is beside them.

A gzipped tar. While it is made the index is held as by an ingest, so that the generation stays; who
reads goes on reading. It is put back as an ingest puts a new generation: aside, checked, and made
current in one step, which a running server sees at its next question.
"""

import io
import json
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from rag import __version__
from rag.errors import IndexDamaged, IndexMissing, IndexUnwritable
from rag.index import generations
from rag.index.backup_errors import (
    BackupElsewhere,
    BackupInTheWay,
    BackupUnreadable,
    BackupUnwritable,
)
from rag.index.checksums import damage
from rag.index.manifest import MANIFEST, Manifest
from rag.quoting import calibration
from rag.settings import Settings

_ABOUT = "backup.json"
_GENERATIONS = "generations"
_FORM = 1
_MOST_ABOUT = 10_000  # bytes


def backup(settings: Settings, file: Path, beside: Mapping[str, Path] | None = None) -> Manifest:
    """Write the index into a file, which is there only once it is whole.

    Args:
        settings: Of these ``index`` and ``store_url``.
        file: Where to; an older one is replaced.
        beside: Further files by their names in it, which nobody writes meanwhile.

    Returns:
        What the index holds.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: When there is no index that could be put back.
        IndexBusy: While it is being written.
        BackupElsewhere: When its passages are on a server.
        BackupUnwritable: When the file cannot be written.
    """
    index = settings.index
    _only_here(settings)
    if generations.current(index) is None:
        raise IndexMissing(index)
    with generations.writing(index), _replacing(file) as new:
        generation = generations.current(index)
        assert generation
        manifest = Manifest.read(generation)
        wrong = damage(generation, manifest.files)
        if wrong:
            raise IndexDamaged(index, wrong)
        about = {"form": _FORM, "steward": __version__, "generation": generation.name}
        with tarfile.open(new, "w:gz", compresslevel=3) as archive:
            _add(archive, _ABOUT, json.dumps(about).encode())
            for path in sorted(generation.rglob("*")):
                if path.is_file():
                    within = path.relative_to(generation).as_posix()
                    archive.add(path, f"{_GENERATIONS}/{generation.name}/{within}")
            kept = index / calibration.FILE
            for name, path in ({calibration.FILE: kept} | dict(beside or {})).items():
                if path.exists():
                    archive.add(path, name)
    return manifest


def restore(
    settings: Settings,
    file: Path,
    beside: Mapping[str, Callable[[Path], None]] | None = None,
    *,
    replace: bool = False,
) -> Manifest:
    """Put back what ``backup`` wrote.

    Args:
        settings: Of these ``index`` and ``store_url``.
        file: Where it is.
        beside: What takes the further files, by their names, once the index is in its place.
        replace: Whether the backup may go in the place of another index.

    Returns:
        What the index now holds.

    Raises:
        BackupUnreadable: When the file is no backup, or not whole.
        BackupInTheWay: When there is an index.
        BackupElsewhere: When passages are to be on a server.
        IndexBusy, IndexUnwritable: When the index cannot be written.
    """
    index = settings.index
    _only_here(settings)
    with generations.writing(index):
        with suppress(IndexDamaged):
            if generations.current(index) and not replace:
                raise BackupInTheWay(index)
        with _room(index) as aside:
            name = _unpack(file, aside, {*(beside or ()), calibration.FILE})
            manifest = _checked(aside / _GENERATIONS / name, file)
            target = index / _GENERATIONS / name
            target.parent.mkdir(exist_ok=True)
            if damage(target, manifest.files):  # else it is there, and may be being read
                shutil.rmtree(target, ignore_errors=True)
                (aside / _GENERATIONS / name).rename(target)
            kept = aside / calibration.FILE
            if kept.exists():
                os.replace(kept, index / calibration.FILE)
            else:
                (index / calibration.FILE).unlink(missing_ok=True)
            generations.publish(index, target)
            for further, take in (beside or {}).items():
                if (aside / further).exists():
                    take(aside / further)
    return manifest


def _only_here(settings: Settings) -> None:
    if settings.store_url:
        raise BackupElsewhere(settings.index, settings.store_url)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside another, whose place it takes in one step once it is whole."""
    new = file.with_name(f"{file.name}.new")
    try:
        # What is in an index is for nobody else on this machine.
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield new
        with new.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(new, file)
    except OSError as error:
        raise BackupUnwritable(file, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


@contextmanager
def _room(index: Path) -> Iterator[Path]:
    """A folder on the index's own disk, which goes when the block ends."""
    try:
        with TemporaryDirectory(prefix=".restoring-", dir=index) as aside:
            yield Path(aside)
    except OSError as error:
        raise IndexUnwritable(index, error.strerror or str(error)) from error


def _unpack(file: Path, aside: Path, further: set[str]) -> str:
    """Write the files of a backup to a folder; the name of the generation among them.

    Only files of the names that a backup has are taken, so that none goes elsewhere.
    """
    try:
        with tarfile.open(file, "r:gz") as archive:
            first = archive.next()
            if first is None or first.name != _ABOUT or first.size > _MOST_ABOUT:
                raise ValueError("it is not one")
            about = json.loads(_opened(archive, first).read())
            name = about["generation"]
            if about["form"] != _FORM or not re.fullmatch(r"[0-9]{6,}-[0-9a-f]{8}", name):
                raise ValueError("it is of another version")
            folder = PurePosixPath(_GENERATIONS, name)
            for member in archive:
                place = PurePosixPath(member.name)
                own = place.is_relative_to(folder) and ".." not in place.parts
                if member.name == _ABOUT or not (own or member.name in further):
                    continue
                target = aside / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as written:
                    shutil.copyfileobj(_opened(archive, member), written)
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BackupUnreadable(file, str(error)) from error
    except OSError as error:
        if error.filename and Path(error.filename).is_relative_to(aside):
            raise
        raise BackupUnreadable(file, error.strerror or str(error)) from error
    return str(name)


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    opened = archive.extractfile(member) if member.isreg() else None
    if opened is None:
        raise ValueError(f"{member.name} is no file")
    return opened


def _checked(generation: Path, file: Path) -> Manifest:
    if not (generation / MANIFEST).exists():
        raise BackupUnreadable(file, "it is cut off")
    try:
        manifest = Manifest.read(generation)
    except IndexDamaged as error:
        raise BackupUnreadable(file, error.detail) from error
    wrong = damage(generation, manifest.files)
    if wrong:
        raise BackupUnreadable(file, wrong)
    return manifest
