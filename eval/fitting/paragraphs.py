"""Paragraphs to a real index of theirs: embedded once, then put into as many indexes as need be."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console
from rich.progress import Progress

from eval.fitting.retrieval_set import Paragraph
from rag.documents.passages import embedding_text
from rag.index.manifest import Manifest
from rag.index.parts import Parts, write
from rag.index.reading import Index, recipe
from rag.records import Metadata, Passage
from rag.settings import Settings
from rag.text.encoder import FINGERPRINT, Encoder, Vectors
from rag.text.sentences import Span, sentences

STDERR = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Paragraphs, each one passage of a document of its own, with what is indexed of them.

    Attributes:
        texts: What is embedded and what BM25 sees: title and text.
        vectors: Shape (paragraphs, dimensions).
        of_sentences: For each paragraph, shape (its sentences, dimensions).
        spans: Of those sentences.
    """

    passages: tuple[Passage, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: Vectors
    of_sentences: tuple[Vectors, ...]
    spans: tuple[tuple[Span, ...], ...]


def document_id(place: int) -> str:
    """The id of the document that the paragraph at this place of the pool is."""
    return f"{place:012}"


def encode(encoder: Encoder, texts: Sequence[str], cache: Path | None) -> Vectors:
    """Embed texts; those that were embedded before, into the same cache folder, are found there.

    Returns:
        Unit vectors, shape (len(texts), dimensions).
    """
    file = cache / f"{FINGERPRINT} {encoder.dtype}.npz".replace(" ", "-") if cache else None
    known: dict[str, Vectors] = {}
    if file and file.exists():
        with np.load(file, allow_pickle=False) as kept:
            known = dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))
    names = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    fresh = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if fresh:
        with Progress(console=STDERR) as bar:
            task = bar.add_task("embedding", total=len(fresh))
            vectors = encoder.encode(
                list(fresh.values()), lambda done, all: bar.update(task, completed=done)
            )
        known |= zip(fresh, vectors, strict=True)
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(file, names=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[name] for name in names], dtype=np.float32)


def embed_paragraphs(
    encoder: Encoder, paragraphs: Sequence[Paragraph], cache: Path | None
) -> Embedded:
    """Embed paragraphs and their sentences as an ingest does, whole however long they are.

    Of a paragraph longer than the encoder reads, the passage's vector lacks the end.
    """
    passages = tuple(
        Passage(document_id(place), 0, 0, len(paragraph.text), paragraph.text)
        for place, paragraph in enumerate(paragraphs)
    )
    titles = tuple(paragraph.title for paragraph in paragraphs)
    texts = tuple(
        embedding_text(title, passage, encoder.pieces)
        for title, passage in zip(titles, passages, strict=True)
    )
    spans = tuple(sentences(passage.text) for passage in passages)
    cut = [
        passage.text[start:end]
        for passage, own in zip(passages, spans, strict=True)
        for start, end in own
    ]
    vectors = encode(encoder, [*texts, *cut], cache)
    ends = np.cumsum([len(own) for own in spans])[:-1]
    of_sentences = tuple(np.split(vectors[len(texts) :], ends))
    return Embedded(passages, titles, texts, vectors[: len(texts)], of_sentences, spans)


@contextmanager
def index_of(embedded: Embedded, places: Sequence[int]) -> Iterator[Index]:
    """A temporary index of the paragraphs at these places, in this order."""
    with TemporaryDirectory(prefix="steward-", ignore_cleanup_errors=True) as name:
        generation = Path(name) / "generations" / "fit"
        generation.mkdir(parents=True)
        parts = Parts(
            [embedded.passages[place] for place in places],
            [embedded.texts[place] for place in places],
            embedded.vectors[list(places)],
            [embedded.of_sentences[place] for place in places],
            [embedded.spans[place] for place in places],
        )
        write(generation, None, parts)
        documents = tuple(_metadata(embedded, place) for place in places)
        manifest = Manifest(recipe(Settings()), "", (name,), documents, (1,) * len(documents), ())
        index = Index(generation, manifest, None)
        try:
            yield index
        finally:
            index.close()


def _metadata(embedded: Embedded, place: int) -> Metadata:
    passage = embedded.passages[place]
    return Metadata(
        id=passage.document_id,
        title=embedded.titles[place],
        source=passage.document_id,
        sha256=hashlib.sha256(passage.text.encode()).hexdigest(),
        length=len(passage.text),
        body=(0, len(passage.text)),
    )
