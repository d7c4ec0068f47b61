"""The one place where the stages meet: a question goes in, an answer or a refusal comes out."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Self

from rag.documents.formats.extracted import Picture
from rag.documents.originals import page_picture
from rag.errors import EmptyQuestion, QuestionTooLong
from rag.index.reading import Index, LiveIndex, recipe
from rag.index.shown import Shown
from rag.overviews.answering import respond
from rag.overviews.requests import request
from rag.prose.set_model import writer
from rag.prose.writing import Writer
from rag.quoting.agreement import agreement
from rag.quoting.calibration import Calibration, read
from rag.quoting.decision import decide, help_with
from rag.quoting.extraction import extract
from rag.quoting.lists import asks_for_list
from rag.quoting.reader import Reader
from rag.records import Answer, Document, Hit, Metadata, Retrieved
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Turn, writable
from rag.retrieval.scope import EVERYTHING, Scope, within
from rag.retrieval.searching import search
from rag.retrieval.small_talk import small_talk
from rag.settings import Settings
from rag.text.encoder import Encoder
from rag.text.language import holds_spanish, language


class Assistant:
    """Answers questions from the current index; one per process, safe to share between threads.

    Args:
        settings: Of these ``index``, ``hits``, both thresholds, what the index was made with, and
            the optional model that writes prose.
        calibration: Instead of the index's own.

    Raises:
        ModelFault: When encoder or reader cannot be loaded.
        IndexMissing, IndexMismatch, IndexDamaged: When there is no index that can be read.
        LocalMissing, ModelFileFault: When the model of ``settings.model_path`` cannot be used.
    """

    _writer: Writer | None = None
    _tags: frozenset[str] | None = None

    def __init__(self, settings: Settings, calibration: Calibration | None = None) -> None:
        self._settings = settings
        self._calibration = calibration
        self._encoder = Encoder()
        self._reader = Reader()
        self._live = LiveIndex(settings, recipe(settings))
        self._shown = Shown(self._encoder.pieces)
        with self._live.reading():
            pass  # an index that cannot be read is known at the start, not at the first question
        try:
            self._writer = writer(settings)
        except BaseException:
            self._live.close()
            raise

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Answer:
        """The last of ``stages``, with the same arguments and errors."""
        *_, answer = self.stages(question, history, scope)
        assert isinstance(answer, Answer)
        return answer

    def stages(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stopped: threading.Event | None = None,
    ) -> Iterator[Retrieved | Answer]:
        """Answer a question, and show the passages found before they are read.

        Args:
            question: What is asked.
            history: Questions before it with their answers' texts, oldest first.
            scope: Which documents to search.
            stopped: The stop button of the model that writes.

        Yields:
            One ``Retrieved``, then the ``Answer``. Where a model writes of it, the answer comes
            again whenever its prose has grown, and at last with the prose's outcome.

        Raises:
            EmptyQuestion: When it holds no letter or digit.
            QuestionTooLong: When the encoder could not read all of it.
            UnknownDocument, UnknownTag, NoDate: When there is nothing of that name in ``scope``.
            IndexMissing, IndexMismatch, IndexDamaged: As the index may have changed since.
        """
        question = self._readable(question)
        if small_talk(question):
            yield Retrieved(question, (), {})
            yield help_with(question, self._in_force())
            return
        history = [
            (writable(asked), writable(said)) for asked, said in history if not small_talk(asked)
        ]
        with self._reading() as index:
            documents = within(index.documents(), scope)
            wish = request(question, first=not history)
            made = wish and respond(index, self._encoder, question, wish, documents)
            if made:  # what covers a text is shown as it is, and no model writes of it
                yield Retrieved(question, made.hits, made.documents)
                yield made
                return
            find = partial(retrieve, count=self._settings.hits, documents=documents)
            foreign = language(question) == "es" and not holds_spanish(index.lexical.holds)
            searched = search(index, self._encoder, question, find, history, spelling=not foreign)
            retrieved = Retrieved(question, searched.hits, _documents(index, searched.hits))
            yield retrieved
            reading = time.perf_counter()
            found = extract(index, self._reader, searched)
            timings = {**searched.timings, "extraction": time.perf_counter() - reading}
            answer = decide(retrieved, searched.query.question, found, timings, self._in_force())
            answer = replace(answer, vector=tuple(searched.vector.tolist()))
        yield from self._with_prose(_compared(answer), stopped)

    def search(self, question: str, count: int, scope: Scope = EVERYTHING) -> Retrieved:
        """The passages nearest to a question, at most ``count``, best first; else as ``stages``."""
        question = self._readable(question)
        with self._reading() as index:
            documents = within(index.documents(), scope)
            find = partial(retrieve, count=count, documents=documents)
            hits = search(index, self._encoder, question, find).hits
            return Retrieved(question, hits, _documents(index, hits))

    def seen_by(self, tags: frozenset[str]) -> Self:
        """The same, as if there were no documents but those that bear one of these tags.

        Tags are in lower case. What this shares with the other is let go of by that one's
        ``close`` alone.
        """
        other = copy(self)
        other._tags = tags
        return other

    def documents(self) -> tuple[Metadata, ...]:
        """Metadata of all documents, by source."""
        with self._reading() as index:
            return index.documents()

    def left_out(self) -> tuple[tuple[str, str], ...]:
        """What was found in the folders and is in no document, and why: files, or parts of some."""
        with self._reading() as index:
            # Whose a file would be nobody knows.
            return index.manifest.left_out if self._tags is None else ()

    def document(self, document_id: str) -> Document:
        """A document with its text; raises UnknownDocument."""
        with self._reading() as index:
            return index.document(document_id)

    def page(self, document_id: str, number: int, span: tuple[int, int] | None = None) -> Picture:
        """A picture of a page of a document in PDF, from 1, with a span of the text marked on it.

        Raises:
            UnknownDocument: When there is no such document.
            PageNotShown: When there is no such page, or its file is no longer as it was ingested.
        """
        with self._reading() as index:
            document, folders = index.document(document_id), index.manifest.folders
        return page_picture(document, folders, number, span)

    @property
    def writes(self) -> bool:
        """Whether there is a model that writes prose."""
        return self._writer is not None

    def close(self) -> None:
        """Let go of the index and the model."""
        if self._writer is not None:
            self._writer.close()
        self._live.close()

    @contextmanager
    def _reading(self) -> Iterator[Index]:
        with self._live.reading() as index:
            yield index if self._tags is None else self._shown.part(index, self._tags)

    def _with_prose(self, answer: Answer, stopped: threading.Event | None) -> Iterator[Answer]:
        if self._writer is None or not answer.answered:
            yield answer
            return
        for prose in self._writer.write(answer, stopped):
            yield replace(answer, prose=prose)

    def _readable(self, question: str) -> str:
        question = " ".join(writable(question).split())
        if not any(character.isalnum() for character in question):
            raise EmptyQuestion
        if len(question) > self._settings.question_characters:
            raise QuestionTooLong(len(question), self._settings.question_characters)
        return question

    def _in_force(self) -> Calibration:
        return (self._calibration or read(self._settings.index)).within(self._settings)


def _compared(answer: Answer) -> Answer:
    """An answer with what its sources agree on or differ in, and whether it is a list."""
    if answer.kind != "answer":
        return answer
    return replace(
        answer,
        kind="list" if asks_for_list(answer.searched) else "answer",
        agreement=agreement(answer.searched, answer.quotes, answer.documents),
    )


def _documents(index: Index, hits: Sequence[Hit]) -> dict[str, Metadata]:
    # A quote is of a hit, so that these are the quotes' documents too.
    return {id: index.metadata(id) for id in (hit.passage.document_id for hit in hits)}
