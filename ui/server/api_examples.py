"""Examples of the API, as its description in OpenAPI shows them."""

from typing import Any

_QUOTE: dict[str, Any] = {
    "number": 1,
    "document_id": "3f1c5d0a9b7e",
    "title": "The river Lena",
    "source": "rivers/lena.md",
    "publisher": "Water Office",
    "published": "2021-05-04",
    "start": 60,
    "end": 94,
    "text": "The Lena is 4,294 kilometres long.",
    "place": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "marked": [72, 88],
    "reads": ["The Lena is ", "4,294 kilometres", " long."],
    "page_image": None,
    "also_in": [],
    "url": "documents/3f1c5d0a9b7e?start=60&end=94&sha256=9f86d081#quote",
}
ANSWER: dict[str, Any] = {
    "question": "how long is the Lena?",
    "searched": "how long is the Lena?",
    "kind": "answer",
    "answered": True,
    "perhaps": False,
    "confidence": 0.93,
    "threshold": 0.4,
    "perhaps_threshold": 0.2,
    "reason": None,
    "message": None,
    "examples": [],
    "unknown": [],
    "quotes": [_QUOTE],
    "prose": None,
    "note": None,
    "agreement": None,
    "catalogue": [],
    "nearest": [],
    "milliseconds": 23,
    "feedback": None,
}
REFUSAL: dict[str, Any] = ANSWER | {
    "question": "how deep is the Lena?",
    "searched": "how deep is the Lena?",
    "kind": "none",
    "answered": False,
    "confidence": 0.12,
    "reason": "low_confidence",
    "message": "Nothing in these documents seems to answer this. Ask in other words, such as the "
    "documents may use. (confidence 12%; Steward answers from 40%)",
    "quotes": [],
    "prose": None,
    "nearest": [
        {key: _QUOTE[key] for key in ("document_id", "title", "start", "end", "text", "url")}
        | {"begins": _QUOTE["text"]}
    ],
}
