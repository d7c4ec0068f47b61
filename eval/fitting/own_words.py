"""Own-words questions as cases: whole documents kept for fitting, all in one collection."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.benchmarks.files import index_of
from eval.benchmarks.own_words import read
from eval.fitting.cases import Case
from rag.index.reading import Index, reading
from rag.settings import Settings

COLLECTION = "own words"


@contextmanager
def own_words(data: Path) -> Iterator[tuple[Index, list[tuple[Case, str]]]]:
    """The collection, and its cases, each with the id of the document that it is about.

    Raises:
        TrainingDataMissing: When the questions or their documents are not there.
    """
    files, questions = read(data, "fitting")
    with index_of(files, Settings(), None) as opened, reading(opened) as index:
        ids = {document.source: document.id for document in index.documents()}
        yield (
            index,
            [
                (
                    Case(
                        places=(),
                        question=question.question,
                        gold=None if question.span is None else 0,
                        starts=() if question.span is None else (question.span[0],),
                        kind=f"{COLLECTION}: {question.kind}",
                        source=COLLECTION,
                    ),
                    ids[question.source],
                )
                for question in questions
            ],
        )
