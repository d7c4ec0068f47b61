"""Opening a generation: its parts have to fit together."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from rag.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    UnknownDocument,
)
from rag.index.building import ingest
from rag.index.manifest import Recipe
from rag.index.reading import SCHEMA, Index, LiveIndex, metadata_of, reading, recipe
from rag.settings import Settings
from rag.text.encoder import FINGERPRINT
from rag.text.sentences import SEGMENTER
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


def test_an_index_knows_its_documents_and_where_their_passages_are(tmp_path: Path) -> None:
    with closing(
        index_of(tmp_path / "index", DOCUMENTS, VECTORS, [(0, "page 1"), (3, "page 2")])
    ) as index:
        assert [index.row(id) for id in index.passage_ids] == [0, 1, 2, 3]
        assert index.rows_of(["tea"]) == [2, 3]
        assert index.rows_of(["tea", "bees", "tea"]) == [0, 1, 2, 3]
        assert index.rows_of([]) == []
        assert [each.id for each in index.documents()] == ["bees", "tea"]
        tea = index.document("tea")
        assert (tea.text, tea.title, tea.length) == ("Tea is old. It is not fermented.", "tea", 32)
        assert metadata_of(tea) == index.metadata("tea") == index.documents()[1]
        assert index.speller.correct("nectra", lambda word: False) == "nectar"
        for asking in (index.metadata, index.document, lambda id: index.rows_of(["tea", id])):
            with pytest.raises(UnknownDocument) as caught:
                asking("coffee")
            assert caught.value.args == UnknownDocument("coffee").args


@pytest.mark.parametrize("lacking", ["chroma", "lexical", "sentences", "manifest"])
def test_a_part_that_lacks_a_passage_is_not_opened(tmp_path: Path, lacking: str) -> None:
    generation, manifest = write_index(tmp_path / "index", DOCUMENTS, VECTORS, lacking=lacking)
    with pytest.raises(IndexDamaged, match="its parts are of different sizes") as caught:
        Index(generation, manifest, None)
    assert caught.value.index == tmp_path / "index"


@pytest.mark.parametrize("part", ["lexical", "sentences", "chroma"])
def test_a_part_that_is_gone_is_not_opened(tmp_path: Path, part: str) -> None:
    generation, manifest = write_index(tmp_path / "index", DOCUMENTS, VECTORS)
    shutil.rmtree(generation / part)
    with pytest.raises(IndexDamaged) as caught:
        Index(generation, manifest, None)
    assert caught.value.index == tmp_path / "index"
    assert caught.value.detail


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The generations that were closed, in order."""
    found: list[Path] = []
    close = Index.close

    def closing(index: Index) -> None:
        close(index)
        found.append(index.generation)

    monkeypatch.setattr(Index, "close", closing)
    return found


def test_a_generation_stays_open_until_its_last_question_has_ended(
    tmp_path: Path, closed: list[Path]
) -> None:
    folder = tmp_path / "index"
    first, manifest = write_index(folder, DOCUMENTS, VECTORS)
    live = LiveIndex(Settings(index=folder), manifest.recipe)
    with live.reading() as one, live.reading() as other:
        assert one is other
    with live.reading() as again:
        assert again is one
        with live.reading():
            second, _ = write_index(folder, DOCUMENTS, VECTORS)
            with live.reading() as new:
                assert (one.generation, new.generation) == (first, second)
        assert closed == []
    assert closed == [first]
    with live.reading() as last:
        live.close()
        assert (last, closed) == (new, [first])
    assert closed == [first, second]


def test_what_goes_wrong_while_an_index_is_lent_gives_it_back(
    tmp_path: Path, closed: list[Path]
) -> None:
    generation, manifest = write_index(tmp_path / "index", DOCUMENTS, VECTORS)
    live = LiveIndex(Settings(index=tmp_path / "index"), manifest.recipe)
    with pytest.raises(IndexUnreachable, match="it stopped") as caught, live.reading():
        raise httpx.ConnectError("it stopped")
    assert caught.value.index == tmp_path / "index"
    with pytest.raises(ZeroDivisionError), live.reading():
        raise ZeroDivisionError
    live.close()
    assert closed == [generation]


def test_an_index_of_another_recipe_is_not_lent(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    _, manifest = write_index(folder, DOCUMENTS, VECTORS)
    live = LiveIndex(Settings(index=folder), replace(manifest.recipe, model="another"))
    with pytest.raises(IndexMismatch, match="model by hand, not another"), live.reading():
        pass
    live.close()


def test_a_recipe_names_all_that_vectors_passages_and_words_depend_on() -> None:
    assert recipe(Settings(passage_tokens=99)) == Recipe(SCHEMA, FINGERPRINT, 99, SEGMENTER)


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
