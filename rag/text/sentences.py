"""Text to sentences, by nupunkt (https://github.com/alea-institute/nupunkt, arXiv:2504.04131).

Compared
on the seeds and on a page of abbreviations, quotations, lists and tables:

- nupunkt, with its line rules: gives spans; one sentence a bullet and a heading; right on "p.m. on
  Jan. 5", "U.S. Senate", "Sec. 4.1", "et al."; wrong on "AFL-CIO vs. Microsoft". 100,000 characters
  in 0.02 s.
- pysbd: right on all of those, but keeps a quotation of two sentences as one (a quote should be
  able to show one of them), ends a sentence at every line break, and takes 0.52 s.
- syntok: splits at "Sec.", runs a list and the line above it into one sentence; 0.09 s.

A heading is one sentence, however many it holds. nupunkt 0.8.0 takes time by the square of a run of
blank lines, or of a word without end (10,000 blank lines: 8 s), so it is shown both ends of those.
"""

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from nupunkt import sentence_spans

from rag.text.headings import Heading, headings

Span = tuple[int, int]
"""Half-open offsets, in code points."""

SEGMENTER = f"nupunkt {version('nupunkt')} with line rules and headings"
"""What finds the sentences; part of an index's recipe, since another version may cut elsewhere."""

_LIST_ITEM = re.compile(r"(?:[-*+•–—·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,5})[.)])\s")
_ENDED = re.compile(r"[.!?…;][\"'”’)\]*_]{0,3}\Z")
ITEM_CHARACTERS = 200
"""Of an item of a list, with all its sentences; a longer one is a paragraph with a number."""
_RUN = re.compile(r"\s+|\S+")
_LONG_RUN = 200  # characters; no word of the seeds is as long
_SHOWN = 100  # of either end of a long word


def sentences(text: str, known: Sequence[Heading] | None = None) -> tuple[Span, ...]:
    """Spans of the sentences of a text, without the white space around them.

    Args:
        text: To cut.
        known: Its headings, where they were found already.
    """
    spans: list[Span] = []
    position = 0
    for heading in headings(text) if known is None else known:
        spans += _between(text, position, heading.start)
        spans.append((heading.start, heading.end))
        position = heading.end
    return (*spans, *_between(text, position, len(text)))


def is_list_item(sentence: str) -> bool:
    """Whether a sentence is an item of a list, by its bullet or number."""
    return bool(_LIST_ITEM.match(sentence))


def leads_in(sentence: str, following: str) -> bool:
    """Whether a sentence leads to a list that begins with the following one.

    It ends in a colon, or as no sentence does: "As a member you have the right to".
    """
    if not is_list_item(following):
        return False
    return sentence[-1:] == ":" or not (is_list_item(sentence) or _ENDED.search(sentence))


def _between(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a part of a text that holds no heading."""
    part = text[start:end]
    shown, origins = _shortened(part)
    for first, last in sentence_spans(shown, line_breaks=True):
        if origins is None:
            yield start + first, start + last
        else:
            yield start + origins[first], start + origins[last - 1] + 1


def _shortened(text: str) -> tuple[str, list[int] | None]:
    """A text without the middle of its long runs, and where each character of that comes from.

    Returns:
        The offsets are None where there is no long run, so that nothing was left out.
    """
    long = [run.span() for run in _RUN.finditer(text) if len(run[0]) > _LONG_RUN]
    if not long:
        return text, None
    shown: list[str] = []
    origins: list[int] = []

    def show(start: int, end: int) -> None:
        shown.append(text[start:end])
        origins.extend(range(start, end))

    position = 0
    for start, end in long:
        show(position, start)
        if text[start].isspace():
            feeds = "\n" * min(text.count("\n", start, end), 2)
            shown.append(feeds or " ")
            origins.extend([start] * len(feeds or " "))
        else:
            show(start, start + _SHOWN)
            show(end - _SHOWN, end)
        position = end
    show(position, len(text))
    return "".join(shown), origins
