"""Documents to passages: contiguous, sentence-bounded, and no longer than the encoder reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.records import Document, Passage
from rag.text.encoder import PIECE_LIMIT
from rag.text.sentences import Span, heading_of, sentences
from rag.text.tokens import token_count

_HEADER_PIECES = 64  # of the encoder's limit that title and heading may take
_SMALL_SECTION = 0.25  # of a passage; a section as small goes on into the next


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, with the white space after it, or a part of one too long for a passage."""

    start: int
    end: int
    tokens: int
    heading: str | None


def split(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> tuple[Passage, ...]:
    """Cut a document into passages that, joined in order, are its text.

    A passage begins at a heading where the one before has a fair size, and never reaches over the
    border between the article and its web left-overs. Those of a section are about equally long.

    Args:
        document: What to cut.
        passage_tokens: Most cl100k tokens in a passage.
        pieces: Counts the word pieces the encoder makes of a text; ``embedding_text`` of every
            passage stays within ``PIECE_LIMIT`` of them.
    """
    passages: list[Passage] = []
    heading = ""
    for section in _sections(document, passage_tokens, pieces):
        heading = section[0].heading or ("" if section[0].start in document.body else heading)
        heading = "" if heading == document.title else heading
        header = _header(document.title, heading, pieces)
        room = PIECE_LIMIT - pieces(header)

        def fits(start: int, end: int, room: int = room) -> bool:
            return (
                token_count(document.text[start:end]) <= passage_tokens
                and pieces(document.text[start:end]) <= room
            )

        for start, end in _pack(section, passage_tokens, fits):
            passages.append(
                Passage(
                    document_id=document.id,
                    ordinal=len(passages),
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    heading=heading,
                    boilerplate=not document.body[0] <= start < document.body[1],
                )
            )
    return tuple(passages)


def embedding_text(title: str, passage: Passage, pieces: Callable[[str], int]) -> str:
    """What is embedded of a passage: title, heading (both cut when very long) and its text."""
    return f"{_header(title, passage.heading, pieces)}\n{passage.text.strip()}"


def _header(title: str, heading: str, pieces: Callable[[str], int]) -> str:
    header = f"{title}\n{heading}" if heading else title
    while pieces(header) > _HEADER_PIECES:
        header = header[: len(header) // 2]
    return header


def _sections(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[list[_Unit]]:
    """Group the units: a new section at a heading and at either border of the body."""
    section: list[_Unit] = []
    tokens = 0
    for unit in _units(document, passage_tokens, pieces):
        at_heading = unit.heading is not None and tokens > passage_tokens * _SMALL_SECTION
        if section and (at_heading or unit.start in document.body):
            yield section
            section, tokens = [], 0
        section.append(unit)
        tokens += unit.tokens
    if section:
        yield section


def _units(
    document: Document, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[_Unit]:
    text = document.text
    if not text:
        return
    # White space before the first sentence belongs to it.
    headings = {
        start if number else 0: heading_of(text, start, end)
        for number, (start, end) in enumerate(sentences(text))
    }
    # A border of the body is a border of a passage even inside a sentence.
    borders = (border for border in document.body if border < len(text))
    starts = sorted({0, *headings, *borders})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        for part in _halves(text, start, end, passage_tokens, pieces):
            heading = headings.get(part[0])
            yield _Unit(*part, token_count(text[slice(*part)]), heading)


def _halves(
    text: str, start: int, end: int, passage_tokens: int, pieces: Callable[[str], int]
) -> Iterator[Span]:
    """Halve a sentence too long for a passage, at white space where there is some."""
    part = text[start:end]
    if end - start == 1 or (
        token_count(part) <= passage_tokens and pieces(part) <= PIECE_LIMIT - _HEADER_PIECES
    ):
        yield start, end
        return
    middle = (start + end) // 2
    space = max(text.rfind(" ", start + 1, middle), text.rfind("\n", start + 1, middle))
    cut = space + 1 if space > (start + middle) // 2 else middle
    yield from _halves(text, start, cut, passage_tokens, pieces)
    yield from _halves(text, cut, end, passage_tokens, pieces)


def _pack(
    section: list[_Unit], passage_tokens: int, fits: Callable[[int, int], bool]
) -> Iterator[Span]:
    """Fill passages to an equal share of what is left, so that none is a small remainder."""
    left = sum(unit.tokens for unit in section)
    start, end, tokens = section[0].start, section[0].end, section[0].tokens
    for unit in section[1:]:
        share = left / -(-left // passage_tokens)
        if tokens + unit.tokens / 2 > share or not fits(start, unit.end):
            yield start, end
            left -= tokens
            start, tokens = unit.start, 0
        end = unit.end
        tokens += unit.tokens
    yield start, end
