"""What an ingest would change, without changing anything."""

from collections.abc import Sequence
from pathlib import Path

from rag.index.ingest_report import Changes
from rag.index.previous import compared
from rag.index.reading import recipe
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
        settings: Of these ``index``, ``passage_tokens`` and ``store_url``.
        strict: Whether a file that cannot be read is an error.
        follow_links: Whether to read what links out of a folder lead to.
        encoding: Of text files that are not UTF-8.

    Raises:
        DocumentError: When a folder cannot be read, or nothing in it can, or the encoding is none.
    """
    folders = (folder,) if isinstance(folder, Path) else tuple(folder)
    with compared(
        folders,
        settings,
        recipe(settings),
        strict=strict,
        follow_links=follow_links,
        encoding=encoding,
    ) as found:
        return found.changes
