"""A folder to an index, with the real encoder and a real Chroma."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest

from rag.assistant import Assistant
from rag.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnreachable, NoDocuments
from rag.index import generations, reading
from rag.index.building import ingest
from rag.index.reading import SCHEMA, LiveIndex, recipe
from rag.index.store import Store
from rag.quoting.reader import Reader
from rag.records import Passage
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from tests import stopping
from tests.conftest import ROOT, running_chroma
from ui.wording.errors import explain

LENGTH = "How long is the river Lena?"
BEES = "What do bees collect from flowers?"


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that the real encoder embeds, in order."""
    texts: list[str] = []
    encode = Encoder.encode

    def recording(self: Encoder, batch: list[str], *rest: object) -> np.ndarray:
        texts.extend(batch)
        return encode(self, batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Encoder, "encode", recording)
    return texts


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch, encoder: Encoder, reader: Reader) -> None:
    """Ingest and assistant take the models that all tests share, and need not load their own."""
    # By its module, since rag.index.building itself is the function.
    monkeypatch.setattr(import_module("rag.index.building"), "Encoder", lambda: encoder)
    monkeypatch.setattr("rag.assistant.Encoder", lambda: encoder)
    monkeypatch.setattr("rag.assistant.Reader", lambda: reader)


def test_the_first_ingest_adds_all_and_the_second_embeds_and_writes_nothing(
    folder: Path, settings: Settings, embedded: list[str]
) -> None:
    first = ingest(folder, settings)
    assert first.added == ("bees.txt", "rivers.md", "tea.txt")
    assert (first.documents, first.passages, first.embedded) == (3, 3, 3)
    assert len(embedded) == 3 + 9  # the passages, and their sentences with the headings
    embedded.clear()
    current = generations.current(settings.index)
    second = ingest(folder, settings)
    assert (second.added, second.changed, second.removed) == ((), (), ())
    assert (second.passages, second.embedded, embedded) == (3, 0, [])
    assert generations.current(settings.index) == current


def test_only_what_changed_is_embedded_and_what_is_gone_goes(
    folder: Path, settings: Settings, embedded: list[str]
) -> None:
    ingest(folder, settings)
    embedded.clear()
    (folder / "tea.txt").unlink()
    (folder / "bees.txt").write_text("How bees make honey\n\nBees collect water as well.\n")
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    report = ingest(folder, settings)
    assert report.added == ("moss.txt",)
    assert report.changed == ("bees.txt",)
    assert report.removed == ("tea.txt",)
    assert (report.passages, report.embedded) == (3, 2)
    assert not any("Lena" in text for text in embedded)
    live = LiveIndex(settings, recipe(settings))
    with live.reading() as index:
        assert [document.source for document in index.documents()] == [
            "bees.txt",
            "moss.txt",
            "rivers.md",
        ]
    live.close()


