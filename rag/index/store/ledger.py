"""Which records on a server a generation holds.

On a server all generations of an index share one collection. A record is never changed: it bears
the generation that wrote it, and an ingest adds what is new. What a generation holds, its ledger
says, a file in its folder: so the pointer to the current folder makes all visible in one step, and
an ingest that was killed has written what no ledger of a readable generation names. A reader
holds its ledger's lock, and what only a ledger without readers names is swept.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.records import passage_id

LEDGER = "records.json"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a generation holds.

    Attributes:
        collection: Where its records are.
        documents: By id, the generation that wrote its passages, and how many they are.
    """

    collection: str
    documents: Mapping[str, tuple[str, int]]

    def key(self, passage_id: str) -> str:
        """The key of a passage's record; KeyError where it holds no such passage."""
        document, _, ordinal = passage_id.rpartition(":")
        wrote, count = self.documents[document]
        if not ordinal.isdecimal() or int(ordinal) >= count:
            raise KeyError(passage_id)
        return f"{passage_id}@{wrote}"

    def passage(self, key: str) -> str | None:
        """The id of a record's passage; None where the record is another generation's."""
        id, _, wrote = key.rpartition("@")
        holds = self.documents.get(id.rpartition(":")[0], ("", 0))
        return id if holds[0] == wrote else None

    @property
    def held(self) -> int:
        """How many passages it holds."""
        return sum(count for _, count in self.documents.values())

    def keys(self) -> set[str]:
        """The keys of all its records."""
        return {
            f"{passage_id(id, ordinal)}@{wrote}"
            for id, (wrote, count) in self.documents.items()
            for ordinal in range(count)
        }

    def besides(self, others: Iterable["Ledger"]) -> "Ledger":
        """What of it none of the others in its collection names."""
        named = {
            (id, wrote)
            for other in others
            if other.collection == self.collection
            for id, (wrote, _) in other.documents.items()
        }
        left = {id: held for id, held in self.documents.items() if (id, held[0]) not in named}
        return Ledger(self.collection, left)

    def write(self, generation: Path) -> None:
        """Write it into the folder of a generation, before any of the records it names."""
        said = json.dumps({"collection": self.collection, "documents": self.documents}, indent=1)
        (generation / LEDGER).write_text(said, encoding="utf-8")

    @classmethod
    def read(cls, generation: Path) -> "Ledger":
        """Read it; raises OSError or ValueError where there is none, or it is not whole."""
        said = json.loads((generation / LEDGER).read_text(encoding="utf-8"))
        try:
            documents = {id: (str(by), int(count)) for id, (by, count) in said["documents"].items()}
            return cls(str(said["collection"]), documents)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{LEDGER} is not whole") from error


class Reading:
    """The hold of a reader on a generation's records; raises OSError where it has no ledger."""

    def __init__(self, generation: Path) -> None:
        self._descriptor = os.open(generation / LEDGER, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go of it; the system does so when the process dies."""
        os.close(self._descriptor)


@contextmanager
def unread(generation: Path) -> Iterator[bool]:
    """Whether nobody reads a generation; as long as this lasts nobody begins to."""
    descriptor = None
    with suppress(FileNotFoundError):
        descriptor = os.open(generation / LEDGER, os.O_RDONLY)
    if descriptor is None:
        yield True
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except BlockingIOError:
        alone = False
    try:
        yield alone
    finally:
        os.close(descriptor)


def ledgers(generations: Collection[Path]) -> list[Ledger]:
    """Those of these generations that have one."""
    found = []
    for generation in generations:
        with suppress(OSError, ValueError):
            found.append(Ledger.read(generation))
    return found
