"""The engine that keeps a generation, opened."""

from pathlib import Path

from chromadb.errors import ChromaError

from rag.index import generations
from rag.index.lexical import Lexical
from rag.index.rows import Rows
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store.beside import Beside
from rag.index.store.chroma import Collection
from rag.index.store.contract import Store, StoreDamaged, Terms


def open_store(generation: Path, chroma_url: str | None, rows: Rows) -> tuple[Store, Terms]:
    """Open what a generation holds.

    Args:
        generation: Its folder.
        chroma_url: The Chroma server that keeps its vectors, if any.
        rows: The places of its passages.

    Raises:
        StoreDamaged: When parts are gone, or do not fit together.
        httpx.TransportError: When the Chroma server does not answer.
        OSError: When it is read only, and there is no room for the copy that this needs.
    """
    try:
        lexical = Lexical.load(generation / generations.LEXICAL)
        sentence_vectors = SentenceVectors.load(generation / generations.SENTENCES)
    except (OSError, ValueError, KeyError) as error:
        raise StoreDamaged(str(error)) from error
    try:
        name = generations.collection_name(generation)
        collection = Collection(generation / generations.CHROMA, chroma_url, name)
        sizes = {len(part) for part in (collection, lexical, sentence_vectors, rows.ids)}
    except ChromaError as error:
        raise StoreDamaged(str(error)) from error
    if len(sizes) > 1:
        collection.close()
        raise StoreDamaged("its parts are of different sizes")
    return Beside(rows, collection, lexical, sentence_vectors), lexical
