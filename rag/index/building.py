"""Folders to an index: only what changed is embedded, and readers see all of it or none."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from rag.documents.folders import apart
from rag.documents.passages import embedding_text, split
from rag.errors import IndexDamaged
from rag.index import generations
from rag.index.aside import building, sweep
from rag.index.checksums import files_of
from rag.index.ingest_report import IngestReport
from rag.index.manifest import Manifest, Recipe
from rag.index.parts import Parts, write
from rag.index.previous import compared, in_place, keep_others, unchanged
from rag.index.reading import Index, metadata_of, open_index, recipe
from rag.index.store import engines
from rag.index.store.chroma import nowhere
from rag.index.store.ledger import Ledger
from rag.records import Document, Passage, passage_id
from rag.settings import Settings
from rag.text.encoder import DIMENSIONS, Encoder
from rag.text.sentences import Span, sentences

Progress = Callable[[str, int, int], None]


def ingest(
    folder: Path | Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    *,
    strict: bool = False,
    follow_links: bool = False,
    encoding: str | None = None,
    replace: bool = False,
) -> IngestReport:
    """Make the index hold the documents of a folder, or of several, and no others.

    Vectors of documents that did not change are carried over. The new generation becomes current
    in one step, after it was opened and probed; until then readers keep the old one. If anything
    fails the new one is deleted. When nothing changed nothing is written.

    Args:
        folder: Where the documents are. How they get their ids ``read_folder`` says.
        settings: Of these ``index``, ``passage_tokens`` and ``store_url``.
        progress: Called with a stage ("reading", "embedding", "writing"), the number done and all.
        strict: Whether a file that cannot be read is an error; else it is left out and reported.
        follow_links: Whether to read what links out of a folder lead to.
        encoding: Of text files that are not UTF-8; else these are left out.
        replace: Whether documents of folders that are not named now may go out of the index.

    Raises:
        DocumentError: When a folder cannot be read, or nothing in it can, or the encoding is none.
        IndexOfOthers: When the index was made of a folder that is not named now.
        IndexBusy: When another process is writing this index.
        IndexUnwritable: When the new generation could not be written.
        IndexUnreachable: When the server that keeps passages does not answer.
        IndexDamaged: When it failed its probe.
        ModelFault: When the encoder cannot be loaded.
    """
    begun = time.perf_counter()
    folders = (folder,) if isinstance(folder, Path) else tuple(folder)
    tell = progress or (lambda stage, done, total: None)
    tell("reading", 0, 1)
    named = tuple(map(str, apart(folders)))
    with generations.writing(settings.index):
        wanted = recipe(settings)
        with compared(
            folders,
            settings,
            wanted,
            strict=strict,
            follow_links=follow_links,
            encoding=encoding,
        ) as found:
            tell("reading", 1, 1)
            old, changes = found.old, found.changes
            if not replace:
                keep_others(settings.index, folders, found.documents, old)
            sweep(settings)  # before anything is built, which needs the room
            said = (named, changes.skipped)
            same = old and (old.manifest.folders, old.manifest.left_out) == said
            if old and same and not changes.any:
                total, embedded = len(old.passage_ids), 0
            else:
                with building(settings) as generation:
                    builder = _Builder(generation, settings, Encoder(), wanted, tell)
                    total, embedded = builder.build(named, found.documents, changes.skipped, old)
                    _probe(generation, settings, wanted)
                    generations.publish(settings.index, generation)
    return IngestReport(
        **asdict(changes),
        passages=total,
        embedded=embedded,
        seconds=time.perf_counter() - begun,
    )


class _Builder:
    """Writes one generation, whole, into a folder that nobody reads yet."""

    def __init__(
        self,
        generation: Path,
        settings: Settings,
        encoder: Encoder,
        wanted: Recipe,
        tell: Progress,
    ) -> None:
        self._generation = generation
        self._settings = settings
        self._encoder = encoder
        self._recipe = wanted
        self._tell = tell

    def build(
        self,
        folders: tuple[str, ...],
        documents: Sequence[Document],
        left_out: tuple[tuple[str, str], ...],
        old: Index | None,
    ) -> tuple[int, int]:
        """Write the store, the lexical index and the manifest.

        Returns:
            Numbers of passages in all and of those embedded.
        """
        pieces = self._encoder.pieces
        passages: list[Passage] = []
        texts: list[str] = []
        counts = []
        for document in documents:
            own = split(document, self._settings.passage_tokens, pieces)
            passages += own
            texts += [embedding_text(document.title, passage, pieces) for passage in own]
            counts.append(len(own))
        same = unchanged(documents, old)
        carried = {
            row: passage_id(same[each.document_id], each.ordinal)
            for row, each in enumerate(passages)
            if each.document_id in same
        }
        fresh = [row for row in range(len(passages)) if row not in carried]
        ledger = self._ledger(documents, counts, old) if self._settings.store_url else None
        kept = {
            row
            for row, each in enumerate(passages)
            if ledger and ledger.documents[each.document_id][0] != self._generation.name
        }
        parts = self._parts(passages, texts, fresh, carried, old, kept)
        parts = replace(parts, kept=kept, ledger=ledger)
        write(
            self._generation,
            self._settings.store_url,
            parts,
            lambda done, all: self._tell("writing", done, all),
        )
        Manifest(
            recipe=self._recipe,
            dtype=self._encoder.dtype,
            folders=folders,
            left_out=left_out,
            documents=tuple(metadata_of(document) for document in documents),
            passage_counts=tuple(counts),
            files=files_of(self._generation),
        ).write(self._generation)
        return len(passages), len(fresh)

    def _ledger(
        self, documents: Sequence[Document], counts: Sequence[int], old: Index | None
    ) -> Ledger:
        """What the generation holds on the server: records that are there, and those to come."""
        before = Ledger.read(old.generation) if old else None
        name = before.collection if before else generations.collection_name(self._generation)
        same = in_place(documents, old)
        return Ledger(
            name,
            {
                each.id: before.documents[each.id]
                if before and each.id in same
                else (self._generation.name, count)
                for each, count in zip(documents, counts, strict=True)
            },
        )

    def _parts(
        self,
        passages: Sequence[Passage],
        texts: Sequence[str],
        fresh: Sequence[int],
        carried: Mapping[int, str],
        old: Index | None,
        kept: Collection[int],
    ) -> Parts:
        """Embed the fresh rows and their sentences; take the others, by their ids, from the old.

        Of those whose records are kept only what lies beside them is taken.
        """
        vectors = np.zeros((len(passages), DIMENSIONS), dtype=np.float32)
        of_sentences = [vectors[:0]] * len(passages)
        spans: list[Sequence[Span]] = [()] * len(passages)
        worded = [row for row in fresh if texts[row]]
        for row in worded:
            spans[row] = sentences(passages[row].text)
        for row in set(fresh).difference(worded):
            vectors[row] = nowhere(passages[row].id)
        if old and carried:
            moved = [row for row in carried if row not in kept]
            if moved:
                vectors[moved] = old.store.vectors([carried[row] for row in moved])
            if engines.told(self._settings.store_url)[0] != engines.MILVUS:
                moved = list(carried)
            before = old.store.sentences([carried[row] for row in moved])
            for row, own in zip(moved, before, strict=True):
                of_sentences[row], spans[row] = own.vectors, own.spans
        found = self._encoder.encode(
            [texts[row] for row in worded]
            + [passages[row].text[start:end] for row in worded for start, end in spans[row]],
            lambda done, all: self._tell("embedding", done, all),
        )
        vectors[worded] = found[: len(worded)]
        ends = len(worded) + np.cumsum([len(spans[row]) for row in worded], dtype=np.int64)
        for row, end in zip(worded, ends, strict=True):
            of_sentences[row] = found[end - len(spans[row]) : end]
        return Parts(passages, texts, vectors, of_sentences, spans)


def _probe(generation: Path, settings: Settings, wanted: Recipe) -> None:
    """Open the new generation as a reader would, and ask it for what it must know."""
    index = open_index(settings, wanted, generation)
    try:
        first = index.passage_ids[0]
        nearest = index.store.nearest(index.store.vectors([first])[0], 1)
        if nearest[0][1] < 0.999:
            raise IndexDamaged(settings.index, "the new index does not find its own first passage")
        for document in index.documents():
            if len(index.document(document.id).text) != document.length:
                raise IndexDamaged(settings.index, f"{document.source} was not kept whole")
    finally:
        index.close()
