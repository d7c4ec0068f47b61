"""What a model writes, in pieces, to sentences with the numbers they cite.

A sentence ends at its citation: "They met. [1]", "They met [1, 2]." or "They met. [1][2]"; or at a
line break. Sentences in a row before one citation are separate, and all but the last cite nothing.
"""

import re
from collections.abc import Iterator

from rag.passages import sentences

MOST = 4000
"""Characters that are read of an answer at most; three long sentences are a thousand."""

Cited = tuple[str, tuple[int, ...]]
"""A sentence without its citations, and what it cites."""

_CITATION = r"\[\s*[0-9]{1,3}(?:\s*,\s*[0-9]{1,3})*\s*\]"
_CITATIONS = rf"(?:\s*{_CITATION})+"
_CLOSING = r"[\"'”’)]*"
_END = re.compile(
    rf"(?:[.!?]{_CLOSING}{_CITATIONS}\.?|{_CITATIONS}\s*[.!?]+{_CLOSING})(?=\s*[^\s\[.])|\n"
)


class CitedSentences:
    """Collects pieces; one per answer."""

    def __init__(self) -> None:
        self._rest = ""
        self._read = 0

    @property
    def full(self) -> bool:
        """Whether no more is read."""
        return self._read >= MOST

    def feed(self, piece: str) -> Iterator[Cited]:
        """The sentences that this piece completes."""
        piece = piece[: MOST - self._read]
        self._read += len(piece)
        self._rest += piece
        while found := _END.search(self._rest):
            sentence, self._rest = self._rest[: found.end()], self._rest[found.end() :]
            yield from _cited(sentence)

    def end(self) -> Iterator[Cited]:
        """What is left at the end."""
        rest, self._rest = self._rest + "\n", ""
        while found := _END.search(rest):
            sentence, rest = rest[: found.end()], rest[found.end() :]
            yield from _cited(sentence)


def _cited(text: str) -> Iterator[Cited]:
    cites = tuple(
        dict.fromkeys(
            int(number)
            for citation in re.findall(_CITATION, text)
            for number in re.findall("[0-9]+", citation)
        )
    )
    text = re.sub(rf"([.!?]{_CLOSING}){_CITATIONS}\s*\.?", r"\1", text)
    words = " ".join(re.sub(_CITATIONS, "", text).split())
    spans = sentences(words)
    for place, (start, end) in enumerate(spans, 1):
        yield words[start:end].strip(), cites if place == len(spans) else ()
