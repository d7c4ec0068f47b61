"""Words and their stems, as the lexical leg sees them (Snowball English)."""

import re
import threading
from collections.abc import Sequence

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

_WORD = re.compile(r"\w\w+|\d")
STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)  # with the question words: what, who, when, how
_STEMMER = Stemmer.Stemmer("english")
_STEMMER_LOCK = threading.Lock()  # its cache is not made for several threads


def words(text: str) -> list[str]:
    """The words of a text as they are written, in order, without stop words."""
    return [word for word in _WORD.findall(text) if word.casefold() not in STOP_WORDS]


def stems(text: str) -> list[str]:
    """What BM25 sees of a text: its words in lower case and stemmed, in order."""
    return stemmed([word.casefold() for word in words(text)])


def stemmed(folded: Sequence[str]) -> list[str]:
    """The stem of each of these words, which are in lower case."""
    with _STEMMER_LOCK:
        return list(_STEMMER.stemWords(folded))
