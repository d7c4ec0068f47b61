"""Passages with their vectors, as an index has them, and which of them answer a question.

The question's side of the encoder is tuned against these (``rag.training.question``): passages of
whole documents and of the public sets, cut and embedded as always, and each of their sentences.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.documents.files import parse, titled
from rag.documents.passages import embedding_text, split
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.text.sentences import sentences
from rag.training.rows import OwnWords, Row, WholeDocument, readable_title
from rag.training.written import paragraph_name

_TOKENS: int = Settings.model_fields["passage_tokens"].default
_SUFFIX = ".txt"


@dataclass(frozen=True, slots=True)
class Bank:
    """Passages of many documents.

    Attributes:
        passages: Their unit vectors, shape (passages, dimensions).
        sentences: Those of all their sentences, shape (sentences, dimensions).
        owner: The passage of each sentence, shape (sentences,); ascending.
        spans: Of each passage its document, and where it begins and ends there.
    """

    passages: Vectors
    sentences: Vectors
    owner: NDArray[np.int64]
    spans: Sequence[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the passages that hold the beginning of an answer, by number."""

    question: str
    answering: tuple[int, ...]


def bank(documents: Iterable[WholeDocument], encoder: Encoder) -> Bank:
    """Cut and embed documents; a passage without a word is none here."""
    texts: list[str] = []
    within: list[str] = []
    owner: list[int] = []
    spans: list[tuple[str, int, int]] = []
    for whole in documents:
        document = parse(titled(whole.title, whole.text).encode(), whole.document + _SUFFIX)
        for passage in split(document, _TOKENS, encoder.pieces):
            text = embedding_text(document.title, passage, encoder.pieces)
            if text:
                own = [passage.text[start:end] for start, end in sentences(passage.text)]
                owner += [len(texts)] * len(own)
                within += own
                texts.append(text)
                spans.append((whole.document, passage.start, passage.end))
    vectors = encoder.encode([*texts, *within])
    return Bank(
        vectors[: len(texts)], vectors[len(texts) :], np.array(owner, dtype=np.int64), spans
    )


def paragraphs(rows: Iterable[Row], whole: Iterable[WholeDocument]) -> Iterator[WholeDocument]:
    """What rows are about that is in none of the whole documents: each paragraph as a document."""
    known = {each.document for each in whole}
    seen = set()
    for row in rows:
        name = paragraph_name(row.context)
        if not (isinstance(row, OwnWords) and row.document in known) and name not in seen:
            seen.add(name)
            yield WholeDocument(
                document=name, title=readable_title(row.title), text=row.context, source=row.source
            )


def asked(rows: Iterable[Row], whole: Iterable[WholeDocument], bank: Bank) -> list[Asked]:
    """The rows' questions, those whose answer begins in a passage of the bank."""
    texts = {each.document: each.text for each in whole}
    of_document: Mapping[str, list[int]] = defaultdict(list)
    for number, (name, _, _) in enumerate(bank.spans):
        of_document[name].append(number)
    found = []
    for row in rows:
        if isinstance(row, OwnWords) and row.document in texts:
            name, base = row.document, texts[row.document].find(row.context)
        else:
            name, base = paragraph_name(row.context), 0
        places = [base + answer.start for answer in row.answers]
        answering = tuple(
            number
            for number in of_document.get(name, ())
            if any(bank.spans[number][1] <= place < bank.spans[number][2] for place in places)
        )
        if answering and base >= 0:
            found.append(Asked(row.question, answering))
    return found
