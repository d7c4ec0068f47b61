"""Engines that keep passages, each as it really is, for tests of what all of them keep to."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

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
_COMMANDS = {
    CHROMA: ("chroma", "run", "--path"),
    MILVUS: ("milvus-lite", "server", "--data-dir"),  # on all addresses, unless told otherwise
}
_BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        url: As ``store_url`` has it.
        process: To be killed.
    """

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving(engine: str, folder: Path, port: int = 0) -> Iterator[Server]:
    """Run an engine's real server on this machine until the block ends; skip where it is not.

    Args:
        engine: One of ``SERVERS``.
        folder: Where it keeps its data.
        port: Where it listens; a free one where it is 0.
    """
    command, *options = _COMMANDS[engine]
    if not (_BIN / command).exists():
        pytest.skip(f"{command} is not installed; it comes with steward[{engine}]")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also just after another
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [_BIN / command, *options, folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            assert process.poll() is None, f"the server of {engine} ended"
            time.sleep(0.1)
        yield Server(f"{engine}+http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.wait()


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
