"""Words that a line's end cuts in two."""

import re
from collections.abc import Mapping

from simplemma import is_known

HYPHEN = "\u2010"
"""At a line's end: of the font's hyphens whichever it is."""

HYPHENS = f"-{HYPHEN}\u00ad"
WORD = re.compile(r"\w+(?:-\w+)*")


def ending(text: str, following: str, words: Mapping[str, int]) -> str:
    """A line with what stands between it and the following one.

    ``words`` are those of the document, and how often it has them.

    A hyphen at its end is dropped where the word goes on in lower case. It stays after a capital
    letter or a digit, as in "AI-powered"; where the document has the word with it elsewhere, and
    not without; and where two English words are none together, as in "open-source".
    """
    if not following:
        return f"{text[:-1]}-" if text.endswith(HYPHEN) else text
    if text[-1] not in HYPHENS or not text[:-1] or not text[-2].isalnum():
        return f"{text.replace(HYPHEN, '-')} "
    stem = text[:-1]
    if text[-1] == "\u00ad":
        return stem
    left, right = re.search(r"[\w-]*\Z", stem), re.match(r"\w+", following)
    first, rest = left[0] if left else "", right[0] if right else ""
    kept = not rest[:1].islower() or first[-1:].isupper() or first[-1:].isdigit()
    if not kept and not words.get(first + rest):
        two = all(len(each) > 2 and is_known(each, lang="en") for each in (first, rest))
        one = is_known(first + rest, lang="en")
        kept = bool(words.get(f"{first}-{rest}")) or (two and not one)
    return f"{stem}-" if kept else stem
