"""Damaged indexes: no crash, no other answer, and the ingest that the error advises repairs them.

Every file of an index of 20 passages, each damaged in every way. More rounds take an index of 1,500
passages as well, and one of 5,000: ``ATTACK_ROUNDS=3 pytest tests/attacks/test_damage.py``.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

SIZES = (20, 1500, 5000)[: int(os.environ.get("ATTACK_ROUNDS", "1"))]
IN_A_DOCUMENT = 5
DICE = 14

FILES = 17
"""The pointer, the manifest, Chroma's six, six of BM25 and three of sentences."""


class Answering:
    """The process that asks and ingests, begun again where it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, *order: object) -> dict[str, Any]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.attacks.answering"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([str(each) for each in order]), file=self._process.stdin, flush=True)
        said = self._process.stdout.readline()
        if said:
            return dict(json.loads(said))
        return {"died": self.end()}

    def end(self) -> int:
        """Let it end; returns with what."""
        if self._process is None:
            return 0
        with self._process as process:
            assert process.stdin
            process.stdin.close()
        self._process = None
        return process.returncode


@pytest.fixture(scope="module")
def answering() -> Iterator[Answering]:
    process = Answering()
    yield process
    process.end()


@pytest.fixture(scope="module", params=SIZES)
def whole(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    answering: Answering,
) -> "Whole":
    return Whole(tmp_path_factory.mktemp("whole"), request.param, answering)


class Whole:
    """An index of so many passages, and what it answers.

    Attributes:
        files: All of its files, by their paths in the index folder, but for the lock, which is
            empty.
    """

    def __init__(self, folder: Path, size: int, answering: Answering) -> None:
        self.size = size
        self.documents, self.index = folder / "documents", folder / "index"
        self.documents.mkdir()
        names = [_name(number) for number in range(size)]
        for first in range(0, size, IN_A_DOCUMENT):
            sections = [
                f"## {names[number]}\n\nThe lighthouse of {names[number]} was built in "
                f"{1700 + number % 300}. It is {20 + number % 31} metres high.\n\n"
                for number in range(first, first + IN_A_DOCUMENT)
            ]
            head = f"---\ntitle: Lighthouses, sheet {first}\n---\n"
            (self.documents / f"{first:06}.md").write_text(head + "".join(sections))
        self.questions = [
            f"When was the lighthouse of {names[size // 3]} built?",
            f"How high is the lighthouse of {names[-1]}?",
            "Who paid for the bridges?",
        ]
        done = answering("ingest", self.index, self.documents)
        assert done == {"passages": size, "embedded": size}
        self.answers = answering("ask", self.index, *self.questions)
        assert str(1700 + size // 3 % 300) in self.answers["answers"][0][2][0]["text"]
        self.files = sorted(
            path.relative_to(self.index)
            for path in self.index.rglob("*")
            if path.is_file() and path.name != "ingest.lock"
        )

    def copy(self, folder: Path) -> Path:
        return Path(shutil.copytree(self.index, folder))


def _name(number: int) -> str:
    """A name of its own, as of a place."""
    syllables = "ba de fi go ku la me ni po ru sa te vi wo zu".split()
    found = ""
    for _ in range(4):
        number, at = divmod(number * 7 + 3, len(syllables))
        found += syllables[at]
    return f"{found.capitalize()}{number or ''}"


Damage = Callable[[Path, random.Random], object]


def cut(path: Path, dice: random.Random) -> None:
    os.truncate(path, dice.randrange(path.stat().st_size))


def emptied(path: Path, dice: random.Random) -> None:
    os.truncate(path, 0)


def zeroed(path: Path, dice: random.Random) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def overwritten(path: Path, dice: random.Random) -> None:
    path.write_bytes(dice.randbytes(path.stat().st_size))


def one_byte(path: Path, dice: random.Random) -> None:
    """One byte is another: as a letter becomes another, or a number."""
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= dice.choice([1, 2, 4, 16, 128])
    path.write_bytes(data)


def removed(path: Path, dice: random.Random) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [cut, emptied, zeroed, overwritten, one_byte, removed])
@pytest.mark.timeout(3600)
def test_damage_is_told_changes_no_answer_and_is_repaired(
    whole: Whole, damage: Damage, answering: Answering, tmp_path: Path
) -> None:
    assert len(whole.files) == FILES, whole.files
    dice = random.Random(DICE)
    for file in whole.files:
        before = (whole.index / file).read_bytes()
        if not before.strip(b"\0") and damage is not removed:
            continue  # as the links of a graph of one level: zeroing them changes nothing
        index = whole.copy(tmp_path / "index")
        damage(index / file, dice)
        told = answering("ask", index, *whole.questions)
        missing = file.name == "CURRENT" and damage is removed
        assert told.get("error") == ("IndexMissing" if missing else "IndexDamaged"), (file, told)
        assert "steward ingest FOLDER --index" in told["words"], (file, told)
        done = answering("ingest", index, whole.documents)
        assert done == {"passages": whole.size, "embedded": whole.size}, (file, done)
        assert answering("ask", index, *whole.questions) == whole.answers, file
        shutil.rmtree(index)


def test_files_of_others_hurt_nothing(whole: Whole, answering: Answering, tmp_path: Path) -> None:
    index = whole.copy(tmp_path / "index")
    for folder in [index, *(path for path in index.rglob("*") if path.is_dir())]:
        (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
        (folder / "Thumbs.db").write_bytes(b"\xd0\xcf")
    (index / "generations" / "a-folder-of-mine").mkdir()
    assert answering("ask", index, *whole.questions) == whole.answers
    (whole.documents / "more.md").write_text("A bridge has been planned since 1911.\n")
    try:
        done = answering("ingest", index, whole.documents)
    finally:
        (whole.documents / "more.md").unlink()
    assert done == {"passages": whole.size + 1, "embedded": 1}
    assert (index / "generations" / ".DS_Store").exists()
    assert (index / "generations" / "a-folder-of-mine").exists()


def test_a_calibration_that_is_damaged_is_named_and_the_index_is_not_blamed(
    whole: Whole, answering: Answering, tmp_path: Path
) -> None:
    index = whole.copy(tmp_path / "index")
    (index / "calibration.json").write_bytes(b'{"slope": 1.')
    told = answering("ask", index, *whole.questions)
    assert told["error"] == "CalibrationDamaged"
    assert "calibration.json cannot be read" in told["words"]
    (index / "calibration.json").unlink()
    assert answering("ask", index, *whole.questions) == whole.answers
