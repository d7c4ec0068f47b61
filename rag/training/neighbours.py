"""The passages that Steward itself finds for an own-words question and that do not answer it.

The reader meets such passages in use: alike in subject, often of the same document. All training
documents are put into one index, cut and searched as always; a question about a paragraph of a
public set is asked of other paragraphs of its article.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from rag.documents.files import titled
from rag.index.building import ingest
from rag.index.reading import Index, reading
from rag.records import Hit
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.training.rows import OwnWords, Record, Row, WholeDocument, key, letters

_NEAR = 8
_LINE = 40  # characters; a shorter line may stand in two passages by chance
_PARAGRAPHS = 8  # of an article, beside those that own-words questions are about


class Neighbour(Record):
    """A passage that was found for a question and does not answer it."""

    title: str
    headings: tuple[str, ...]
    text: str


Neighbours = Mapping[str, Sequence[Neighbour]]
"""By a row's key, its neighbours, nearest first."""

_FILE = TypeAdapter(dict[str, list[Neighbour]])


def neighbours(
    rows: Sequence[OwnWords], documents: Sequence[WholeDocument], kept: Path
) -> Neighbours:
    """The neighbours of every row whose document is there.

    Args:
        rows: The own-words rows to train on.
        documents: The documents to search, ``articles`` among them.
        kept: A file to keep them in; where there is one, they are read from it.

    Raises:
        What ``ingest`` raises.
    """
    if not kept.exists():
        found = _search(rows, documents)
        new = kept.with_suffix(".new")
        new.write_bytes(_FILE.dump_json(found))
        os.replace(new, kept)
    return _FILE.validate_json(kept.read_bytes())


def articles(public: Sequence[Row], rows: Sequence[OwnWords]) -> Iterator[WholeDocument]:
    """Of the articles that own-words rows are about some other paragraphs, as documents."""
    about = {row.document for row in rows}
    taken = {letters(row.context) for row in rows}
    paragraphs: dict[str, list[str]] = defaultdict(list)
    for row in public:
        if row.title and row.title in about and letters(row.context) not in taken:
            taken.add(letters(row.context))
            if len(paragraphs[row.title]) < _PARAGRAPHS:
                paragraphs[row.title].append(row.context)
    for title, texts in paragraphs.items():
        yield WholeDocument(document=title, title=title, text="\n\n".join(texts), source="")


def _search(
    rows: Sequence[OwnWords], documents: Sequence[WholeDocument]
) -> dict[str, list[Neighbour]]:
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
        vectors = Encoder().encode_questions([row.question for row in searched])
        with reading(settings) as index:
            return {
                key(row): _of_row(index, vector, row, sources[row.document])
                for row, vector in zip(searched, vectors, strict=True)
            }


def _of_row(index: Index, vector: Vectors, row: OwnWords, source: str) -> list[Neighbour]:
    hits = retrieve(index, Query(row.question), vector, 2 * _NEAR)
    found = (
        Neighbour(
            title=index.metadata(hit.passage.document_id).title,
            headings=hit.passage.headings,
            text=hit.passage.text,
        )
        for hit in hits
        if not _may_answer(hit, row, index.metadata(hit.passage.document_id).source == source)
    )
    return [each for each, _ in zip(found, range(_NEAR), strict=False)]


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
