"""Files as they were written, and what is no longer so."""

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from rag.index.checksums import File, damage, files_of

LONG = bytes(range(256)) * 10_000  # more than is read at once


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    (tmp_path / "chroma" / "segment").mkdir(parents=True)
    (tmp_path / "chroma" / "segment" / "data.bin").write_bytes(LONG)
    (tmp_path / "empty").touch()
    (tmp_path / "words.txt").write_text("tea")
    return tmp_path


def test_every_file_is_listed_with_size_and_crc32(generation: Path) -> None:
    files = files_of(generation)
    assert files == (
        File("chroma/segment/data.bin", 2_560_000, crc32(LONG)),
        File("empty", 0, 0),
        File("words.txt", 3, crc32(b"tea")),
    )
    assert damage(generation, files) == ""


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.unlink(), "is gone"),
        (lambda path: path.write_bytes(LONG[:-1]), "has 2,559,999 bytes, not 2,560,000"),
        (lambda path: path.write_bytes(LONG[:-1] + b"x"), "is not what was written"),
        (lambda path: path.write_bytes(b"x" + LONG[1:]), "is not what was written"),
        (lambda path: (path.unlink(), path.mkdir()), "is not a file"),
        (lambda path: (path.unlink(), path.symlink_to(path)), "cannot be read: Too many levels"),
    ],
)
def test_a_file_that_is_not_as_it_was_is_named(
    generation: Path, harm: Callable[[Path], object], words: str
) -> None:
    files = files_of(generation)
    harm(generation / "chroma" / "segment" / "data.bin")
    assert damage(generation, files).startswith(f"chroma/segment/data.bin {words}")


def test_a_file_that_nobody_wrote_is_no_damage(generation: Path) -> None:
    files = files_of(generation)
    (generation / ".DS_Store").write_text("of a Mac")
    assert damage(generation, files) == ""
