"""Engines that keep passages, each as it really is, for tests of what all of them keep to."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from eval.store_server import StoreServer, is_installed, store_server
from rag.index import generations
from rag.index.manifest import Manifest, Recipe
from rag.index.parts import Parts, write
from rag.index.rows import Rows
from rag.index.store import engines
from rag.index.store.contract import Store
from rag.index.store.ledger import Ledger
from rag.index.store.opening import open_store
from rag.records import Metadata, Passage
from rag.text.encoder import Vectors
from rag.text.sentences import Span

EMBEDDED, CHROMA, MILVUS = "embedded", engines.CHROMA, engines.MILVUS
SERVERS = (CHROMA, MILVUS)


@contextmanager
def serving(engine: str, folder: Path, port: int = 0) -> Iterator[StoreServer]:
    """As ``store_server``; skip where it is not installed."""
    if not is_installed(engine):
        pytest.skip(f"the server of {engine} is not installed; it comes with steward[{engine}]")
    with store_server(engine, folder, port) as server:
        yield server


@contextmanager
def opened(
    url: str | None,
    index: Path,
    passages: Sequence[Passage],
    vectors: Vectors,
    sentence_vectors: Sequence[Vectors],
    spans: Sequence[Sequence[Span]],
) -> Iterator[Store]:
    """Write passages as an ingest does, all at once, and lend them as a reader sees them."""
    texts = [passage.text for passage in passages]
    counts = [(id, len([*own])) for id, own in groupby(each.document_id for each in passages)]
    documents = tuple(_document(id) for id, _ in counts)
    recipe = Recipe(1, "by hand", 200, "by hand")
    numbers = tuple(count for _, count in counts)
    manifest = Manifest(recipe, "float32", ("/documents",), documents, numbers, ())
    generation = generations.create(index)
    holds = {id: (generation.name, count) for id, count in counts}
    ledger = Ledger(generations.collection_name(generation), holds) if url else None
    parts = Parts(passages, texts, vectors, sentence_vectors, spans, ledger=ledger)
    write(generation, url, parts)
    store, _ = open_store(generation, url, Rows(manifest))
    with closing(store):
        yield store


def _document(id: str) -> Metadata:
    return Metadata(id=id, title=id, source=f"{id}.txt", sha256="", length=0, body=(0, 0))
