"""``steward ingest`` of files that cannot be read, of several folders, and of other ones."""

import os
import pty
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import IndexOfOthers
from rag.index import generations
from rag.index.building import ingest
from rag.settings import Settings
from rag.text.encoder import Encoder
from tests.ui.cli.test_app import assert_one_line, steward
from ui.cli.ingesting import apart


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    monkeypatch.setattr(sys.modules[ingest.__module__], "Encoder", lambda: encoder)


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    minutes = tmp_path / "minutes"
    minutes.mkdir()
    (minutes / "tea.txt").write_text("The meeting on tea\n\nWe met and drank green tea.\n")
    return minutes


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_ingested(folder: Path) -> None:
    (folder / "latin.txt").write_bytes(b"Gr\xfc\xdfe")
    (folder / "post.md").write_text("---\ntitle: Post: a story\n---\nA text.\n")
    (folder / "out.txt").symlink_to("/etc/passwd")
    result = steward("ingest", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "3 added: bees.txt, rivers.md, tea.txt\n" in result.stdout
    assert "left out latin.txt: is not UTF-8 text (line 1); save it as UTF-8\n" in result.stdout
    assert "left out post.md: has front matter that is not YAML (line 2: " in result.stdout
    assert "left out out.txt: is a link that leads outside of the folder\n" in result.stdout
    strict = steward("ingest", folder, "--strict")
    assert (strict.exit_code, strict.stdout) == (2, "")
    assert_one_line(strict.stderr)
    assert all(name in strict.stderr for name in ("latin.txt", "post.md", "out.txt"))


def test_links_out_of_the_folder_can_be_followed(folder: Path, minutes: Path) -> None:
    (folder / "minutes").symlink_to(minutes)
    assert "4 added: bees.txt, minutes/tea.txt" in (
        steward("ingest", folder, "--follow-links").stdout
    )


def test_several_folders_are_one_collection_and_are_known_again(
    folder: Path, minutes: Path, settings: Settings
) -> None:
    result = steward("ingest", folder, minutes)
    assert "4 added: documents/bees.txt, documents/rivers.md, documents/tea.txt" in result.stdout
    assert generations.folders_of(Path("index")) == (folder, minutes)
    assert "4 unchanged\n" in steward("ingest", folder, minutes).stdout


def test_a_folder_more_takes_nothing_away_and_embeds_only_what_is_new(
    folder: Path, minutes: Path
) -> None:
    steward("ingest", folder)
    result = steward("ingest", folder, minutes)
    assert result.exit_code == 0
    assert "4 documents in 4 passages: 1 embedded, 3 carried over" in result.stdout


def test_another_folder_is_not_ingested_unless_the_documents_may_go(
    folder: Path, minutes: Path
) -> None:
    steward("ingest", folder)
    before = generations.current(Path("index"))
    refused = steward("ingest", minutes)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert_one_line(refused.stderr)
    assert str(folder) in refused.stderr
    assert "--replace" in refused.stderr
    assert generations.current(Path("index")) == before
    replaced = steward("ingest", minutes, "--replace")
    assert "3 removed: bees.txt" in replaced.stdout or "2 removed: bees.txt" in replaced.stdout


def test_a_program_is_told_likewise(folder: Path, minutes: Path, settings: Settings) -> None:
    ingest([folder, minutes], settings)
    with pytest.raises(IndexOfOthers) as raised:
        ingest(folder, settings)
    assert raised.value.detail == str(minutes)
    assert ingest(folder, settings, replace=True).documents == 3


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 3), ("\n", 3)])
def test_at_a_terminal_it_asks(typed: str, code: int, folder: Path, minutes: Path) -> None:
    steward("ingest", folder)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ui.cli.app", "ingest", str(minutes)]
    shown = bytearray()

    def watch() -> None:
        with suppress(OSError):  # Linux's word for a terminal that was left
            while piece := os.read(ours, 4096):
                shown.extend(piece)

    watching = threading.Thread(target=watch)
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as asking:
        os.close(theirs)
        watching.start()  # or what it shows would fill the terminal, and it would wait
        os.write(ours, typed.encode())
        stdout, _ = asking.communicate()
    watching.join()
    os.close(ours)
    assert asking.returncode == code
    assert bool(stdout.strip()) == (code == 0)  # the question itself ends with a space there
    assert "Let them go out of it? [y/N]" in " ".join(shown.decode().split())
    assert generations.folders_of(Path("index")) == ((minutes,) if code == 0 else (folder,))


def test_text_in_another_encoding_is_read_where_that_is_named(folder: Path) -> None:
    (folder / "latin.txt").write_bytes("Grüße aus Köln".encode("latin-1"))
    assert "left out latin.txt" in steward("ingest", folder, "--dry-run").stdout
    named = steward("ingest", folder, "--dry-run", "--encoding", "latin-1")
    assert "4 added: bees.txt, latin.txt" in named.stdout
    wrong = steward("ingest", folder, "--encoding", "klingon")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert_one_line(wrong.stderr)
    assert wrong.stderr.startswith("Steward knows no encoding of text named klingon.")


def test_a_server_hands_on_what_an_ingest_is_told(tmp_path: Path) -> None:
    command = apart(
        [tmp_path], tmp_path / "index", strict=True, follow_links=True, encoding="koi8-r"
    )
    assert "--strict" in command
    assert "--follow-links" in command
    assert "--replace" not in command
    assert command[command.index("--encoding") + 1] == "koi8-r"
    assert command[-2:] == ["--", str(tmp_path)]


def test_a_dry_run_says_what_would_change_and_makes_no_index(folder: Path) -> None:
    (folder / "photo.jpg").write_bytes(b"")
    result = steward("ingest", folder, "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "3 added: bees.txt, rivers.md, tea.txt\n"
        "left out photo.jpg: .jpg is not a format read yet\n"
        "3 documents then. Nothing was written.\n"
    )
    assert not Path("index").exists()
