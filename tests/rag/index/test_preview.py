"""What an ingest would change."""

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from rag.errors import NoDocuments
from rag.index.building import ingest
from rag.index.preview import preview
from rag.settings import Settings
from rag.text.encoder import Encoder


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    monkeypatch.setattr(sys.modules[ingest.__module__], "Encoder", lambda: encoder)


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_preview_says_what_the_ingest_then_does_and_writes_nothing(
    folder: Path, settings: Settings
) -> None:
    ingest(folder, settings)
    (folder / "bees.txt").unlink()
    (folder / "tea.txt").write_text("Tea in short\n\nWhite tea is dried at once.\n")
    (folder / "new.txt").write_text("A new one\n\nIt is about something else.\n")
    (folder / "latin.txt").write_bytes(b"Gr\xfc\xdfe")
    before = _files(settings.index)
    would = preview(folder, settings)
    assert _files(settings.index) == before
    assert (would.added, would.changed, would.removed) == (
        ("new.txt",), ("tea.txt",), ("bees.txt",),
    )  # fmt: skip
    assert [source for source, _ in would.skipped] == ["latin.txt"]
    did = ingest(folder, settings)
    assert all(getattr(did, name) == getattr(would, name) for name in would.__dataclass_fields__)


def test_before_the_first_ingest_all_would_be_added_and_no_folder_is_made(
    folder: Path, settings: Settings
) -> None:
    assert preview(folder, settings).added == ("bees.txt", "rivers.md", "tea.txt")
    assert not settings.index.exists()


def test_a_folder_without_a_document_is_the_error_that_it_is_for_an_ingest(
    tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(NoDocuments):
        preview(tmp_path, settings)
