"""Documents to passages: contiguous, sentence-bounded, and no longer than the encoder reads."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.records import Document, Passage
from rag.text.encoder import PIECE_LIMIT
from rag.text.headings import Heading, headings, under
from rag.text.sentences import ITEM_CHARACTERS, Span, is_list_item, leads_in, sentences
from rag.text.tokens import token_count

HEADER_PIECES = 64
"""Word pieces that title and headings may take, of the encoder's limit."""
_LONGEST_TOKEN = 8  # characters, on average; prose has 4 to 5, and only runs of one character more
_SMALL_SECTION = 0.25  # of a passage; one below a guessed heading goes on into the next if as small
_KEPT_TOGETHER = 0.6  # of a passage, which a list or what follows a heading may take with it


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, with the white space after it, or a part of one too long for a passage.

    Attributes:
        heading: That it is.
        path: Of the headings above it, itself included.
        joins: Whether it belongs to the one before: below a heading, or in a list that is led in.
    """

    start: int
    end: int
    tokens: int
    heading: Heading | None
    path: tuple[str, ...]
    joins: bool


def split(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> tuple[Passage, ...]:
    """Cut a document into passages that, joined in order, are its text.

    A passage begins at a heading, though at one guessed by its shape only where the one before has
    a fair size, and never reaches over the border between the article and its web left-overs. Those
    of a section are about equally long. What leads to a list stays with it as far as there is room.

    Args:
        document: What to cut.
        passage_tokens: Most cl100k tokens in a passage.
        pieces: Counts the word pieces the encoder makes of a text; ``embedding_text`` of every
            passage stays within ``PIECE_LIMIT`` of them.
    """
    passages: list[Passage] = []
    for section in _sections(document, passage_tokens, pieces):
        # All passages of a section have room for the longest of its headers.
        paths = {unit.path for unit in section}
        room = PIECE_LIMIT - max(pieces(_header(document.title, path, pieces)) for path in paths)

        def fits(start: int, end: int, room: int = room) -> bool:
            return _fits(document.text[start:end], passage_tokens, room, pieces)

        blocks = list(_together(section, passage_tokens, fits))
        for units in _pack(blocks, passage_tokens, fits):
            start, end = units[0].start, units[-1].end
            passages.append(
                Passage(
                    document_id=document.id,
                    ordinal=len(passages),
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    headings=_path(units),
                    boilerplate=not document.body[0] <= start < document.body[1],
                )
            )
    return tuple(passages)


def embedding_text(title: str, passage: Passage, pieces: Callable[[str], int]) -> str:
    """What is embedded of a passage: title, headings (cut when very long) and its text.

    Nothing of one without a word, as a line of dashes is, so that its title alone finds nothing.
    """
    if not any(character.isalnum() for character in passage.text):
        return ""
    return f"{_header(title, passage.headings, pieces)}\n{passage.text.strip()}"


def _header(title: str, path: Sequence[str], pieces: Callable[[str], int]) -> str:
    """Title and headings, a line each; what is too long is cut, the nearest heading last."""
    parts = [title, *path]
    while pieces(header := "\n".join(parts)) > HEADER_PIECES:
        if len(parts) > 2:
            del parts[1]
        else:
            longest = parts.index(max(parts, key=len))
            parts[longest] = parts[longest][: len(parts[longest]) // 2]
    return header


def _sections(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[list[_Unit]]:
    """Group the units: a new section at a heading and at either border of the body."""
    section: list[_Unit] = []
    tokens, only_headings = 0, True
    for unit in _units(document, passage_tokens, pieces):
        begins = unit.heading is not None and not only_headings
        if begins and unit.heading and not unit.heading.sure:
            begins = tokens > passage_tokens * _SMALL_SECTION
        if section and (begins or unit.start in document.body):
            yield section
            section, tokens, only_headings = [], 0, True
        section.append(unit)
        tokens += unit.tokens
        only_headings = only_headings and unit.heading is not None
    if section:
        yield section


def _units(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[_Unit]:
    text = document.text
    if not text:
        return
    found = headings(text)
    spans = sentences(text, found)
    known = {heading.start: heading for heading in found}
    joining = set(_joining(text, spans, known))
    # A border of the body is a border of a passage even inside a sentence.
    borders = (border for border in document.body if border < len(text))
    # White space before the first sentence belongs to it.
    starts = sorted({0, *(start for start, _ in spans[1:]), *borders})
    first = spans[0][0] if spans else 0
    above: tuple[Heading, ...] = ()
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        heading = known.get(start or first)
        if start in document.body:
            above = ()
        if heading:
            above = under(above, heading)
        path = tuple(each.text for each in above if each.text != document.title)
        for part in _halves(text, start, end, passage_tokens, pieces):
            tokens = token_count(text[slice(*part)])
            yield _Unit(*part, tokens, heading, path, joins=part[0] in joining)


def _joining(text: str, spans: Sequence[Span], known: Collection[int]) -> Iterator[int]:
    """Where the sentences begin that belong to the one before; ``known`` is where headings do."""
    led, item = False, 0
    for (start, end), (following, last) in pairwise(spans):
        before, sentence = text[start:end], text[following:last]
        leads = start in known or leads_in(before, sentence)
        if is_list_item(sentence):
            led, item = led or leads, following
        else:
            led = led and last - item <= ITEM_CHARACTERS and "\n" not in text[end:following]
        if led or start in known:
            yield following


def _halves(
    text: str, start: int, end: int, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[Span]:
    """Halve a sentence too long for a passage, at white space where there is some."""
    part = text[start:end]
    if end - start == 1 or _fits(part, passage_tokens, PIECE_LIMIT - HEADER_PIECES, pieces):
        yield start, end
        return
    middle = (start + end) // 2
    space = max(text.rfind(" ", start + 1, middle), text.rfind("\n", start + 1, middle))
    cut = space + 1 if space > (start + middle) // 2 else middle
    yield from _halves(text, start, cut, passage_tokens, pieces)
    yield from _halves(text, cut, end, passage_tokens, pieces)


def _fits(part: str, passage_tokens: int, room: int, pieces: Callable[[str], int]) -> bool:
    # What is longer is not counted: tiktoken takes time by the square of a run of line feeds.
    return (
        len(part) <= passage_tokens * _LONGEST_TOKEN
        and token_count(part) <= passage_tokens
        and pieces(part) <= room
    )


def _together(
    section: Sequence[_Unit], passage_tokens: int, fits: Callable[[int, int], bool]
) -> Iterator[_Unit]:
    """Join each heading to what follows it, and each list to what leads to it, if not too long."""
    at = 0
    while at < len(section):
        last, tokens = at, section[at].tokens
        while last + 1 < len(section) and section[last + 1].joins:
            tokens += section[last + 1].tokens
            share = 1.0 if section[last].heading else _KEPT_TOGETHER
            if tokens > passage_tokens * share:
                break
            last += 1
        group = section[at : last + 1]
        if len(group) > 1 and fits(group[0].start, group[-1].end):
            yield replace(
                group[0],
                end=group[-1].end,
                tokens=sum(unit.tokens for unit in group),
                heading=None if any(unit.heading is None for unit in group) else group[0].heading,
                path=_path(group),
            )
        else:
            yield from group
        at = last + 1


def _path(units: Sequence[_Unit]) -> tuple[str, ...]:
    """The headings that stand above the text of these units."""
    return next((unit for unit in units if unit.heading is None), units[-1]).path


def _pack(
    blocks: Sequence[_Unit], passage_tokens: int, fits: Callable[[int, int], bool]
) -> Iterator[list[_Unit]]:
    """Fill passages to an equal share of what is left, so that none is a small remainder."""
    left = sum(block.tokens for block in blocks)
    passage, tokens = [blocks[0]], blocks[0].tokens
    for block in blocks[1:]:
        share = left / -(-left // passage_tokens)
        if tokens + block.tokens / 2 > share or not fits(passage[0].start, block.end):
            yield passage
            left -= tokens
            passage, tokens = [], 0
        passage.append(block)
        tokens += block.tokens
    yield passage