def test_carried_vectors_are_those_of_embedding_anew(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    ingest(folder, settings)
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    ingest(folder, settings)
    anew = settings.model_copy(update={"index": tmp_path / "anew"})
    ingest(folder, anew)
    found, of_sentences, spans = [], [], []
    for each in (settings, anew):
        live = LiveIndex(each, recipe(each))
        with live.reading() as index:
            found.append(index.store.vectors(index.passage_ids))
            of_sentences.append([index.sentence_vectors.of(row) for row in range(4)])
            spans.append([index.sentence_vectors.spans(row) for row in range(4)])
        live.close()
    assert (found[0] * found[1]).sum(axis=1).min() > 0.999
    assert [len(own) for own in of_sentences[0]] == [3, 2, 3, 3]  # bees, moss, rivers, tea
    assert spans[0] == spans[1]
    for carried, embedded in zip(*of_sentences, strict=True):
        assert (carried @ embedded.T).argmax(axis=1).tolist() == list(range(len(carried)))
        assert (carried * embedded).sum(axis=1).min() > 0.999


def test_new_metadata_is_kept_without_embedding(
    folder: Path, settings: Settings, embedded: list[str]
) -> None:
    ingest(folder, settings)
    embedded.clear()
    text = (folder / "rivers.md").read_text()
    (folder / "rivers.md").write_text(text.replace("Water Office", "River Board"))
    assert ingest(folder, settings).changed == ("rivers.md",)
    assert embedded == []
    live = LiveIndex(settings, recipe(settings))
    with live.reading() as index:
        assert index.documents()[1].publisher == "River Board"
    live.close()


def test_an_index_of_another_recipe_is_named_and_made_anew(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    other = settings.model_copy(update={"passage_tokens": 40})
    with pytest.raises(IndexMismatch, match="passage_tokens 200, not 40"):
        Assistant(other)
    assert ingest(folder, other).embedded >= 3
    Assistant(other).close()


def test_an_index_whose_sentences_another_segmenter_found_is_made_anew(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(folder, settings)
    monkeypatch.setattr(reading, "SEGMENTER", "nupunkt 9.9")
    with pytest.raises(IndexMismatch, match="segmenter nupunkt .*, not nupunkt 9.9"):
        Assistant(settings)
    assert ingest(folder, settings).embedded == 3


@pytest.mark.parametrize("version", [SCHEMA - 1, SCHEMA + 1])
def test_an_index_of_another_version_says_to_ingest_again_and_that_mends_it(
    version: int, folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    generation = generations.current(settings.index)
    assert generation
    manifest = generation / "manifest.json"
    written = json.loads(manifest.read_text())
    written["recipe"] |= {"schema": version, "segmenter": "another"}
    del written["passage_counts"]
    manifest.write_text(json.dumps(written))
    with pytest.raises(IndexMismatch) as raised:
        Assistant(settings)
    assert "Read the documents again: steward ingest" in explain(raised.value).text
    assert ingest(folder, settings).embedded == 3
    Assistant(settings).close()


def test_a_long_line_of_dashes_is_kept_and_hides_nothing(
    tmp_path: Path, settings: Settings, embedded: list[str]
) -> None:
    folder = tmp_path / "dashes"
    folder.mkdir()
    text = "The tea is green.\n" + "-" * 40_000 + "\nThe Lena is 4,294 kilometres long.\n"
    (folder / "dashes.md").write_text(text)
    report = ingest(folder, settings)
    assert report.passages > 200
    assert sum(map(len, embedded)) < 2000
    with reading.reading(settings) as index:
        (document,) = index.documents()
        assert index.document(document.id).text == text
        for row, passage in enumerate(index.store.passages(index.passage_ids)):
            if "tea" in passage.text or "Lena" in passage.text:
                vector = index.store.vectors([passage.id])[0]
                assert index.store.nearest(vector, 1)[0][0] == index.passage_ids[row]


def test_a_second_writer_is_refused_and_nothing_is_lost(folder: Path, settings: Settings) -> None:
    ingest(folder, settings)
    before = generations.current(settings.index)
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    with generations.writing(settings.index), pytest.raises(IndexBusy):
        ingest(folder, settings)
    assert generations.current(settings.index) == before


def test_a_failed_ingest_leaves_the_old_index(folder: Path, settings: Settings) -> None:
    ingest(folder, settings)
    before = generations.current(settings.index)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(NoDocuments):
        ingest(folder, settings)
    assert generations.current(settings.index) == before


def _cut_short(passages: Sequence[Passage], vectors: Vectors) -> tuple[list[Passage], Vectors]:
    return [replace(passage, text=passage.text[:-1]) for passage in passages], vectors


def _pointless(passages: Sequence[Passage], vectors: Vectors) -> tuple[list[Passage], Vectors]:
    return list(passages), vectors * 0


def _one_lost(passages: Sequence[Passage], vectors: Vectors) -> tuple[list[Passage], Vectors]:
    return list(passages[1:]), vectors[1:]


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (_cut_short, "bees.txt was not kept whole"),
        (_pointless, "does not find its own first passage"),
        (_one_lost, "different sizes"),
    ],
)
@pytest.mark.usefixtures("loaded_once")
def test_an_index_that_did_not_keep_what_it_was_given_never_becomes_current(
    folder: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kept: Callable[[Sequence[Passage], Vectors], tuple[list[Passage], Vectors]],
    message: str,
) -> None:
    ingest(folder, settings)
    before = generations.current(settings.index)
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    add = Store.add

    def adding(store: Store, passages: Sequence[Passage], vectors: Vectors, *_: object) -> None:
        add(store, *kept(passages, vectors))

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", adding)
        with pytest.raises(IndexDamaged, match=message):
            ingest(folder, settings)
    assert generations.current(settings.index) == before
    assistant = Assistant(settings)
    assert "4,294" in assistant.ask(LENGTH).quotes[0].text
    assistant.close()
    assert ingest(folder, settings).added == ("moss.txt",)


def test_a_damaged_index_is_an_error_and_the_next_ingest_repairs_it(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    generation = generations.current(settings.index)
    assert generation
    (generation / "lexical" / "params.index.json").unlink()
    with pytest.raises(IndexDamaged):
        Assistant(settings)
    assert ingest(folder, settings).embedded == 3
    assistant = Assistant(settings)
    assert "4,294" in assistant.ask(LENGTH).quotes[0].text
    assistant.close()


def test_a_running_assistant_answers_from_the_new_index_of_another_process(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    assistant = Assistant(settings)
    assert "nectar" in assistant.ask(BEES).quotes[0].text
    (folder / "bees.txt").write_text(
        "How bees make honey\n\nBees collect pollen from flowers, and water.\n"
    )
    with _start(folder, settings) as writer:
        writer.communicate()
    answer = assistant.ask(BEES)
    assert "pollen" in answer.quotes[0].text
    document = assistant.document(answer.quotes[0].document_id)
    quote = answer.quotes[0]
    assert document.text[quote.start : quote.end] == quote.text
    assistant.close()


def test_with_a_chroma_server_the_vectors_are_kept_there(
    folder: Path, settings: Settings, chroma_server: str
) -> None:
    remote = settings.model_copy(update={"chroma_url": chroma_server})
    for _ in range(3):  # the first generation is deleted when the third is published
        (folder / "tea.txt").write_text((folder / "tea.txt").read_text() + "Tea is old.\n")
        ingest(folder, remote)
    names = [path.name for path in sorted((remote.index / "generations").iterdir())]
    assert len(names) == 2
    assert not any((remote.index / "generations" / name / "chroma").exists() for name in names)
    assert _collections(chroma_server) >= {f"steward-{name}" for name in names}
    assert len([name for name in _collections(chroma_server) if "steward-0000" in name]) == 2
    assistant = Assistant(remote)
    answer = assistant.ask(BEES)
    document = assistant.document(answer.quotes[0].document_id)
    assert document.text[answer.quotes[0].start : answer.quotes[0].end] == answer.quotes[0].text
    assistant.close()


def test_a_chroma_server_that_does_not_answer_is_an_error(folder: Path, settings: Settings) -> None:
    gone = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    with pytest.raises(IndexUnreachable, match="no Chroma server answers"):
        ingest(folder, gone)
    ingest(folder, settings)
    with pytest.raises(IndexUnreachable, match="no Chroma server answers"):
        Assistant(gone)


def test_a_chroma_server_that_stops_is_an_error_and_not_a_refusal(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    with running_chroma(tmp_path / "chroma") as url:
        remote = settings.model_copy(update={"chroma_url": url})
        ingest(folder, remote)
        assistant = Assistant(remote)
        assert assistant.ask(BEES).answered
    with pytest.raises(IndexUnreachable):
        assistant.ask(BEES)
    assistant.close()


def _collections(url: str) -> set[str]:
    with httpx.Client(trust_env=False) as client:
        found = client.get(
            f"{url}/api/v2/tenants/default_tenant/databases/default_database/collections"
        )
    return {collection["name"] for collection in found.json()}


PARTS = {"chroma", "lexical", "sentences", "manifest.json"}


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("embedding", set()),
        (stopping.ADDING, {"chroma"}),
        ("between two parts", {"chroma", "lexical"}),
        ("before the sync", PARTS),
        ("before the rename", PARTS),
        ("before the sweep", PARTS),
    ],
)
@pytest.mark.usefixtures("loaded_once")
def test_a_kill_during_an_ingest_leaves_an_index_that_answers(
    folder: Path, settings: Settings, moment: str, written: set[str]
) -> None:
    ingest(folder, settings)
    before = generations.current(settings.index)
    assistant = Assistant(settings)
    expected = assistant.ask(LENGTH).quotes[0]  # how many follow depends on the index's size
    (folder / "moss.txt").write_text("All about moss\n\nMoss has no roots.\n")
    command = [sys.executable, "-m", "tests.stopping", str(folder), str(settings.index), moment]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        said = writer.stdout.readline().strip()
        writer.kill()
    assert (said, writer.returncode) == (stopping.SAID, -signal.SIGKILL)
    (begun,) = {*(settings.index / "generations").iterdir()} - {before}
    assert {path.name for path in begun.iterdir()} == written
    assert (settings.index / "CURRENT.new").exists() == (moment == "before the rename")
    published = moment == "before the sweep"
    assert generations.current(settings.index) == (begun if published else before)
    assert assistant.ask(LENGTH).quotes[0] == expected
    assistant.close()
    afresh = Assistant(settings)
    assert afresh.ask(LENGTH).quotes[0] == expected
    afresh.close()
    assert ingest(folder, settings).documents == 4
    assert len(list((settings.index / "generations").iterdir())) <= 2


def _start(folder: Path, settings: Settings) -> subprocess.Popen[str]:
    """An ingest in a process of its own."""
    program = (
        "import sys; from pathlib import Path; from rag.index.building import ingest;"
        " from rag.settings import Settings;"
        " ingest(Path(sys.argv[1]), Settings(index=Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", program, str(folder), str(settings.index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
