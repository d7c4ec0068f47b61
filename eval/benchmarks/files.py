"""Reading a benchmark's data, and putting its texts before Steward as a folder of documents."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.errors import BenchmarkMissing
from eval.measuring.run import Progress, temporary_index
from rag.settings import Settings


def read_text(path: Path) -> str:
    """A file's text as it is; raises BenchmarkMissing."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError as error:
        raise BenchmarkMissing(path) from error


def read_objects(path: Path) -> list[dict[str, Any]]:
    """A file of one JSON object a line; raises BenchmarkMissing."""
    return [json.loads(line) for line in read_text(path).split("\n") if line.strip()]


@contextmanager
def index_of(
    files: Mapping[str, str], settings: Settings, progress: Progress | None
) -> Iterator[Settings]:
    """A temporary index of documents given as file names and contents.

    Yields:
        The settings to open it with.
    """
    with TemporaryDirectory(prefix="steward-") as name:
        folder = Path(name)
        for source, text in files.items():
            (folder / source).write_bytes(text.encode())
        with temporary_index(folder, settings, progress) as opened:
            yield opened
