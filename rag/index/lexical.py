"""The lexical leg: BM25 over stemmed words (bm25s, arXiv:2407.03618)."""

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from rag.text.words import stems, words

_VOCABULARY = "vocabulary.txt"


class Lexical:
    """A BM25 index over texts; immutable once built.

    Scores follow Lucene's variant, k1 = 1.2 and b = 0.75: Robertson and Zaragoza (2009), "The
    Probabilistic Relevance Framework: BM25 and Beyond".

    Attributes:
        vocabulary: Every word of the texts in lower case, not stemmed, without stop words, sorted.
    """

    def __init__(self, model: bm25s.BM25, vocabulary: Sequence[str]) -> None:
        self._model = model
        self.vocabulary = vocabulary

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Lexical":
        """Index at least one text."""
        model = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        # bm25s cannot index a collection without a word; its own empty token stands in.
        model.index([stems(text) or [""] for text in texts], show_progress=False)
        return cls(model, sorted({word.casefold() for text in texts for word in words(text)}))

    def save(self, folder: Path) -> None:
        """Write the index to a folder of its own."""
        self._model.save(folder, show_progress=False)
        (folder / _VOCABULARY).write_text("\n".join(self.vocabulary), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        """Read an index; raises OSError or ValueError where the files are not whole."""
        vocabulary = (folder / _VOCABULARY).read_text(encoding="utf-8").split("\n")
        return cls(bm25s.BM25.load(folder, verbosity=0, show_progress=False), vocabulary)

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every text, shape (texts,), not negative; 0 where no word is shared."""
        known = [stem for stem in stems(question) if self.holds(stem)]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def most(self, question: str) -> float:
        """The sum of the idf of the question's words, which no text's BM25 exceeds."""
        return sum(map(self.idf, stems(question)))

    def holds(self, stem: str) -> bool:
        """Whether any text holds this stem."""
        return bool(stem) and stem in self._model.vocab_dict

    def idf(self, stem: str) -> float:
        """Inverse document frequency of a stem in n of N texts: ln(1 + (N - n + .5) / (n + .5))."""
        if not self.holds(stem):
            return float(np.log1p((len(self) + 0.5) / 0.5))
        token = self._model.vocab_dict[stem]
        indptr = self._model.scores["indptr"]
        n = int(indptr[token + 1] - indptr[token])
        return float(np.log1p((len(self) - n + 0.5) / (n + 0.5)))

    def __len__(self) -> int:
        return int(self._model.scores["num_docs"])
