"""What kind of thing a question asks for, as far as its question word tells.

The idea is the expected answer type of Li and Roth (2002), "Learning Question Classifiers",
https://aclanthology.org/C02-1150, of which three coarse classes are told apart here.
"""

import re

_NUMBER_WORDS = """one two three four five six seven eight nine ten eleven twelve dozen hundred
    thousand million billion half several many few no none twice once single""".split()
_MONTHS = r"""jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)?
    sept?(?:ember)? oct(?:ober)? nov(?:ember)? dec(?:ember)?""".split()
_TIMES = r"""(?:mon|tues|wednes|thurs|fri|satur|sun)day spring summer autumn fall winter today
    yesterday tomorrow ago now century centuries decades? years? months? weeks? days? hours?
    minutes? morning evening night after before during until since when later early late date
    """.split()

_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:1\d{{3}}|20\d\d)s?\b|\b\d{{1,2}}[:/]\d\d|\d(?:st|nd|rd|th)\b"
    rf"|\b(?:{'|'.join(_MONTHS + _TIMES)})\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[\w,;:)'’”\"] )[\"“'(]?[A-Z][\w.]+")  # a capital that opens no sentence

_ASKED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\bhow (?:many|much|old|long|far|tall|high|large|big|often)\b"
            r"|\bwhat (?:percent|number|percentage|amount|age)|\bhow \w+ (?:percent)"
        ),
        _NUMBER,
    ),
    (
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|season)\b"
        ),
        _DATE,
    ),
    (re.compile(r"\bwho(?:m|se)?\b"), _NAME),
)


def expected(question: str) -> re.Pattern[str] | None:
    """The form that an answering sentence must hold: a number, a date or a name; None if any."""
    folded = question.casefold()
    return next((form for asked, form in _ASKED if asked.search(folded)), None)
