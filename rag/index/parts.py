"""What an index is made of, written to its folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.index import generations
from rag.index.lexical import Lexical
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store.chroma import Collection, only_read
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
    """

    passages: Sequence[Passage]
    texts: Sequence[str]
    vectors: Vectors
    sentence_vectors: Sequence[Vectors]
    spans: Sequence[Sequence[Span]]


def write(
    generation: Path,
    chroma_url: str | None,
    parts: Parts,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the parts to the folder of a generation; errors are those of each part."""
    name = generations.collection_name(generation)
    with Collection(generation / generations.CHROMA, chroma_url, name, create=True) as store:
        store.add(parts.passages, parts.vectors, progress)
    if not chroma_url:
        only_read(generation / generations.CHROMA)
    Lexical.build(parts.texts).save(generation / generations.LEXICAL)
    SentenceVectors.save(generation / generations.SENTENCES, parts.sentence_vectors, parts.spans)
