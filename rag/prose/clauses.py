"""A quote to the clauses that may be shown without the rest of it, each with that rest.

A clause is a sentence or an item of a list, or one of two halves about a semicolon. ``sentences``
would rather cut once too often, which costs a quote nothing; but of "It is a myth that", at the end
of a line, the next line must not be a clause. So two sentences count as one here where the first
ends neither in a mark nor before an empty line or an item, or ends in an abbreviation ("Smith v."),
and wherever the end is inside a quotation or brackets: "He lied: 'It is safe. Nobody died.'"
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.text.headings import headings
from rag.text.sentences import is_list_item, sentences

_ONE_KIND = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_APART = ("<super", "<sub", "<fraction", "<circle")
"""Kinds of characters whose plain form is another number: 10² is not 102."""

_ENDED = re.compile(r"[.!?…][\"'”’»)\]*_`]*\Z")
_TRAILING_OFF = re.compile(r"(?:…|\.\s?\.)[\"'”’»)\]*_`]*\Z")
_ABBREVIATED = re.compile(  # what may stand before a name in the middle of a sentence
    r"(?:\b[^\W\d]|\b(?:vs?|mr|mrs|ms|messrs|dr|prof|rev|hon|sen|rep|gov|gen|col|capt|lt|sgt|st|mt|jr|sr"
    r"|inc|corp|co|ltd|bros|no|nos|art|sec|fig|vol|ch|pp|para|cf|al|etc|ca|approx|dept|univ|est"
    r"|e\.g|i\.e|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))\.\Z",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\A(?:[-*+•–—·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+")
_HASHES = re.compile(r"\A#{1,6}\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_ROUND = str.maketrans("[]<>", "()‹›")  # as the model is shown them (``rag.prose.prompt``)
_STRUCK = re.compile(r"~~|<(?:del|s|strike|!--)\b", re.IGNORECASE)

_DOUBLE = re.compile(r"``|''|[\"“”„«»]")
_SINGLE = re.compile(
    r"(?P<opens_quote>‘|(?<![\w.,!?…'])'(?=[^\W\d])(?!(?:em|til|tis|twas|cause|n)\b))"
    r"|(?P<closes_quote>(?<=[.,!?…])['’](?!\w)|['’](?!\w))"
)
_OPENS = frozenset(("``", "“", "„", "«"))
_BEFORE_OPENING = re.compile(r"[\s(\[{\-–—/:*_>'‘]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a quote.

    Attributes:
        text: On one line, with one kind of dash and quotation mark, without signs of Markdown.
        indent: Of an item of a list, the column of its bullet; None of anything else.
        sayable: Whether it is a statement of the document's own: no heading, lead-in or fragment,
            and not all in quotation marks, a table, or a line that quotes somebody.
        joined: Whether it is one half of a sentence.
    """

    text: str
    indent: int | None
    sayable: bool
    joined: bool = False

    @property
    def finished(self) -> bool:
        """Whether it ends in a mark that ends a statement; else it leads to what follows."""
        marks = bool(_ENDED.search(self.text)) or (self.joined and self.text.endswith(";"))
        return marks and not _TRAILING_OFF.search(self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with those that are lost where it stands alone."""

    clause: Clause
    before: tuple[Clause, ...]
    after: tuple[Clause, ...]


def readings(quote: str) -> Iterator[Reading]:
    """Every clause of a quote that may be shown."""
    known = tuple(_clauses(quote))
    for place, clause in enumerate(known):
        before, after = known[:place], known[place + 1 :]
        if not clause.sayable:
            continue
        yield Reading(clause, before, after)
        halves = _halves(clause)
        if halves:
            first, second = halves
            yield Reading(first, before, (second, *after))
            yield Reading(second, (*before, first), after)


def normalised(text: str) -> str:
    """A text with one kind of dash and quotation mark, single spaces, and no other niceties."""
    composed = unicodedata.normalize("NFC", text)
    plain = (
        each
        if unicodedata.decomposition(each).startswith(_APART)
        else unicodedata.normalize("NFKC", each)
        for each in composed
    )
    return " ".join("".join(plain).translate(_ONE_KIND).split())


def canonical(text: str) -> str:
    """What two texts share that differ in white space, niceties, the first capital or full stop."""
    plain = normalised(text).translate(_ROUND).removesuffix(".").removesuffix(";").rstrip()
    return plain[:1].lower() + plain[1:]


def _clauses(quote: str) -> Iterator[Clause]:
    said = _quotations(quote)
    shut = _inside(len(quote), (*said, *_brackets(quote)))
    quoted = _inside(len(quote), said)
    struck = bool(_STRUCK.search(quote))
    titles = {heading.start for heading in headings(quote)}
    for start, end in _whole(quote, shut, titles):
        text = quote[start:end]
        line = quote.rfind("\n", 0, start) + 1
        plain = _plain(text)
        item = is_list_item(text) and not quote[line:start].strip()
        own = quote[line:end].lstrip()
        letters = (at for at in range(start, end) if quote[at].isalnum())
        foreign = own.startswith(">") or "|" in own or all(quoted[at] for at in letters)
        ended = _ENDED.search(plain) or (item and plain[-1:].isalnum())
        whole = ended and not _TRAILING_OFF.search(plain) and plain.count('"') % 2 == 0
        sayable = bool(whole) and not (foreign or struck or start in titles)
        yield Clause(plain, start - line if item else None, sayable)


def _whole(quote: str, shut: bytearray, titles: set[int]) -> Iterator[tuple[int, int]]:
    """Spans of the sentences, with those in one that do not surely end where they seem to."""
    begun: int | None = None
    spans = sentences(quote)
    for (start, end), (following, _) in zip(spans, (*spans[1:], (None, None)), strict=False):
        begun = start if begun is None else begun
        if following is not None and not (begun in titles or start in titles):
            gap = quote[end:following]
            on_new_line = gap.count("\n") > 1 or ("\n" in gap and _begins_apart(quote, following))
            ended = _ENDED.search(quote[begun:end]) and not _ABBREVIATED.search(quote[begun:end])
            if any(shut[end:following]) or not (on_new_line or ended or following in titles):
                continue
        yield begun, end
        begun = None


def _begins_apart(quote: str, start: int) -> bool:
    return is_list_item(quote[start:]) or quote.startswith((">", "|"), start)


def _halves(clause: Clause) -> tuple[Clause, Clause] | None:
    """The halves of a sentence that stand on their own, as far as a semicolon can say that.

    Two, since more are often a list of phrases with one verb; and the second begins as a statement
    does, with a name, a number or an article.
    """
    first, semicolon, second = clause.text.partition("; ")
    if not semicolon or ";" in second or ":" in clause.text or {*"()\"'"} & {*clause.text}:
        return None
    if not re.match(r"[A-Z0-9]|(?:the|an?|all|some|many|most|every|each) ", second):
        return None
    return Clause(f"{first};", None, True, True), Clause(second, None, True, True)


def _plain(text: str) -> str:
    """A sentence on one line, without a bullet, link or emphasis; an unpaired sign stays."""
    words = _HASHES.sub("", _BULLET.sub("", _LINK.sub(r"\1", text)))
    return normalised(_EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", " ".join(words.split()))))


def _quotations(text: str) -> list[tuple[int, int]]:
    """Spans in quotation marks; one that is not closed goes to the end, or begins at the last."""
    double = ((found.span(), _opens(text, found)) for found in _DOUBLE.finditer(text))
    return [*_paired(double, len(text)), *_paired(_single(text), len(text))]


def _opens(text: str, mark: re.Match[str]) -> bool:
    if mark[0] != '"':
        return mark[0] in _OPENS
    at = mark.start()
    return at == 0 or bool(_BEFORE_OPENING.match(text[at - 1]))


def _single(text: str) -> Iterator[tuple[tuple[int, int], bool]]:
    """Single marks and whether they open, without the apostrophes of plurals: workers' rights."""
    inside = False
    for found in _SINGLE.finditer(text):
        opens = found["opens_quote"] is not None
        if opens or inside or text[: found.start()].endswith((".", ",", "!", "?", "…")):
            yield found.span(), opens
            inside = opens


def _paired(
    marks: Iterable[tuple[tuple[int, int], bool]], length: int
) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    closed = 0
    for (start, end), opens in marks:
        if opens:
            begun = start if begun is None else begun
            continue
        yield (closed if begun is None else begun), end
        begun, closed = None, end
    if begun is not None:
        yield begun, length


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    for found in re.finditer(r"[()\[\]]", text):
        if found[0] in "([":
            opened.append(found.start())
        elif opened:
            yield opened.pop(), found.end()
    if opened:
        yield opened[0], len(text)


def _inside(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    shut = bytearray(length)
    for start, end in spans:
        shut[start:end] = b"\1" * (end - start)
    return shut
