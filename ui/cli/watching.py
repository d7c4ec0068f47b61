"""``steward serve --watch``: the folders are followed, and ingested again when they have settled.

In a process of its own, so that questions are answered meanwhile, by the index as it was until the
new one is made current.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from watchfiles import watch

from rag.index.generations import is_busy
from ui.cli.terminal import say
from ui.wording.commands import not_taken_in, unwatched

SETTLED = 2.0
"""Seconds without a change after which files are taken to be whole."""
LONGEST = 60.0
"""Seconds of changes without a pause after which they are read all the same."""

_BUSY = 1.0  # seconds between looks at whether another ingest has ended


@contextmanager
def watching(
    folders: Sequence[Path], index: Path, ingest: Callable[[], None], settled: float = SETTLED
) -> Iterator[None]:
    """Follow folders until the block ends.

    Hidden files are passed over, as an ingest does, and so is the index, should it lie in there.

    Args:
        folders: Which ones.
        index: The folder of the index.
        ingest: What is called, never twice at once, after something has changed.
        settled: Seconds without a change before it is.
    """
    ended = threading.Event()
    apart = index.resolve()
    roots = [folder.resolve() for folder in folders]

    def concerns(_: object, path: str) -> bool:
        changed = Path(path)
        if changed.is_relative_to(apart):
            return False
        inner = [changed.relative_to(root) for root in roots if changed.is_relative_to(root)]
        return any(not any(part.startswith(".") for part in each.parts) for each in inner)

    def follow() -> None:
        since: float | None = None  # the first change that was not read yet
        try:
            for changes in watch(
                *roots,
                watch_filter=concerns,
                stop_event=ended,
                rust_timeout=round(settled * 1000),
                yield_on_timeout=True,
            ):
                if changes and since is None:
                    since = time.monotonic()
                if since is not None and (not changes or time.monotonic() - since > LONGEST):
                    since = None
                    ingest()
        except (OSError, RuntimeError) as error:  # the latter is watchfiles' own
            say(unwatched(str(error)), stderr=True)

    # A daemon, since an ingest may be under way at the end, which then ends by itself.
    threading.Thread(target=follow, name="watching", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def ingest_again(command: Sequence[str], index: Path) -> None:
    """Run an ingest; whatever goes wrong is one line, and the index stays as it was.

    Args:
        command: That ingests.
        index: Which another process may be writing, for whose end this waits.
    """
    while is_busy(index):
        time.sleep(_BUSY)
    done = subprocess.run(
        command, stderr=subprocess.PIPE, text=True, errors="backslashreplace", check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        say(not_taken_in(said[-1] if said else f"exit status {done.returncode}"), stderr=True)
