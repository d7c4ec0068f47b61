"""Questions that want several things, and the lists of documents that hold them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.index.reading import Index
from rag.quoting.gathering import Candidate
from rag.records import passage_id
from rag.text.sentences import Span, is_list_item, leads_in

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+|all|many|some|other|different)"
# A plural as most are made, and no verb or pronoun that ends so too.
_PLURAL = (
    r"(?!(?:is|was|does|has|this|its|happens|means|makes|causes|comes|goes|says|becomes|matters"
    r"|affects|applies|counts|works|leads|gets|takes|gives|needs|wants|series)\b)"
    r"(?:[\w-]*[^\W_\d](?<![suiSUI])s|people|companies|children|women|men)(?![\w'’-])"
)
_GOES_ON = r"(?: (?:are|were|do|did|will|would|can|could|should|must|may|have|had)\b|\W*\Z)"
_NO_VERB = r"(?!(?:are|were|do|did|does|is|was|will|would|can|could|should|must|may|have|had)\b)"
_ASKS = re.compile(
    r"\W*(?:please |and |so |can you |could you )*(?:"
    rf"(?:list|name|enumerate)\b(?: me)? .*\b{_PLURAL}.*"
    rf"|(?:which|what)(?: of)?(?: (?:the|(?:kinds|types|sorts) of))?(?: {_COUNT})?"
    rf" (?:{_PLURAL}(?! (?:of the|is|was)\b)|{_NO_VERB}[\w’'-]+ {_PLURAL}(?={_GOES_ON})).*"
    rf"|(?:what|who) (?:are|were) (?:all )?(?:(?:the|its|their|your|our|these|those) )?"
    rf"(?:{_COUNT} )?(?:[\w’'-]+ ){{0,2}}?{_PLURAL}"
    r"(?:,? (?:of|in|for|on|to|that|which|who|by|with)\b.*)?\W*)",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE, _AFTER = 3, 6  # passages beside one that holds a part of a list
_WHOLE = 1500  # characters of a list that is quoted in one piece
_ITEM = 400  # characters of an item that is quoted whole; of a longer one its first sentence
_FEWEST = 2  # items of a list


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    text: str
    new_line: bool


def asks_for_list(question: str) -> bool:
    """Whether a question wants several things, as "Which unions ...?" and "List the goals"."""
    return bool(_ASKS.fullmatch(question))


def whole(index: Index, piece: Candidate) -> list[Candidate]:
    """A piece of a document, or the whole list that it is of, as what is to be quoted.

    A short list is one piece, with the sentence that announces it. Of a long one that sentence and
    each item are pieces, of a long item its first sentence.
    """
    text, sentences = _around(index, piece)
    at = next((n for n, each in enumerate(sentences) if each.start == piece.start), None)
    if at is None:
        return [piece]
    first = _announced(sentences, at)
    items = [] if first is None else _items(sentences, first + 1)
    if first is None or len(items) < _FEWEST:
        return [piece]
    start, end = sentences[first].start, items[-1][1]
    if end - start <= _WHOLE:
        return [_piece(piece, text, (start, end))]
    spans = [(sentences[first].start, sentences[first].end)]
    for begin, last, first_end in items:
        spans.append((begin, last if last - begin <= _ITEM else first_end))
    return [_piece(piece, text, span) for span in spans]


def _around(index: Index, piece: Candidate) -> tuple[tuple[int, str], list[_Sentence]]:
    """The text around a piece with its offset, and its sentences with offsets in the document."""
    document = piece.document_id
    numbers = range(max(0, piece.ordinal - _BEFORE), piece.ordinal + _AFTER + 1)
    ids = [id for id in (passage_id(document, number) for number in numbers) if index.holds(id)]
    passages = index.store.passages(ids)
    found: list[_Sentence] = []
    apart = "\n"  # what stands before a sentence
    for passage, own in zip(passages, index.store.sentences(ids), strict=True):
        before = 0
        for start, end in own.spans:
            apart += passage.text[before:start]
            new_line, apart = "\n" in apart, ""
            shown = passage.text[start:end]
            found.append(_Sentence(passage.start + start, passage.start + end, shown, new_line))
            before = end
        apart += passage.text[before:]
    return (passages[0].start, "".join(each.text for each in passages)), found


def _announced(sentences: Sequence[_Sentence], at: int) -> int | None:
    """The sentence that leads to the list which one of the sentences leads to, or is of."""
    following = sentences[at + 1].text if at + 1 < len(sentences) else ""
    while not leads_in(sentences[at].text, following):
        if at == 0 or not _in_item(sentences, at):
            return None
        following = sentences[at].text
        at -= 1
    return at


def _in_item(sentences: Sequence[_Sentence], at: int) -> bool:
    """Whether a sentence goes on with an item of a list, on the same line."""
    while at > 0 and not sentences[at].new_line:
        at -= 1
    return is_list_item(sentences[at].text)


def _items(sentences: Sequence[_Sentence], first: int) -> list[tuple[int, int, int]]:
    """Of each item where it begins and ends, and where its first sentence does."""
    items: list[tuple[int, int, int]] = []
    for each in sentences[first:]:
        if is_list_item(each.text) and each.new_line:
            items.append((each.start, each.end, each.end))
        elif items and not each.new_line:
            items[-1] = (items[-1][0], each.end, items[-1][2])
        else:
            break
    return items


def _piece(piece: Candidate, text: tuple[int, str], span: Span) -> Candidate:
    offset, words = text
    start, end = span
    marked = piece.marked
    if marked is not None and not (start <= marked[0] and marked[1] <= end):
        marked = None
    return replace(
        piece, start=start, end=end, text=words[start - offset : end - offset], marked=marked
    )
