"""What is found in folders, links and devices among it."""

import os
import socket
from pathlib import Path

import pytest

from rag.documents.folders import LARGEST, apart, contents, names, read


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("A secret.")
    return outside


def found(folder: Path, *, follow_links: bool = False) -> dict[str, str]:
    return {each.source: each.why for each in contents(folder, "", follow_links=follow_links)}


def test_links_that_leave_the_folder_are_left_out_and_named(folder: Path, outside: Path) -> None:
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "away").symlink_to(outside)
    (folder / "twice.txt").symlink_to("out.txt")
    (folder / "same.txt").symlink_to("bees.txt")
    why = "is a link that leads outside of the folder"
    assert found(folder) == {
        **dict.fromkeys(("bees.txt", "rivers.md", "tea.txt", "same.txt"), ""),
        **dict.fromkeys(("out.txt", "passwd.txt", "away", "twice.txt"), why),
    }


def test_links_that_leave_the_folder_can_be_followed(folder: Path, outside: Path) -> None:
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "away").symlink_to(outside)
    (outside / "back").symlink_to(folder)
    (outside / "round").symlink_to(outside)
    kept = [source for source, why in found(folder, follow_links=True).items() if not why]
    assert sorted(kept) == ["away/secret.txt", "bees.txt", "out.txt", "rivers.md", "tea.txt"]


@pytest.mark.parametrize("follow_links", [False, True])
def test_what_is_no_file_is_left_out_and_nothing_waits_for_it(
    folder: Path, follow_links: bool
) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "null.txt").symlink_to("/dev/zero")
    (folder / "lost.txt").symlink_to("nowhere.txt")
    (folder / "loop.txt").symlink_to("pool.txt")
    (folder / "pool.txt").symlink_to("loop.txt")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "up").symlink_to(folder)
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)  # the name of a socket is short
        server.bind("socket.txt")
    reasons = found(folder, follow_links=follow_links)
    assert sorted(source for source, why in reasons.items() if not why) == [
        "bees.txt",
        "rivers.md",
        "tea.txt",
    ]
    assert reasons["pipe.txt"] == reasons["socket.txt"]
    assert "a device, a pipe or a socket" in reasons["pipe.txt"]
    assert reasons["lost.txt"] == "is a link that leads nowhere"
    assert reasons["loop.txt"] == reasons["self.txt"] == "is a link to itself"
    assert reasons.keys() >= ({"null.txt"} if follow_links else {"null.txt", "up"})


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ValueError, match="is no file"):
        read(tmp_path / "pipe.txt")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ValueError, match="larger than 16 MB"):
        read(tmp_path / "large.txt")


def test_folders_that_are_read_with_others_are_not_read_twice(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / ".drafts").mkdir()
    (folder.parent / "link").symlink_to(folder)
    given = [folder / "more", folder, folder.parent / "link", folder / ".drafts", folder]
    assert apart(given) == (folder, folder / ".drafts")


def test_the_names_of_folders_tell_them_apart(tmp_path: Path) -> None:
    a, b, c = tmp_path / "2023/minutes", tmp_path / "2024/minutes", tmp_path / "2024/fees"
    assert names([a]) == ("",)
    assert names([a, c]) == ("minutes/", "fees/")
    assert names([a, b, c]) == ("2023/minutes/", "2024/minutes/", "2024/fees/")
