"""Hostile files beside good ones: the good are ingested every time, the bad are named.

More rounds, each with other files: ``ATTACK_ROUNDS=20 pytest tests/attacks/test_files.py``.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from rag.index.building import ingest
from rag.settings import Settings
from rag.text.encoder import Encoder
from tests.conftest import ROOT

ROUNDS = range(int(os.environ.get("ATTACK_ROUNDS", "1")))
BAD, GOOD = 300, 20
MEMORY = 500 * 2**20

SUBJECTS = "bees rivers tea salt moss bread wool glass copper rain".split()

Kind = Callable[[random.Random], str | bytes]


def front(block: str, fence: str = "---") -> str:
    return f"{fence}\n{block}\n{fence}\nSome text below it.\n"


def key(dice: random.Random) -> str:
    return dice.choice("title date author description tags lang url".split())


def nested(dice: random.Random) -> str:
    depth = dice.choice([9, 50, 400, 2000, 9000])
    opening, closing = dice.choice(
        [("[", "]"), ("{a: ", "}"), ("[\n ", "]"), ("- ", ""), ("? ", "")]
    )
    first = "\n" if opening[0] in "-?" else " "
    return front(f"{key(dice)}:{first}{opening * depth}{closing * depth}")


def bomb(dice: random.Random) -> str:
    """Few bytes that name one another, so that what they say is without end."""
    width, depth = dice.randint(2, 12), dice.randint(2, 12)
    lines = ["- &a0 [lol]"]
    for number in range(depth):
        lines.append(f"- &a{number + 1} [{', '.join([f'*a{number}'] * width)}]")
    return front("tags:\n" + "\n".join(lines))


def tagged(dice: random.Random) -> str:
    tag = dice.choice(["!!bool", "!!timestamp", "!!int", "!!python/object/apply:os.system", "!x"])
    return front(f"{key(dice)}: {tag} {dice.choice(['maybe', '99', '[a]', '2021-99-99'])}")


def mistaken(dice: random.Random) -> str:
    value = dice.choice(
        [
            "Post: a story",
            "[",
            "{",
            "'",
            '"',
            "@a",
            "%a",
            "`a`",
            "a\n\tb: c",
            "[a, ]]",
            "\x01",
            "\x7f",
        ]
    )
    return front(f"layout: post\n{key(dice)}: {value}")


def half_a_character(dice: random.Random) -> str:
    escape = dice.choice([r"\ud800", r"\udfff", r"\U00110000", r"\UFFFFFFFF", r"\x", r"\u12"])
    return front(f'{key(dice)}: "a{escape}"')


def long_block(dice: random.Random) -> str:
    return front(f"{key(dice)}: {dice.choice(['a', 'a ', '[a, ', chr(0x1F41D)]) * 40_000}")


def toml(dice: random.Random) -> str:
    value = dice.choice(
        [
            '"',
            "[" * 9000,
            "{a=" * 9000,
            "1" * 9000,
            "a" * 9000,
            "2021-99-99",
            '"\\ud800"',
            f"1\n{'a.' * 9000}a = 1",
            f"1\n[{'a.' * 9000}a]",
            "1\ntitle = 2\ntitle = 3",
        ]
    )
    return front(f"{key(dice)} = {value}", "+++")


def no_text(dice: random.Random) -> bytes:
    return dice.choice(
        [
            "Grüße\n".encode("latin-1") * dice.randint(1, 99),
            dice.randbytes(dice.randint(1, 99)) + b"\xff\x00",
            b"\xff\xfe" + dice.randbytes(99),
            b"A line.\n" * dice.randint(1, 99) + b"\0",
            b"\xed\xa0\x80",
            b"",
            b" \n\t" * dice.randint(1, 9999),
            b"\xef\xbb\xbf",
        ]
    )


def mutilated(dice: random.Random) -> bytes:
    """A good file in which bytes that are no UTF-8 were put somewhere."""
    data = bytearray(front("title: A good title\ntags: [a, b]").encode())
    for _ in range(dice.randint(1, 9)):
        data.insert(dice.randrange(len(data)), dice.choice([0x80, 0xC0, 0xFE, 0xFF]))
    return bytes(data)


KINDS: tuple[Kind, ...] = (
    nested,
    bomb,
    tagged,
    mistaken,
    half_a_character,
    long_block,
    toml,
    no_text,
    mutilated,
)


def make(folder: Path, seed: int) -> tuple[set[str], set[str]]:
    """Fill a folder; returns the sources of the good files and of the bad ones."""
    dice = random.Random(seed)
    good, bad = set(), set()
    for number in range(GOOD):
        name = f"good-{number:02}.md"
        text = (
            f"Of {dice.choice(SUBJECTS)} there are {number + 2} kinds in {dice.choice(SUBJECTS)}.\n"
        )
        lead = dice.choice(
            ["", "---\n\n", "---\nNote: it rained: a lot.\n---\n", front("title: A")]
        )
        (folder / name).write_text(f"{lead}{text}")
        good.add(name)
    specials = _specials(folder)
    for number in range(BAD - len(specials)):
        content = KINDS[number % len(KINDS)](dice)
        data = content if isinstance(content, bytes) else content.encode()
        raw = f"bad-{number:03}".encode() + dice.choice(
            [b".md", b".txt", b"\xff.md", b"\n\x1b.txt"]
        )
        (folder / os.fsdecode(raw)).write_bytes(data)
        bad.add(raw.decode("utf-8", "backslashreplace"))
    return good, bad | specials


def _specials(folder: Path) -> set[str]:
    """What is no file, or too large a one."""
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("A secret.\n")
    links: dict[str, str | Path] = {
        "link-passwd.txt": "/etc/passwd",
        "link-zero.txt": "/dev/zero",
        "link-out.txt": outside / "secret.txt",
        "link-folder": outside,
        "link-lost.md": "nowhere.md",
        "link-self.md": "link-self.md",
        "link-up": folder,
        "link-root": "/",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.txt")
    with (folder / "large.txt").open("wb") as file:
        file.truncate(2**40)
    return {*links, "pipe.txt", "large.txt"}


READ = """
import json, resource, sys
from pathlib import Path
from rag.documents.files import read_folder
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
documents, skipped = read_folder(Path(sys.argv[1]))
print(json.dumps([[each.source for each in documents], skipped]))
"""


@pytest.mark.parametrize("seed", ROUNDS)
def test_the_good_are_read_and_the_bad_named_within_500_megabytes(
    seed: int, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    good, bad = make(folder, seed)
    done = subprocess.run(
        [sys.executable, "-c", READ, folder, str(MEMORY)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    documents, skipped = json.loads(done.stdout)
    assert set(documents) == good
    assert len(skipped) == len(bad) == BAD
    assert {source for source, _ in skipped} == bad
    assert all(why and len(why) < 300 for _, why in skipped)
    for source, why in skipped:
        if "front matter" in why or "UTF-8" in why:
            assert "(line " in why, (source, why)


@pytest.mark.parametrize("seed", ROUNDS)
def test_the_good_are_ingested(
    seed: int, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By its module, since rag.index.building itself is the function.
    monkeypatch.setattr(import_module("rag.index.building"), "Encoder", lambda: encoder)
    folder = tmp_path / "documents"
    folder.mkdir()
    good, bad = make(folder, seed)
    report = ingest(folder, Settings(index=tmp_path / "index"))
    assert set(report.added) == good
    assert {source for source, _ in report.skipped} == bad
