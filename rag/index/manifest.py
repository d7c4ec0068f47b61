"""The manifest of a generation: what it holds, how it was made, and what its files were like.

It ends in a CRC-32 of all that is before, so that a manifest that is damaged is told from one that
is whole and says what this version does not know.
"""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from zlib import crc32

from rag.errors import IndexDamaged, IndexMismatch, IndexNewer
from rag.index.checksums import File
from rag.records import Metadata, passage_id

MANIFEST = "manifest.json"
_UNREADABLE = f"its {MANIFEST} cannot be read"
_SEAL = ',\n "crc32": '


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
        files: All other files of the generation, as they were written.
        left_out: What was found in the folders and is in no document, each with why.
    """

    recipe: Recipe
    dtype: str
    folders: tuple[str, ...]
    documents: tuple[Metadata, ...]
    passage_counts: tuple[int, ...]
    files: tuple[File, ...]
    left_out: tuple[tuple[str, str], ...] = ()

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
        (generation / MANIFEST).write_text(_sealed(text.removesuffix("\n}")), encoding="utf-8")

    @classmethod
    def read(cls, generation: Path, wanted: Recipe | None = None) -> "Manifest":
        """Read the manifest of a generation.

        Args:
            generation: Its folder.
            wanted: The recipe that it must be of; any that this version knows where it is None.

        Raises:
            IndexNewer: When it is whole, and not as this version writes it.
            IndexMismatch: When it is of another recipe.
            IndexDamaged: When it is gone or not whole.
        """
        index = generation.parent.parent
        written, whole = _read(generation)
        # First of all, since what else another version writes may be unlike what this one does.
        _compare(index, written["recipe"], wanted)
        if not whole:
            raise IndexDamaged(index, _UNREADABLE)
        try:
            documents = tuple(_metadata(document) for document in written["documents"])
            counts = tuple(written["passage_counts"])
            if len(documents) != len(counts):
                raise ValueError("the numbers of passages are not those of the documents")
            recipe = Recipe(**written["recipe"])
            folders = tuple(written["folders"])
            files = tuple(File(**file) for file in written["files"])
            left_out = tuple((str(what), str(why)) for what, why in written["left_out"])
            return cls(recipe, written["dtype"], folders, documents, counts, files, left_out)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexNewer(index, f"its {MANIFEST} is of another form") from error


def folders_in(generation: Path) -> tuple[Path, ...]:
    """The folders that the manifest of a generation names, by whichever version.

    Raises:
        IndexMismatch: When another version has not written them down.
        IndexDamaged: When they cannot be read.
    """
    written, _ = _read(generation)
    folders = written.get("folders", [written.get("folder")])  # one, until schema 2
    if not isinstance(folders, list) or not all(isinstance(each, str) for each in folders):
        raise IndexMismatch(generation.parent.parent, f"its {MANIFEST} names no folder")
    return tuple(map(Path, folders))


def _read(generation: Path) -> tuple[dict[str, Any], bool]:
    """A manifest of any version, and whether it bears a CRC-32 that is right, as from schema 4 on.

    All of them are JSON and hold the fields of a recipe.
    """
    index = generation.parent.parent
    whole = False
    try:
        text = (generation / MANIFEST).read_text(encoding="utf-8")
        written = json.loads(text)
        body, seal, _ = text.rpartition(_SEAL)
        whole = text == _sealed(body)
        if seal and not whole:
            raise ValueError("it is not what was written")
        return {**written, "recipe": {**written["recipe"]}}, whole
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        if whole:
            raise IndexNewer(index, f"its {MANIFEST} names no recipe") from error
        raise IndexDamaged(index, _UNREADABLE) from error


def _sealed(body: str) -> str:
    """JSON of an object, without the brace that closes it, to JSON that ends in its CRC-32."""
    return f'{body}{_SEAL}"{crc32(body.encode()):08x}"\n}}'


def _compare(index: Path, found: dict[str, Any], wanted: Recipe | None) -> None:
    """Raise IndexMismatch where a recipe as it was written is not as wanted, with what is not."""
    known = [field.name for field in fields(Recipe)]
    differences = [f"no {name}" for name in known if name not in found]
    differences += [f"{name}, unknown to this version" for name in found if name not in known]
    if wanted:
        differences += [
            f"{name} {found[name]}, not {value}"
            for name, value in asdict(wanted).items()
            if name in found and found[name] != value
        ]
    schema = found.get("schema")
    newer = wanted is not None and isinstance(schema, int) and schema > wanted.schema
    if differences:
        raise (IndexNewer if newer else IndexMismatch)(index, "; ".join(differences))


def _metadata(fields: dict[str, object]) -> Metadata:
    lists = {name: _tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Metadata(**{**fields, **lists})  # type: ignore[arg-type]


def _tuple(value: list[object]) -> tuple[object, ...]:
    return tuple(tuple(each) if isinstance(each, list) else each for each in value)
