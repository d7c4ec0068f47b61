"""Questions and verdicts made up, for what is done with them."""

import time

import numpy as np

from ui.owner.records import Asked, Case, Shown, Verdict

DAY = 86400.0


def vector(*numbers: float) -> bytes:
    """A vector as the log keeps it."""
    return np.array(numbers, dtype="<f2").tobytes()


def asked(question: str, kind: str = "none", **more: object) -> Asked:
    values: dict[str, object] = {
        "at": time.time(),
        "question": question,
        "kind": kind,
        "confidence": 0.1,
        "milliseconds": 120,
    }
    return Asked(**(values | more))  # type: ignore[arg-type]


def verdict(question: str, **more: object) -> Verdict:
    values: dict[str, object] = {
        "key": f"key of {question}",
        "at": time.time(),
        "question": question,
        "history": (),
        "kind": "none",
        "confidence": 0.1,
        "quotes": (),
        "helped": False,
        "words": "",
        "nearest": "",
        "vector": b"",
        "logged": False,
    }
    return Verdict(**(values | more))  # type: ignore[arg-type]


LENA = Shown(document_id="aaaa", title="Rivers", start=0, end=34, text="The Lena is 4,294 km long.")

CASE = Case(
    question="and where does it end?",
    history=(("how long is the Lena?", "4,294 kilometres"),),
    quote="to the Arctic Ocean",
    source="rivers.md",
)
