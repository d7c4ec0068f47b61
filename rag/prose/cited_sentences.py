"""What a model writes, in pieces, to sentences with the numbers they cite.

A sentence ends at its citation: "They met. [1]", "They met [1, 2]." or "They met. [1][2]"; or at a
line break. Sentences in a row before one citation are separate, and all but the last cite nothing.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from rag.text.sentences import sentences

MOST = 4000
"""Characters that are read of an answer at most; three long sentences are a thousand."""

Cited = tuple[str, tuple[int, ...]]
"""A sentence without its citations, and what it cites."""

_CITATIONS = r"(?:\s*\[\s*[0-9]{1,3}(?:\s*,\s*[0-9]{1,3})*\s*\])+"
_CLOSING = r"[\"'”’)]*"
_END = re.compile(
    rf"(?:[.!?]{_CLOSING}{_CITATIONS}\.?|{_CITATIONS}\s*[.!?]+{_CLOSING})(?=\s*[^\s\[.])|\n"
)


def cited_sentences(pieces: Iterable[str]) -> Iterator[Cited]:
    """Each sentence as soon as the next begins, until the pieces end or are ``MOST`` characters."""
    rest = ""
    for letter in chain(islice(chain.from_iterable(pieces), MOST), "\n"):
        rest += letter
        if found := _END.search(rest):
            sentence, rest = rest[: found.end()], rest[found.end() :]
            yield from _cited(sentence)


def _cited(text: str) -> Iterator[Cited]:
    citations = re.findall(_CITATIONS, text)
    cites = dict.fromkeys(int(number) for number in re.findall("[0-9]+", "".join(citations)))
    text = re.sub(rf"([.!?]{_CLOSING}){_CITATIONS}\s*\.?", r"\1", text)
    words = " ".join(re.sub(_CITATIONS, "", text).split())
    *before, last = [words[start:end].strip() for start, end in sentences(words)] or [""]
    yield from ((each, ()) for each in before)
    if last:
        yield last, tuple(cites)
