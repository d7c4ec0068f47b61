"""The corpus of files that other programs make."""

import shutil
import subprocess
from pathlib import Path

import pytest

from eval.formats import corpus
from tests.conftest import SEEDS


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
def test_what_is_handed_to_pandoc_says_what_the_text_says() -> None:
    text = "# No heading\n1. no list, *no* _mark_ and <b>no tag</b> & [no](link)\n    no code"
    plain = ["pandoc", "-f", "commonmark", "-t", "plain", "--wrap=none"]
    made = subprocess.run(
        plain, input=corpus._markdown(text), capture_output=True, text=True, check=True
    )
    assert made.stdout.split("\n\n") == [line.strip() for line in text.split("\n")[:2]] + [
        "no code\n"
    ]


def test_a_program_that_is_missing_or_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError, match="false failed"):
        corpus._run(["false"])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="pandoc is not installed"):
        corpus.make(tmp_path / "out", {"a": "A text."})


def test_the_seeds_and_beginnings_of_the_benchmark_are_what_it_is_made_of(tmp_path: Path) -> None:
    folder = tmp_path / "chunking" / "corpora"
    folder.mkdir(parents=True)
    for name in corpus._BENCH:
        (folder / f"{name}.md").write_text("A line of it.\n" * 9000)
    found = corpus.texts(SEEDS, tmp_path)
    assert len(found) == 5 + 3
    assert all(len(found[name]) < 13_000 for name in corpus._BENCH)
