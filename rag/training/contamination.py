"""Which training rows share text with a benchmark, by n-grams of words.

Thirteen words in a row are the customary length: Brown et al. 2020, "Language Models are Few-Shot
Learners", https://arxiv.org/abs/2005.14165, appendix C.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

N = 13
_WORD = re.compile(r"\w+")


def ngrams(text: str, n: int = N) -> Iterator[int]:
    """Hashes of a text's runs of n words; of a shorter text, of all its words."""
    words = _WORD.findall(text.casefold())
    for start in range(max(1, len(words) - n + 1)):
        yield hash(tuple(words[start : start + n]))


def texts_of(folder: Path) -> Iterator[str]:
    """Every string in the JSON files of a folder, and its other text files, each whole."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".jsonl"}:
            text = path.read_text(encoding="utf-8")
            whole = [text] if path.suffix == ".json" else text.split("\n")
            for line in whole:
                if line.strip():
                    yield from _strings(json.loads(line))
        elif path.suffix in {".md", ".txt", ".csv"}:
            yield path.read_text(encoding="utf-8")


def known(texts: Iterable[str], n: int = N) -> frozenset[int]:
    """The n-grams of all these texts, those of texts with fewer than n words left out."""
    return frozenset(
        gram for text in texts if len(_WORD.findall(text)) >= n for gram in ngrams(text, n)
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
