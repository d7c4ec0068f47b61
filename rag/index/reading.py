"""Reading an index: one generation at a time, and following the pointer from one to the next."""

import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
from chromadb.errors import InternalError

from rag.errors import (
    IndexDamaged,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
    UnknownDocument,
)
from rag.index import generations
from rag.index.checksums import damage
from rag.index.manifest import Manifest, Recipe
from rag.index.rows import Rows
from rag.index.spelling import Speller
from rag.index.store.contract import StoreDamaged, StoreUnreachable
from rag.index.store.opening import open_store
from rag.records import Document, Metadata
from rag.settings import Settings
from rag.text.encoder import FINGERPRINT
from rag.text.sentences import SEGMENTER

SCHEMA = 6  # raise it when passages, what is embedded of them, stems, store or manifest change


class Index:
    """A generation opened for reading; it never changes.

    Attributes:
        generation: Its folder.
        manifest: What it holds.
        passage_ids: All passages, in the order in which the other parts count them.
        store: The passages, with all by which they are found.
        lexical: How common their words are.
        speller: Knows them.

    Raises:
        IndexUnreachable: When the server that keeps it does not answer.
        IndexDamaged: When its parts are gone or do not fit together.
        IndexUnwritable: When it is read only, and there is no room for the copy that this needs.
    """

    def __init__(self, generation: Path, manifest: Manifest, store_url: str | None) -> None:
        self.generation = generation
        self.manifest = manifest
        self._rows = Rows(manifest)
        self.passage_ids = self._rows.ids
        self._documents = {document.id: document for document in manifest.documents}
        index = generation.parent.parent
        try:
            self.store, self.lexical = open_store(generation, store_url, self._rows)
        except StoreDamaged as error:
            raise IndexDamaged(index, str(error)) from error
        except (httpx.TransportError, StoreUnreachable) as error:
            raise IndexUnreachable(index, str(error)) from error
        except OSError as error:
            raise IndexUnwritable(index, f"nor copied: {error}") from error
        self.speller = Speller(self.lexical.vocabulary)

    def row(self, passage_id: str) -> int:
        """The passage's place in ``passage_ids``."""
        return self._rows.row(passage_id)

    def holds(self, passage_id: str) -> bool:
        """Whether there is a passage of this id."""
        try:
            return self._rows.row(passage_id) >= 0
        except KeyError:
            return False

    def rows_of(self, document_ids: Collection[str]) -> list[int]:
        """The places of these documents' passages, ascending; raises UnknownDocument."""
        return self._rows.of(document_ids)

    def documents(self) -> tuple[Metadata, ...]:
        """Metadata of all documents, by source."""
        return self.manifest.documents

    def metadata(self, document_id: str) -> Metadata:
        """Metadata of one document; raises UnknownDocument."""
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocument(document_id) from None

    def document(self, document_id: str) -> Document:
        """A document, its text joined from its passages; raises UnknownDocument."""
        metadata = self.metadata(document_id)
        ids = [self.passage_ids[row] for row in self._rows.range(document_id)]
        text = "".join(passage.text for passage in self.store.passages(ids))
        return Document(**_fields(metadata), text=text)

    def close(self) -> None:
        """Let go of the store; no other call may be under way."""
        self.store.close()


class LiveIndex:
    """The current generation, whichever it is: looks at the pointer before every use.

    An older generation stays open until the last question that began on it has ended.
    """

    def __init__(self, settings: Settings, recipe: Recipe) -> None:
        self._settings = settings
        self._recipe = recipe
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._readers: dict[Index, int] = {}

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """Lend the current index.

        Raises:
            IndexMissing: When nothing was ingested.
            IndexMismatch: When it was made by another recipe.
            IndexDamaged: When it cannot be read.
            IndexUnreachable: When the server with it does not answer, now or while it is lent.
            IndexUnwritable: When it is read only, and there is no room for the copy this needs.
        """
        with self._lock:
            index = self._follow()
            self._readers[index] = self._readers.get(index, 0) + 1
        try:
            yield index
        except (httpx.TransportError, StoreUnreachable) as error:
            raise IndexUnreachable(self._settings.index, str(error)) from error
        except (InternalError, StoreDamaged) as error:  # Chroma's word for files that changed
            raise IndexDamaged(self._settings.index, str(error)) from error
        finally:
            with self._lock:
                self._readers[index] -= 1
                self._close_unused()

    def close(self) -> None:
        """Close the index as soon as the last question on it has ended."""
        with self._lock:
            self._index = None
            self._close_unused()

    def _follow(self) -> Index:
        generation = generations.current(self._settings.index)
        if generation is None:
            raise IndexMissing(self._settings.index)
        if self._index is None or self._index.generation != generation:
            self._index = open_index(self._settings, self._recipe, generation)
            self._readers.setdefault(self._index, 0)
            self._close_unused()
        return self._index

    def _close_unused(self) -> None:
        for index, readers in list(self._readers.items()):
            if readers == 0 and index is not self._index:
                del self._readers[index]
                index.close()


@contextmanager
def reading(settings: Settings) -> Iterator[Index]:
    """The current index, for who asks it but once; errors as of ``LiveIndex.reading``."""
    with closing(LiveIndex(settings, recipe(settings))) as live, live.reading() as index:
        yield index


def open_index(settings: Settings, recipe: Recipe, generation: Path) -> Index:
    """Open a generation if it was made by this recipe and is as it was made.

    Errors as of ``LiveIndex.reading``.
    """
    manifest = Manifest.read(generation, recipe)
    wrong = damage(generation, manifest.files)
    if wrong:
        raise IndexDamaged(settings.index, wrong)
    return Index(generation, manifest, settings.store_url)


def recipe(settings: Settings) -> Recipe:
    """The recipe that these settings and this code follow."""
    return Recipe(
        schema=SCHEMA,
        model=FINGERPRINT,
        passage_tokens=settings.passage_tokens,
        segmenter=SEGMENTER,
    )


def metadata_of(document: Document) -> Metadata:
    """A document's metadata alone."""
    return Metadata(**_fields(document))


def _fields(metadata: Metadata) -> dict[str, Any]:
    return {field.name: getattr(metadata, field.name) for field in fields(Metadata)}
