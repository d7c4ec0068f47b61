"""The index folder: generations, the pointer, and the right to write."""

import json
import multiprocessing
import os
import signal
from dataclasses import asdict
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from rag.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnwritable
from rag.index import generations
from rag.index.generations import Manifest, Recipe
from rag.records import Metadata

DOCUMENT = Metadata(
    id="abc", title="Ä", source="ä.txt", sha256="0", length=4, body=(1, 4), tags=("x", "y")
)
MANIFEST = Manifest(
    Recipe(1, "model", 200, "nupunkt 0.8"), "float32", ("/documents",), (DOCUMENT,), (2,)
)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert Manifest.read(tmp_path) == MANIFEST
    assert MANIFEST.passage_ids() == ["abc:0", "abc:1"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"recipe": [1]}', json.dumps({"recipe": asdict(MANIFEST.recipe)})],
)
def test_a_damaged_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    generation = generations.create(tmp_path)
    (generation / "manifest.json").write_text(text)
    with pytest.raises(IndexDamaged, match="cannot be read") as caught:
        Manifest.read(generation)
    assert caught.value.index == tmp_path


def _of_another_version(generation: Path, recipe: dict[str, object], **others: object) -> None:
    """Write a manifest with another recipe, of which nothing else is as this version has it."""
    (generation / "manifest.json").write_text(json.dumps({"recipe": recipe, **others}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"segmenter": "nupunkt 0.9"}, "segmenter nupunkt 0.9, not nupunkt 0.8"),
        ({"tokens": "cl100k"}, "tokens, unknown to this version"),
        ({"model": None}, "no model"),
        ({"schema": 2}, "schema 2, not 1"),
        ({"schema": 0, "passage_tokens": None}, "no passage_tokens; schema 0, not 1"),
    ],
)
def test_a_manifest_of_another_version_is_not_taken_for_a_damaged_one(
    change: dict[str, object], words: str, tmp_path: Path
) -> None:
    changed = asdict(MANIFEST.recipe) | change
    _of_another_version(
        tmp_path, {name: value for name, value in changed.items() if value is not None}
    )
    with pytest.raises(IndexMismatch) as raised:
        Manifest.read(tmp_path, MANIFEST.recipe)
    assert raised.value.detail == words


def test_a_recipe_with_other_fields_is_a_mismatch_whatever_recipe_is_wanted(tmp_path: Path) -> None:
    _of_another_version(tmp_path, {"odd": 1})
    with pytest.raises(IndexMismatch):
        Manifest.read(tmp_path)


def test_the_folders_ingested_by_another_version_are_known_if_that_wrote_them_down(
    tmp_path: Path,
) -> None:
    assert generations.folders_of(tmp_path) == ()
    generation = generations.create(tmp_path)
    _of_another_version(generation, {"schema": 9}, folder="/documents")
    generations.publish(tmp_path, generation)
    assert generations.folders_of(tmp_path) == (Path("/documents"),)
    _of_another_version(generation, {"schema": 9}, folders=["/documents", "/notes"])
    assert generations.folders_of(tmp_path) == (Path("/documents"), Path("/notes"))
    _of_another_version(generation, {"schema": 9}, collection=["/documents"])
    with pytest.raises(IndexMismatch, match="names no folder"):
        generations.folders_of(tmp_path)


def test_nothing_is_current_before_the_first_generation(tmp_path: Path) -> None:
    assert generations.current(tmp_path) is None


def test_a_published_generation_is_current_and_the_one_before_can_be_kept(tmp_path: Path) -> None:
    made = []
    for _ in range(3):
        made.append(generations.create(tmp_path))
        assert generations.current(tmp_path) != made[-1]
        generations.publish(tmp_path, made[-1])
        assert generations.current(tmp_path) == made[-1]
    assert [path.name.partition("-")[0] for path in made] == ["000001", "000002", "000003"]
    assert generations.orphans(tmp_path) == made[:2]
    assert generations.orphans(tmp_path, keep=made[1]) == made[:1]


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
