"""Ingests with the passages on a real server, and what becomes of them when something dies."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from eval.store_server import StoreServer
from rag.assistant import Assistant
from rag.errors import IndexUnreachable
from rag.index import building, generations, parts
from rag.index.building import ingest
from rag.index.reading import LiveIndex, reading, recipe
from rag.index.store import engines
from rag.index.store.chroma import Collection
from rag.index.store.ledger import Ledger
from rag.records import Passage
from rag.settings import Settings
from tests import stopping
from tests.by_hand import EncoderByWords
from tests.conftest import ROOT
from tests.stores import SERVERS, serving


@pytest.fixture(scope="module", params=SERVERS)
def store_url(request: pytest.FixtureRequest) -> str:
    """Each server in turn."""
    url: str = request.getfixturevalue(f"{request.param}_server")
    return url


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreServer]:
    """Each server in turn, to be killed."""
    with serving(request.param, tmp_path / "server") as server:
        yield server


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> EncoderByWords:
    """An encoder that need not be loaded."""
    encoder = EncoderByWords()
    monkeypatch.setattr(building, "Encoder", lambda: encoder)
    return encoder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Twenty short documents."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(f"Note {number}\n\nOf ant{number} and moss.\n")
    return folder


def _settings(tmp_path: Path, url: str) -> Settings:
    return Settings(index=tmp_path / "index", store_url=url)


def _held(settings: Settings) -> list[Passage]:
    """What a reader sees, asked in every way."""
    with reading(settings) as index:
        found = index.store.passages(index.passage_ids)
        assert [len(own.spans) for own in index.store.sentences(index.passage_ids)]
        vectors = index.store.vectors(index.passage_ids)
        nearest = {index.store.nearest(vector, 1)[0][0] for vector in vectors}
        assert nearest == {*index.passage_ids}
        held = {id for id, _ in index.store.lexical([("moss", 1.0)], 100)}
        assert held == {each.id for each in found if "moss" in each.text}
        return found


def _keys(settings: Settings) -> set[str]:
    """The keys of all records that are on the server for an index."""
    generation = generations.current(settings.index)
    assert generation
    name = Ledger.read(generation).collection
    engine, address = engines.told(settings.store_url)
    if engine == engines.CHROMA:
        with Collection(Path(), address, name) as collection:
            return {*collection._collection.get(include=[])["ids"]}
    from rag.index.store.milvus_records import Records

    assert address
    with closing(Records(address, name)) as records:
        found = records._client.query(
            records.collection, filter='key != ""', output_fields=["key"], limit=1000
        )
        return {each["key"] for each in found}


def test_answers_are_those_of_the_embedded_engine(
    folder: Path, tmp_path: Path, store_url: str
) -> None:
    here, there = Settings(index=tmp_path / "here"), _settings(tmp_path, store_url)
    answers = []
    for settings in (here, there):
        ingest(folder, settings)
        with closing(Assistant(settings)) as assistant:
            answers.append([assistant.ask(each) for each in QUESTIONS])
    for one, other in zip(*answers, strict=True):
        assert one.quotes == other.quotes
        assert [hit.passage for hit in one.hits] == [hit.passage for hit in other.hits]
        ranks = [[(hit.dense_rank, hit.lexical_rank) for hit in each.hits] for each in (one, other)]
        assert ranks[0] == ranks[1]
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)
    assert any(answer.answered for answer in answers[0])


QUESTIONS = ("What do bees collect from flowers?", "How long is the river Lena?", "Who is Bob?")


def test_an_ingest_writes_only_what_changed_and_sweeps_what_was_replaced(
    notes: Path, tmp_path: Path, store_url: str, by_words: EncoderByWords
) -> None:
    settings = _settings(tmp_path, store_url)
    ingest(notes, settings)
    first = _keys(settings)
    assert len(first) == len(_held(settings))
    (notes / "7.txt").write_text("Note 7\n\nOf moss and beetles.\n")
    (notes / "8.txt").unlink()
    (notes / "20.txt").write_text("Note 20\n\nOf nothing but moss.\n")
    by_words.seen.clear()
    ingest(notes, settings)
    assert not any("ant" in text for text in by_words.seen)
    second = _keys(settings)
    assert second > first  # what a reader of the first may still ask for is there
    texts = "".join(passage.text for passage in _held(settings))
    assert "beetles" in texts and "nothing" in texts
    assert "ant7" not in texts and "ant8" not in texts
    ingest(notes, settings)  # changes nothing
    third = _keys(settings)
    assert third < second and second - first < third
    assert len(third) == len(_held(settings))


def test_a_document_that_was_renamed_is_written_anew_and_not_embedded(
    notes: Path, tmp_path: Path, store_url: str, by_words: EncoderByWords
) -> None:
    settings = _settings(tmp_path, store_url)
    ingest(notes, settings)
    (notes / "more").mkdir()
    (notes / "7.txt").rename(notes / "more" / "7.txt")
    by_words.seen.clear()
    ingest(notes, settings)
    assert by_words.seen == []
    with reading(settings) as index:
        assert "more/7.txt" in {each.source for each in index.documents()}
    _held(settings)


def test_what_is_read_stays_through_any_number_of_ingests(
    notes: Path, tmp_path: Path, store_url: str, by_words: EncoderByWords
) -> None:
    settings = _settings(tmp_path, store_url)
    ingest(notes, settings)
    with closing(LiveIndex(settings, recipe(settings))) as live:
        with live.reading() as index:
            before = index.store.passages(index.passage_ids)
            for number in range(3):
                (notes / "7.txt").write_text(f"Note 7\n\nOf moss, the {number}th time.\n")
                ingest(notes, settings)
                assert index.store.passages(index.passage_ids) == before
                vectors = index.store.vectors(index.passage_ids)
                found = [index.store.nearest(vector, 1)[0][0] for vector in vectors]
                assert found == index.passage_ids
        with live.reading() as index:
            texts = [passage.text for passage in index.store.passages(index.passage_ids)]
            assert any("2th" in text for text in texts)
    ingest(notes, settings)
    assert len(_keys(settings)) == len(_held(settings))
    assert len(generations.every(settings.index)) == 1


@pytest.mark.parametrize("moment", stopping.ON_SERVERS)
def test_an_ingest_that_is_killed_leaves_the_old_one_whole_and_the_next_sweeps(
    notes: Path, tmp_path: Path, store_url: str, by_words: EncoderByWords, moment: str
) -> None:
    settings = _settings(tmp_path, store_url)
    ingest(notes, settings)
    before, keys = _held(settings), _keys(settings)
    (notes / "7.txt").write_text("Note 7\n\nOf moss and beetles.\n")
    command = [sys.executable, "-m", "tests.stopping", str(notes), str(settings.index)]
    with subprocess.Popen(
        [*command, moment, store_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline().strip() == stopping.SAID
        writer.kill()
    assert writer.returncode == -signal.SIGKILL
    published = moment == "before the report"
    assert (_held(settings) == before) is not published
    assert keys <= _keys(settings)
    ingest(notes, settings)
    assert "beetles" in "".join(passage.text for passage in _held(settings))
    ingest(notes, settings)
    assert len(_keys(settings)) == len(_held(settings))


def test_a_server_that_is_killed_during_an_ingest_has_the_old_one_whole_when_it_is_back(
    notes: Path,
    tmp_path: Path,
    server: StoreServer,
    by_words: EncoderByWords,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = _settings(tmp_path, server.url)
    ingest(notes, settings)
    before = _held(settings)
    (notes / "7.txt").write_text("Note 7\n\nOf moss and beetles.\n")
    write = parts.write

    def killing(*arguments: object) -> None:
        server.process.kill()
        server.process.wait()
        write(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(building, "write", killing)
        with pytest.raises(IndexUnreachable):
            ingest(notes, settings)
    with pytest.raises(IndexUnreachable), reading(settings):
        pass
    engine, _, address = server.url.partition("+")
    port = int(address.rpartition(":")[2])
    with serving(engine, tmp_path / "server", port):
        for _ in range(60):  # gRPC waits before it tries an address again
            with suppress(IndexUnreachable):
                assert _held(settings) == before
                break
            time.sleep(1)
        ingest(notes, settings)
        assert "beetles" in "".join(passage.text for passage in _held(settings))


def test_a_server_that_stops_is_an_error_and_not_a_refusal(
    notes: Path, tmp_path: Path, server: StoreServer, by_words: EncoderByWords
) -> None:
    settings = _settings(tmp_path, server.url)
    ingest(notes, settings)
    with closing(LiveIndex(settings, recipe(settings))) as live:
        with live.reading() as index:
            vector = index.store.vectors(index.passage_ids[:1])[0]
        server.process.kill()
        server.process.wait()
        with pytest.raises(IndexUnreachable), live.reading() as index:
            index.store.nearest(vector, 3)


@pytest.mark.parametrize("engine", SERVERS)
def test_a_server_that_is_not_there_is_an_error_and_leaves_an_index_as_it_was(
    engine: str, notes: Path, tmp_path: Path, by_words: EncoderByWords
) -> None:
    here = Settings(index=tmp_path / "index")
    ingest(notes, here)
    with pytest.raises(IndexUnreachable):
        ingest(notes, _settings(tmp_path, f"{engine}+http://127.0.0.1:9"))
    assert len(_held(here)) == 20
