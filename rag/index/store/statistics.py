"""BM25 of passages whose words an engine keeps, by counts that are kept here.

An engine's own BM25 may count how rare a word is in a part of the passages only, as Milvus does by
segments, and the confidence depends on the scores. So the engine finds candidates, and their
scores are computed of their words by the formula of ``rag.index.lexical``: the same on each engine.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.index.store.contract import Asked
from rag.text.words import stems, words

_FILE = "statistics.json"
_K1, _B = 1.2, 0.75  # as of rag.index.lexical


class Statistics:
    """The ``Terms`` of some texts, and the BM25 of each of them by its stems.

    Args:
        texts: How many there are.
        length: Their mean number of stems.
        holding: How many hold each stem.
        vocabulary: Every word in lower case, without stop words, sorted.
    """

    def __init__(
        self, texts: int, length: float, holding: dict[str, int], vocabulary: Sequence[str]
    ) -> None:
        self._texts = texts
        self._length = length
        self._holding = holding
        self.vocabulary = vocabulary

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Statistics":
        """Count the words of at least one text."""
        holding: Counter[str] = Counter()
        known: set[str] = set()
        length = 0
        for text in texts:
            own = stems(text)
            holding.update(set(own))
            known.update(word.casefold() for word in words(text))
            length += max(len(own), 1)  # bm25s gives a text without a word one
        return cls(len(texts), length / len(texts), dict(holding), sorted(known))

    def save(self, folder: Path) -> None:
        """Write them to a folder of their own."""
        folder.mkdir()
        said = (self._texts, self._length, self._holding, self.vocabulary)
        (folder / _FILE).write_text(json.dumps(said), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Statistics":
        """Read them; raises OSError or ValueError where they are not whole."""
        texts, length, holding, vocabulary = json.loads(
            (folder / _FILE).read_text(encoding="utf-8")
        )
        return cls(texts, length, holding, vocabulary)

    def holds(self, stem: str) -> bool:
        """Whether any text holds this stem."""
        return bool(stem) and stem in self._holding

    def idf(self, stem: str) -> float:
        """As of ``Terms``."""
        holding = self._holding.get(stem, 0) if stem else 0
        return float(np.log1p((self._texts - holding + 0.5) / (holding + 0.5)))

    def most(self, question: str) -> float:
        """As of ``Terms``."""
        return sum(map(self.idf, stems(question)))

    def bm25(self, asked: Asked, text: Sequence[str]) -> float:
        """BM25 of the text of these stems."""
        counts = Counter(text)
        short = _K1 * (1 - _B + _B * max(len(text), 1) / self._length)
        return sum(
            weight * self.idf(stem) * counts[stem] / (counts[stem] + short)
            for question, weight in asked
            for stem in stems(question)
            if counts[stem]
        )

    def __len__(self) -> int:
        return self._texts
