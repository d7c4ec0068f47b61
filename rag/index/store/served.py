"""Vectors and passages on a Chroma server, those of all generations in one collection."""

from collections.abc import Sequence

from rag.index.store.chroma import Collection
from rag.index.store.ledger import Ledger, Reading
from rag.records import Passage
from rag.text.encoder import Vectors


class Served:
    """What a generation holds of a collection.

    Args:
        collection: With the records of all generations.
        ledger: Those of this one.
        reading: The hold on it.
    """

    def __init__(self, collection: Collection, ledger: Ledger, reading: Reading) -> None:
        self._collection = collection
        self._ledger = ledger
        self._reading = reading

    def __len__(self) -> int:
        return self._ledger.held

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """As of a collection; what other generations hold is left out."""
        looked = count
        while True:
            found = self._collection.nearest(vector, looked)
            held = [(id, cosine) for key, cosine in found if (id := self._ledger.passage(key))]
            if len(held) >= count or len(found) < looked:
                return sorted(held, key=lambda pair: (-pair[1], pair[0]))[:count]
            looked *= 2

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """As of a collection."""
        return self._collection.passages([self._ledger.key(id) for id in ids])

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """As of a collection."""
        return self._collection.vectors([self._ledger.key(id) for id in ids])

    def close(self) -> None:
        """Let go of the connection, and of the records."""
        self._collection.close()
        self._reading.close()
