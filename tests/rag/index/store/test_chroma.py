"""Passages and vectors in a real Chroma, in the process and on a server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import httpx
import numpy as np
import pytest
from chromadb.errors import NotFoundError

from rag.index.checksums import files_of
from rag.index.store.chroma import Collection, only_read
from rag.records import Passage
from rag.text.encoder import Vectors

PASSAGES = [
    Passage("aaa", 0, 0, 4, "One ", boilerplate=True),
    Passage("aaa", 1, 4, 7, "two", headings=("Numbers", "On two")),
    Passage("bbb", 0, 0, 5, "dré 🐝"),
]
VECTORS: Vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)


@pytest.fixture(params=["in the process", "on a server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Collection]:
    url = None
    if request.param == "on a server":
        url = request.getfixturevalue("chroma_server").partition("+")[2]
    with Collection(tmp_path, url, "steward-test", create=True) as store:
        store.add(PASSAGES, VECTORS)
        yield store
        store.delete()


def test_passages_come_back_as_they_went_in_and_in_the_order_asked(store: Collection) -> None:
    assert store.passages(["bbb:0", "aaa:0", "aaa:1"]) == [PASSAGES[2], PASSAGES[0], PASSAGES[1]]
    assert len(store) == 3


def test_vectors_come_back_as_they_went_in(store: Collection) -> None:
    assert np.allclose(store.vectors(["aaa:1", "aaa:0"]), VECTORS[[1, 0]], atol=1e-6)


def test_the_nearest_come_first_with_their_cosines(store: Collection) -> None:
    (first, cosine), (second, less) = store.nearest(VECTORS[1], 2)
    assert (first, second) == ("aaa:1", "bbb:0")
    assert (cosine, less) == pytest.approx((1.0, 0.8), abs=1e-5)


@pytest.mark.parametrize("method", ["passages", "vectors"])
def test_an_id_that_is_not_there_is_an_error(store: Collection, method: str) -> None:
    with pytest.raises(KeyError):
        getattr(store, method)(["aaa:0", "zzz:0"])


def test_a_collection_embeds_nothing_by_itself(tmp_path: Path) -> None:
    """Chroma's own way to embed would be downloaded."""
    for create in (True, False):
        with Collection(tmp_path, None, "steward-test", create=create) as store:
            assert store._collection._embedding_function is None


def test_a_collection_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Collection(tmp_path, None, "steward-nothing")


@pytest.mark.parametrize(
    ("url", "host", "port", "secure"),
    [
        ("http://chroma.example", "chroma.example", 8000, False),
        ("https://chroma.example", "chroma.example", 443, True),
        ("https://chroma.example:8443/x", "chroma.example", 8443, True),
        ("http://[::1]:80", "::1", 80, False),
    ],
)
def test_an_address_is_taken_apart_and_chroma_reports_to_nobody(
    url: str, host: str, port: int, secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    def nobody(**arguments: Any) -> None:
        given.update(arguments)
        raise ValueError("as Chroma says where nobody answers")

    monkeypatch.setattr(chromadb, "HttpClient", nobody)
    with pytest.raises(httpx.ConnectError) as caught:
        Collection(tmp_path, url, "steward-test")
    assert str(caught.value) == f"no Chroma server answers at {url}"
    assert given.pop("settings").anonymized_telemetry is False
    assert given == {"host": host, "port": port, "ssl": secure}


def test_more_than_a_page_of_passages_is_kept_whole(tmp_path: Path) -> None:
    many = [Passage("doc", n, n, n + 1, "x") for n in range(2300)]
    angles = np.linspace(0, 1, len(many))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    with Collection(tmp_path, None, "steward-many", create=True) as store:
        seen: list[tuple[int, int]] = []
        store.add(many, vectors, lambda *told: seen.append(told))
        assert seen == [(1000, 2300), (2000, 2300), (2300, 2300)]
        assert store.passages([passage.id for passage in many]) == many
        assert store.nearest(vectors[1234], 1)[0][0] == "doc:1234"


def test_of_thousands_hardly_one_of_the_nearest_is_missed(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    vectors, asked = (
        (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
        for drawn in (random.standard_normal((2000, 128)), random.standard_normal((50, 128)))
    )
    right = 0
    with Collection(tmp_path, None, "steward-many", create=True) as store:
        store.add([Passage("doc", n, n, n + 1, "x") for n in range(2000)], vectors)
        for vector in asked:
            nearest = np.argsort(-(vectors @ vector), kind="stable")[:10]
            found = {id for id, _ in store.nearest(vector, 10)}
            right += len(found & {f"doc:{n}" for n in nearest})
    assert right >= 0.99 * 10 * len(asked)


@pytest.mark.parametrize("count", [1, 3, 1001])
def test_a_store_that_is_only_read_is_not_changed_by_that(tmp_path: Path, count: int) -> None:
    vectors = np.random.default_rng(count).standard_normal((count, 2)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with Collection(tmp_path, None, "steward-test", create=True) as store:
        store.add([Passage("doc", n, n, n + 1, "x") for n in range(count)], vectors)
    only_read(tmp_path)
    before = files_of(tmp_path)
    for _ in range(2):
        with Collection(tmp_path, None, "steward-test") as store:
            assert len(store) == count
            assert store.nearest(store.vectors(["doc:0"])[0], 1)[0][0] == "doc:0"
        assert files_of(tmp_path) == before


def test_a_store_whose_database_may_not_be_written_is_read_from_a_copy_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, temporary = tmp_path / "store", tmp_path / "temporary"
    temporary.mkdir()
    with Collection(folder, None, "steward-test", create=True) as store:
        store.add(PASSAGES, VECTORS)
    only_read(folder)
    monkeypatch.setattr("rag.index.store.chroma.os.access", lambda path, mode: False)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = files_of(folder)
    with Collection(folder, None, "steward-test") as store:
        assert store.passages(["aaa:1"]) == [PASSAGES[1]]
        assert len(list(temporary.iterdir())) == 1
    assert list(temporary.iterdir()) == []
    assert files_of(folder) == before
