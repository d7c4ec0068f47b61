"""Whether the rest of a quote could take back, bound or merely tell what one clause of it says.

"It is a myth. The earth is flat.", "Suppose it rains. The game is off.", "The dam is safe. So lied
the owner.", "Entry is free. Only on Sundays." What qualifies is told by words, and these are rather
too many than too few: a clause withheld for nothing costs a sentence of prose, and its quote is
shown all the same.
"""

import re

from rag.prose.clauses import Clause, Reading

_SHORT = 4  # words: "False.", "Not so.", "Or so they say."
_SHORT_FRAME = 8  # words: "In the summer months, at any rate."

_ANYWHERE = re.compile(
    r"\?|\b(?:"
    # denied, or wrong
    r"myths?|false\w*|untrue|wrong\w*|incorrect\w*|inaccura\w+|erroneous\w*|errors?|mistak\w+"
    r"|misconceptions?|misunderst\w+|misleading|misled|lie|lied|lying|liars?|hoax\w*|nonsense|fakes?"
    r"|faked|forged|forger\w+|fabricat\w+|invented|bogus|baseless|unfounded|unproven|debunk\w*"
    r"|refut\w+|disprov\w+|disput\w+|contradict\w*|den(?:y|ies|ied|ial|ying)|correct(?:ed|ion)s?"
    r"|not (?:true|so|the case|correct|right)|opposite|contrary"
    r"|never (?:was|were|did|true|happened)"
    # made up, or only supposed
    r"|fiction\w*|fictitious|imagin\w+|suppos\w+|hypothe\w+|assum\w+|pretend\w*|scenarios?"
    r"|experiment|novels?|films?|movies?|plays?|stor(?:y|ies)|tales?|legends?|fables?|satir\w+"
    r"|parod\w+|jok(?:e|es|ed|ing)|pranks?|dream\w*|poems?|charact\w+|would|might|perhaps|possibly"
    r"|maybe|theoretically|in theory|what if"
    # planned, or no longer so
    r"|propos\w+|drafts?|bills?|plan(?:s|ned)?|reject\w+|repeal\w+|withdr[ae]w\w*|retract\w+|revok\w+"
    r"|overturn\w+|overrul\w+|cancel\w+|abolish\w+|supersed\w+|expir\w+|lapsed?|void|outdated"
    r"|obsolete|no longer|not any ?more|former\w*|previously|originally|used to|since then|vetoed"
    r"|ended|stopped|discontinued|annulled|struck down|blocked"
    r"|suspend\w*|dropped|scrapped|postponed|retired|changed|closed for|nothing of the kind"
    # said, or thought
    r"|doctrines?|teach\w*|taught|preach\w*|sects?|cults?|oracles?|prophe\w+|propaganda|patents?"
    r"|pictures?|paint(?:s|ed|ing)|version|chapters?|plots?|leaflets?|adverts?|advertis\w+|slogans?"
    r"|brag\w*|never|old|ancient|quacks?|swindl\w+|fraud\w*|pledg\w+|vow\w*|visions?"
    r"|said|says?|saying|told|tells?|claim\w*|argu\w+|believ\w+|beliefs?|think\w*|thought|according"
    r"|alleg\w+|purported\w*|so-called|insist\w*|boast\w*|swore|rumou?r\w*|gossip|conspirac\w+"
    r"|promis\w+|assert\w+|contend\w*|maintain(?:s|ed)|testif\w+|testimony|stated|predict\w*|expect\w*"
    r"|forecast\w*|accus\w+|hop(?:e|es|ed)|fear(?:s|ed)?|feels?|felt|suspect\w*|suggest\w*|reported"
    r"|reportedly|warn\w*|wrote|writes|critics|opponents|doubt\w*"
    # bound
    r"|if|unless|whether|except\w*|provided|only|subject to|limited to|restricted|appl(?:y|ies|ied)"
    r"|valid|exclud\w+|does not include|do not include|depend(?:s|ing)?|conditions?"
    r")\b|n't (?:true|so)\b",
    re.IGNORECASE,
)
"""Words that qualify what else is said, wherever they stand."""

_FRAME = (
    r"in|on|at|after|before|during|by|from|for|with|without|under|until|till|within|throughout"
    r"|between|when|whenever|while|once|where|as|since|because|given|although|though|despite"
    r"|contrary|unlike|had|were|should|say|let|take|consider|picture"
)
_BEFORE = re.compile(
    rf"\W*(?:{_FRAME}|[0-9]+|last|next|yesterday|today|tomorrow|tonight|initially|historically"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|back then|years|decades|centuries|long ago|some|many people|one (?:idea|view|theory|version)"
    r"|a (?:common|popular|widespread))\b"
    r"|.*\b(?:examples?|following|follows|below|thus|these|this|instances?|cases?)\W*\Z",
    re.IGNORECASE | re.DOTALL,
)
"""How a clause begins, or ends, that the later ones stand in: a time, a place, an example."""

_AFTER = re.compile(
    r"\W*(?:not|no|none|nor|neither|hardly|far from|or|at least|at most|but|however|yet|though"
    r"|although|until|when|while|as (?:of|at|if)|in (?:fact|reality|truth|practice)|actually"
    r"|really|on paper|well|rather|instead|nevertheless|nonetheless|still|otherwise|so|such|even so"
    r"|that is|valid|unfortunately|sadly|thankfully|except)\b"
    r"|\(",
    re.IGNORECASE,
)
"""How a clause begins that takes back the earlier ones."""

_DATES_BACK = re.compile(
    r"\W*(?:this|that|it|these|those|they|all|both)\b(?: \S+){0,8}? \W*"
    r"(?:[12][0-9]{3}s?|ago|then|past|yesterday|century|centuries|war|era|jan(?:uary)?|feb(?:ruary)?"
    r"|march|april|may|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)
"""How a clause begins that says when the earlier ones were so."""

_NEGATION = re.compile(
    r"n't\b|\b(?:not?|never|none|nobody|nothing|nor|neither|without|cannot|refus\w+|fail\w*|stop\w*"
    r"|ban(?:s|ned)?|forb\w+|prohibit\w*|prevent\w*|avoid\w*|lack\w*|unable)\b",
    re.IGNORECASE,
)


def qualified(reading: Reading) -> bool:
    """Whether a clause says more, or something else, alone than in its quote."""
    return (
        any(_turns(other) for other in (*reading.before, *reading.after))
        or any(_frames(other, reading.clause) for other in reading.before)
        or any(_takes_back(other) for other in reading.after)
    )


def _turns(other: Clause) -> bool:
    """Whether another clause qualifies by a word of it, or is so short that it may be a verdict."""
    if _ANYWHERE.search(other.text) or (other.joined and _NEGATION.search(other.text)):
        return True
    return other.indent is None and not other.joined and len(other.text.split()) <= _SHORT


def _frames(other: Clause, clause: Clause) -> bool:
    """Whether an earlier clause is what a later one stands in."""
    if other.indent is not None:  # an item, of the same list unless the later one is further in
        below = clause.indent is None or clause.indent > other.indent
        return (below and not other.finished) or bool(re.search(r"(?:\bor|:)\W*\Z", other.text))
    return not other.finished or bool(_BEFORE.match(other.text))


def _takes_back(other: Clause) -> bool:
    """Whether a later clause says of an earlier one that it is not so, or when it was."""
    words = len(other.text.split())
    return bool(
        _AFTER.match(other.text)
        or _DATES_BACK.match(other.text)
        or (words <= _SHORT_FRAME and re.match(rf"\W*(?:{_FRAME})\b", other.text, re.IGNORECASE))
    )
