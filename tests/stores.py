"""Engines that keep passages, each as it really is, for tests of what all of them keep to."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rag.index import generations
from rag.index.manifest import Manifest, Recipe
from rag.index.parts import Parts, write
from rag.index.rows import Rows
from rag.index.store.contract import Store
from rag.index.store.opening import open_store
from rag.records import Metadata, Passage
from rag.text.encoder import Vectors
from rag.text.sentences import Span

EMBEDDED, CHROMA = "embedded", "a Chroma server"
ENGINES = (EMBEDDED, CHROMA)


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that runs.

    Attributes:
        name: One of ``ENGINES``.
        url: Where it answers; None where it is in the process.
    """

    name: str
    url: str | None


@contextmanager
def opened(
    engine: Engine,
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
    write(generation, engine.url, Parts(passages, texts, vectors, sentence_vectors, spans))
    store, _ = open_store(generation, engine.url, Rows(manifest))
    with closing(store):
        yield store


def _document(id: str) -> Metadata:
    return Metadata(id=id, title=id, source=f"{id}.txt", sha256="", length=0, body=(0, 0))
