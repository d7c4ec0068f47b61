"""What of a generation is on a server, deleted."""

from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from chromadb.errors import NotFoundError

from rag.index import generations
from rag.index.store import engines
from rag.index.store.chroma import Collection
from rag.index.store.ledger import Ledger, ledgers, unread


def sweep(url: str, generation: Path, others: Sequence[Path]) -> bool:
    """Delete the records that a generation alone holds.

    Args:
        url: The server.
        generation: Its folder.
        others: The folders of all other generations.

    Returns:
        Whether it is done; not as long as it is read.

    Raises:
        StoreUnreachable, httpx.TransportError: When the server does not answer.
        StoreDamaged, chromadb.errors.ChromaError: When it does not delete them.
    """
    with unread(generation) as alone:
        if alone:
            # Until ledgers there was a collection for each generation.
            own = Ledger(generations.collection_name(generation), {})
            with suppress(OSError, ValueError):
                own = Ledger.read(generation)
            kept = [each for each in ledgers(others) if each.collection == own.collection]
            _remove(url, own.collection, sorted(own.besides(kept).keys()) if kept else None)
        return alone


def _remove(url: str, name: str, keys: Sequence[str] | None) -> None:
    """Delete records of a collection, or, where it is None, all of it."""
    engine, address = engines.told(url)
    if engine == engines.CHROMA:
        with suppress(NotFoundError), Collection(Path(), address, name) as collection:
            if keys is None:
                collection.delete()
            else:
                collection.remove(keys)
        return
    from rag.index.store.milvus_records import Records

    assert address
    with closing(Records(address, name)) as records:
        if not records.exists():
            return
        if keys is None:
            records.drop()
        else:
            records.remove(keys)
