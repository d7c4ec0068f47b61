"""Room for a generation that is built aside, and what becomes of it where building fails."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from chromadb.errors import ChromaError

from rag.errors import IndexFault, IndexUnreachable, IndexUnwritable
from rag.index import generations
from rag.index.store.contract import StoreDamaged, StoreUnreachable
from rag.index.store.sweeping import sweep as sweep_server
from rag.settings import Settings


@contextmanager
def building(settings: Settings) -> Iterator[Path]:
    """Lend the folder of a new generation; where it does not become current it goes at once.

    Raises:
        IndexUnwritable: When disk or engine do not take it.
        IndexUnreachable: When the server that keeps passages does not answer.
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

    What is on a server stays as long as it is read, by whichever process.

    Errors as of ``building``.
    """
    for generation in generations.orphans(settings.index):
        _delete(settings, generation)


def _delete(settings: Settings, generation: Path) -> None:
    with _explained(settings.index):
        if settings.store_url:
            others = [each for each in generations.every(settings.index) if each != generation]
            if not sweep_server(settings.store_url, generation, others):
                return
        generations.remove(generation)


@contextmanager
def _explained(index: Path) -> Iterator[None]:
    """Turn what disk and engine raise into the errors of an index."""
    try:
        yield
    except (httpx.TransportError, StoreUnreachable) as error:
        raise IndexUnreachable(index, str(error)) from error
    except (OSError, ChromaError, StoreDamaged) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise IndexUnwritable(index, why, shutil.disk_usage(index).free) from error
