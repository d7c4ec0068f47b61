import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner

from ui.cli.app import app
from ui.owner.log_file import open_to_write, path_of


def steward(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.stdout, result.stderr


def cases(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [
            question
            for (question,) in database.execute("SELECT question FROM cases ORDER BY question")
        ]


def test_a_backup_holds_the_log_as_it_is_written_and_brings_it_back(
    seeds_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "mine"
    shutil.copytree(seeds_index, index)
    with closing(open_to_write(path_of(index))) as log:
        log.execute("INSERT INTO cases VALUES ('why?', '[]', NULL, 'a.txt')")
        # What is only in the log's own log is there, and what is not committed is not.
        log.execute("BEGIN")
        log.execute("INSERT INTO cases VALUES ('when?', '[]', NULL, 'a.txt')")
        code, said, _ = steward("backup", "kept.tar.gz", "--index", index)
        assert (code, said) == (
            0,
            "kept.tar.gz holds the index of 5 documents and the question log.\n",
        )
        log.execute("COMMIT")
    assert steward("restore", "kept.tar.gz", "--index", index)[0] == 2
    with closing(open_to_write(path_of(index))) as log:  # as a running server has it
        code, said, _ = steward("restore", "--replace", "kept.tar.gz", "--index", index)
        assert (code, said) == (0, f"5 documents are in {index} again.\n")
        assert [row[0] for row in log.execute("SELECT question FROM cases")] == ["why?"]
        log.execute("INSERT INTO cases VALUES ('who?', '[]', NULL, 'a.txt')")
    assert cases(path_of(index)) == ["who?", "why?"]


def test_without_a_log_there_is_none_afterwards(seeds_index: Path) -> None:
    assert steward("backup", "kept.tar.gz", "--index", seeds_index)[1].endswith("5 documents.\n")
    assert steward("restore", "kept.tar.gz", "--index", "other")[0] == 0
    assert not path_of(Path("other")).exists()
    assert "is no whole backup" in steward("restore", "none", "--index", "another")[2]
