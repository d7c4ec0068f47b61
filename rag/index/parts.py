"""What an index is made of, written to its folder, and to the server that keeps its passages."""

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rag.index import generations
from rag.index.lexical import Lexical
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store import engines
from rag.index.store.chroma import Collection as ChromaCollection
from rag.index.store.chroma import only_read
from rag.index.store.contract import Sentences
from rag.index.store.ledger import Ledger
from rag.index.store.statistics import Statistics
from rag.records import Passage
from rag.text.encoder import Vectors
from rag.text.sentences import Span


@dataclass(frozen=True, slots=True)
class Parts:
    """What a generation is made of, beside its manifest; each sequence has one item a passage.

    Attributes:
        passages: In the manifest's order.
        texts: What BM25 sees of them.
        vectors: Shape (passages, dimensions).
        sentence_vectors: Each of shape (its sentences, dimensions).
        spans: Of those sentences.
        kept: Rows whose records are on the server already; no vectors of these are needed.
        ledger: What the generation holds there; None where there is no server.
    """

    passages: Sequence[Passage]
    texts: Sequence[str]
    vectors: Vectors
    sentence_vectors: Sequence[Vectors]
    spans: Sequence[Sequence[Span]]
    kept: Collection[int] = ()
    ledger: Ledger | None = None


def write(
    generation: Path,
    url: str | None,
    parts: Parts,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the parts of a generation, a server's first; errors are those of each part."""
    engine, address = engines.told(url)
    if parts.ledger:
        parts.ledger.write(generation)
    if engine == engines.MILVUS:
        _to_milvus(address or "", parts, progress)
        Statistics.build(parts.texts).save(generation / generations.LEXICAL)
        return
    if engine == engines.CHROMA:
        _to_chroma_server(address or "", parts, progress)
    else:
        name, folder = generations.collection_name(generation), generation / generations.CHROMA
        with ChromaCollection(folder, None, name, create=True) as collection:
            collection.add(parts.passages, parts.vectors, progress)
        only_read(folder)
    Lexical.build(parts.texts).save(generation / generations.LEXICAL)
    SentenceVectors.save(generation / generations.SENTENCES, parts.sentence_vectors, parts.spans)


def _to_chroma_server(
    address: str, parts: Parts, progress: Callable[[int, int], None] | None
) -> None:
    rows, keys, name = _new(parts)
    with ChromaCollection(Path(), address, name, create=True) as collection:
        passages = [parts.passages[row] for row in rows]
        collection.add(passages, parts.vectors[rows], progress, keys)


def _to_milvus(address: str, parts: Parts, progress: Callable[[int, int], None] | None) -> None:
    from rag.index.store.milvus_records import Records

    rows, keys, name = _new(parts)
    with closing(Records(address, name)) as records:
        records.create()
        records.add(
            keys,
            [parts.passages[row] for row in rows],
            [parts.texts[row] for row in rows],
            parts.vectors[rows],
            [Sentences(tuple(parts.spans[row]), parts.sentence_vectors[row]) for row in rows],
            progress,
        )


def _new(parts: Parts) -> tuple[list[int], list[str], str]:
    """Rows to be written, the keys of their records, and the collection."""
    assert parts.ledger
    kept = {*parts.kept}
    rows = [row for row in range(len(parts.passages)) if row not in kept]
    keys = [parts.ledger.key(parts.passages[row].id) for row in rows]
    return rows, keys, parts.ledger.collection
