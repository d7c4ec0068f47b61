"""An index of which only some documents are shown: it is as if it held no others.

Not only are other documents not found: words that they alone hold are unknown, nothing is put right
to one of their words, and how rare a word is, how long passages are and how many there are is
counted in the shown ones alone. So no answer depends on a document that is not shown.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from rag.documents.passages import embedding_text
from rag.index.lexical import Lexical
from rag.index.manifest import Manifest
from rag.index.nearest import nearest_among
from rag.index.reading import Index
from rag.index.sentence_vectors import SentenceVectors
from rag.index.spelling import Speller
from rag.index.store import Store
from rag.records import Metadata, Passage, passage_id
from rag.text.encoder import Vectors
from rag.text.sentences import Span

_KEPT = 16
"""Parts of an index that are kept ready; a further one takes the place of the one asked longest
ago."""


def shown_to(known: Sequence[Metadata], tags: frozenset[str]) -> list[Metadata]:
    """The documents that bear one of these tags, which are in lower case; in the order given."""
    return [each for each in known if tags & {tag.casefold() for tag in each.tags}]


class Shown:
    """Makes and keeps the parts of an index that are shown to whom not all of it is.

    Args:
        pieces: Counts the encoder's word pieces.
    """

    def __init__(self, pieces: Callable[[str], int]) -> None:
        self._pieces = pieces
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, ...], _Making] = OrderedDict()
        self._of: Index | None = None

    def part(self, index: Index, tags: frozenset[str]) -> Index:
        """What is left of an index where the documents of these tags are shown.

        The first time it is made of the texts, which takes the longer the more there are.
        """
        shown = tuple(each.id for each in shown_to(index.documents(), tags))
        if len(shown) == len(index.documents()):
            return index
        with self._lock:
            if self._of is not index:
                self._of = index
                self._made.clear()
            making = self._made.setdefault(shown, _Making())
            self._made.move_to_end(shown)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        with making.lock:
            if making.part is None:
                making.part = ShownIndex(index, shown, self._pieces)
            return making.part


class _Making:
    """A part, or that it is being made."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.part: Index | None = None


class ShownIndex(Index):
    """A part of an index, which has to stay open as long as this is used.

    Args:
        whole: All of it.
        shown: Ids of the documents that are shown.
        pieces: Counts the encoder's word pieces.
    """

    def __init__(self, whole: Index, shown: Sequence[str], pieces: Callable[[str], int]) -> None:
        counts = dict(zip(whole.manifest.documents, whole.manifest.passage_counts, strict=True))
        documents = tuple(each for each in counts if each.id in {*shown})
        self.generation = whole.generation
        self.manifest = Manifest(
            recipe=whole.manifest.recipe,
            dtype=whole.manifest.dtype,
            folders=whole.manifest.folders,
            documents=documents,
            passage_counts=tuple(counts[each] for each in documents),
            files=(),
        )
        self.passage_ids = self.manifest.passage_ids()
        self._rows = {id: row for row, id in enumerate(self.passage_ids)}
        self._documents = {document.id: document for document in documents}
        self._counts = {document.id: counts[document] for document in documents}
        self.store = _Passages(whole.store, self.passage_ids)
        self.sentence_vectors = _Sentences(whole, self.passage_ids)
        titles = {
            passage_id(each.id, at): each.title for each in documents for at in range(counts[each])
        }
        texts = [
            embedding_text(titles[each.id], each, pieces)
            for each in self.store.passages(self.passage_ids)
        ]
        self.lexical = Lexical.build(texts or [""])
        self.speller = Speller(self.lexical.vocabulary)

    def close(self) -> None:
        """Nothing: the whole stays its owner's."""


class _Passages(Store):
    """The passages that are shown."""

    def __init__(self, whole: Store, ids: Sequence[str]) -> None:
        self._whole = whole
        self._ids = ids
        self._shown = frozenset(ids)
        self.name = whole.name

    def __len__(self) -> int:
        return len(self._ids)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        return nearest_among(self._whole, self._ids, vector, count)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return self._whole.passages(self._checked(ids))

    def vectors(self, ids: Sequence[str]) -> Vectors:
        return self._whole.vectors(self._checked(ids))

    def _checked(self, ids: Sequence[str]) -> Sequence[str]:
        for id in ids:
            if id not in self._shown:
                raise KeyError(id)
        return ids


class _Sentences(SentenceVectors):
    """Their sentences."""

    def __init__(self, whole: Index, ids: Sequence[str]) -> None:
        self._whole = whole.sentence_vectors
        self._at = [whole.row(id) for id in ids]

    def of(self, row: int) -> Vectors:
        return self._whole.of(self._at[row])

    def spans(self, row: int) -> tuple[Span, ...]:
        return self._whole.spans(self._at[row])

    def __len__(self) -> int:
        return len(self._at)
