"""An ingest that stops at a moment of its write, says so, and waits to be killed.

``python -m tests.stopping FOLDER INDEX MOMENT``. Everything up to the moment is done by Steward
itself, and nothing after it, however long the kill takes to come.
"""

import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from rag.index import generations
from rag.index.building import ingest
from rag.index.sentence_vectors import SentenceVectors
from rag.index.store.chroma import Collection
from rag.records import Passage
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors

SAID = "here"
MOMENTS: Mapping[str, tuple[Any, str]] = {  # where the ingest stops, before it is done
    "embedding": (Encoder, "encode"),
    "between two parts": (SentenceVectors, "save"),
    "before the sync": (generations, "publish"),
    "before the rename": (Path, "replace"),
    "before the report": (import_module("rag.index.building"), "IngestReport"),
}
ADDING = "adding to Chroma"  # where it does not stop but never ends

_add = Collection.add


def _stop(*_: object, **__: object) -> None:
    print(SAID, flush=True)  # noqa: T201  # to whoever kills it
    threading.Event().wait()


def _add_for_ever(
    store: Collection, passages: Sequence[Passage], vectors: Vectors, *_: object
) -> None:
    for time in count():
        more = [replace(each, document_id=f"{each.document_id}-{time}") for each in passages]
        _add(store, more, vectors)
        if time == 0:
            print(SAID, flush=True)  # noqa: T201


if __name__ == "__main__":
    folder, index, moment = sys.argv[1:]
    owner, name = (Collection, "add") if moment == ADDING else MOMENTS[moment]
    setattr(owner, name, _add_for_ever if moment == ADDING else _stop)
    ingest(Path(folder), Settings(index=Path(index)))
