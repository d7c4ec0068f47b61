import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import folders as documents
from rag.index.building import ingest
from rag.settings import Settings
from ui.owner import files
from ui.owner.errors import FileRefused
from ui.owner.files import REMOVED, add, folders_of, remove


def held(folder: Path) -> dict[str, bytes]:
    """What is in the folder, and what was taken out of it, without the time before its name."""
    return {
        path.name if path.parent == folder else f"out/{path.name.split('-', 3)[3]}": (
            path.read_bytes()
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_stands_in_the_first_folder_whole(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    add((first, second), "C:\\minutes\\March.txt", io.BytesIO(b"Words."))
    assert held(first) == {"March.txt": b"Words."}
    assert held(second) == {}
    assert (first / "March.txt").stat().st_mode & 0o777 == 0o644


def test_one_of_the_same_name_gives_way_and_is_kept(tmp_path: Path) -> None:
    for words in (b"one", b"two", b"three"):
        add((tmp_path,), "March.txt", io.BytesIO(words))
    assert (tmp_path / "March.txt").read_bytes() == b"three"
    assert sorted(each.read_bytes() for each in (tmp_path / REMOVED).iterdir()) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "no_name"),
        (".hidden.txt", "no_name"),
        ("../.txt", "no_name"),
        ("a\nb.txt", "no_name"),
        ("x" * 300 + ".txt", "no_name"),
        ("program.exe", "no_format"),
        ("noformat", "no_format"),
    ],
)
def test_what_can_be_no_documents_file_is_not_added(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(FileRefused) as refused:
        add((tmp_path,), name, io.BytesIO(b"Words."))
    assert refused.value.why == why
    assert held(tmp_path) == {}


@given(st.text(max_size=40))
def test_whatever_its_name_a_file_is_added_to_the_folder_and_to_no_other(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "a" / "b"
        folder.mkdir(parents=True)
        try:
            add((folder,), f"{name}.txt", io.BytesIO(b"Words."))
        except FileRefused:
            assert held(folder) == {}
        else:
            assert [*held(folder).values()] == [b"Words."]
        assert [*Path(outer).iterdir()] == [folder.parent]
        assert [*folder.parent.iterdir()] == [folder]


def test_one_that_is_too_large_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 5)
    add((tmp_path,), "small.txt", io.BytesIO(b"Words"))
    with pytest.raises(FileRefused) as refused:
        add((tmp_path,), "small.txt", io.BytesIO(b"Words."))
    assert refused.value.why == "too_large"
    assert held(tmp_path) == {"small.txt": b"Words"}


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "March.txt").write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused) as refused:
        add((tmp_path,), "March.txt", io.BytesIO(b"new"))
    assert (refused.value.why, refused.value.detail) == ("unwritable", "No space left on device")
    assert held(tmp_path) == {"March.txt": b"old"}


def test_without_a_folder_there_is_nowhere_to_add(tmp_path: Path) -> None:
    for folders in ((), (tmp_path / "gone",)):
        with pytest.raises(FileRefused) as refused:
            add(folders, "March.txt", io.BytesIO(b"Words."))
        assert refused.value.why == "no_folder"
    assert folders_of(tmp_path) == ()


def test_what_is_taken_out_is_read_by_no_ingest_and_is_not_lost(
    folder: Path, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    ingest(folder, settings)
    known = folders_of(settings.index)
    assert known == (folder,)
    name = sorted(path.name for path in folder.glob("*.txt"))[0]
    words = (folder / name).read_bytes()
    remove(known, name)
    assert not (folder / name).exists()
    assert words in [each.read_bytes() for each in (folder / REMOVED).iterdir()]
    found = documents.contents(folder, "", follow_links=False)
    assert not any(REMOVED in str(each.path) or each.source == name for each in found)


def test_of_several_folders_it_is_taken_out_of_the_one_that_has_it(tmp_path: Path) -> None:
    folders = (tmp_path / "one", tmp_path / "two")
    for each in folders:
        each.mkdir()
        (each / "March.txt").write_bytes(each.name.encode())
    remove(folders, "two/March.txt")
    assert held(folders[0]) == {"March.txt": b"one"}
    assert held(folders[1]) == {"out/March.txt": b"two"}


@pytest.mark.parametrize("source", ["", "gone.txt", "../secret.txt", "/etc/passwd", "link.txt"])
def test_nothing_outside_of_the_folder_is_taken_out(tmp_path: Path, source: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(FileRefused) as refused:
        remove((folder,), source)
    assert refused.value.why == "not_there"
    assert (tmp_path / "secret.txt").read_bytes() == b"secret"
