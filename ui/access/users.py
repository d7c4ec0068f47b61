"""The users: names, hashed passwords and tags, a line each in a file that may change at any time.

    ann:$argon2id$v=19$m=65536,t=3,p=4$…$…:contracts,2024

A user sees the documents that bear one of the tags, or with ``*`` all of them. Hashes are Argon2id,
with the parameters of RFC 9106 for little memory, by argon2-cffi.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError

from rag.errors import SettingsFault

NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
EVERYTHING = "*"
"""Instead of tags: all documents, those without a tag too."""

SHORTEST_PASSWORD = 10

_LINE = re.compile(rf"({NAME.pattern}):([^:]+):(.+)")


@dataclass(frozen=True, slots=True)
class User:
    """Whoever asks, where that has to be said.

    Attributes:
        name: "" of whoever has the access token.
        tags: Of the documents that are shown, in lower case; None for all documents.
    """

    name: str
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A user with the hash of the password."""

    user: User
    password: str


class Users:
    """The users of a file, as it is at the moment; none where there is no file.

    Raises:
        SettingsFault: From every method, when the file cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._known: Mapping[str, Known] = {}
        self._follow()

    def find(self, name: str) -> Known | None:
        """The user of a name."""
        self._follow()
        return self._known.get(name)

    def _follow(self) -> None:
        if self._path is None:
            return
        try:
            status = self._path.stat()
        except OSError as error:
            raise _fault(self._path, f"cannot be read: {error.strerror}") from error
        seen = status.st_mtime_ns, status.st_size, status.st_ino
        if seen != self._seen:
            self._known = read(self._path)
            self._seen = seen


def read(path: Path) -> Mapping[str, Known]:
    """The users of a file, by name; empty lines and those that begin with # are passed over.

    Raises:
        SettingsFault: When it cannot be read, or a line of it is no user.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise _fault(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _fault(path, "is not UTF-8 text") from error
    known: dict[str, Known] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if not found or not _is_hash(found[2]):
            raise _fault(path, f"line {number} is none that `steward user NAME` prints")
        if found[1] in known:
            raise _fault(path, f"line {number} names {found[1]} a second time")
        known[found[1]] = Known(User(found[1], _tags(found[3])), found[2])
    if not known:
        raise _fault(path, "names no user; `steward user NAME` prints a line for it")
    return known


def line(name: str, password: str, tags: Sequence[str]) -> str:
    """The line of a user; without tags it is one to whom all documents are shown."""
    return f"{name}:{PasswordHasher().hash(password)}:{','.join(tags) or EVERYTHING}"


def _tags(written: str) -> frozenset[str] | None:
    tags = {tag.strip().casefold() for tag in written.split(",")} - {""}
    return None if EVERYTHING in tags else frozenset(tags)


def _is_hash(written: str) -> bool:
    try:
        extract_parameters(written)
    except InvalidHashError:
        return False
    return written.startswith("$argon2id$")


def _fault(path: Path, problem: str) -> SettingsFault:
    return SettingsFault(((f"users: {path}", problem),))
