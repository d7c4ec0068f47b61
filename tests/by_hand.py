"""Parts of Steward whose every number the test gives, so that what must come out can be computed.

They stand in where what is tested is something else: an index for tests of retrieval and
extraction, an encoder and a reader for tests of what is made of their vectors and logits.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np

from rag.index import generations
from rag.index.checksums import files_of
from rag.index.lexical import Lexical
from rag.index.manifest import Manifest, Recipe
from rag.index.reading import Index
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store.chroma import Collection, only_read
from rag.quoting.reader import Reader, Reading
from rag.records import Metadata, Passage
from rag.text.encoder import DIMENSIONS, Encoder, Vectors
from rag.text.sentences import sentences


def write_index(
    folder: Path,
    documents: Mapping[str, Sequence[str]],
    vectors: Vectors,
    places: Sequence[tuple[int, str]] = (),
    lacking: str = "",
    boilerplate: Sequence[str] = (),
) -> tuple[Path, Manifest]:
    """Write an index, with a real Chroma and a real BM25, and make it current.

    Args:
        folder: Of the index.
        documents: By id, which is the title too, the texts of each one's passages.
        vectors: Of the passages one after another, shape (passages, dimensions); each is also that
            of every sentence of its passage.
        places: Of every document.
        lacking: The part that has one passage less than the others, by its name in a generation.
        boilerplate: Texts of the passages that lie outside the article.

    Returns:
        The generation and its manifest.
    """
    passages, metadata = [], []
    for id, texts in documents.items():
        start = 0
        for ordinal, text in enumerate(texts):
            outside = text in boilerplate
            passages.append(Passage(id, ordinal, start, start + len(text), text, (), outside))
            start += len(text)
        digest = sha256("".join(texts).encode()).hexdigest()
        metadata.append(
            Metadata(
                id=id,
                title=id,
                source=f"{id}.txt",
                sha256=digest,
                length=start,
                body=(0, start),
                places=tuple(places),
            )
        )

    def end(part: str) -> int:
        return len(passages) - (part == lacking)

    def counts() -> tuple[int, ...]:
        held = [len(texts) for texts in documents.values()]
        held[-1] -= lacking == "manifest"
        return tuple(held)

    with generations.writing(folder):
        generation = generations.create(folder)
        name = generations.collection_name(generation)
        with Collection(generation / generations.CHROMA, None, name, create=True) as store:
            store.add(passages[: end("chroma")], vectors[: end("chroma")])
        only_read(generation / generations.CHROMA)
        Lexical.build([passage.text for passage in passages[: end("lexical")]]).save(
            generation / generations.LEXICAL
        )
        spans = [sentences(passage.text) for passage in passages]
        SentenceVectors.save(
            generation / generations.SENTENCES,
            [
                np.repeat(vector[None], len(own), axis=0)
                for own, vector in zip(spans, vectors, strict=True)
            ][: end("sentences")],
            spans[: end("sentences")],
        )
        manifest = Manifest(
            Recipe(1, "by hand", 200, "by hand"),
            "float32",
            ("/documents",),
            tuple(metadata),
            counts(),
            files_of(generation),
        )
        manifest.write(generation)
        generations.publish(folder, generation)
    return generation, manifest


def index_of(
    folder: Path,
    documents: Mapping[str, Sequence[str]],
    vectors: Vectors,
    places: Sequence[tuple[int, str]] = (),
) -> Index:
    """Write an index, as above, and open it."""
    return Index(*write_index(folder, documents, vectors, places), None)


class EncoderByHand(Encoder):
    """Knows the vectors of a few texts, and no others."""

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._vectors = vectors

    def is_common(self, word: str) -> bool:
        return False

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions)


class ReaderByHand(Reader):
    """Holds a few phrases for answers, with the margin of each, whatever is asked."""

    def __init__(self, margins: Mapping[str, float]) -> None:
        self._margins = margins

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._reading(text) for _, text in passages]

    def _reading(self, text: str) -> Reading:
        offsets = np.array([word.span() for word in re.finditer(r"\w+", text)], dtype=np.int64)
        starts, ends = np.full((2, len(offsets)), -np.inf, dtype=np.float32)
        for phrase, margin in self._margins.items():
            at = text.find(phrase)
            if at >= 0:
                starts[offsets[:, 0] == at] = margin
                ends[offsets[:, 1] == at + len(phrase)] = 0.0
        return Reading(offsets.reshape(-1, 2), starts, ends)


class EncoderByWords(Encoder):
    """Gives each word an axis of its own, as far as there are enough, and a text their mean.

    Attributes:
        seen: Every text that it was given, in order.
    """

    dtype = "by words"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def pieces(self, text: str) -> int:
        return len(text.split()) + 2

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        self.seen += texts
        if progress:
            progress(len(texts), len(texts))
        return self.vectors(texts)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.vectors(questions)

    @staticmethod
    def vectors(texts: Sequence[str]) -> Vectors:
        """What it makes of them."""
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                found[row, crc32(word.encode()) % DIMENSIONS] += 1
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found
