"""The index folder: generations, the pointer, and the right to write."""

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from rag.errors import IndexBusy, IndexDamaged, IndexUnwritable
from rag.index import generations


def test_nothing_is_current_before_the_first_generation(tmp_path: Path) -> None:
    assert generations.current(tmp_path) is None


def test_a_published_generation_is_current_and_those_before_it_are_orphans(tmp_path: Path) -> None:
    made = []
    for _ in range(3):
        made.append(generations.create(tmp_path))
        assert generations.current(tmp_path) != made[-1]
        generations.publish(tmp_path, made[-1])
        assert generations.current(tmp_path) == made[-1]
    assert [path.name.partition("-")[0] for path in made] == ["000001", "000002", "000003"]
    assert generations.orphans(tmp_path) == made[:2]


def test_a_generation_is_on_the_disk_before_it_is_current_and_the_pointer_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int, bool]] = []  # of what, of which size, and whether after
    generation = generations.create(tmp_path)
    sync = os.fsync

    def watching(descriptor: int) -> None:
        sync(descriptor)
        state = os.fstat(descriptor)
        after = generations.current(tmp_path) == generation
        synced.append((state.st_ino, state.st_size, after))

    def of(path: Path, after: bool) -> tuple[int, int, bool]:
        return path.stat().st_ino, path.stat().st_size, after

    (generation / "lexical").mkdir()
    (generation / "lexical" / "params.json").write_text("{}")
    (generation / "manifest.json").write_text("whole")
    monkeypatch.setattr(os, "fsync", watching)
    generations.publish(tmp_path, generation)
    files = [generation.parent, generation, *generation.rglob("*"), tmp_path / "CURRENT"]
    assert len(files) == 6
    assert {of(path, after=False) for path in files} <= set(synced)
    assert synced[-1][::2] == (tmp_path.stat().st_ino, True)


def test_a_generation_that_was_never_published_is_an_orphan(tmp_path: Path) -> None:
    current = generations.create(tmp_path)
    generations.publish(tmp_path, current)
    half_built = generations.create(tmp_path)
    assert generations.orphans(tmp_path) == [half_built]
    generations.remove(half_built)
    assert generations.orphans(tmp_path) == []


@pytest.mark.parametrize("pointer", [b"", b"\0" * 16, b"\xff" * 16, b"../../000001-0123abcd", b"1"])
def test_a_pointer_that_names_no_generation_is_damage_and_then_every_one_is_an_orphan(
    tmp_path: Path, pointer: bytes
) -> None:
    generation = generations.create(tmp_path)
    generations.publish(tmp_path, generation)
    (tmp_path / "CURRENT").write_bytes(pointer)
    for asking in (generations.current, generations.folders_of):
        with pytest.raises(IndexDamaged, match="its CURRENT cannot be read") as caught:
            asking(tmp_path)
        assert caught.value.index == tmp_path
    assert generations.orphans(tmp_path) == [generation]
    generations.publish(tmp_path, generation)
    assert generations.current(tmp_path) == generation


def test_a_pointer_that_may_not_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()
    with pytest.raises(IndexDamaged, match="its CURRENT cannot be read: Is a directory"):
        generations.current(tmp_path)


def test_what_is_no_generation_is_neither_counted_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "generations" / "notes-of-mine").mkdir(parents=True)
    (tmp_path / "generations" / ".DS_Store").write_text("of a Mac")
    (tmp_path / "generations" / "000007-0123abcd").write_text("a file")
    generation = generations.create(tmp_path)
    assert generation.name.startswith("000001-")
    assert generations.orphans(tmp_path) == [generation]


def test_only_one_may_write_and_the_next_may_when_it_has_ended(tmp_path: Path) -> None:
    with generations.writing(tmp_path), pytest.raises(IndexBusy), generations.writing(tmp_path):
        pass
    with generations.writing(tmp_path):
        pass


def _hold(index: Path, held: Event) -> None:
    with generations.writing(index):
        held.set()
        multiprocessing.Event().wait()


def test_a_killed_writer_does_not_keep_the_right_to_write(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    writer = context.Process(target=_hold, args=(tmp_path, held))
    writer.start()
    assert held.wait(60)
    with pytest.raises(IndexBusy), generations.writing(tmp_path):
        pass
    writer.kill()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    writer.close()
    with generations.writing(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(IndexUnwritable), generations.writing(tmp_path / "file" / "index"):
        pass
