"""Questions mistyped, to words the documents hold.

Nothing in a document is touched, and the person is told what was searched for. A word is corrected
only if no document holds it, it is no word of English (simplemma's list of the forms of words:
"summarize" is not a mistyped "summer"), the encoder's vocabulary of common words does not hold it
either ("Paris" is not a mistyped "parts"), and a word of the documents is as near as a slip of the
fingers: Damerau (1964), https://doi.org/10.1145/363958.363994, found that four in five are one
wrong, missing, superfluous or transposed letter.
"""

import re
from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from simplemma import is_known

from rag.text.words import STOP_WORDS, stemmed

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_LONG = 8  # letters from which two slips are believed
_LOOKED_UP = 4  # words of a question; each is compared to all words of the documents


class Speller:
    """Knows the words of a collection.

    Args:
        words: Every word of the documents, in lower case.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({word for word in words if len(word) >= _SHORTEST})
        self._stems = stemmed(self._words)
        self._known = set(self._stems)
        self._targets = [*self._words, *sorted(STOP_WORDS)]

    def correct(self, question: str, is_common: Callable[[str], bool]) -> str:
        """The question with its first few mistyped words replaced.

        Args:
            question: As it was asked.
            is_common: Whether a word in lower case is a common one in itself.
        """
        nearest: dict[str, str | None] = {}

        def replace(match: re.Match[str]) -> str:
            word = match[0].casefold()
            if word not in nearest:
                if len(nearest) == _LOOKED_UP or self._is_right(word) or is_common(word):
                    return match[0]
                nearest[word] = self._nearest(word)
            return nearest[word] or match[0]

        return _WORD.sub(replace, question)

    def _is_right(self, word: str) -> bool:
        if len(word) < _SHORTEST or word in STOP_WORDS:
            return True
        (stem,) = stemmed([word])
        return stem in self._known or is_known(word, lang="en") or is_known(stem, lang="en")

    def _nearest(self, word: str) -> str | None:
        """The nearest word within the slips believed; by its stem where the endings differ."""
        (stem,) = stemmed([word])
        for wanted, choices in ((word, self._targets), (stem, self._stems)):
            slips = 2 if len(wanted) >= _LONG else 1
            found = extract(wanted, choices, scorer=OSA.distance, score_cutoff=slips, limit=5)
            # Slips spare the first letter (Yannakoudakis and Fawthrop 1983), so it decides ties.
            ranked = sorted((far, each[0] != wanted[0], each, at) for each, far, at in found)
            if ranked:
                return (self._words if choices is self._stems else self._targets)[ranked[0][3]]
        return None
