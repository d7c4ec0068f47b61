"""Where in a text of the web the article is: below the menus, and above lists of other articles.

Whatever is cut off stays in the text, but counts for less; so one sign is never enough.
"""

import re
from collections.abc import Iterator

from rag.text.headings import lines_of

# Lines that open the left-overs of a web page below an article. They are looked for in the last
# part of a text only, so that an article about newsletters is not cut at its second paragraph.
_LEFT_OVERS = re.compile(
    r"""[\W_]*(?:
        featured(?:\ (?:articles|stories|posts))?
      | (?:related|recommended|popular|trending|latest)(?:\ (?:articles|stories|posts|news|topics))?
      | most\ (?:read|popular) | more\ from\ .{1,40} | you\ (?:may|might)\ also\ like
      | (?:submit|leave|post|add)\ a\ (?:comment|reply) | \d*\ ?comments?
      | share\ this(?:\ (?:article|story|post))? | read\ (?:more|next) | expand\ article
      | your\ email\ address\ will\ not\ be\ published.* | .*required\ fields\ are\ marked.*
      | support\ our\ .{0,30}journalism | (?:subscribe|sign\ up)\b.{0,80}newsletters?.*
      | .*\bcheck\ out\ (?:the\ latest|our\ upcoming)\b.* | .{0,80}\bfollow\ us\ on\b.*
      | continue\ reading\b.{0,40} | about\ the\ authors?
    )[\W_]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 240  # characters of such a line; the seeds' longest has 134
_FROM = 0.4  # of the text's length; the seeds' earliest is at 0.53
_SIGNS = 2  # lines
_ABOVE = 8  # lines that a menu above a title has at most
_MENU_WORDS = 4  # of each
_TITLE_WORDS = range(3, 26)


def article(text: str, *, title_known: bool) -> tuple[int, int]:
    """The span of the article: from its title to the web left-overs below it.

    Args:
        text: Of the document.
        title_known: Whether the title need not be looked for; then nothing above is cut off.
    """
    start = 0 if title_known else _below_menu(text)
    first = max(start, int(len(text) * _FROM))
    signs = (at for at, line in _lines(text) if at >= first and opens_left_overs(line))
    found = [at for at, _ in zip(signs, range(_SIGNS), strict=False)]
    return start, found[0] if len(found) == _SIGNS else len(text)


def opens_left_overs(line: str) -> bool:
    """Whether a line is one of those that stand above what is not of the article."""
    return len(line) <= _LONGEST and bool(_LEFT_OVERS.match(line))


def _below_menu(text: str) -> int:
    """Where the title is, if all above it are a few words, none of them a sentence; else 0."""
    above = 0
    for start, line in _lines(text[:4000]):
        if _is_title(line):
            return start if above else 0
        if len(line.split()) > _MENU_WORDS or line[-1] in ".!?" or above == _ABOVE:
            return 0
        above += 1
    return 0


def _is_title(line: str) -> bool:
    """Whether a line reads as a title: some words, no bullet, and not a sentence."""
    return (
        len(line.split()) in _TITLE_WORDS
        and line[0].isalnum()
        and line[-1] not in ".:;,!"
        and not opens_left_overs(line)
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, each with where it begins."""
    return ((line.start, line.text.lstrip()) for line in lines_of(text) if line.text)
