"""Whether a sentence that a language model wrote may be shown: only if a quote it cites holds it.

A sentence is held against each cited quote alone, so that it cannot be pieced together from two.
It is shown with the numbers of those that hold it, and withheld where none does. The rules, each
for a way in which small models were seen, or can be expected, to go wrong:

1. It is a sentence: begins with a capital, ends with a mark, has four words at least and ninety
   at most. What is cut off can say something else than the whole.
2. It cites a quote, and none that does not exist.
3. It is plain prose: no address, no markup. A document may hold "visit http://..."; prose that
   repeats it would say so in Steward's name.
4. It says neither I, we nor you, and does not begin with he, it, this or the like: quoted speech
   would become Steward's own, and a pronoun would point to the sentence before, which may rest on
   another document.
5. It says nothing that was said already. A small model repeats itself until its limit.
6. Every name in it, a run of capitalised words, stands in the quote as it is. The first word too,
   unless the quote has it without a capital, or it is a function word.
7. Every number stands in the quote, with what it counts in: "5%" is not "5".
8. Every date stands in the quote, with all the parts that it names.
9. Its words, but for articles and the like, are those of one sentence of the quote, inflected at
   most, in their order: a share of ``COVERED`` at least, the longest common subsequence over the
   sentence's own words. Order tells who did what to whom. Only an opening phrase, up to the first
   comma, may stand at the end in one of the two.
10. As often negated as that sentence of the quote.
11. No qualifier (may, if, only, until, said ...) that this sentence lacks, and none lost: neither
    from the words that were taken, nor "said" and "if" from anywhere in it.
12. What it leaves out is whole clauses: between two words it takes, what two commas or brackets
    enclose; before the first, up to a mark, "but", "because", "while" or "although"; after the
    last, down to one. "Microsoft said that Google sued" is not "Microsoft sued", what its employees
    did Microsoft did not, and the largest city in a state is not the largest city.
"""

import re
from collections.abc import Sequence

from rag.alignment import FREE, Aligned, Text, align, keys
from rag.claims import MONTH_NAMES, Name, names
from rag.records import Quote, Sentence, Why, Withheld

COVERED = 1.0
"""Least share of a sentence's words that one sentence of a quote must hold, in their order. From
``eval.fits.faithfulness``."""

_SHORTEST, _LONGEST = 4, 90  # words
_SAME = 0.8  # of the words of the shorter of two sentences, from which one repeats the other

