"""A folder to an index, with the real encoder and a real Chroma."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import httpx as chroma_http  # which Chroma speaks
import numpy as np
import pytest
from chromadb.errors import InternalError

from rag.assistant import Assistant
from rag.documents.files import read_folder
from rag.documents.passages import embedding_text, split
from rag.errors import (
    IndexBusy,
    IndexDamaged,
    IndexFault,
    IndexMismatch,
    IndexUnreachable,
    IndexUnwritable,
    NoDocuments,
)
from rag.index import generations, reading
from rag.index.building import ingest
from rag.index.lexical import Lexical
from rag.index.reading import SCHEMA, Index, LiveIndex, recipe
from rag.index.store.chroma import Collection
from rag.quoting.reader import Reader
from rag.records import Passage
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.text.sentences import sentences
from tests import stopping
from tests.by_hand import EncoderByWords
from tests.conftest import ROOT
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
            own = index.store.sentences(index.passage_ids)
            of_sentences.append([each.vectors for each in own])
            spans.append([each.spans for each in own])
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
    del written["passage_counts"], written["crc32"]
    manifest.write_text(json.dumps(written))
    with pytest.raises(IndexMismatch) as raised:
        Assistant(settings)
    text = explain(raised.value).text
    assert "ead the documents again: steward ingest" in text
    assert ("newer version of Steward" in text) == (version > SCHEMA)
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
    add = Collection.add

    def adding(
        store: Collection, passages: Sequence[Passage], vectors: Vectors, *_: object
    ) -> None:
        add(store, *kept(passages, vectors))

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "add", adding)
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


PARTS = {"chroma", "lexical", "sentences", "manifest.json"}


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("embedding", set()),
        (stopping.ADDING, {"chroma"}),
        ("between two parts", {"chroma", "lexical"}),
        ("before the sync", PARTS),
        ("before the rename", PARTS),
        ("before the report", PARTS),
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
    published = moment == "before the report"
    assert generations.current(settings.index) == (begun if published else before)
    assert assistant.ask(LENGTH).quotes[0] == expected
    assistant.close()
    afresh = Assistant(settings)
    assert afresh.ask(LENGTH).quotes[0] == expected
    afresh.close()
    assert ingest(folder, settings).documents == 4
    assert len(list((settings.index / "generations").iterdir())) <= 2


NOTES = {
    "ants.txt": "All about ants\n\nAnts carry leaves. They never rest.\n",
    "moss.txt": "All about moss\n\nMoss has no roots. It drinks rain.\n",
    "salt.txt": "Salt in short\n\nSalt comes from the sea. It is mined as well.\n",
}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with three documents and a file that is none."""
    made = tmp_path / "notes"
    made.mkdir()
    for name, text in NOTES.items():
        (made / name).write_text(text)
    (made / "song.mp3").write_bytes(b"ID3")
    return made


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> EncoderByWords:
    """An encoder that needs no model, instead of the real one."""
    encoder = EncoderByWords()
    monkeypatch.setattr(import_module("rag.index.building"), "Encoder", lambda: encoder)
    return encoder


def assert_whole(settings: Settings, folder: Path) -> None:
    """What is in the index of a folder is what ingest is to make of each document in it."""
    documents, _ = read_folder(folder)
    own = [split(each, settings.passage_tokens, EncoderByWords().pieces) for each in documents]
    passages = [passage for each in own for passage in each]
    texts = [
        embedding_text(document.title, passage, EncoderByWords().pieces)
        for document, each in zip(documents, own, strict=True)
        for passage in each
    ]
    with reading.reading(settings) as index:
        assert index.documents() == tuple(reading.metadata_of(each) for each in documents)
        assert [index.document(each.id) for each in documents] == list(documents)
        assert index.passage_ids == [passage.id for passage in passages]
        assert index.store.passages(index.passage_ids) == passages
        vectors = index.store.vectors(index.passage_ids)
        assert np.allclose(vectors, EncoderByWords.vectors(texts), atol=1e-6)
        kept = index.store.sentences(index.passage_ids)
        for held, passage in zip(kept, passages, strict=True):
            spans = sentences(passage.text)
            shown = [passage.text[start:end] for start, end in spans]
            assert held.spans == spans
            of_sentences = EncoderByWords.vectors(shown)
            assert np.allclose(held.vectors, of_sentences, atol=1e-3)
        expected = Lexical.build(texts)
        assert index.lexical.vocabulary == expected.vocabulary
        for question in ("ants moss", "salt sea short", "about"):
            scores = index.store.bm25([(question, 1.0)], index.passage_ids)
            assert scores == expected.scores(question).tolist()
        assert (index.manifest.recipe, index.manifest.dtype) == (recipe(settings), "by words")
        assert index.manifest.folders == (str(folder.resolve()),)


