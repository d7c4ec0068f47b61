"""Whether a sentence that a language model wrote may be shown: only if a quote it cites holds it.

A sentence is held against each cited quote alone, so that it cannot be pieced together from two.
It is shown with the numbers of those that hold it, and withheld where none does. The rules, each
for a way in which small models were seen, or can be expected, to go wrong:

1. It is a sentence: begins with a capital, ends with a mark, has four to ninety words.
2. It cites a quote, and none that does not exist.
3. It is plain prose: no markup, and no address, which would be given in Steward's name.
4. It says neither I, we nor you, and does not begin with he, it, this or the like, which would
   point to the sentence before, and that may rest on another document.
5. It says nothing that was said already. A small model repeats itself until its limit.
6. Its words, numbers and marks are all those of one sentence of the quote, as they are written
   there and in their order, by the longest common subsequence (``rapidfuzz.distance.LCSseq``,
   https://rapidfuzz.github.io/RapidFuzz/Usage/distance/LCSseq.html). Only a phrase that opens the
   quote's sentence, up to its first comma, may stand at the end.
7. What it leaves out is a phrase that opens the quote's sentence, what comes after a comma, or what
   two commas or brackets enclose, with these. "Microsoft said that Google sued" is not "Microsoft
   sued", and the largest city in a state is not the largest city.
8. It leaves out nothing that could turn what is said: no "not", "if", "said", "perhaps" or "?".
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from rag.records import Quote, Sentence, Why, Withheld
from rag.text.sentences import sentences

_SHORTEST, _LONGEST = 4, 90  # words
_SAME = 0.8  # of the words of the shorter of two sentences; with more, one repeats the other

_OPENERS = frozenset("in on at after before during by from since for with".split())
"""Words that begin a phrase which can move to the end of its sentence, or be left out."""
_TURNING = re.compile(
    r"\?|n't\b|\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|unable|hardly"
    r"|rarely|barely|seldom|except|unlikely|fail\w*|refus\w*|deny|denie[sd]|lack\w*|if|unless|whether"
    r"|provided|until|only|perhaps|possibly|probably|likely|supposedly|said|say\w*|told|tells?|claim\w*"
    r"|argu\w*|believ\w*|think\w*|thought|according|suggest\w*|alleg\w*|reported\w*)\b"
)

_ONE_KIND = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_TOKEN = re.compile(r"[^\W_]+(?:[.,:'-][^\W_]+)*|[^\w\s]")  # "1,200", "3.5" and "well-off" are one
_FORM = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|org|net|io|gov|edu|info|co)\b|\S@\S|[<>{}|\\^~`*_#\[\]=]",
    re.IGNORECASE,
)
_VOICE = re.compile(
    r"^\W*(?:he|she|it|they|him|hers?|them|his|its|theirs?|this|that|these|those|such|t?here)\b"
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
    cited = [(each.number, each.text) for each in quotes if each.number in cites]
    found = [(number, _beside(own, each)) for number, quote in cited for each in supports(quote)]
    holding = dict.fromkeys(number for number, broken in found if not broken)
    if holding:
        return Sentence(text, tuple(holding))
    # Of several sentences, that which got furthest says why.
    whys = [broken for _, broken in found if broken]
    return Withheld(text, max(whys, key=_ORDER.index, default="not_covered"))


def normalised(text: str) -> str:
    """A text with one kind of dash and quotation mark, single spaces, and no other niceties."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ONE_KIND).split())


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
    """The tokens of each sentence of a quote, and once more with its opening phrase at the end."""
    for start, end in sentences(quote):
        found = tokens(quote[start:end])
        yield found
        if found and found[0].casefold() in _OPENERS and "," in found:
            comma = found.index(",")
            yield found[comma + 1 :] + found[:comma]


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


def _beside(ours: Sequence[str], theirs: Sequence[str]) -> Why | None:
    """The rule that a sentence breaks beside one sentence of a quote."""
    added, lost, whole = list[str](), list[str](), True
    for step in LCSseq.opcodes(*([each.casefold() for each in side] for side in (theirs, ours))):
        mine, other = ours[step.dest_start : step.dest_end], theirs[step.src_start : step.src_end]
        if step.tag == "equal":  # a word with a capital that the quote has not is another
            added += [m for m, n in zip(mine, other, strict=True) if m not in (n, n.lower())]
        else:
            added += mine
            lost += other
            whole = whole and _is_clause(theirs, step.src_start, step.src_end)
    if added:
        number, name = (any(map(kind, "".join(added))) for kind in (str.isdigit, str.isupper))
        return "number" if number else "name" if name else "not_covered"
    if _TURNING.search(" ".join(lost).casefold()):
        return "qualifier"
    return None if whole else "cut"


def _is_clause(theirs: Sequence[str], start: int, end: int) -> bool:
    """Whether what was left out of a quote's sentence is a whole clause, or quotation marks."""
    gap, inside = theirs[start:end], {*theirs[start + 1 : end - 1]}
    if {*gap} <= {'"', "'"}:
        return True
    if end == len(theirs):
        return gap[0] in {",", ";", "("}
    if start == 0:
        return gap[0].casefold() in _OPENERS and gap[-1] == "," and "," not in inside
    if (gap[0], gap[-1]) == ("(", ")"):
        return inside.isdisjoint("()")
    return gap[0] == gap[-1] == "," and len(gap) > 1 and inside.isdisjoint(",;()")
