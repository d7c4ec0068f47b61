"""What comes of an ingest, as a record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did.

    Attributes:
        added: Sources that were not in the index before; likewise ``changed`` and ``removed``.
        skipped: What was left out, each with why: files, by their sources, and fields of front
            matter, as "date of notes/a.md".
        passages: Passages in the index now.
        embedded: How many of them were embedded by this ingest; the others were carried over.
        seconds: Wall-clock time.
    """

    documents: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    passages: int
    embedded: int
    seconds: float
