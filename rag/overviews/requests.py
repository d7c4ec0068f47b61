"""Whether a question asks for an overview, or about the documents themselves; a few plain rules.

A question that asks for one thing is none of these: "What is the neutrality framework?" wants its
definition, "What does Brad Smith say about labor leaders?" what one person says. When in doubt it
is an ordinary question.
"""

import re
from dataclasses import dataclass
from typing import Literal

Wish = Literal["overview", "catalogue", "dates"]

ANY_DOCUMENT = (
    r"(?:documents?|docs?|files?|articles?|sources?|texts?|pages?|papers?|books?|materials?|content"
    r"|collection|corpus|website|site)"
)
"""What any document may be called."""
KIND = (
    r"(?:reports?|contracts?|agreements?|handbooks?|manuals?|polic(?:y|ies)|guides?|letters?"
    r"|e?-?mails?|minutes|chapters?|presentations?|slides|spreadsheets?|notes|releases?"
    r"|summar(?:y|ies)|announcements?)"
)
"""What documents of one kind are called, or what they are about."""
_ANY = rf"(?:{ANY_DOCUMENT}|{KIND})"
_THE = r"(?:the|this|that|these|those|your|my|our|each|every|all|both|all (?:of )?the)"
_THEM = rf"(?:it|they|this|these|{_THE} (?:[\w'’&.-]+ ){{0,4}}?{_ANY}|[\w-]+\.[a-z]{{2,5}})"
_ON = r"(?:about|on|of|regarding|concerning)"
_OF = rf"(?:{_ON}|for|from|in)"
_WHAT_IS = r"what(?: is|['’]s| are|['’]re| was| were)"
_ME = r"(?: me| us)?"
_SHORT = r"(?:(?:short|brief|quick|concise|general|high-level|rough|good|executive) )*"
_SUMMARY = (
    r"(?:summary|summaries|overview|outline|synopsis|gist|rundown|recap|digest|tl;?dr|big picture)"
)
_WEIGHTY = r"(?:key|main|most important|most relevant|central|essential|major|principal|core|chief)"
_POINTS = (
    r"(?:the |some |its |their )?(?:(?:\w+ )?"
    rf"{_WEIGHTY} (?:points?|ideas?|takeaways?|messages?|findings?|facts|topics|themes|subjects"
    r"|arguments?|contents?|things|insights|aspects)|highlights|takeaways|essentials)"
)
_TOLD = r"(?:say|tell|report|write|state|mention|know|contain|have|cover|discuss|talk)"
_NOUN = r"(?:it|this|that|these|those|they|(?:the|this|that|these|those|your|my|our|all) .+?)"

# What stands before and behind what is asked, and changes nothing.
_BEFORE = re.compile(
    r"(?:please|hi|hello|hey|ok(?:ay)?|so|now|well|then|thanks|steward)[,!. ]+"
    r"|(?:can|could|would|will) (?:you|i) (?:please )?(?:get (?=an? ))?"
    r"|i(?: would|['’]d)? (?:like|want|need) (?:(?:you )?to |(?=an? ))"
    r"|(?:just|quickly|briefly) ",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r",? (?:please|briefly|shortly|in short|for me|to me|quickly|overall|in general"
    r"|in (?:english|spanish|german|french)"
    r"|in (?:an?|one|two|three|four|five|\d+|simple|plain|your own|their own|other)"
    r"(?: (?:short|few|simple|single|brief))?"
    r" (?:words?|sentences?|lines?|points?|bullets?|bullet points|paragraphs?|nutshell|terms))\Z"
    r"|[\s?!.…:]+\Z",
    re.IGNORECASE,
)

