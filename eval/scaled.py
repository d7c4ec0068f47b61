"""Passages by the hundred thousand, for ``eval.scale``.

They are made of real text, and most of their vectors are not: some paragraphs of a folder are
embedded, once; a passage is three of them in an order of its own, its vector the normalised mean of
theirs, the vectors of its sentences theirs. A question is the beginning of a paragraph, its vector
the paragraph's with noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.documents.files import read_folder
from rag.index.parts import Parts
from rag.records import Metadata, Passage
from rag.text.encoder import DIMENSIONS, Encoder, Vectors

PARAGRAPHS = 1000
"""Most that are embedded."""

PASSAGES = 20
"""Of a document."""

_JOINED = 3  # paragraphs in a passage
_LONGEST = 400  # characters of a paragraph
_ASKED = 50  # questions


@dataclass(frozen=True, slots=True)
class Made:
    """What an index is made of, and what it is asked.

    Attributes:
        parts: Passages and vectors.
        documents: Their documents.
        questions: Texts, each with its vector.
    """

    parts: Parts
    documents: tuple[Metadata, ...]
    questions: Sequence[tuple[str, Vectors]]


def paragraphs(folder: Path) -> list[str]:
    """Some paragraphs of the documents of a folder."""
    documents, _ = read_folder(folder)
    found = {
        part.strip()[:_LONGEST].rpartition(" ")[0]: None
        for document in documents
        for part in document.text.split("\n\n")
        if len(part.strip()) > 120
    }
    drawn = np.random.default_rng(19).permutation(len(found))[:PARAGRAPHS]
    texts = list(found)
    return [" ".join(texts[at].split()) for at in sorted(drawn)]


def embedded(texts: Sequence[str], cache: Path | None) -> Vectors:
    """Their vectors, shape (texts, dimensions), from a file where there is one."""
    if cache and cache.exists():
        return np.asarray(np.load(cache, allow_pickle=False))
    vectors = Encoder().encode(list(texts))
    if cache:
        np.save(cache, vectors)
    return vectors


def make(texts: Sequence[str], vectors: Vectors, size: int) -> Made:
    """So many passages of these texts and their vectors; one size, always the same."""
    random = np.random.default_rng(size)
    chosen = np.stack([random.permutation(len(texts))[:_JOINED] for _ in range(size)])
    means = vectors[chosen].mean(axis=1)
    means += random.standard_normal(means.shape).astype(np.float32) * 0.002  # none equals another
    means = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    passages, spans, lengths = [], [], [0] * (-(-size // PASSAGES))
    for row, own in enumerate(chosen):
        document, ordinal = divmod(row, PASSAGES)
        start, at, ends = lengths[document], 0, []
        for each in own:
            ends.append((at, at + len(texts[each])))
            at += len(texts[each]) + 1
        text = "\n".join(texts[each] for each in own) + "\n"
        lengths[document] += len(text)
        passages.append(Passage(f"{document:012x}", ordinal, start, start + len(text), text))
        spans.append(tuple(ends))
    documents = tuple(
        Metadata(
            id=f"{number:012x}",
            title=f"Document {number}",
            source=f"{number}.txt",
            sha256="",
            length=length,
            body=(0, length),
        )
        for number, length in enumerate(lengths)
    )
    asked = random.permutation(len(texts))[:_ASKED]
    noisy = vectors[asked] + random.standard_normal((_ASKED, DIMENSIONS)) * 0.02
    noisy = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)
    questions = [
        (" ".join(texts[at].split()[:9]), vector) for at, vector in zip(asked, noisy, strict=True)
    ]
    parts = Parts(passages, [p.text for p in passages], means, list(vectors[chosen]), spans)
    return Made(parts, documents, questions)
