"""A process that asks and ingests, so that damage that kills it kills nothing else.

``python -m tests.attacks.answering``: one JSON list a line on standard input, ``["ask", INDEX,
QUESTION, ...]`` or ``["ingest", INDEX, FOLDER]``, and one JSON object a line on standard output.
The models are the real ones, loaded once, and no text is embedded twice.
"""

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from rag.assistant import Assistant
from rag.errors import StewardError
from rag.index.building import ingest
from rag.quoting.reader import Reader
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from ui.wording.errors import explain


class _Remembering(Encoder):
    """The real encoder, which remembers."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Vectors] = {}

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, super().encode(new, progress), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


def _ask(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    with closing(Assistant(Settings(index=index))) as assistant:
        answers = [assistant.ask(question) for question in questions]
    return {
        "answers": [
            [
                answer.answered,
                answer.confidence,
                [asdict(quote) for quote in answer.quotes],
                [[hit.passage.id, hit.score] for hit in answer.hits],
            ]
            for answer in answers
        ]
    }


def _ingest(index: Path, folder: Path) -> dict[str, Any]:
    report = ingest(folder, Settings(index=index))
    return {"passages": report.passages, "embedded": report.embedded}


def _obey(order: Sequence[str]) -> dict[str, Any]:
    what, index, *rest = order
    try:
        return _ask(Path(index), rest) if what == "ask" else _ingest(Path(index), Path(rest[0]))
    except StewardError as error:
        return {"error": type(error).__name__, "words": explain(error).text}
    except BaseException:
        return {"traceback": traceback.format_exc()}


if __name__ == "__main__":
    encoder, reader = _Remembering(), Reader()
    for module in ("rag.assistant", "rag.index.building"):
        setattr(import_module(module), "Encoder", lambda: encoder)  # noqa: B010
    setattr(import_module("rag.assistant"), "Reader", lambda: reader)  # noqa: B010
    for line in sys.stdin:
        print(json.dumps(_obey(json.loads(line))), flush=True)  # noqa: T201
