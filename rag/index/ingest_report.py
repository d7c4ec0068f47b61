"""What comes of an ingest, or would, as records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.records import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an ingest changes.

    Attributes:
        documents: How many there are then.
        added: Sources that were not in the index before; likewise ``changed`` and ``removed``.
        skipped: What is left out, each with why: files, by their sources, and fields of front
            matter, as "date of notes/a.md".
    """

    documents: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def any(self) -> bool:
        """Whether a document is another than before."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport(Changes):
    """What an ingest did.

    Attributes:
        passages: Passages in the index now.
        embedded: How many of them were embedded by this ingest; the others were carried over.
        seconds: Wall-clock time.
    """

    passages: int
    embedded: int
    seconds: float


def changes(
    before: Mapping[str, Metadata],
    now: Mapping[str, Metadata],
    skipped: Sequence[tuple[str, str]],
) -> Changes:
    """What changes from some documents to others, both by their ids."""
    return Changes(
        documents=len(now),
        added=tuple(new.source for id, new in now.items() if id not in before),
        changed=tuple(new.source for id, new in now.items() if id in before and before[id] != new),
        removed=tuple(gone.source for id, gone in before.items() if id not in now),
        skipped=tuple(skipped),
    )
