"""The engine that keeps a generation, opened."""

from contextlib import ExitStack
from pathlib import Path

from chromadb.errors import ChromaError

from rag.index import generations
from rag.index.lexical import Lexical
from rag.index.rows import Rows
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store import engines
from rag.index.store.beside import Beside, Collected
from rag.index.store.chroma import Collection
from rag.index.store.contract import Store, StoreDamaged, Terms
from rag.index.store.ledger import Ledger, Reading
from rag.index.store.served import Served
from rag.index.store.statistics import Statistics


def open_store(generation: Path, url: str | None, rows: Rows) -> tuple[Store, Terms]:
    """Open what a generation holds.

    Args:
        generation: Its folder.
        url: The server that keeps its passages, if any.
        rows: Their places.

    Raises:
        StoreDamaged: When parts are gone, or do not fit together.
        StoreUnreachable, httpx.TransportError: When the server does not answer.
        OSError: When it is read only, and there is no room for the copy that this needs.
    """
    engine, address = engines.told(url)
    with ExitStack() as opened:
        try:
            if engine == engines.MILVUS:
                return _milvus(generation, address, rows, opened)
            return _beside(generation, address, rows, opened)
        except (ChromaError, ValueError, KeyError) as error:
            raise StoreDamaged(str(error)) from error


def _beside(
    generation: Path, address: str | None, rows: Rows, opened: ExitStack
) -> tuple[Store, Terms]:
    try:
        lexical = Lexical.load(generation / generations.LEXICAL)
        sentence_vectors = SentenceVectors.load(generation / generations.SENTENCES)
        ledger, reading = _held(generation, opened) if address else (None, None)
    except OSError as error:
        raise StoreDamaged(str(error)) from error
    name = ledger.collection if ledger else generations.collection_name(generation)
    collection = Collection(generation / generations.CHROMA, address, name)
    opened.callback(collection.close)
    own: Collected = collection
    if ledger and reading:
        own = Served(collection, ledger, reading)
        if len(collection) < len(own):
            raise StoreDamaged("records are gone from the server")
    if len({len(part) for part in (own, lexical, sentence_vectors, rows.ids)}) > 1:
        raise StoreDamaged("its parts are of different sizes")
    opened.pop_all()
    return Beside(rows, own, lexical, sentence_vectors), lexical


def _milvus(
    generation: Path, address: str | None, rows: Rows, opened: ExitStack
) -> tuple[Store, Terms]:
    from rag.index.store.milvus import Milvus
    from rag.index.store.milvus_records import Records

    assert address
    try:
        ledger, reading = _held(generation, opened)
        statistics = Statistics.load(generation / generations.LEXICAL)
    except OSError as error:
        raise StoreDamaged(str(error)) from error
    records = Records(address, ledger.collection)
    opened.callback(records.close)
    if not records.exists():
        raise StoreDamaged("its collection is gone from the server")
    if len({ledger.held, len(statistics), len(rows.ids)}) > 1:
        raise StoreDamaged("its parts are of different sizes")
    opened.pop_all()
    return Milvus(records, ledger, rows, statistics, reading), statistics


def _held(generation: Path, opened: ExitStack) -> tuple[Ledger, Reading]:
    reading = Reading(generation)
    opened.callback(reading.close)
    return Ledger.read(generation), reading
