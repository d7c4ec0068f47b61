"""What an ingest would change, without changing anything."""

from collections.abc import Sequence
from pathlib import Path

from rag.documents.files import read_folder
from rag.index.ingest_report import Changes, changes
from rag.index.previous import known_to, open_previous
from rag.index.reading import metadata_of, recipe
from rag.settings import Settings


def preview(
    folder: Path | Sequence[Path],
    settings: Settings,
    *,
    strict: bool = False,
    follow_links: bool = False,
    encoding: str | None = None,
) -> Changes:
    """Read a folder, or several, and say what ``rag.index.building.ingest`` would make of it.

    Of an index that cannot be carried over, as one of another version, all documents are added.

    Args:
        folder: As of ``ingest``; likewise what follows.
        settings: Of these ``index``, ``passage_tokens`` and ``chroma_url``.
        strict: Whether a file that cannot be read is an error.
        follow_links: Whether to read what links out of a folder lead to.
        encoding: Of text files that are not UTF-8.

    Raises:
        DocumentError: When a folder cannot be read, or nothing in it can, or the encoding is none.
    """
    folders = (folder,) if isinstance(folder, Path) else tuple(folder)
    old = open_previous(settings, recipe(settings))
    try:
        documents, skipped = read_folder(
            *folders,
            strict=strict,
            follow_links=follow_links,
            encoding=encoding,
            before=known_to(old),
        )
        before = {document.id: document for document in old.documents()} if old else {}
        now = {document.id: metadata_of(document) for document in documents}
        return changes(before, now, skipped)
    finally:
        if old:
            old.close()
