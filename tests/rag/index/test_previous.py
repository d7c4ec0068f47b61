"""What an ingest keeps of the index before: its folders, and vectors of documents as before."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.documents.files import parse
from rag.errors import IndexOfOthers
from rag.index import generations
from rag.index.previous import keep_others, unchanged
from tests.by_hand import index_of, write_index

VECTORS = np.eye(2, 384, dtype=np.float32)


def ingested(index: Path, *folders: Path) -> None:
    """An index that says it was made of these folders."""
    generation, manifest = write_index(index, {"a": ["A."], "b": ["B."]}, VECTORS)
    replace(manifest, folders=tuple(map(str, folders))).write(generation)


@pytest.mark.parametrize(
    ("named", "lost"),
    [
        (("fees", "minutes"), ""),
        (("minutes", "fees", "notes"), ""),
        (("",), ""),  # the folder above both
        (("fees",), "minutes"),
        (("notes",), "fees, minutes"),
    ],
)
def test_no_folder_goes_out_of_the_index_unasked(
    named: tuple[str, ...], lost: str, tmp_path: Path
) -> None:
    ingested(tmp_path / "index", tmp_path / "fees", tmp_path / "minutes")
    folders = [tmp_path / name for name in named]
    if not lost:
        keep_others(tmp_path / "index", folders, (), None)
        return
    with pytest.raises(IndexOfOthers) as raised:
        keep_others(tmp_path / "index", folders, (), None)
    assert raised.value.detail == ", ".join(str(tmp_path / name) for name in lost.split(", "))


def test_where_nothing_can_be_read_nothing_is_lost(tmp_path: Path) -> None:
    keep_others(tmp_path / "index", [tmp_path], (), None)
    ingested(tmp_path / "index", tmp_path / "fees")
    generation = generations.current(tmp_path / "index")
    assert generation
    (generation / "manifest.json").write_text("{")
    keep_others(tmp_path / "index", [tmp_path / "notes"], (), None)


def test_a_folder_that_was_moved_loses_nothing_and_one_that_lacks_a_document_does(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "index"
    index = index_of(kept, {"a": ["A."], "b": ["B."]}, VECTORS)
    generation = generations.current(kept)
    assert generation
    replace(index.manifest, folders=(str(tmp_path / "fees"),)).write(generation)
    documents = [parse(text, "moved.txt") for text in (b"A.", b"B.")]
    keep_others(kept, [tmp_path / "elsewhere"], documents, index)
    with pytest.raises(IndexOfOthers, match="fees"):
        keep_others(kept, [tmp_path / "elsewhere"], documents[:1], index)
    index.close()


def test_a_document_is_known_again_by_what_is_in_it_and_not_by_its_name(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", {"a": ["A."], "b": ["B."]}, VECTORS)
    a, b = index.documents()

    moved = replace(b, id="new", source="other/name.txt")
    assert unchanged([a, moved], index) == {"a": "a", "new": "b"}
    others = replace(moved, title="C"), replace(moved, sha256="0"), replace(moved, is_markdown=True)
    assert unchanged(others, index) == {}
    index.close()
    assert unchanged([a], None) == {}
