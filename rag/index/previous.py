"""The index that an ingest replaces: what changes, and what can be carried over."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.documents.files import read_folder
from rag.errors import IndexFault, IndexOfOthers
from rag.index import generations
from rag.index.ingest_report import Changes, changes
from rag.index.manifest import Recipe
from rag.index.reading import Index, metadata_of, open_index
from rag.records import Document, Metadata
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Compared:
    """What some folders hold, beside the index that there is.

    Attributes:
        old: The index, if its recipe is the one in force.
        documents: What the folders hold.
        changes: What becomes of the one by the others.
    """

    old: Index | None
    documents: tuple[Document, ...]
    changes: Changes


@contextmanager
def compared(
    folders: Sequence[Path],
    settings: Settings,
    wanted: Recipe,
    *,
    strict: bool,
    follow_links: bool,
    encoding: str | None,
) -> Iterator[Compared]:
    """Read folders, as ``read_folder`` does, and lend what they hold with the index, open so long.

    Errors as of ``read_folder``.
    """
    old = _open(settings, wanted)
    try:
        documents, skipped = read_folder(
            *folders,
            strict=strict,
            follow_links=follow_links,
            encoding=encoding,
            before=_known_to(old),
        )
        before = {document.id: document for document in old.documents()} if old else {}
        now = {document.id: metadata_of(document) for document in documents}
        yield Compared(old, documents, changes(before, now, skipped))
    finally:
        if old:
            old.close()


def keep_others(
    index: Path, folders: Sequence[Path], documents: Sequence[Document], old: Index | None
) -> None:
    """See to it that no document goes out of the index because its folder is not named.

    A folder that was moved or renamed loses none; of an index that cannot be read nothing is lost.

    Args:
        index: The folder of the index.
        folders: Those named now.
        documents: What is in them.
        old: The index, if its recipe is the one in force.

    Raises:
        IndexOfOthers: When one would.
    """
    before: tuple[Path, ...] = ()
    with suppress(IndexFault):
        before = generations.folders_of(index)
    now = [folder.resolve() for folder in folders]
    lost = [old for old in before if not any(old.resolve().is_relative_to(new) for new in now)]
    held = {document.sha256 for document in documents}
    moved = old is not None and all(document.sha256 in held for document in old.documents())
    if lost and not moved:
        raise IndexOfOthers(index, ", ".join(map(str, lost)))


def unchanged(documents: Sequence[Metadata], old: Index | None) -> dict[str, str]:
    """The documents whose passages are as before, one recipe given, though their names may differ.

    Returns:
        By the id of each, that of the same one in the old index.
    """
    known = {_content(item): item.id for item in old.documents()} if old else {}
    return {item.id: known[_content(item)] for item in documents if _content(item) in known}


def in_place(documents: Sequence[Metadata], old: Index | None) -> set[str]:
    """The ids of documents that are what the old index has under the same id."""
    known = {item.id: _content(item) for item in old.documents()} if old else {}
    return {item.id for item in documents if known.get(item.id) == _content(item)}


def _open(settings: Settings, wanted: Recipe) -> Index | None:
    """The index whose vectors can be carried over; None where it is of no use for that."""
    # Of another recipe, or damaged in whichever way: everything is embedded anew, which repairs it.
    with suppress(Exception):
        generation = generations.current(settings.index)
        return open_index(settings, wanted, generation) if generation else None
    return None


def _known_to(old: Index | None) -> Callable[[str], Document | None]:
    """What gives, of a document's id, the document as the index has it."""
    held = {document.id for document in old.documents()} if old else set()
    return lambda id: old.document(id) if old and id in held else None


def _content(document: Metadata) -> tuple[object, ...]:
    """All that passages depend on."""
    return document.is_markdown, document.title, document.sha256, document.body
