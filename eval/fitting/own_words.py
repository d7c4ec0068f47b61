"""Own-words questions as cases: whole documents of the fitting part, all in one collection."""

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
    files, asked = read(data, "fitting")
    with index_of(files, Settings(), None) as opened, reading(opened) as index:
        ids = {each.source: each.id for each in index.documents()}
        yield (
            index,
            [
                (
                    Case(
                        places=(),
                        question=each.question,
                        gold=None if each.span is None else 0,
                        starts=() if each.span is None else (each.span[0],),
                        kind=f"{COLLECTION}: {each.kind}",
                        source=COLLECTION,
                    ),
                    ids[each.source],
                )
                for each in asked
            ],
        )
