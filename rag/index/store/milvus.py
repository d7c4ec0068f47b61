"""The passages of a generation in Milvus: found by its graph and its BM25, scored by our counts."""

import base64
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from rag.index.rows import Rows
from rag.index.store.contract import Asked, Sentences
from rag.index.store.fields import passage
from rag.index.store.ledger import Ledger, Reading
from rag.index.store.milvus_records import MOST, Records
from rag.index.store.statistics import Statistics
from rag.records import Passage
from rag.text.encoder import DIMENSIONS, Vectors
from rag.text.sentences import Span
from rag.text.words import stems

_FOUND = 4  # times as many candidates of the engine's BM25 as are wanted of ours
_TEXT = ("document_id", "ordinal", "start", "end", "text", "headings", "boilerplate")


class Milvus:
    """A ``Store`` of records in Milvus.

    Args:
        records: The collection.
        ledger: Which of its records the generation holds.
        rows: The places of its passages.
        statistics: How common its words are.
        reading: The hold on those records.
    """

    def __init__(
        self,
        records: Records,
        ledger: Ledger,
        rows: Rows,
        statistics: Statistics,
        reading: Reading,
    ) -> None:
        self._records = records
        self._ledger = ledger
        self._rows = rows
        self._statistics = statistics
        self._reading = reading

    def __len__(self) -> int:
        return len(self._rows.ids)

    def nearest(
        self, vector: Vectors, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """By Milvus's graph."""
        found = self._found("vector", vector.tolist(), count, within)
        pairs = [(id, float(each["distance"])) for id, each in found.items()]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:count]

    def lexical(
        self, asked: Asked, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Found by Milvus's BM25, and scored by the counts of all passages."""
        known: dict[str, list[str]] = {}
        for text, _ in asked:
            held = " ".join(stem for stem in stems(text) if self._statistics.holds(stem))
            if held:
                found = self._found("words", held, _FOUND * count, within, ["stems"])
                known |= {id: each["entity"]["stems"].split() for id, each in found.items()}
        scored = [(id, self._statistics.bm25(asked, own)) for id, own in known.items()]
        best = sorted(scored, key=lambda pair: (-pair[1], self._rows.row(pair[0])))
        return [pair for pair in best[:count] if pair[1] > 0]

    def bm25(self, asked: Asked, ids: Sequence[str]) -> list[float]:
        """Of their stems, as they were written."""
        records = self._get(ids, ["stems"])
        return [self._statistics.bm25(asked, each["stems"].split()) for each in records]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """As they were written."""
        return [passage(record["text"], record) for record in self._get(ids, _TEXT)]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """As they were written."""
        records = self._get(ids, ["vector"])
        return np.array([each["vector"] for each in records], np.float32).reshape(-1, DIMENSIONS)

    def sentences(self, ids: Sequence[str]) -> list[Sentences]:
        """As they were written, in half precision."""
        records = self._get(ids, ["spans", "sentences"])
        return [Sentences(_spans(each["spans"]), _read(each["sentences"])) for each in records]

    def close(self) -> None:
        """Let go of the connection, and of the records."""
        self._records.close()
        self._reading.close()

    def _get(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        return self._records.get([self._ledger.key(id) for id in ids], fields)

    def _found(
        self,
        field: str,
        value: str | list[float],
        count: int,
        within: Collection[str] | None,
        fields: Sequence[str] = (),
    ) -> dict[str, dict[str, Any]]:
        """At least ``count`` of the generation's records, or all that are found, by passage."""
        for id in within or ():
            self._rows.range(id)
        if within is not None and not within:
            return {}
        looked = min(count, MOST)
        while True:
            records = self._records.search(field, value, looked, within, fields)
            held = {own: each for each in records if (own := self._ledger.passage(each["key"]))}
            if len(held) >= count or len(records) < looked or looked == MOST:
                return held
            looked = min(2 * looked, MOST)


def _read(written: Sequence[str]) -> Vectors:
    joined = b"".join(map(base64.b64decode, written))
    return np.frombuffer(joined, "<f2").astype(np.float32).reshape(len(written), DIMENSIONS)


def _spans(offsets: Sequence[int]) -> tuple[Span, ...]:
    return tuple(zip(offsets[::2], offsets[1::2], strict=True))
