"""A sentence laid beside the sentence of a quote that it is made of, word by word in their order.

Words are compared by stem and derivation, so that "unions" is "union" while an employer is no
employee. Articles and the like are free: a sentence may have its own. Auxiliaries and prepositions
are not, since "was sued by" is the other way round than "sued".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rag.claims import MONTHS, Claims, claims, plain, tokens
from rag.lexical import stemmed
from rag.passages import sentences

FREE = frozenset("a an the this that these those which who whom also".split())
"""Words that a sentence may have of its own, in lower case."""

_MARKS = frozenset('.,;:!?()"')
_ASIDES = frozenset({(",", ","), ("(", ")")})
# Not "that" or "if": what is feared to happen does not. Not "and" or "or": both may be feared.
_JOINS = frozenset("but because while although".split())
_SHORT_MONTHS = {month[:3]: month for month in MONTHS} | {"sept": "september"}
_DERIVED = re.compile(
    r"(?:er|or|ment|tion|ion|ance|ence|ant|ent|able|ible|ful|less|ness|ity|al|ive|ly|ist|ism|ous|ee"
    r"|ship)(?=s?$)"
)


@dataclass(frozen=True)
class Text:
    """A sentence or a quote, ``plain``, with what the rules ask of it."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Text":
        """Any text."""
        return cls(plain(text))

    @cached_property
    def tokens(self) -> list[str]:
        """Words and marks, as they are written."""
        return tokens(self.text)

    @cached_property
    def folded(self) -> list[str]:
        """Words and marks in lower case."""
        return [token.casefold() for token in self.tokens]

    @cached_property
    def words(self) -> list[str]:
        """Words alone, in lower case."""
        return [token for token in self.folded if token[0].isalnum()]

    def words_after(self, place: int) -> list[str]:
        """The words after one of its tokens, in lower case."""
        return [token for token in self.folded[place + 1 :] if token[0].isalnum()]

    @cached_property
    def claims(self) -> Claims:
        """Its dates and numbers."""
        return claims(self.text)

    @cached_property
    def content(self) -> list[tuple[int, str]]:
        """Of each word that is not free, its place among the tokens and its key."""
        folded = self.folded
        # Whether a number is one of percent is looked at with the number.
        kept = [
            place
            for place, each in enumerate(folded)
            if each not in FREE and each != "percent" and each[0].isalnum()
        ]
        return list(zip(kept, keys([folded[n] for n in kept]), strict=True))

    def turned(self) -> "Text | None":
        """With its opening phrase, up to the first comma, at the end; None where it has none."""
        opening, comma, rest = self.text.partition(", ")
        return Text(f"{rest[:-1]}, {opening}{rest[-1]}") if comma and len(rest) > 1 else None


def keys(folded: Sequence[str]) -> list[str]:
    """What words in lower case are compared by: the stem, and how they are derived."""
    full = [_SHORT_MONTHS.get(word, word) for word in folded]
    endings = (_DERIVED.search(word) for word in full)
    return [
        f"{stem}-{ending[0] if ending else ''}"
        for stem, ending in zip(stemmed(full), endings, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A sentence beside a sentence of a quote.

    Attributes:
        sentence: The one, perhaps turned.
        support: The other, perhaps turned.
        places: Of each word that both have in the same order, its place in either.
        share: Of the first one's words that are not free.
    """

    sentence: Text
    support: Text
    places: tuple[tuple[int, int], ...]
    share: float

    def taken(self) -> list[str]:
        """The part of the quote's sentence that was used, in lower case, from two words before.

        Without what was left out between two commas or brackets.
        """
        first = self.places[0][1]
        kept = self.support.folded[max(0, first - 2) : first + 1]
        for (_, here), (_, there) in pairwise(self.places):
            between = self.support.folded[here + 1 : there]
            kept += [] if _is_aside(between, _content(between)) else between
            kept.append(self.support.folded[there])
        return kept

    def leaves_clauses(self) -> bool:
        """Whether what was left out of the quote's sentence is whole clauses."""
        return (
            self._begins_whole()
            and self._ends_whole()
            and all(self._skips_a_clause(*two) for two in pairwise(self.places))
        )

    def _begins_whole(self) -> bool:
        mine, theirs = self.places[0]
        own, left = self.sentence.folded[:mine], self.support.folded[:theirs]
        own, left = own[::-1], left[::-1]
        while own and left and own[0] == left[0]:
            own, left = own[1:], left[1:]
        while left and left[0] in FREE:
            left = left[1:]
        return not left or left[0] in _MARKS | _JOINS

    def _ends_whole(self) -> bool:
        mine, theirs = self.places[-1]
        own, left = self.sentence.words_after(mine), self.support.folded[theirs + 1 :]
        verbatim = bool(own)
        while own and left and own[0] == left[0]:
            own, left = own[1:], left[1:]
        if own:
            return False  # it ends with a word such as "of", which its quote has not there
        return not left or left[0] in (_MARKS if verbatim else _MARKS | _JOINS)

    def _skips_a_clause(self, here: tuple[int, int], there: tuple[int, int]) -> bool:
        own = [each for each in self.sentence.folded[here[0] + 1 : there[0]] if each in FREE]
        left = self.support.tokens[here[1] + 1 : there[1]]
        while own and left and own[0] == left[0].casefold():
            own, left = own[1:], left[1:]
        while own and left and own[-1] == left[-1].casefold():
            own, left = own[:-1], left[:-1]
        if {*own} - {"the"} and not FREE.intersection(each.casefold() for each in left):
            return False  # "is a teaming up" for "is teaming up"
        skipped = _content(left)
        return not skipped or _is_aside(left, skipped)


def _content(words: Sequence[str]) -> list[str]:
    return [each for each in words if each[0].isalnum() and each.casefold() not in FREE]


def _is_aside(between: Sequence[str], skipped: Sequence[str]) -> bool:
    """Whether what was skipped of these tokens stands between two commas or brackets."""
    marks = [n for n, each in enumerate(between) if each in ",()"]
    if not marks or (between[marks[0]], between[marks[-1]]) not in _ASIDES or len(marks) == 1:
        return False
    return not {*between[: marks[0]], *between[marks[-1] + 1 :]} & {*skipped}


def align(sentence: Text, quote: str) -> Aligned:
    """A sentence beside that sentence of a quote which holds most of its words in their order."""
    supports = [Text.of(quote[start:end]) for start, end in sentences(quote)]
    found = [
        _side_by_side(mine, theirs)
        for each in supports
        for mine, theirs in ((sentence, each), (sentence.turned(), each), (sentence, each.turned()))
        if mine and theirs
    ]
    return max(found, key=lambda each: each.share)


def _side_by_side(sentence: Text, support: Text) -> Aligned:
    """The longest common subsequence (Wagner and Fischer 1974).

    https://doi.org/10.1145/321796.321811
    """
    ours, theirs = sentence.content, support.content
    lengths = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            lengths[i][j] = (
                lengths[i + 1][j + 1] + 1
                if ours[i][1] == theirs[j][1]
                else max(lengths[i + 1][j], lengths[i][j + 1])
            )
    places, i, j = [], 0, 0
    while i < len(ours) and j < len(theirs):
        if ours[i][1] == theirs[j][1]:
            places.append((ours[i][0], theirs[j][0]))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return Aligned(sentence, support, tuple(places), len(places) / len(ours) if ours else 0.0)
