"""What lies in the folders that are ingested: the files to read, and what is no file of theirs."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

LARGEST = 16 * 2**20
"""Bytes of a file; a larger one would take more memory than a machine may have."""


class Found(NamedTuple):
    """Something in a folder.

    Attributes:
        path: Where it is.
        source: Its name in the collection, with forward slashes. Bytes that are not UTF-8 are
            surrogates in it, as ``os.fsdecode`` has them.
        why: Why it is left out; "" for a file to read.
    """

    path: Path
    source: str
    why: str = ""


def apart(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders as absolute paths, without those that are read with another of them anyway."""
    given = list(dict.fromkeys(Path(os.path.abspath(folder)) for folder in folders))
    real = [folder.resolve() for folder in given]
    return tuple(
        folder
        for number, (folder, own) in enumerate(zip(given, real, strict=True))
        if not any(
            _holds(other, own) and (other != own or place < number)
            for place, other in enumerate(real)
            if place != number
        )
    )


def names(folders: Sequence[Path]) -> tuple[str, ...]:
    """What the sources of each folder begin with.

    Nothing, where there is one folder: where it lies and what it is called says nothing of its
    files, so that a copy of it gives the same ids. Of several, each one's own name, with as many
    names of the folders above as tell all of them apart. So a source stays the same whatever else
    comes or goes in this folder or another, and however they are ordered; it changes where one
    folder becomes several or the reverse, and where two of them bear one name.

    Args:
        folders: As ``apart`` gives them.
    """
    if len(folders) == 1:
        return ("",)
    length = 1
    while len({folder.parts[-length:] for folder in folders}) < len(folders):
        length += 1
    return tuple(f"{Path(*folder.parts[-length:]).as_posix()}/" for folder in folders)


def places(source: str, folders: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Where the file of a source may lie: each folder of whose name it is, and the path in it.

    Args:
        source: As the index has it.
        folders: As ``apart`` gave them when it was made.
    """
    for folder, name in zip(folders, names(folders), strict=True):
        if source.startswith(name):
            yield folder, folder / source.removeprefix(name)


def contents(folder: Path, name: str, *, follow_links: bool) -> list[Found]:
    """What is below a folder, hidden files aside, in no particular order.

    A link to a file of the folder is that file once more. A link that leads outside is left out,
    unless it is to be followed, and so is one that leads nowhere or to a folder that is read
    already; devices, pipes and sockets are left out always.

    Args:
        folder: Where to look.
        name: What every source begins with.
        follow_links: Whether to read what links outside lead to.
    """
    root = folder.resolve()
    found: list[Found] = []
    pending, seen = [folder], {_identity(folder.stat())}
    while pending:
        directory = pending.pop()
        try:
            paths = sorted(directory.iterdir())
        except OSError as error:
            found.append(Found(directory, _source(directory, folder, name), reason(error)))
            continue
        for path in paths:
            if path.name.startswith("."):
                continue
            try:
                why = _link(path, root, follow_links) if path.is_symlink() else ""
                about = path.stat() if not why else None
            except (OSError, RuntimeError) as error:
                why, about = reason(error), None
            if about and stat.S_ISDIR(about.st_mode):
                if _identity(about) not in seen:
                    seen.add(_identity(about))
                    pending.append(path)
                continue
            if about and not stat.S_ISREG(about.st_mode):
                why = "is no file but a device, a pipe or a socket"
            found.append(Found(path, _source(path, folder, name), why))
    return found


def tags(source: str, own: Sequence[str] = ()) -> tuple[str, ...]:
    """A document's own tags, and the names of the folders that it lies in."""
    known = {tag.casefold(): tag for tag in reversed((*own, *source.split("/")[:-1]))}
    return tuple(reversed(known.values()))


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        OSError: When it cannot be read.
        ValueError: When it is too large, or no file after all; completes "this file ...".
    """
    # Not to wait for whoever writes into a pipe that has taken the file's place since.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("is no file but a device, a pipe or a socket")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 2**20} MB; divide it")
    return data


def reason(error: OSError | ValueError | RuntimeError) -> str:
    """Why something cannot be read; completes "this file ..."."""
    said = error.strerror if isinstance(error, OSError) else None
    return f"cannot be read ({said})" if said else str(error)


def _link(path: Path, root: Path, follow_links: bool) -> str:
    """Why a link is left out; "" where it is not."""
    try:
        target = Path(os.path.realpath(path, strict=True))
    except OSError as error:
        lost = {errno.ENOENT: "is a link that leads nowhere", errno.ELOOP: "is a link to itself"}
        return lost.get(error.errno or 0) or reason(error)
    if not target.is_relative_to(root):
        return "" if follow_links else "is a link that leads outside of the folder"
    return "is a link to a folder that is read already" if target.is_dir() else ""


def _holds(outer: Path, inner: Path) -> bool:
    """Whether reading one folder reads the other, which hidden ones are not."""
    return inner.is_relative_to(outer) and not any(
        part.startswith(".") for part in inner.relative_to(outer).parts
    )


def _source(path: Path, folder: Path, name: str) -> str:
    return name + path.relative_to(folder).as_posix()


def _identity(about: os.stat_result) -> tuple[int, int]:
    return about.st_dev, about.st_ino