def test_an_index_holds_what_the_encoder_makes_of_passages_and_sentences(
    notes: Path, settings: Settings, by_words: EncoderByWords
) -> None:
    told: list[tuple[str, int, int]] = []
    report = ingest(notes, settings, lambda *each: told.append(each))
    assert_whole(settings, notes)
    assert len(by_words.seen) == 3 + 9
    assert told == [
        ("reading", 0, 1),
        ("reading", 1, 1),
        ("embedding", 12, 12),
        ("writing", 3, 3),
    ]
    assert (report.documents, report.passages, report.embedded) == (3, 3, 3)
    assert (report.added, report.changed, report.removed) == (tuple(NOTES), (), ())
    assert report.skipped == (("song.mp3", ".mp3 is not a format read yet"),)
    assert 0 < report.seconds < 300


def test_what_was_left_out_is_kept_and_follows_the_folder(
    notes: Path, settings: Settings, by_words: EncoderByWords
) -> None:
    for name in ("song.mp3", "song.ogg"):
        (notes / name).write_bytes(b"")
        assert ingest(notes, settings).skipped
        with reading.reading(settings) as index:
            assert index.manifest.left_out[-1] == (name, f"{name[-4:]} is not a format read yet")
    assert not ingest(notes, settings).embedded


def test_after_every_change_an_index_is_that_of_its_folder(
    notes: Path, settings: Settings, by_words: EncoderByWords
) -> None:
    ingest(notes, settings)
    long = "The second note is long. " + "Moss grows on the north of trees. " * 40
    (notes / "moss.txt").write_text(f"All about moss\n\n{long}\n")
    (notes / "bees.txt").write_text("All about bees\n\nBees sleep at night.\n")
    (notes / "salt.txt").unlink()
    by_words.seen.clear()
    report = ingest(notes, settings)
    assert_whole(settings, notes)
    assert (report.added, report.changed) == (("bees.txt",), ("moss.txt",))
    assert (report.removed, report.passages, report.embedded) == (("salt.txt",), 5, 4)
    assert not any("Ants" in text for text in by_words.seen)
    by_words.seen.clear()
    current = generations.current(settings.index)
    again = ingest(notes, settings)
    assert (again.documents, again.passages, again.embedded) == (3, 5, 0)
    assert (again.added, again.changed, again.removed) == ((), (), ())
    assert (by_words.seen, generations.current(settings.index)) == ([], current)


def test_another_title_is_embedded_and_another_publisher_or_folder_is_not(
    notes: Path, settings: Settings, by_words: EncoderByWords
) -> None:
    text = "Ants carry leaves.\n"
    for title, publisher, embedded in (("A", "P", 3), ("B", "P", 1), ("B", "Q", 0)):
        head = f"---\ntitle: {title}\npublisher: {publisher}\n---\n"
        (notes / "ants.txt").write_text(head + text)
        assert ingest(notes, settings).embedded == embedded
        assert_whole(settings, notes)
    moved = notes.rename(notes.parent / "elsewhere")
    report = ingest(moved, settings)
    assert (report.embedded, report.changed) == (0, ())
    assert_whole(settings, moved)


@pytest.mark.usefixtures("by_words")
def test_nothing_is_carried_over_from_an_index_of_another_recipe(
    notes: Path, settings: Settings
) -> None:
    ingest(notes, settings)
    other = settings.model_copy(update={"passage_tokens": 100})
    assert ingest(notes, other).embedded == 3
    assert_whole(other, notes)


