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

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnwritable
from rag.records import Metadata, passage_id

CHROMA, LEXICAL, SENTENCES = "chroma", "lexical", "sentences"
"""Folders of a generation."""

_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_UNREADABLE = f"its {_MANIFEST} cannot be read"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What vectors, passages and words depend on; an index of another recipe is not read.

    Attributes:
        schema: Number of the code's own way of cutting and storing; raised when it changes.
        model: The encoder's fingerprint.
        passage_tokens: Most tokens in a passage.
        segmenter: What found the sentences.
    """

    schema: int
    model: str
    passage_tokens: int
    segmenter: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and how it was made.

    Attributes:
        dtype: The number format that vectors were computed in; for the record.
        folders: The folders that were ingested, absolute.
        documents: Metadata by source, in order; passages follow it document by document.
        passage_counts: Number of passages of each document.
    """

    recipe: Recipe
    dtype: str
    folders: tuple[str, ...]
    documents: tuple[Metadata, ...]
    passage_counts: tuple[int, ...]

    def passage_ids(self) -> list[str]:
        """The ids of all passages, in the order in which the lexical index counts them."""
        return [
            passage_id(document.id, ordinal)
            for document, count in zip(self.documents, self.passage_counts, strict=True)
            for ordinal in range(count)
        ]

    def write(self, generation: Path) -> None:
        """Write it into the folder of a generation."""
        text = json.dumps(asdict(self), indent=1)  # ASCII, for folders' names that are not UTF-8
        (generation / _MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, generation: Path, wanted: Recipe | None = None) -> "Manifest":
        """Read the manifest of a generation.

        Args:
            generation: Its folder.
            wanted: The recipe that it must be of; any that this version knows where it is None.

        Raises:
            IndexMismatch: When it is of another recipe.
            IndexDamaged: When it is gone or not whole.
        """
        written = _read(generation)
        # First of all, since what else another version writes may be unlike what this one does.
        differing = _differing(written["recipe"], wanted)
        if differing:
            raise IndexMismatch(generation.parent.parent, differing)
        try:
            return cls(
                recipe=Recipe(**written["recipe"]),
                dtype=written["dtype"],
                folders=tuple(written["folders"]),
                documents=tuple(_metadata(document) for document in written["documents"]),
                passage_counts=tuple(written["passage_counts"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(generation.parent.parent, _UNREADABLE) from error


def current(index: Path) -> Path | None:
    """The folder of the current generation, or None where nothing was ever made current."""
    try:
        name = (index / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return index / "generations" / name


def folders_of(index: Path) -> tuple[Path, ...]:
    """The folders that were ingested last, by whichever version; none where nothing was.

    Raises:
        IndexMismatch: When another version has not written them down.
        IndexDamaged: When they cannot be read.
    """
    generation = current(index)
    if generation is None:
        return ()
    written = _read(generation)
    folders = written.get("folders", [written.get("folder")])  # one, until schema 2
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        raise IndexMismatch(index, f"its {_MANIFEST} names no folder")
    return tuple(map(Path, folders))


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


def create(index: Path) -> Path:
    """Make the folder of a new generation, numbered after the last; call it while writing."""
    generations = index / "generations"
    generations.mkdir(exist_ok=True)
    last = max((int(path.name.partition("-")[0]) for path in generations.iterdir()), default=0)
    # The random part keeps the names of several indexes on one Chroma server apart.
    generation = generations / f"{last + 1:06d}-{secrets.token_hex(4)}"
    generation.mkdir()
    return generation


def collection_name(generation: Path) -> str:
    """The name of a generation's Chroma collection."""
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


def orphans(index: Path, keep: Path | None = None) -> list[Path]:
    """Generations that nobody can be reading: all but the current one and ``keep``."""
    kept = {current(index), keep}
    generations = index / "generations"
    return [path for path in sorted(generations.glob("*")) if path not in kept]


def remove(generation: Path) -> None:
    """Delete the folder of a generation."""
    shutil.rmtree(generation)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(PermissionError):  # Windows has no sync of folders
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(generation: Path) -> dict[str, Any]:
    """A manifest of any version: all of them are JSON and hold the fields of a recipe."""
    try:
        written = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        return {**written, "recipe": {**written["recipe"]}}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(generation.parent.parent, _UNREADABLE) from error


def _differing(found: dict[str, Any], wanted: Recipe | None) -> str:
    """What is not as wanted in a recipe as it was written, in words; "" where nothing is."""
    known = [field.name for field in fields(Recipe)]
    differences = [f"no {name}" for name in known if name not in found]
    differences += [f"{name}, unknown to this version" for name in found if name not in known]
    if wanted:
        differences += [
            f"{name} {found[name]}, not {value}"
            for name, value in asdict(wanted).items()
            if name in found and found[name] != value
        ]
    return "; ".join(differences)


def _metadata(fields: dict[str, object]) -> Metadata:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Metadata(**{**fields, **lists})  # type: ignore[arg-type]
