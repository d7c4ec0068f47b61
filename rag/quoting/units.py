"""Sentences to the pieces that can be quoted: a sentence, or a few that need each other."""

import re
from collections.abc import Iterator, Sequence

from rag.text.sentences import heading_of

_ANAPHOR = re.compile(r"(?:This|These|That|Those|It|They|Such)\b")
_LIST_ITEM = re.compile(r"(?:[-*•–—·]|\(?\w{1,3}[.)])\s")
_CHARACTERS = 800  # of a piece of several sentences, at most


def units(
    text: str, spans: Sequence[tuple[int, int]], explanatory: bool
) -> Iterator[tuple[int, int]]:
    """First and last sentence of each piece that makes sense by itself.

    That is a sentence; one that announces a list, with the list; and for a question that asks for
    an explanation a sentence with the next, where that goes on about it ("This framework ...").

    Args:
        text: A passage's.
        spans: Of its sentences, in order.
        explanatory: Whether an explanation is asked for.
    """
    headings = [heading_of(text, *span) is not None for span in spans]
    for first, (start, end) in enumerate(spans):
        if headings[first] and not all(headings):
            continue  # a heading says what follows, not what is so
        last = first
        announces = text[end - 1] == ":"
        while last + 1 < len(spans) and spans[last + 1][1] - start <= _CHARACTERS:
            following = text[slice(*spans[last + 1])]
            goes_on = explanatory and last == first and _ANAPHOR.match(following)
            if not (_LIST_ITEM.match(following) if announces else goes_on):
                break
            last += 1
        if last > first or not announces or len(spans) == 1:
            yield first, last
