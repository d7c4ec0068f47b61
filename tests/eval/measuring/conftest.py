"""A small question set, put to two documents once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.measuring import run as running
from eval.measuring.questions import Question
from eval.measuring.run import Run
from rag.settings import Settings

TEXTS = {
    "bees.txt": "How bees make honey\n\nBees collect nectar from flowers. They dry it in cells.\n",
    "rivers.txt": "The river Lena\n\nThe Lena flows north to the Arctic Ocean. "
    "The Lena is 4,294 kilometres long.\n",
}
SET: list[dict[str, Any]] = [
    {
        "id": "nectar",
        "question": "What do bees collect from flowers?",
        "quotes": ["collect nectar"],
        "answerable": True,
    },
    {
        "id": "length",
        "question": "How long is it?",
        "history": [["Where does the Lena flow?", "The Lena flows north to the Arctic Ocean."]],
        "quotes": ["4,294 kilometres"],
        "answerable": True,
    },
    {
        "id": "elsewhere",
        "question": "What do bees collect from flowers?",
        "quotes": ["a text that no document holds"],
        "answerable": True,
    },
    {"id": "price", "question": "Who won the chess match in Reykjavik?", "answerable": False},
    {"id": "marks", "question": "???", "answerable": False},
]
QUESTIONS = tuple(Question.model_validate_json(json.dumps(each)) for each in SET)


@pytest.fixture(scope="package")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="package")
def opened(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(index=tmp_path_factory.mktemp("unused"), threshold=0.3)
    with running.temporary_index(documents, settings) as opened:
        yield opened


@pytest.fixture(scope="package")
def run(opened: Settings) -> Run:
    return running.run(QUESTIONS, opened)
