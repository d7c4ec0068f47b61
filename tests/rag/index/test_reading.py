"""Opening a generation: its parts have to fit together."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.index.building import ingest
from rag.index.reading import Index, reading
from rag.settings import Settings
from tests.by_hand import index_of, write_index

DOCUMENTS = {
    "bees": ["Bees collect nectar. ", "They dry it in cells."],
    "tea": ["Tea is old. ", "It is not fermented."],
}
VECTORS = np.eye(4, dtype=np.float32)


def test_parts_of_one_size_are_opened(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", DOCUMENTS, VECTORS)
    assert index.passage_ids == ["bees:0", "bees:1", "tea:0", "tea:1"]
    assert index.document("bees").text == "Bees collect nectar. They dry it in cells."
    index.close()


@pytest.mark.parametrize("lacking", ["chroma", "lexical", "sentences", "manifest"])
def test_a_part_that_lacks_a_passage_is_not_opened(tmp_path: Path, lacking: str) -> None:
    generation, manifest = write_index(tmp_path / "index", DOCUMENTS, VECTORS, lacking=lacking)
    with pytest.raises(IndexDamaged, match="its parts are of different sizes"):
        Index(generation, manifest, None)


@pytest.mark.parametrize("count", [3, 5])
def test_sentences_without_a_vector_of_their_own_are_not_opened(tmp_path: Path, count: int) -> None:
    generation, manifest = write_index(tmp_path / "index", DOCUMENTS, VECTORS)
    spans = np.array([(0, 5)] * count, dtype=np.int32)
    np.save(generation / "sentences" / "spans.npy", spans)
    with pytest.raises(IndexDamaged, match="do not fit together"):
        Index(generation, manifest, None)


def test_the_current_index_is_lent_and_closed(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Index] = []
    close = Index.close

    def closing(index: Index) -> None:
        close(index)
        closed.append(index)

    with pytest.raises(IndexMissing), reading(settings):
        pass
    ingest(folder, settings)
    monkeypatch.setattr(Index, "close", closing)
    with reading(settings) as index:
        assert len(index.store) == 3
        assert closed == []
    assert closed == [index]
    with pytest.raises(IndexMismatch), reading(settings.model_copy(update={"passage_tokens": 40})):
        pass
