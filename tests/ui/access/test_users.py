from pathlib import Path

import pytest

from rag.errors import SettingsFault
from ui.access.users import User, Users, line, read

ANN = line("ann", "correct horse", ["Contracts", " 2024 "])


def test_a_line_holds_the_hash_and_never_the_password(tmp_path: Path) -> None:
    assert "correct" not in ANN and ANN.startswith("ann:$argon2id$v=19$m=65536,t=3,p=4$")
    assert line("ann", "correct horse", []) != line("ann", "correct horse", [])


def test_users_are_read_with_their_tags_and_a_star_is_everything(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"# who may\n\n{ANN}\n{line('bob', 'correct horse', [])}\n")
    known = read(file)
    assert known["ann"].user == User("ann", frozenset({"contracts", "2024"}))
    assert known["bob"].user == User("bob", None)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "names no user"),
        ("ann", "line 1 is none"),
        ("ann:password:*", "line 1 is none"),
        (ANN.rpartition(":")[0], "line 1 is none"),
        (f"{ANN}\n{ANN}", "line 2 names ann a second time"),
        (ANN.replace("argon2id", "argon2i"), "line 1 is none"),
        (ANN.replace("ann:", "an n:"), "line 1 is none"),
        ("\udcff", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_the_line(
    content: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "users"
    file.write_text(content, errors="surrogateescape")
    with pytest.raises(SettingsFault) as refused:
        Users(file)
    assert problem in str(refused.value) and "$argon2" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="cannot be read"):
        Users(tmp_path / "none")


def test_a_change_of_the_file_holds_at_once(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"{ANN}\n")
    users = Users(file)
    assert users.find("ann") and not users.find("bob")
    file.write_text(f"{line('bob', 'correct horse', [])}\n")
    assert users.find("bob") and not users.find("ann")
    assert Users(None).find("ann") is None
