"""Whether a sentence that a language model wrote may be shown: only if a quote it cites holds it.

A sentence is held against each cited quote alone, so that it cannot be pieced together from two.
It is shown with the numbers of those that hold it, and withheld where none does. The rules, each
for a way in which small models were seen, or can be expected, to go wrong:

1. It is a sentence: begins with a capital, ends with a mark, has four to ninety words.
2. It cites a quote, and none that does not exist.
3. It is plain prose: no markup, and no address, which would be given in Steward's name.
4. It says neither I, we nor you, and does not begin with he, it, this, otherwise, in that case or
   the like, which would point to the sentence before, and that may rest on another document.
5. It says nothing that was said already. A small model repeats itself until its limit.
6. It is a whole sentence of the quote, or an item of a list, or one of two halves about a semicolon
   (``rag.prose.clauses``), letter for letter but for white space, kinds of dashes and quotation
   marks, signs of Markdown, and its first capital. What a sentence can lose, it can need: "It is a
   common myth:", "in the rejected draft,", ", lied the owner".
7. Nothing else in the quote qualifies it: no other sentence there denies, doubts, reports, limits,
   supposes or tells, asks or announces, or begins with a time or place that goes on being meant.
   "Suppose it rains. The game is off." is not "The game is off."
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from rag.outcomes import Why
from rag.prose.clauses import canonical, normalised, readings
from rag.prose.qualifying import qualified
from rag.records import Quote, Sentence, Withheld
from rag.text.sentences import sentences

_SHORTEST, _LONGEST = 4, 90  # words
_SAME = 0.8  # of the words of the shorter of two sentences; with more, one repeats the other

_TOKEN = re.compile(r"[^\W_]+(?:[.,:'-][^\W_]+)*|[^\w\s]")  # "1,200", "3.5" and "well-off" are one
_FORM = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|org|net|io|gov|edu|info|co)\b|\S@\S|[<>{}|\\^~`*_#\[\]=]",
    re.IGNORECASE,
)
_TURNING = re.compile(
    r"\?|n't\b|\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|unable|hardly"
    r"|rarely|barely|seldom|except|unlikely|fail\w*|refus\w*|deny|denie[sd]|lack\w*|if|unless|whether"
    r"|provided|until|only|perhaps|possibly|probably|likely|supposedly|said|say\w*|told|tells?|claim\w*"
    r"|argu\w*|believ\w*|think\w*|thought|according|suggest\w*|alleg\w*|reported\w*)\b"
)
"""What most turns a sentence that has lost it, for the log."""
_VOICE = re.compile(
    r"^\W*(?:he|she|it|they|him|hers?|them|his|its|theirs?|this|that|these|those|such|t?here"
    r"|otherwise|or|nor|else|then|thus|hence|so|therefore|instead|if (?:so|not)"
    r"|in (?:that|this|such|which) case|the (?:former|latter|same|rest|others?)"
    r"|(?:in|under|by|on|at|for|with|of|from|to|after|before|until|since|during|as|like|unlike|despite)"
    r" (?:this|that|these|those|it|them|such|which))\b"
    r"|\b(?:i|me|my|mine|myself|we|us|ours?|ourselves|you|yours?|yourself)\b",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"[\"'(]?[^\W_].*[.!?][\"')]*", re.DOTALL)
_MARKS = frozenset(".,;:!?()\"'")

_ORDER: tuple[Why, ...] = ("number", "name", "not_covered", "qualifier", "cut")
"""The rules beside a quote, from what is worst broken to what is least."""


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
    why = _alone(text, cites, quotes, shown)
    if why:
        return Withheld(text, why)
    first, *rest = tokens(text)
    own = [first.lower(), *rest]  # its capital is the sentence's
    cited = [each for each in quotes if each.number in cites]
    read = [(each.number, list(readings(each.text))) for each in cited]
    same = canonical(text)
    whole = [
        (number, reading)
        for number, found in read
        for reading in found
        if canonical(reading.clause.text) == same
    ]
    holding = dict.fromkeys(number for number, reading in whole if not qualified(reading))
    if holding:
        return Sentence(text, tuple(holding))
    if whole:
        return Withheld(text, "qualifier")
    whys = [_beside(own, found) for each in cited for found in supports(each.text)]
    # Of several sentences, that which got furthest says why.
    return Withheld(text, max(whys, key=_ORDER.index, default="not_covered"))


def tokens(sentence: str) -> list[str]:
    """Words, numbers and marks as they are written, without what ends it but for "?"."""
    found = _TOKEN.findall(normalised(sentence))
    while found and found[-1] in _MARKS - {"?", ")"}:
        del found[-1]
    return found


def words(found: Sequence[str]) -> list[str]:
    """Of tokens those that are no marks, in lower case."""
    return [each.casefold() for each in found if each[0].isalnum()]


def supports(quote: str) -> Iterator[list[str]]:
    """The tokens of each sentence of a quote."""
    for start, end in sentences(quote):
        yield tokens(quote[start:end])


def _alone(
    text: str, cites: Sequence[int], quotes: Sequence[Quote], shown: Sequence[Sentence]
) -> Why | None:
    """The first rule that a sentence breaks whatever the quotes say."""
    sentence, own = normalised(text), words(tokens(text))
    small = sentence.lstrip("\"'(")[:1].islower()
    if small or not _SHAPE.fullmatch(sentence) or not _SHORTEST <= len(own) <= _LONGEST:
        return "unfinished"
    if not cites:
        return "no_citation"
    if not set(cites) <= {quote.number for quote in quotes}:
        return "no_such_quote"
    if _FORM.search(sentence) or _FORM.search(text) or not text.isprintable():
        return "form"
    if _VOICE.search(sentence):
        return "voice"
    before = [words(tokens(each.text)) for each in shown]
    if any(len({*own} & {*each}) > _SAME * min(len(own), len(each)) for each in before):
        return "repeated"
    return None


def _beside(ours: Sequence[str], theirs: Sequence[str]) -> Why:
    """The rule that a sentence breaks beside one of a quote that it is not the same as."""
    added, lost = list[str](), list[str]()
    for step in LCSseq.opcodes(*([each.casefold() for each in side] for side in (theirs, ours))):
        mine, other = ours[step.dest_start : step.dest_end], theirs[step.src_start : step.src_end]
        if step.tag == "equal":  # a word with a capital that the quote has not is another
            added += [m for m, n in zip(mine, other, strict=True) if m not in (n, n.lower())]
        else:
            added += mine
            lost += other
    if added:
        number, name = (any(map(kind, "".join(added))) for kind in (str.isdigit, str.isupper))
        return "number" if number else "name" if name else "not_covered"
    return "qualifier" if _TURNING.search(" ".join(lost).casefold()) else "cut"
