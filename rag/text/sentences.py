"""Text to sentences, by nupunkt (https://github.com/alea-institute/nupunkt, arXiv:2504.04131).

Compared
on the seeds and on a page of abbreviations, quotations, lists and tables:

- nupunkt, with its line rules: gives spans; one sentence a bullet and a heading; right on "p.m. on
  Jan. 5", "U.S. Senate", "Sec. 4.1", "et al."; wrong on "AFL-CIO vs. Microsoft". 100,000 characters
  in 0.02 s.
- pysbd: right on all of those, but keeps a quotation of two sentences as one (a quote should be
  able to show one of them), ends a sentence at every line break, and takes 0.52 s.
- syntok: splits at "Sec.", runs a list and the line above it into one sentence; 0.09 s.
"""

import re
from importlib.metadata import version

from nupunkt import sentence_spans

Span = tuple[int, int]
"""Half-open offsets, in code points."""

SEGMENTER = f"nupunkt {version('nupunkt')} with line rules"
"""What finds the sentences; part of an index's recipe, since another version may cut elsewhere."""

_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*#*\Z")
_HEADING_WORDS = 10


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of a text, without the white space around them."""
    return tuple(sentence_spans(text, line_breaks=True))


def heading_of(text: str, start: int, end: int) -> str | None:
    """The heading that this sentence is, if it is one: in Markdown, or a short line by itself."""
    line = text[start:end]
    markdown = _MARKDOWN_HEADING.match(line)
    if markdown:
        return markdown[1]
    alone = (start < 2 or text.startswith("\n\n", start - 2)) and text.startswith("\n\n", end)
    words = len(line.split())
    if alone and words <= _HEADING_WORDS and line[0].isupper() and line[-1].isalnum():
        return line
    return None
