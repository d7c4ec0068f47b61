"""The manifest of a generation: what is whole, what is damaged, and what is of another version."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from rag.errors import IndexDamaged, IndexMismatch, IndexNewer
from rag.index import generations
from rag.index.checksums import File
from rag.index.manifest import Manifest, Recipe
from rag.records import Metadata

DOCUMENT = Metadata(
    id="abc", title="Ä", source="ä.txt", sha256="0", length=4, body=(1, 4), tags=("x", "y")
)
FILE = File("lexical/vocabulary.txt", 4, 0xFFFFFFFF)
MANIFEST = Manifest(
    Recipe(1, "model", 200, "nupunkt 0.8"), "float32", ("/documents",), (DOCUMENT,), (2,), (FILE,)
)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert Manifest.read(tmp_path) == MANIFEST
    assert MANIFEST.passage_ids() == ["abc:0", "abc:1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"recipe": [1]}',
        json.dumps({"recipe": asdict(MANIFEST.recipe)}),
        json.dumps(asdict(MANIFEST)),
        "[" * 100_000,
    ],
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


@pytest.mark.parametrize("at", [0, 1, 9, 50, 200, 300, -40, -20, -12, -8, -3, -2, -1])
@pytest.mark.parametrize("byte", [b"\0", b"7", b"a", b" ", b'"'])
def test_a_manifest_of_which_one_byte_is_another_is_not_read(
    tmp_path: Path, at: int, byte: bytes
) -> None:
    generation = generations.create(tmp_path)
    MANIFEST.write(generation)
    data = bytearray((generation / "manifest.json").read_bytes())
    if data[at : at + 1 or None] == byte:
        return
    data[at : at + 1 or None] = byte
    (generation / "manifest.json").write_bytes(data)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        Manifest.read(generation, MANIFEST.recipe)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipe": {"schema": 2}}, "no model; no passage_tokens; no segmenter; schema 2, not 1"),
        ({"recipe": None, "format": 9}, r"its manifest\.json names no recipe"),
        ({"files": None, "hashes": []}, r"its manifest\.json is of another form"),
        ({"files": [["a", 1]]}, r"its manifest\.json is of another form"),
    ],
)
def test_a_whole_manifest_of_a_newer_version_is_known_as_that(
    tmp_path: Path, change: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {key: value for key, value in (asdict(MANIFEST) | change).items() if value}
    monkeypatch.setattr("rag.index.manifest.asdict", lambda _: written)
    MANIFEST.write(tmp_path)
    monkeypatch.undo()
    with pytest.raises(IndexNewer, match=words):
        Manifest.read(tmp_path, MANIFEST.recipe)


def test_an_older_version_is_no_newer_one(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    with pytest.raises(IndexMismatch) as caught:
        Manifest.read(tmp_path, replace(MANIFEST.recipe, schema=2))
    assert not isinstance(caught.value, IndexNewer)
    with pytest.raises(IndexNewer, match="schema 1, not 0"):
        Manifest.read(tmp_path, replace(MANIFEST.recipe, schema=0))


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
