"""How an index behaves as it grows: ``python -m eval.scale --data FOLDER``.

What is asked of what is in ``eval.scaled``. Servers are started here, on this machine, and their
engines left out with ``--only``.
"""

import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from eval.scaled import PASSAGES, Made, embedded, make, paragraphs
from eval.serving import RunningServer
from eval.store_server import store_server
from rag.index import generations
from rag.index.checksums import damage, files_of
from rag.index.lexical import Lexical
from rag.index.manifest import Manifest, Recipe
from rag.index.parts import Parts, write
from rag.index.reading import Index
from rag.index.rows import Rows
from rag.index.store.contract import Asked, Store
from rag.index.store.ledger import Ledger
from rag.index.store.words import Words
from rag.quoting.extraction import extract
from rag.quoting.reader import Reader
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import Found
from rag.text.encoder import Vectors

_ANSWERED = 10  # questions
_TOP = 10
_EMBEDDED = "embedded"

Figures = dict[str, str]


def main(
    data: Annotated[Path, typer.Option(help="Folder of documents.", metavar="FOLDER")],
    sizes: Annotated[str, typer.Option(help="Numbers of passages.")] = "1000,10000,100000",
    only: Annotated[str, typer.Option(help="Engines.")] = "embedded,chroma,milvus",
    cache: Annotated[Path | None, typer.Option(help="File to keep embeddings in.")] = None,
) -> None:
    """Measure and print a line for each engine and size as it is done."""
    texts = paragraphs(data)
    vectors = embedded(texts, cache)
    reader = Reader()
    for size in map(int, sizes.split(",")):
        made = make(texts, vectors, size)
        for engine in only.split(","):
            figures = _measure(engine, made, reader)
            table = Table("", f"{engine}, {size:,} passages")
            for figure in figures.items():
                table.add_row(*figure)
            Console().print(table)


def _measure(engine: str, made: Made, reader: Reader) -> Figures:
    with tempfile.TemporaryDirectory() as name, _serving(engine, Path(name)) as server:
        folder, url = Path(name), server.url if server else None
        begun = time.perf_counter()
        index = _written(folder / "index", url, made)
        took = time.perf_counter() - begun
        figures = {"passages/s": f"{len(made.parts.passages) / took:,.0f}"}
        with closing(index):
            figures["opened, s"] = f"{_opened(index, url):.1f}"
            figures["disk, MB"] = f"{_size(folder):,.0f}"
            figures |= _asked(index, made, reader)
            figures["the server's memory, MB"] = f"{server.megabytes():,.0f}" if server else ""
        return figures


def _written(folder: Path, url: str | None, made: Made) -> Index:
    generation = generations.create(folder)
    counts = tuple(
        min(PASSAGES, len(made.parts.passages) - at * PASSAGES) for at in range(len(made.documents))
    )
    parts = made.parts
    if url:
        holds = {
            document.id: (generation.name, count)
            for document, count in zip(made.documents, counts, strict=True)
        }
        ledger = Ledger(generations.collection_name(generation), holds)
        parts = replace(parts, ledger=ledger)
    write(generation, url, parts)
    recipe = Recipe(0, "scale", 0, "scale")
    manifest = Manifest(recipe, "float32", (str(folder),), made.documents, counts, ())
    return Index(generation, manifest, url)


def _opened(index: Index, url: str | None) -> float:
    """Seconds until the index is open once more, all its files read for damage before."""
    files = files_of(index.generation)
    begun = time.perf_counter()
    assert not damage(index.generation, files)
    Index(index.generation, index.manifest, url).close()
    return time.perf_counter() - begun


def _asked(index: Index, made: Made, reader: Reader) -> Figures:
    figures: Figures = {}
    exact = Exact(index, made.parts)
    for name, within in (("", None), (", a tenth", [each.id for each in made.documents[::10]])):
        times, dense, hybrid = [], [], []
        for text, vector in made.questions:
            begun = time.perf_counter()
            hits = retrieve(index, Query(text), vector, _TOP, within)
            times.append(time.perf_counter() - begun)
            nearest = index.store.nearest(vector, _TOP, within)
            dense.append(_recall(nearest, exact.nearest(vector, _TOP, within)))
            found = [(hit.passage.id, hit.score) for hit in hits]
            hybrid.append(_recall(found, exact.hybrid(text, vector, within)))
        figures[f"retrieval{name}: p50, ms"] = f"{1000 * np.quantile(times, 0.5):.0f}"
        figures[f"retrieval{name}: p95, ms"] = f"{1000 * np.quantile(times, 0.95):.0f}"
        figures[f"dense recall@10{name}"] = f"{np.mean(dense):.3f}"
        figures[f"hybrid recall@10{name}"] = f"{np.mean(hybrid):.3f}"
    times = []
    for text, vector in made.questions[:_ANSWERED]:
        begun = time.perf_counter()
        extract(index, reader, Found(Query(text), vector, retrieve(index, Query(text), vector, 8)))
        times.append(time.perf_counter() - begun)
    figures["answer: p50, ms"] = f"{1000 * np.quantile(times, 0.5):.0f}"
    figures["answer: p95, ms"] = f"{1000 * np.quantile(times, 0.95):.0f}"
    return figures


class Exact:
    """The legs by arithmetic over all passages, fused as ``retrieve`` does."""

    def __init__(self, index: Index, parts: Parts) -> None:
        self._index = index
        self._parts = parts
        self._rows = Rows(index.manifest)
        self._words = Words(self._rows, Lexical.build(parts.texts))

    def nearest(
        self, vector: Vectors, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """As of a ``Store``."""
        rows = np.arange(len(self._rows.ids)) if within is None else np.array(self._rows.of(within))
        cosines = self._parts.vectors[rows] @ vector
        best = np.argsort(-cosines, kind="stable")[:count]
        return [(self._rows.ids[rows[at]], float(cosines[at])) for at in best]

    def lexical(
        self, asked: Asked, count: int, within: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """As of a ``Store``."""
        return self._words.best(asked, count, within)

    def hybrid(
        self, text: str, vector: Vectors, within: Collection[str] | None
    ) -> list[tuple[str, float]]:
        """Ids and scores of the hits."""
        store = self._index.store
        found = copy(self._index)
        found.store = _Legs(store, self)
        hits = retrieve(found, Query(text), vector, _TOP, within)
        return [(hit.passage.id, hit.score) for hit in hits]


class _Legs:
    """A store of which another finds."""

    def __init__(self, store: Store, exact: Exact) -> None:
        self.nearest, self.lexical = exact.nearest, exact.lexical
        self.bm25, self.passages = store.bm25, store.passages
        self.vectors, self.sentences = store.vectors, store.sentences
        self.close, self._store = store.close, store

    def __len__(self) -> int:
        return len(self._store)


def _recall(found: Sequence[tuple[str, float]], wanted: Sequence[tuple[str, float]]) -> float:
    """The share of what is wanted that is found, or that ties with it."""
    least = wanted[-1][1] - 1e-5
    ids = {id for id, _ in wanted}
    right = sum(id in ids or score >= least for id, score in found)
    return min(right / len(wanted), 1.0)


@contextmanager
def _serving(engine: str, folder: Path) -> Iterator[RunningServer | None]:
    """Run the server of an engine, if it has one."""
    if engine == _EMBEDDED:
        yield None
        return
    with store_server(engine, folder / "server") as server:
        yield RunningServer(server.url, server.process.pid)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    typer.run(main)