_RULES: tuple[tuple[Wish, str], ...] = (
    ("catalogue", rf"(?:what|which) {_ANY}(?: (?:do|can|did) you .+| are .+| (?:is|are))?"),
    ("catalogue", rf"(?:list|show|name|give){_ME} (?:all )?{_THE}? ?{_ANY}"),
    ("catalogue", rf"how many {_ANY} (?:are there|are (?:in|here).*|(?:do|did|can) you .+)"),
    ("catalogue", rf"{_WHAT_IS} (?:your|the) {ANY_DOCUMENT}"),
    (
        "dates",
        rf"when (?:was|were|is|are|did) (?P<WITHIN>{_THEM})(?: last| first)?"
        r" (?:updated?|published|written|released|changed?|modified|posted|dated|made)",
    ),
    (
        "dates",
        rf"how (?:old|recent|new|current|up[ -]to[ -]date) (?:is|are) (?P<WITHIN>{_THEM})",
    ),
    ("dates", rf"(?:{_WHAT_IS} )?the (?:publication )?(?:date|age) of (?P<WITHIN>{_THEM})"),
    (
        "dates",
        rf"(?:what|which)(?: is the|['’]s the)? (?:{_ANY} is (?:the )?)?"
        rf"(?:newest|latest|oldest|most recent)(?: {_ANY})?",
    ),
    ("overview", r"(?:summari[sz]e|sum up|recap|outline|condense)(?: (?P<SUBJECT>.+))?"),
    ("overview", r"sum (?P<SUBJECT>.+) up"),
    (
        "overview",
        rf"(?:(?:(?:give|show|write|make|get|provide|draft){_ME}|{_WHAT_IS}) )?"
        rf"(?:an? |the )?{_SHORT}{_SUMMARY}(?: {_OF} (?P<SUBJECT>.+))?",
    ),
    (
        "overview",
        rf"(?:(?:{_WHAT_IS}|(?:list|give|show|name|tell){_ME}) )?"
        rf"{_POINTS}(?: (?:made|raised|covered))?(?: {_OF} (?P<SUBJECT>.+))?",
    ),
    ("overview", rf"{_WHAT_IS} (?P<ABOUT>{_NOUN})(?: all)? about"),
    (
        "overview",
        r"(?:tell|teach|inform|brief) (?:me|us) (?:(?:some|every)?thing (?:more )?|more |all "
        r"|a (?:bit|little) (?:more )?|(?:what|everything) you know )?(?:about|on) (?P<SUBJECT>.+)",
    ),
    (
        "overview",
        rf"what (?:do|does|can|did) (?P<WITHIN>{_THEM}|you)(?: all)? {_TOLD}{_ME}"
        rf"(?: to say)?(?: {_ON} (?P<SUBJECT>.+))?",
    ),
    ("overview", rf"what (?:do|should|must) (?:i|we) (?:need to )?know {_ON} (?P<SUBJECT>.+)"),
    (
        "overview",
        r"(?:what|which) (?:topics|subjects|themes|issues|matters) (?:(?:are|is) (?:covered"
        r"|discussed|treated|dealt with|addressed)(?: (?:in|by) (?P<WITHIN>.+))?"
        rf"|(?:do|does) (?P<IN>{_THEM}) (?:cover|discuss|treat|address|deal with))",
    ),
    ("overview", rf"what(?: is|['’]s) in (?P<WITHIN>{_THEM})"),
    ("overview", r"(?:introduce me to|bring me up to (?:date|speed) on) (?P<SUBJECT>.+)"),
)
_COMPILED = [(wish, re.compile(rule, re.IGNORECASE)) for wish, rule in _RULES]

# "What are the workers worried about?" asks for one thing.
_NO_THING = re.compile(
    r".*(?:ed|\b(?:sure|happy|sad|angry|serious|curious|certain|right|wrong|upset|anxious|told"
    r"|optimistic|enthusiastic|said|known|written|\w+ (?:\w+ )?\w+ing))",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"|it|this|that|these|those|they|them|them all|all|all of (?:it|this|that|these|those|them)"
    rf"|everything|you|the whole (?:thing|{ANY_DOCUMENT})"
    rf"|(?:(?:all|each|every)(?: one)? )?(?:of )?(?:{_THE} )?(?:\d+ |two |three |four |five )?"
    rf"{ANY_DOCUMENT}(?: here)?",
    re.IGNORECASE,
)
_POINTING = re.compile(r"it|that|they|them|those|them all", re.IGNORECASE)
_NOBODY = re.compile(r"(?:yourself|you|me|myself|steward)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        wish: An overview; which documents there are; or what their dates are.
        subject: What about, as it was asked; "" for all that the documents hold.
        within: The document that is asked for, in the question's words; "" for all of them.
    """

    wish: Wish
    subject: str = ""
    within: str = ""


def request(question: str, *, first: bool = True) -> Request | None:
    """What a question asks for, if that is an overview or about the documents; else None.

    Args:
        question: On one line.
        first: Whether nothing was said before, which "it" could stand for.
    """
    words = _bare(question)
    for wish, rule in _COMPILED:
        if found := rule.fullmatch(words):
            parts = {name.lower(): part or "" for name, part in found.groupdict().items()}
            return _request(wish, parts, first)
    return None


def _request(wish: Wish, parts: dict[str, str], first: bool) -> Request | None:
    about = parts.get("about", "")
    subject = (parts.get("subject") or about).strip(" \"“”'‘’")
    within = parts.get("within") or parts.get("in", "")
    if _NO_THING.fullmatch(about) or _NOBODY.match(parts.get("subject", "")):
        return None
    if not first and (_POINTING.fullmatch(subject) or _POINTING.fullmatch(within)):
        return None
    subject, within = ("" if _ALL.fullmatch(each) else each for each in (subject, within))
    return Request(wish, subject, within)


def _bare(question: str) -> str:
    """A question without what makes it polite, and without its end."""
    words = question.strip()
    while True:
        shorter = _BEHIND.sub("", words)
        begins = _BEFORE.match(shorter)
        shorter = shorter[begins.end() :] if begins else shorter
        if shorter == words:
            return words
        words = shorter
