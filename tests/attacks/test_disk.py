"""A disk that is full, or mounted to be read only, and an index on it that was good before."""

import contextlib
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from rag.errors import IndexUnwritable
from rag.index import generations, reading
from rag.index.building import ingest
from rag.settings import Settings
from tests.by_hand import EncoderByWords


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs leave to mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_good_index_is_read_and_nothing_is_left_behind_where_nothing_can_be_written(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By its module, since rag.index.building itself is the function.
    monkeypatch.setattr(import_module("rag.index.building"), "Encoder", EncoderByWords)
    documents, settings = tmp_path / "documents", Settings(index=disk / "index")
    documents.mkdir()
    (documents / "ants.txt").write_text("All about ants\n\nAnts carry leaves.\n")
    ingest(documents, settings)
    current = generations.current(settings.index)
    for number in range(2000):
        text = f"More about moss {number}\n\nNumber {number}. Moss has no roots. It drinks rain.\n"
        (documents / f"moss-{number}.txt").write_text(text)

    def fails(why: str) -> None:
        with pytest.raises(IndexUnwritable, match=why) as caught:
            ingest(documents, settings)
        assert (caught.value.free or 0) < 1e6
        assert list((settings.index / "generations").iterdir()) == [current]
        with reading.reading(settings) as index:
            vector = index.store.vectors(index.passage_ids)[0]
            assert index.store.nearest(vector, 1)[0][0] == index.passage_ids[0]

    fails("Failed to apply logs|disk is full|No space left")  # there is room for a part of it
    with contextlib.suppress(OSError), (disk / "other").open("wb", buffering=0) as other:
        while other.write(bytes(4096)):
            pass
    fails("disk is full|No space left")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    fails("Read-only file system")
