"""The passages that Steward itself finds for an own-words question and that do not answer it.

The reader meets such passages in use: alike in subject, often of the same document. All training
documents are put into one index, cut and searched as always.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rag.documents.files import titled
from rag.index.building import ingest
from rag.index.reading import Index, reading
from rag.records import Hit
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.training.rows import OwnWords, WholeDocument, key

Neighbours = Mapping[str, Sequence[tuple[str, str]]]
"""By a row's key, titles and texts of passages that do not answer its question, nearest first."""

_NEAR = 8
_LINE = 40  # characters; a shorter line may stand in two passages by chance


def neighbours(
    rows: Sequence[OwnWords], documents: Sequence[WholeDocument], kept: Path
) -> Neighbours:
    """The neighbours of every row whose whole document is there.

    Args:
        rows: The own-words rows to train on.
        documents: The documents to search.
        kept: A file to keep them in; where there is one, they are read from it.

    Raises:
        What ``ingest`` raises.
    """
    if not kept.exists():
        found = _search(rows, documents)
        new = kept.with_suffix(".new")
        new.write_text(json.dumps(found), encoding="utf-8")
        os.replace(new, kept)
    read: Neighbours = json.loads(kept.read_text(encoding="utf-8"))
    return read


def _search(
    rows: Sequence[OwnWords], documents: Sequence[WholeDocument]
) -> dict[str, list[tuple[str, str]]]:
    with TemporaryDirectory(prefix="steward-") as name:
        folder = Path(name) / "documents"
        folder.mkdir()
        sources = {}
        for number, document in enumerate(documents):
            sources[document.document] = source = f"{number:05}.txt"
            (folder / source).write_bytes(titled(document.title, document.text).encode())
        settings = Settings(index=Path(name) / "index")
        ingest(folder, settings)
        searched = [row for row in rows if row.document in sources]
        vectors = Encoder().encode([row.question for row in searched])
        with reading(settings) as index:
            return {
                key(row): _of_row(index, vector, row, sources[row.document])
                for row, vector in zip(searched, vectors, strict=True)
            }


def _of_row(index: Index, vector: Vectors, row: OwnWords, source: str) -> list[tuple[str, str]]:
    hits = retrieve(index, Query(row.question), vector, 2 * _NEAR)
    titled = (
        (index.metadata(hit.passage.document_id).title, hit.passage.text)
        for hit in hits
        if not _may_answer(hit, row, index.metadata(hit.passage.document_id).source == source)
    )
    return [each for each, _ in zip(titled, range(_NEAR), strict=False)]


def _may_answer(hit: Hit, row: OwnWords, same_document: bool) -> bool:
    """Whether the passage shares text with the row's own, or says the answer in its words."""
    text = hit.passage.text
    if same_document and (text.strip() in row.context or row.context.strip() in text):
        return True
    shared = any(
        sentence.strip() in row.context for sentence in text.split("\n") if len(sentence) > _LINE
    )
    folded = " ".join(text.casefold().split())
    return (same_document and shared) or any(
        " ".join(answer.text.casefold().split()) in folded for answer in row.answers
    )
