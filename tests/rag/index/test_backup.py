"""An index in one file, and back."""

import io
import shutil
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.errors import IndexBusy, IndexDamaged, IndexMissing
from rag.index import generations
from rag.index.backup import backup, restore
from rag.index.backup_errors import (
    BackupElsewhere,
    BackupInTheWay,
    BackupUnreadable,
    BackupUnwritable,
)
from rag.index.building import ingest
from rag.quoting.calibration import Calibration, read, write
from rag.settings import Settings

CALIBRATION = Calibration(0.9, 0.1, 0.4, 60)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of one document, with a calibration, that tests do not change."""
    place = tmp_path_factory.mktemp("made")
    (place / "documents").mkdir()
    (place / "documents" / "tea.txt").write_text("Tea\n\nGreen tea is not fermented.\n")
    settings = Settings(index=place / "index")
    ingest(place / "documents", settings)
    write(settings.index, CALIBRATION)
    return settings


@pytest.fixture
def kept(made: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "kept.tar.gz"
    backup(made, file)
    return file


def files(index: Path) -> dict[str, bytes]:
    """All files of an index, but for the lock."""
    return {
        path.relative_to(index).as_posix(): path.read_bytes()
        for path in index.rglob("*")
        if path.is_file() and path.name != "ingest.lock"
    }


def test_what_is_put_back_is_what_was_there_byte_for_byte(
    made: Settings, kept: Path, tmp_path: Path
) -> None:
    elsewhere = Settings(index=tmp_path / "elsewhere")
    held = restore(elsewhere, kept)
    assert [each.source for each in held.documents] == ["tea.txt"]
    assert files(elsewhere.index) == files(made.index)
    assert read(elsewhere.index) == CALIBRATION
    assert kept.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in kept.parent.iterdir()) == ["elsewhere", "kept.tar.gz"]


def test_a_server_answers_while_a_backup_is_made_and_from_it_when_it_is_put_back(
    made: Settings, kept: Path, tmp_path: Path
) -> None:
    mine = Settings(index=tmp_path / "mine")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bees.txt").write_text("Bees\n\nBees make honey of nectar.\n")
    ingest(tmp_path / "documents", mine)
    with closing(Assistant(mine)) as assistant:
        backup(mine, tmp_path / "bees.tar.gz")
        assert [each.title for each in assistant.documents()] == ["Bees"]
        restore(mine, kept, replace=True)
        assert [each.title for each in assistant.documents()] == ["Tea"]
        assert "Green tea" in assistant.ask("is green tea fermented?").quotes[0].text
        restore(mine, kept, replace=True)  # while it is that very one
        assert assistant.ask("is green tea fermented?").quotes
        restore(mine, tmp_path / "bees.tar.gz", replace=True)
        assert [each.title for each in assistant.documents()] == ["Bees"]
    assert read(mine.index) == Calibration()  # as it had none
    assert not [path for path in mine.index.iterdir() if path.name.startswith(".restoring")]


def test_no_index_is_replaced_unless_that_is_said(made: Settings, kept: Path) -> None:
    before = files(made.index)
    with pytest.raises(BackupInTheWay):
        restore(made, kept)
    assert files(made.index) == before


def test_while_an_ingest_writes_neither_begins(made: Settings, kept: Path) -> None:
    with generations.writing(made.index):
        for work in (backup, restore):
            with pytest.raises(IndexBusy):
                work(made, kept)


def test_of_what_cannot_be_put_back_no_backup_is_made(made: Settings, tmp_path: Path) -> None:
    file = tmp_path / "kept.tar.gz"
    with pytest.raises(IndexMissing):
        backup(Settings(index=tmp_path / "none"), file)
    assert not (tmp_path / "none").exists()
    with pytest.raises(BackupElsewhere):
        backup(Settings(index=made.index, store_url="chroma+http://localhost:1"), file)
    broken = Settings(index=tmp_path / "broken")
    shutil.copytree(made.index, broken.index)
    generation = generations.current(broken.index)
    assert generation
    (generation / "lexical" / "vocabulary.txt").write_text("other")
    file.write_text("the last good one")
    with pytest.raises(IndexDamaged):
        backup(broken, file)
    assert file.read_text() == "the last good one"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.tar.gz"]


def test_a_file_that_cannot_be_written_is_named(made: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupUnwritable, match="nowhere"):
        backup(made, tmp_path / "nowhere" / "kept.tar.gz")


def test_what_is_no_whole_backup_is_refused_and_changes_nothing(kept: Path, tmp_path: Path) -> None:
    whole = kept.read_bytes()
    elsewhere = Settings(index=tmp_path / "elsewhere")
    broken = tmp_path / "broken.tar.gz"
    step = max(1, len(whole) // 20)
    for content in (b"", b"text", *(whole[:end] for end in range(step, len(whole) - 30, step))):
        broken.write_bytes(content)
        with pytest.raises(BackupUnreadable):
            restore(elsewhere, broken)
    with pytest.raises(BackupUnreadable, match="No such file"):
        restore(elsewhere, tmp_path / "none.tar.gz")
    assert files(elsewhere.index) == {}


def test_nothing_of_an_archive_is_written_elsewhere(kept: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.tar.gz"
    with tarfile.open(kept) as before, tarfile.open(hostile, "w:gz") as after:
        for member in before:
            content = before.extractfile(member)
            assert content
            after.addfile(member, content)
            if member.name.endswith("manifest.json"):
                folder = member.name.rpartition("/")[0]
        for name in ("../out", "/tmp/steward-out", f"{folder}/../../../out", "out"):
            member = tarfile.TarInfo(name)
            member.size = 3
            after.addfile(member, io.BytesIO(b"out"))
    restore(Settings(index=tmp_path / "deep" / "index"), hostile)
    assert not [path for path in tmp_path.rglob("*out")] and not Path("/tmp/steward-out").exists()


def test_further_files_go_along(made: Settings, tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text("asked")
    file = tmp_path / "kept.tar.gz"
    backup(made, file, {"log": note, "none": tmp_path / "none"})
    taken: list[str] = []
    into = Settings(index=tmp_path / "into")

    def take(path: Path) -> None:
        taken.append(path.read_text())

    restore(into, file, {"log": take, "none": take})
    assert taken == ["asked"]
    assert not (into.index / "log").exists()
