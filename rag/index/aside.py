"""Room for a generation that is built aside, and what becomes of it where building fails."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from chromadb.errors import ChromaError, NotFoundError

from rag.errors import IndexFault, IndexUnreachable, IndexUnwritable
from rag.index import generations
from rag.index.store.chroma import Collection
from rag.settings import Settings


@contextmanager
def building(settings: Settings) -> Iterator[Path]:
    """Lend the folder of a new generation; where it does not become current it goes at once.

    Raises:
        IndexUnwritable: When disk or Chroma do not take it.
        IndexUnreachable: When the Chroma server does not answer.
    """
    with _explained(settings.index):
        generation = generations.create(settings.index)
    try:
        with _explained(settings.index):  # while that which filled the disk is there
            yield generation
    except BaseException:
        with suppress(IndexFault):  # the next ingest tries again
            if generation in generations.orphans(settings.index):
                _delete(settings, generation)
        raise


def sweep(settings: Settings) -> None:
    """Delete what nobody reads; a generation just replaced stays until the next ingest.

    Errors as of ``building``.
    """
    for generation in generations.orphans(settings.index):
        _delete(settings, generation)


def _delete(settings: Settings, generation: Path) -> None:
    with _explained(settings.index):
        if settings.chroma_url:
            name = generations.collection_name(generation)
            with (
                suppress(NotFoundError),
                Collection(generation, settings.chroma_url, name) as store,
            ):
                store.delete()
        generations.remove(generation)


@contextmanager
def _explained(index: Path) -> Iterator[None]:
    """Turn what disk and Chroma raise into the errors of an index."""
    try:
        yield
    except httpx.TransportError as error:
        raise IndexUnreachable(index, str(error)) from error
    except (OSError, ChromaError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise IndexUnwritable(index, why, shutil.disk_usage(index).free) from error
