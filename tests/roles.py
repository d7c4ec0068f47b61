"""The seeds, which are for everybody, and two documents that are not."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.index.building import ingest
from tests.conftest import SEEDS
from ui.settings import ServerSettings

PUBLIC = frozenset({"public"})
SECRET = """# Severance of the zorbel plant

The zorbel plant closes in {}, and severance is nine weeks of pay. The neutrality framework does
not cover the zorbel plant. Organising committees met there for quibberish talks.

## When does the wuzzle begin?

The wuzzle begins on the first day of June at the zorbel plant.
"""
QUESTIONS = [
    "what is the neutrality framework?",
    "when does the zorbel plant close?",
    "who met for quiberish talks?",
    "how long is severance?",
    "what is the capital of France?",
]
OF_SECRETS = ["zorbel plant closes", "nine weeks", "wuzzle", "Severance of", "board.md", "none.md"]
"""What stands in those two alone, or is said of them alone."""


@contextmanager
def alone_and_all(folder: Path) -> Iterator[tuple[Assistant, Assistant]]:
    """Assistants on the seeds alone, and on all of it; the seeds have the tag "public"."""
    shutil.copytree(SEEDS, folder / "documents" / "public")
    settings = [ServerSettings(index=folder / name) for name in ("alone", "all")]
    ingest(folder / "documents", settings[0])
    shutil.copytree(folder / "alone", folder / "all")  # so that no vector is made a second time
    for name, tag in (("board", "board"), ("none", "")):
        place = folder / "documents" / tag
        place.mkdir(exist_ok=True)
        (place / f"{name}.md").write_text(SECRET.format(f"{name.title()}uary"))
    ingest(folder / "documents", settings[1])
    with closing(Assistant(settings[0])) as alone, closing(Assistant(settings[1])) as everything:
        assert len(everything.documents()) == len(alone.documents()) + 2
        yield alone, everything


def secrets_of(alone: Assistant, everything: Assistant) -> list[str]:
    """All that may be in no answer to whom only the seeds are shown."""
    hidden = {*everything.documents()} - {*alone.documents()}
    return [*OF_SECRETS, *(each.id for each in hidden), *(each.sha256 for each in hidden)]


_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same byte for byte, but for the last digits of numbers.

    Vectors that are carried from one index to the next, and cosines that Chroma or numpy computes,
    differ in those.
    """
    numbers = [[float(each) for each in _NUMBER.findall(text)] for text in (one, other)]
    words = [_NUMBER.split(text) for text in (one, other)]
    return words[0] == words[1] and numbers[0] == pytest.approx(numbers[1], abs=1e-5)