_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot unable hardly rarely "
    "barely seldom unlikely except fail fails failed refuse refuses refused deny denies denied "
    "lack lacks lacked".split()
)
_CONDITIONS = frozenset("if unless whether provided".split())
_REPORTS = frozenset(
    "said says say saying told tells claim claims claimed argue argues argued believe believes "
    "believed think thinks thought according suggest suggests suggested allege alleges alleged "
    "allegedly reportedly".split()
)
_QUALIFIERS = _CONDITIONS | _REPORTS
_QUALIFIERS |= frozenset(
    "may might could would should must can will shall only some many most few several nearly "
    "almost about approximately around likely possibly perhaps probably potentially expect expects "
    "expected plan plans planned hope hopes hoped aim aims aimed seek seeks propose proposes "
    "proposed until before after every all each more less fewer least than always often sometimes "
    "partly half".split()
)
_SPEAKERS = frozenset(
    "i me my mine myself we us our ours ourselves you your yours yourself".split()
)
_POINTERS = frozenset(
    "he she it they him her them his hers its their theirs this that these those such there here "
    "former latter".split()
)
_LINK = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|org|net|io|gov|edu|info|co)\b|\S@\S", re.IGNORECASE
)
_MARKUP = re.compile(
    r"[<>{}|\\^~`*_#\[\]=]"
    r"|[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_SHAPE = re.compile(r"[\"'(]?[^\W_].*[.!?][\"')]*", re.DOTALL)

_ORDER: tuple[Why, ...] = (
    *("name", "number", "date"),
    *("not_covered", "negation", "qualifier", "cut"),
)
"""The rules beside a quote, as they are asked."""


def check(
    text: str, cites: Sequence[int], quotes: Sequence[Quote], shown: Sequence[Sentence] = ()
) -> Sentence | Withheld:
    """A sentence as it may be shown, or withheld with the rule that it breaks.

    Args:
        text: The sentence, without its citations.
        cites: The numbers it cites.
        quotes: The quotes there are.
        shown: What was shown before it.
    """
    sentence = Text.of(text)
    why = _alone(text, sentence, cites, quotes, shown)
    if why:
        return Withheld(text, why)
    cited = [quote for quote in quotes if quote.number in cites]
    found = {quote.number: _against(sentence, quote) for quote in cited}
    holding = tuple(number for number, broken in found.items() if broken is None)
    if holding:
        return Sentence(text, holding)
    # Of several quotes, that which got furthest says why.
    return Withheld(text, max((each for each in found.values() if each), key=_ORDER.index))


def _alone(
    text: str,
    sentence: Text,
    cites: Sequence[int],
    quotes: Sequence[Quote],
    shown: Sequence[Sentence],
) -> Why | None:
    """The first rule that a sentence breaks whatever the quotes say."""
    words = sentence.words
    if not _SHAPE.fullmatch(sentence.text) or not _SHORTEST <= len(words) <= _LONGEST:
        return "unfinished"
    if next(each for each in sentence.text if each.isalnum()).islower():
        return "unfinished"
    if not cites:
        return "no_citation"
    if not set(cites) <= {quote.number for quote in quotes}:
        return "no_such_quote"
    if _LINK.search(sentence.text) or _MARKUP.search(text):
        return "form"
    if words[0] in _POINTERS or any(word.partition("'")[0] in _SPEAKERS for word in words):
        return "voice"
    if any(_repeats(sentence, Text.of(each.text)) for each in shown):
        return "repeated"
    return None


def _against(sentence: Text, quote: Quote) -> Why | None:
    """The first rule that a sentence breaks beside a quote."""
    whole = Text.of(quote.text)
    if not all(_named(name, place, sentence, whole) for place, name in names(sentence.tokens)):
        return "name"
    ours, theirs = sentence.claims, whole.claims
    if not (ours.numbers <= theirs.numbers and ours.codes <= theirs.codes):
        return "number"
    if not all(any(date.within(other) for other in theirs.dates) for date in ours.dates):
        return "date"
    best = align(sentence, quote.text)
    if not best.places or best.share < COVERED:
        return "not_covered"
    if _negations(sentence) != _negations(best.support):
        return "negation"
    if not _as_qualified(sentence, best):
        return "qualifier"
    return None if best.leaves_clauses() else "cut"


def _named(name: Name, place: int, sentence: Text, quote: Text) -> bool:
    """Whether a run of capitalised words is a name of the quote, or no name."""
    if not any(token[0].isalnum() for token in sentence.tokens[:place]):
        first = name[0].casefold()
        if first in FREE or first in _QUALIFIERS or first in quote.tokens:
            name = name[1:]  # a capital for the sentence's sake
        elif len(name) == 1:
            return set(keys([first])) <= {key for _, key in quote.content}
    name = tuple(word for word in name if word.casefold() not in MONTH_NAMES)
    return not name or _in_a_row(name, quote.tokens)


def _in_a_row(name: Name, words: Sequence[str]) -> bool:
    """Whether the words stand so; one in capitals throughout is any word of its letters."""
    return any(
        all(
            mine == theirs or (theirs.isupper() and mine.upper() == theirs)
            for mine, theirs in zip(name, words[start:], strict=False)
        )
        for start in range(len(words) - len(name) + 1)
    )


def _negations(text: Text) -> int:
    return sum(word in _NEGATIONS or word.endswith("n't") for word in text.words)


def _as_qualified(sentence: Text, best: Aligned) -> bool:
    ours = _QUALIFIERS.intersection(sentence.words)
    theirs = _QUALIFIERS.intersection(best.support.words)
    if not ours <= theirs or _QUALIFIERS.intersection(best.taken()) - ours:
        return False
    return not theirs & _CONDITIONS - ours and (not theirs & _REPORTS or bool(ours & _REPORTS))


def _repeats(sentence: Text, other: Text) -> bool:
    ours, theirs = ({key for _, key in each.content} for each in (sentence, other))
    return len(ours & theirs) >= _SAME * min(len(ours), len(theirs))
