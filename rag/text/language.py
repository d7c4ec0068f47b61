"""Whether a text is English or Spanish, by the small words that hardly a sentence is without."""

import re
from collections.abc import Callable
from typing import Literal

Language = Literal["en", "es"]

# None of them is a word of the other language.
_ENGLISH = frozenset(
    "the of and to in is are was were what which who whose how when where why does did do will "
    "would can could should that this these those it its they their there with for from by at "
    "about have has had if or not you your we our".split()
)
_SPANISH = frozenset(
    "el la los las un una unos unas del al de en y o que qué quién quien quiénes cuál cual cuáles "
    "cómo como cuándo cuando dónde donde cuánto cuanto cuántos cuántas por para con sin sobre es "
    "son está están fue fueron ser hay se su sus lo le les más muy este esta estos estas ese esa "
    "según entre también puede pueden tiene tienen".split()
)
_ONLY_SPANISH = re.compile("[¿¡ñáéíóú]")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 2
_IN_ALL_SPANISH = ("que", "los", "una", "para")


def language(text: str) -> Language | None:
    """The language of a text; None where too little tells."""
    words = _WORD.findall(text.casefold())
    english = sum(word in _ENGLISH for word in words)
    spanish = sum(word in _SPANISH for word in words)
    spanish += bool(_ONLY_SPANISH.search(text.casefold()))
    if max(english, spanish) < _FEWEST or english == spanish:
        return None
    return "en" if english > spanish else "es"


def holds_spanish(holds: Callable[[str], bool]) -> bool:
    """Whether a collection has Spanish in it: holds the words that none is without."""
    return all(holds(word) for word in _IN_ALL_SPANISH)