@pytest.mark.usefixtures("by_words")
def test_the_generation_before_is_kept_and_those_before_it_are_not(
    notes: Path, settings: Settings
) -> None:
    made = []
    for number in range(3):
        (notes / "ants.txt").write_text(f"Note {number} on ants\n\nAnts carry leaves.\n")
        ingest(notes, settings)
        made.append(generations.current(settings.index))
        kept = sorted((settings.index / "generations").iterdir())
        assert kept == made[-2:]


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (OSError("No space left"), IndexUnwritable),
        (InternalError("No space left"), IndexUnwritable),
        (chroma_http.ConnectError("No space left"), IndexUnreachable),
        (ZeroDivisionError("No space left"), ZeroDivisionError),
    ],
)
@pytest.mark.usefixtures("by_words")
def test_what_cannot_be_written_says_why_and_the_old_index_is_closed_and_stays(
    notes: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    raised: Exception,
    error: type[Exception],
) -> None:
    ingest(notes, settings)
    before = generations.current(settings.index)
    (notes / "salt.txt").unlink()
    closed: list[Path] = []
    close = Index.close

    def closing(index: Index) -> None:
        close(index)
        closed.append(index.generation)

    def failing(*_: object) -> None:
        raise raised

    with monkeypatch.context() as patch:
        patch.setattr(Index, "close", closing)
        patch.setattr(Lexical, "save", failing)
        with pytest.raises(error, match="No space left") as caught:
            ingest(notes, settings)
    if isinstance(caught.value, IndexFault):
        assert caught.value.index == settings.index
    assert closed == [before]
    assert generations.current(settings.index) == before
    assert list((settings.index / "generations").iterdir()) == [before]
    assert ingest(notes, settings).removed == ("salt.txt",)
    assert_whole(settings, notes)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (_cut_short, "ants.txt was not kept whole"),
        (_pointless, "the new index does not find its own first passage"),
        (_one_lost, "its parts are of different sizes"),
    ],
)
@pytest.mark.usefixtures("by_words")
def test_what_is_wrong_with_a_new_index_is_known_before_it_is_current(
    notes: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kept: Callable[[Sequence[Passage], Vectors], tuple[list[Passage], Vectors]],
    words: str,
) -> None:
    add = Collection.add

    def adding(
        store: Collection, passages: Sequence[Passage], vectors: Vectors, *_: object
    ) -> None:
        add(store, *kept(passages, vectors))

    monkeypatch.setattr(Collection, "add", adding)
    with pytest.raises(IndexDamaged) as caught:
        ingest(notes, settings)
    assert (caught.value.index, caught.value.detail) == (settings.index, words)
    assert generations.current(settings.index) is None
    assert list((settings.index / "generations").iterdir()) == []


@pytest.mark.usefixtures("by_words")
def test_what_others_left_behind_goes_before_anything_is_built(
    notes: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(notes, settings)
    current = generations.current(settings.index)
    half_built = generations.create(settings.index)
    (notes / "salt.txt").unlink()
    there: list[list[Path]] = []
    create = generations.create

    def creating(index: Path) -> Path:
        there.append(list((index / "generations").iterdir()))
        return create(index)

    monkeypatch.setattr(generations, "create", creating)
    ingest(notes, settings)
    assert there == [[current]]
    assert not half_built.exists()


@pytest.mark.usefixtures("by_words")
def test_an_interrupted_ingest_leaves_nothing_behind(
    notes: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generations, "publish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ingest(notes, settings)
    assert list((settings.index / "generations").iterdir()) == []


@pytest.mark.usefixtures("by_words")
def test_an_index_made_current_stays_whatever_fails_then(
    notes: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = generations.publish

    def failing(index: Path, generation: Path) -> None:
        publish(index, generation)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(generations, "publish", failing)
        with pytest.raises(IndexUnwritable, match="Input/output error") as caught:
            ingest(notes, settings)
    assert caught.value.free
    assert_whole(settings, notes)


def _start(folder: Path, settings: Settings) -> subprocess.Popen[str]:
    """An ingest in a process of its own."""
    program = (
        "import sys; from pathlib import Path; from rag.index.building import ingest;"
        " from rag.settings import Settings;"
        " ingest(Path(sys.argv[1]), Settings(index=Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", program, str(folder), str(settings.index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
