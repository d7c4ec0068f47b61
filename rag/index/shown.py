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
from rag.index.reading import Index
from rag.index.rows import Rows
from rag.index.spelling import Speller
from rag.index.store.shown import ShownStore
from rag.records import Metadata, passage_id

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
        self._rows = Rows(self.manifest)
        self.passage_ids = self._rows.ids
        self._documents = {document.id: document for document in documents}
        titles = {
            passage_id(each.id, at): each.title for each in documents for at in range(counts[each])
        }
        texts = [
            embedding_text(titles[each.id], each, pieces)
            for each in whole.store.passages(self.passage_ids)
        ]
        lexical = Lexical.build(texts or [""])
        self.lexical = lexical
        self.speller = Speller(lexical.vocabulary)
        self.store = ShownStore(whole.store, self._rows, lexical, self._documents)

    def close(self) -> None:
        """Nothing: the whole stays its owner's."""
