"""An ingest that stops at a moment of its write, says so, and waits to be killed.

``python -m tests.stopping FOLDER INDEX MOMENT``, or, with passages on a server, and an encoder that
need not be loaded, ``FOLDER INDEX MOMENT URL``. Everything up to the moment is done by Steward
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
from rag.index.store import engines
from rag.index.store.chroma import Collection
from rag.records import Passage
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from tests.by_hand import EncoderByWords

SAID = "here"
MOMENTS: Mapping[str, tuple[Any, str]] = {  # where the ingest stops, before it is done
    "embedding": (Encoder, "encode"),
    "between two parts": (SentenceVectors, "save"),
    "before the sync": (generations, "publish"),
    "before the rename": (Path, "replace"),
    "before the report": (import_module("rag.index.building"), "IngestReport"),
}
ADDING = "adding to Chroma"  # where it does not stop but never ends
ADDED = "records on the server"
ON_SERVERS = ("embedding", ADDED, "before the sync", "before the rename", "before the report")

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


def _stop_after(owner: Any, name: str) -> None:
    done = getattr(owner, name)

    def then_stop(*arguments: Any) -> None:
        done(*arguments)
        _stop()

    setattr(owner, name, then_stop)


def _stop_on_server(moment: str, url: str) -> None:
    building = import_module("rag.index.building")
    building.Encoder = EncoderByWords  # type: ignore[attr-defined]
    if moment == ADDED and url.startswith(engines.MILVUS):
        _stop_after(import_module("rag.index.store.milvus_records").Records, "add")
    elif moment == ADDED:
        _stop_after(Collection, "add")
    else:
        owner, name = (EncoderByWords, "encode") if moment == "embedding" else MOMENTS[moment]
        setattr(owner, name, _stop)


if __name__ == "__main__":
    folder, index, moment, *urls = sys.argv[1:]
    if urls:
        _stop_on_server(moment, *urls)
    else:
        owner, name = (Collection, "add") if moment == ADDING else MOMENTS[moment]
        setattr(owner, name, _add_for_ever if moment == ADDING else _stop)
    ingest(Path(folder), Settings(index=Path(index), store_url=urls[0] if urls else None))
