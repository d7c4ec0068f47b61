"""Folders that are followed."""

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index import generations
from tests.conftest import free_port
from tests.ui.cli.test_app import assert_one_line, process, serving, wait_for
from ui.cli.watching import ingest_again, watching


@pytest.fixture
def minutes(tmp_path: Path) -> Iterator[tuple[Path, list[float]]]:
    """A folder that is followed, in which the index lies too, and when it was read again."""
    folder = tmp_path / "minutes"
    (folder / "index").mkdir(parents=True)
    read: list[float] = []
    with watching([folder], folder / "index", lambda: read.append(time.monotonic()), settled=0.5):
        time.sleep(0.5)  # until it is
        yield folder, read


def _until(found: list[float], number: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while len(found) < number and time.monotonic() < end:
        time.sleep(0.05)


def test_many_changes_are_read_once_and_after_they_have_settled(
    minutes: tuple[Path, list[float]],
) -> None:
    folder, read = minutes
    for number in range(10):
        (folder / f"{number}.txt").write_text("Words.")
        time.sleep(0.1)
        last = time.monotonic()
    _until(read, 1)
    time.sleep(1.5)
    assert len(read) == 1
    assert read[0] >= last
    (folder / "0.txt").unlink()
    _until(read, 2)
    assert len(read) == 2


def test_neither_hidden_files_nor_the_index_itself_are_a_change(
    minutes: tuple[Path, list[float]],
) -> None:
    folder, read = minutes
    (folder / ".swap").write_text("Words.")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("Words.")
    (folder / "index" / "CURRENT").write_text("000001-00000000")
    _until(read, 1, seconds=3)
    assert read == []


def test_a_folder_that_cannot_be_followed_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with watching([tmp_path / "none"], tmp_path / "index", lambda: None):
        for thread in threading.enumerate():
            if thread.name == "watching":
                thread.join(20)
    stderr = capsys.readouterr().err
    assert_one_line(stderr)
    assert "not followed any more" in stderr


def test_what_goes_wrong_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "import sys; print('a\\nThe last line.', file=sys.stderr); sys.exit(3)"
    ingest_again([sys.executable, "-c", code], tmp_path / "index")
    stderr = capsys.readouterr().err
    assert_one_line(stderr)
    assert stderr.startswith("What changed was not taken in: The last line. ")


def test_it_waits_for_an_ingest_that_is_under_way(tmp_path: Path) -> None:
    index, done = tmp_path / "index", tmp_path / "done"
    code = f"open({str(done)!r}, 'w')"
    with generations.writing(index):
        again = threading.Thread(target=ingest_again, args=([sys.executable, "-c", code], index))
        again.start()
        time.sleep(1)
        assert not done.exists()
    again.join(60)
    assert done.exists()


def test_a_server_takes_in_what_changes_and_keeps_the_index_where_it_cannot(folder: Path) -> None:
    port = free_port()
    with serving("--port", str(port), "--documents", folder, "--watch") as server:
        assert wait_for(server, port) == "ok"
        first = generations.current(Path("index"))
        (folder / "moss.txt").write_text("On moss\n\nMoss has no roots. It grows in the shade.\n")
        end = time.monotonic() + 200
        while generations.current(Path("index")) == first and time.monotonic() < end:
            time.sleep(0.5)
        second = generations.current(Path("index"))
        assert second != first
        answer = process("ask", "does moss have roots?")
        assert "Moss has no roots." in answer.stdout
        for path in folder.iterdir():
            path.unlink()
        assert server.stderr is not None
        said = server.stderr.readline()
        assert said.startswith("What changed was not taken in: The folder ")
        assert generations.current(Path("index")) == second
        assert server.poll() is None
