"""Vectors and passages in Chroma: in the process by default, or on a Chroma server.

In the process a collection is written once, whole, and only read afterwards (see
``rag.index.generations`` for why; on a server, ``rag.index.store.ledger``). Facts of Chroma 1.5.9
that shape this: ``embedding_function=None`` everywhere, or it attaches one that downloads;
explicit settings, or it reads ``./.env``; a large ``get`` must be paged; at
100,000 vectors the default ``ef_search`` misses neighbours, where 400 finds .999 of them in 1 ms
more; and whoever opens a store writes a row into its ``acquire_write``, which a full disk does not
take and by which no file stays what it was, so ``only_read`` has SQLite drop that row.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings as ChromaSettings

from rag.index.store.fields import fields, passage
from rag.records import Passage
from rag.text.encoder import DIMENSIONS, Vectors

_CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {
        "space": "cosine",
        "ef_construction": 200,
        "ef_search": 400,
        # The graph is on the disk after every page; of fewer than 1,000 vectors it is else made
        # anew, and written, by each that opens the store.
        "batch_size": 1,
        "sync_threshold": 1,
    }
}
_PAGE = 1000
_DATABASE = "chroma.sqlite3"
_NO_LOCK = "CREATE TRIGGER no_lock BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END"


class Collection:
    """One collection of passages.

    Args:
        folder: Where an embedded store keeps its files.
        url: A Chroma server's address; the folder is then not used.
        name: The collection's name.
        create: Whether to make it where it is not there; otherwise it must be.

    Raises:
        httpx.TransportError: Here and in every method, when the server does not answer.
        chromadb.errors.NotFoundError: When the collection should be there and is not.
        OSError: When the folder cannot be written and there is no room for a copy of the database.
    """

    def __init__(self, folder: Path, url: str | None, name: str, *, create: bool = False) -> None:
        settings = ChromaSettings(
            _env_file=None,  # type: ignore[call-arg]  # of pydantic-settings
            anonymized_telemetry=False,
        )
        with ExitStack() as opened:
            if not (url or create):
                folder = opened.enter_context(_writable(folder))
            self._client: Any = (
                _server(url, settings) if url else chromadb.PersistentClient(folder, settings)
            )
            opened.callback(_let_go, self._client)
            if create:
                self._collection = self._client.get_or_create_collection(
                    name, configuration=_CONFIGURATION, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(name, embedding_function=None)
            self._opened = opened.pop_all()
        self.name = name

    def __len__(self) -> int:
        return int(self._collection.count())

    def add(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        progress: Callable[[int, int], None] | None = None,
        keys: Sequence[str] | None = None,
    ) -> None:
        """Add passages and their unit vectors, shape (len(passages), dimensions).

        In what follows "id" means their ``keys``, where these are given.
        """
        ids = keys or [each.id for each in passages]
        for start in range(0, len(passages), _PAGE):
            page = passages[start : start + _PAGE]
            self._collection.add(
                ids=list(ids[start : start + _PAGE]),
                embeddings=vectors[start : start + _PAGE],
                documents=[each.text for each in page],
                metadatas=[fields(each) for each in page],
            )
            if progress:
                progress(start + len(page), len(passages))

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Passage ids and cosines of the nearest passages, nearest first, ties by id."""
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1), n_results=count, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        pairs = [(id, 1.0 - float(far)) for id, far in zip(found["ids"][0], distances, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages of these ids, in their order; KeyError for one that is not there."""
        found: dict[str, Passage] = {}
        for start in range(0, len(ids), _PAGE):
            page = self._collection.get(
                ids=list(ids[start : start + _PAGE]), include=["documents", "metadatas"]
            )
            texts, metadatas = page["documents"] or [], page["metadatas"] or []
            for id, text, metadata in zip(page["ids"], texts, metadatas, strict=True):
                found[id] = passage(text, metadata)
        return [found[id] for id in ids]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """The vectors of these ids, in their order; KeyError for one that is not there."""
        found: dict[str, Any] = {}
        for start in range(0, len(ids), _PAGE):
            page = self._collection.get(
                ids=list(ids[start : start + _PAGE]), include=["embeddings"]
            )
            vectors: Any = page["embeddings"]
            found |= zip(page["ids"], vectors, strict=True)
        return np.array([found[id] for id in ids], dtype=np.float32)

    def remove(self, ids: Sequence[str]) -> None:
        """Delete passages, as far as they are there."""
        for start in range(0, len(ids), _PAGE):
            self._collection.delete(ids=list(ids[start : start + _PAGE]))

    def delete(self) -> None:
        """Delete the collection; the store is of no use afterwards."""
        self._client.delete_collection(self.name)

    def close(self) -> None:
        """Let go of files and memory; no other call may be under way."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def only_read(folder: Path) -> None:
    """Let a store that is written and closed be opened without a byte of it changing.

    Raises:
        OSError: When it cannot be written.
    """
    try:
        with closing(sqlite3.connect(folder / _DATABASE)) as database, database:
            database.execute(_NO_LOCK)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def nowhere(passage_id: str) -> Vectors:
    """A unit vector near to no other, shape (dimensions,), for a passage without a word.

    Hundreds of equal vectors, as of a long line of dashes, make Chroma's graph miss the others.
    """
    vector = np.random.default_rng(list(passage_id.encode())).standard_normal(DIMENSIONS)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


@contextmanager
def _writable(folder: Path) -> Iterator[Path]:
    """The folder of a store, or one like it whose database can be written.

    SQLite wants to lock the file for that row even if nothing comes of it. It refuses where the
    disk is mounted to be read only; the other files are well read there.
    """
    if os.access(folder / _DATABASE, os.W_OK) or not (folder / _DATABASE).exists():
        yield folder
        return
    with TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True) as copy:
        for path in folder.iterdir():
            if path.name == _DATABASE:
                shutil.copyfile(path, Path(copy) / path.name)
            else:
                (Path(copy) / path.name).symlink_to(path.resolve())
        yield Path(copy)


def _let_go(client: Any) -> None:
    client.close()
    for each in (client, client._admin_client):
        if hasattr(each._server, "_session"):
            each._server._session.close()  # an HttpClient's; 1.5.9 leaves it open


def _server(url: str, settings: ChromaSettings) -> Any:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or url,
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=settings,
        )
    except ValueError as error:  # 1.5.9's word for a server that is not there
        raise httpx.ConnectError(f"no Chroma server answers at {url}") from error
