"""The extractor given the one paragraph that a question was written for."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from rag.index.reading import Index, reading
from rag.quoting.confidence import SHIPPED, Weights
from rag.quoting.extraction import Extraction, extract
from rag.quoting.reader import Reader
from rag.records import Hit
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import search
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors


class ParagraphReader:
    """Reads questions in one document of an index at a time.

    The hits are those of the real retriever over the whole index, less the other documents', and
    with the document's passages that it did not return after them. So what depends on the
    collection (idf, its number of passages) is that of all paragraphs together.
    """

    def __init__(self, index: Index, encoder: Encoder, reader: Reader) -> None:
        self._index = index
        self._encoder = encoder
        self._reader = reader
        self._ids = {document.source: document.id for document in index.documents()}

    def read(self, question: str, source: str, weights: Weights = SHIPPED) -> Extraction:
        """What the document of this source holds on a question."""
        document = self._ids[source]

        def find(index: Index, query: Query, vector: Vectors) -> list[Hit]:
            everywhere = retrieve(index, query, vector, len(index.passage_ids))
            hits = [hit for hit in everywhere if hit.passage.document_id == document]
            return hits + self._missing(document, {hit.passage.id for hit in hits}, vector)

        question = " ".join(question.split())
        searched = search(self._index, self._encoder, question, find, spelling=False)
        return extract(self._index, self._reader, searched, weights)

    def _missing(self, document: str, known: Collection[str], vector: Vectors) -> list[Hit]:
        """The document's other passages, in its order."""
        own = [self._index.passage_ids[row] for row in self._index.rows_of([document])]
        ids = [id for id in own if id not in known]
        if not ids:
            return []
        similarities = (self._index.store.vectors(ids) @ vector).tolist()
        passages = self._index.store.passages(ids)
        return [
            Hit(passage, 0.0, similarity, None, None)
            for passage, similarity in zip(passages, similarities, strict=True)
        ]

    def text(self, source: str) -> str:
        """The document's text."""
        return self._index.document(self._ids[source]).text


@contextmanager
def paragraph_reader(settings: Settings) -> Iterator[ParagraphReader]:
    """A reader on the index that the settings name."""
    with reading(settings) as index:
        yield ParagraphReader(index, Encoder(), Reader())
