"""Records in Milvus: a passage is one record, with all that is known of it.

Needs ``steward[milvus]``. Facts of pymilvus 3.0.2 and milvus-lite 3.2.2 that shape this: Lite knows
no templates in filters, so ids are written out; its BM25 counts by segments, so it only finds (see
``rag.index.store.statistics``); its one analyzer for any language is ``standard``, so stems are
sent, with spaces between; a search gives at most 16,384 records. A reader asks for ``Strong``
consistency, since a generation must be seen whole on every node once it is current.
"""

import base64
import json
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc

from rag.index.store.contract import Sentences, StoreDamaged, StoreUnreachable
from rag.index.store.fields import fields
from rag.records import Passage
from rag.text.encoder import DIMENSIONS, Vectors
from rag.text.words import stems

_PAGE = 200  # records; with the vectors of their sentences some 3 MB, and gRPC takes 64 at most
MOST = 16_384
"""Records that a search gives at most."""

_SECONDS = 10  # of trying again, where it does not answer
_SELDOM = {"grpc.keepalive_time_ms": 600_000, "grpc.keepalive_permit_without_calls": False}
"""Of pings: a server hangs up on who sends them oftener than in five minutes, as pymilvus does."""
_GONE = (2, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
# Codes of an error that say so; 2 is pymilvus's own for a connection that is not made.
_RELEASED = 101  # what Lite says once it was started again; a cluster remembers what is loaded
_LONGEST = 65_535  # bytes of a text in Milvus


class Records:
    """A collection of Milvus.

    Args:
        url: Where it answers, as ``http://localhost:19530``.
        collection: Its name.

    Raises:
        StoreUnreachable: Here and in every method, when it does not answer or is not installed.
        StoreDamaged: In every method, when it cannot do what is asked.
    """

    def __init__(self, url: str, collection: str) -> None:
        self.collection = collection.replace("-", "_")  # which Milvus does not take
        with _asking():
            self._client = _client(url)

    def exists(self) -> bool:
        """Whether the collection is there."""
        with _asking():
            return bool(self._client.has_collection(self.collection, timeout=_SECONDS))

    def create(self) -> None:
        """Make the collection where it is not there."""
        if self.exists():
            return
        from pymilvus import DataType, Function, FunctionType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=256)
        schema.add_field("document_id", DataType.VARCHAR, max_length=128)
        for name in ("ordinal", "start", "end"):
            schema.add_field(name, DataType.INT64)
        schema.add_field("boilerplate", DataType.BOOL)
        for name in ("text", "headings"):
            schema.add_field(name, DataType.VARCHAR, max_length=_LONGEST)
        schema.add_field(
            "stems",
            DataType.VARCHAR,
            max_length=_LONGEST,
            enable_analyzer=True,
            analyzer_params={"type": "standard"},
        )
        schema.add_field("spans", DataType.ARRAY, element_type=DataType.INT32, max_capacity=4096)
        schema.add_field(
            "sentences",
            DataType.ARRAY,
            element_type=DataType.VARCHAR,
            max_capacity=2048,
            max_length=DIMENSIONS * 4,
        )
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=DIMENSIONS)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["stems"],
                output_field_names=["words"],
            )
        )
        indexes = self._client.prepare_index_params()
        indexes.add_index(
            "vector",
            index_type="HNSW",
            metric_type="COSINE",
            params={"M": 16, "efConstruction": 200},  # as rag.index.store.chroma has it
        )
        indexes.add_index(
            "words",
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": 1.2, "bm25_b": 0.75},
        )
        with _asking():
            self._client.create_collection(
                self.collection,
                schema=schema,
                index_params=indexes,
                consistency_level="Strong",
                timeout=_SECONDS,
            )

    def add(
        self,
        keys: Sequence[str],
        passages: Sequence[Passage],
        texts: Sequence[str],
        vectors: Vectors,
        sentences: Sequence[Sentences],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Add records; of each what BM25 sees is in ``texts``."""
        for start in range(0, len(keys), _PAGE):
            page = range(start, min(start + _PAGE, len(keys)))
            records = [
                {
                    "key": keys[at],
                    **fields(passages[at]),
                    "text": passages[at].text,
                    "stems": " ".join(stems(texts[at])),
                    "spans": [offset for span in sentences[at].spans for offset in span],
                    "sentences": [_written(vector) for vector in sentences[at].vectors],
                    "vector": vectors[at].tolist(),
                }
                for at in page
            ]
            with _asking():
                self._client.upsert(self.collection, records, timeout=_SECONDS)
            if progress:
                progress(page.stop, len(keys))
        with _asking():
            self._client.flush(self.collection, timeout=_SECONDS)

    def remove(self, keys: Sequence[str]) -> None:
        """Delete records, as far as they are there."""
        for start in range(0, len(keys), _PAGE):
            with _asking():
                page = list(keys[start : start + _PAGE])
                self._client.delete(self.collection, ids=page, timeout=_SECONDS)

    def drop(self) -> None:
        """Delete the collection."""
        with _asking():
            self._client.drop_collection(self.collection, timeout=_SECONDS)

    def get(self, keys: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Fields of the records of these keys, in order; KeyError for one that is not there."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(keys), _PAGE):
            page = list(keys[start : start + _PAGE])
            records = self._read("get", ids=page, output_fields=list(fields))
            found |= {record["key"]: record for record in records}
        return [found[key] for key in keys]

    def search(
        self,
        field: str,
        value: str | list[float],
        count: int,
        within: Collection[str] | None,
        fields: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """The records nearest to a vector, or best by words, with their ``distance``."""
        vector = not isinstance(value, str)
        params = {"ef": max(400, count)} if vector else {}
        found = self._read(
            "search",
            data=[value],
            anns_field=field,
            limit=count,
            filter="" if within is None else f"document_id in {_list(within)}",
            output_fields=list(fields),
            search_params={"metric_type": "COSINE" if vector else "BM25", "params": params},
        )
        return list(found[0])

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _read(self, method: str, **arguments: Any) -> Any:
        from pymilvus.exceptions import MilvusException

        read = getattr(self._client, method)
        with _asking():
            try:
                return read(self.collection, timeout=_SECONDS, **arguments)
            except MilvusException as error:
                if error.code != _RELEASED:
                    raise
            self._client.load_collection(self.collection, timeout=_SECONDS)
            return read(self.collection, timeout=_SECONDS, **arguments)


def _client(url: str) -> Any:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise StoreUnreachable(
            "pymilvus is not installed; it comes with steward[milvus]"
        ) from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs it raises, too
    return MilvusClient(uri=url, timeout=_SECONDS, grpc_options=_SELDOM)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn what pymilvus raises into what a store does."""
    try:
        from pymilvus.exceptions import MilvusException
    except ImportError:
        yield
        return
    try:
        yield
    except MilvusException as error:
        gone = error.code in _GONE
        raise (StoreUnreachable if gone else StoreDamaged)(str(error.message)) from error
    except (grpc.RpcError, ValueError) as error:
        raise StoreUnreachable(str(error)) from error


def _list(ids: Collection[str]) -> str:
    return json.dumps(sorted(ids), ensure_ascii=False)


def _written(vector: Vectors) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()
