import os
import time
from pathlib import Path

from rag.index.building import ingest
from tests.ui.owner.made_up import DAY
from ui.owner import overview
from ui.owner.gathering import Gathering
from ui.owner.log_file import path_of
from ui.settings import ServerSettings


def test_files_of_several_folders_are_found_by_their_sources(tmp_path: Path) -> None:
    for name in ("fees", "minutes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"The {name}\n\nThey are read in May.\n")
    settings = ServerSettings(index=tmp_path / "index")
    ingest((tmp_path / "fees", tmp_path / "minutes"), settings)
    (tmp_path / "minutes" / "a.txt").unlink()
    state = overview.state(settings, {})
    assert state
    found = {each.metadata.source: each.file for each in state.documents}
    assert found == {"fees/a.txt": "read", "minutes/a.txt": "gone"}
    assert (state.files["gone"], state.files["changed"]) == (1, 0)


def test_a_file_that_was_only_touched_is_as_it_was_read(folder: Path, tmp_path: Path) -> None:
    settings = ServerSettings(index=tmp_path / "index")
    ingest(folder, settings)
    (folder / "bees.txt").write_bytes(b"\xff\xfe\x00\xd8")
    for path in folder.iterdir():
        os.utime(path, (time.time() + DAY, time.time() + DAY))
    state = overview.state(settings, {})
    assert state
    found = {each.metadata.source: each.file for each in state.documents}
    assert found == {"bees.txt": "changed", "rivers.md": "read", "tea.txt": "read"}


def test_where_there_is_neither_index_nor_log_there_is_nothing(tmp_path: Path) -> None:
    settings = ServerSettings(index=tmp_path / "index")
    assert overview.state(settings, {}) is None
    found = overview.asked(settings, Gathering(path_of(settings.index)))
    assert not (found.days or found.complaints or found.cases)
    assert found.gaps.at is not None
