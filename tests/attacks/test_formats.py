"""Hostile files of all formats beside good ones: the good are read every time, the bad are named.

As many as were measured: ``HOSTILE_FILES=300 pytest tests/attacks/test_formats.py``.
"""

import os
import random
from pathlib import Path

from rag.documents.files import read_folder
from rag.documents.formats.apart import Apart
from tests.attacks.hostile import KINDS, good

BAD = int(os.environ.get("HOSTILE_FILES", "40"))
GOOD_ONES = 20
MAY_BE_READ = {"cut_off", "damaged", "bomb", "laughs"}
"""Kinds of which some can be read all the same: what was changed may not matter, or is left out."""


def make(folder: Path, bad: int, seed: int = 15) -> tuple[set[str], dict[str, str]]:
    """Fill a folder; the sources of the good files, and of the others with their kinds."""
    dice = random.Random(seed)
    well, others = set(), {}
    suffixes = sorted(good(""))
    for number in range(GOOD_ONES):
        suffix = suffixes[number % len(suffixes)]
        name = f"good-{number:02}{suffix}"
        data = good(f"Of bees there are {number + 2} kinds in the garden.")[suffix]
        (folder / name).write_bytes(data)
        well.add(name)
    for number in range(bad):
        kind = KINDS[number % len(KINDS)]
        suffix, data = kind(dice)
        name = f"bad-{number:03}{dice.choice(['', ' ', chr(10), chr(27) + '[2J'])}{suffix}"
        (folder / name).write_bytes(data)
        others[name] = kind.__name__
    return well, others


def test_the_good_are_read_and_of_the_others_each_is_named(tmp_path: Path) -> None:
    well, others = make(tmp_path, BAD)
    documents, skipped = read_folder(tmp_path)
    read = {document.source: document for document in documents}
    named = {source for source, _ in skipped if not source.startswith("part of ")}
    assert well <= read.keys()
    for number, name in enumerate(sorted(well)):
        assert f"there are {number + 2} kinds" in read[name].text
    assert named | read.keys() == well | others.keys()
    assert not named & read.keys()
    assert {others[name] for name in read.keys() - well} <= MAY_BE_READ
    assert all(why and len(why) < 300 for _, why in skipped)
    for document in documents:
        assert "root:" not in document.text and "haha" not in document.text


def test_no_process_is_left_and_the_next_file_is_read(tmp_path: Path) -> None:
    make(tmp_path, len(KINDS), seed=16)
    with Apart() as child:
        for path in sorted(tmp_path.glob("bad-*")):
            try:
                child.extract(path.read_bytes(), path.name)
            except ValueError as error:
                assert str(error)
        assert child.extract(b"<h1>Fees</h1><p>Five euro.</p>", "a.html").title == "Fees"
