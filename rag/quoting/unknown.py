"""The words of a question that no document holds, as far as they say what it is about.

Names, numbers and nouns do. A word that stands in questions on anything does not: that no document
holds "want" is not why it cannot be answered.
"""

from rag.index.lexical import Lexical
from rag.text.words import stemmed, stems, words

ASKING = frozenset(stems("many much name tell say said give please describe explain list mean"))
"""Stems of words that ask rather than inform, beside the stop words."""

_GENERAL = frozenset(
    stemmed(
        """
    accord actually add advise affect allow alright answer appear apply argue arrange ask
    available avoid aware bad basically become begin believe best better big brief briefly bring
    broad case certain check choose clarify clear clearly comment common compare concern concrete
    consider contain context correct couple cover current currently deal
    decide define depend detail determine different difference differ difficult discuss document
    easy effect elaborate else enough ensure especially exact exactly example exist expect fact
    fast feel figure fill find fine first follow full general generally get glad go goes gone good
    great guess handle happen happy hard hear hello help hey hi hope huge idea illustrate imagine
    guide important include inform information interest interested involve issue item keep kind know
    large last let like likely little long look lot main make manage matter maybe mention mind
    moment need new next nice normal normally note notice obvious offer ok okay old
    option outline overall overview part particular particularly people perhaps person place plan
    point possible possibly prefer present pretty probably problem provide purpose put question
    quick quickly read real really reason recommend refer regard relate relevant rely remain
    remember require respond result right run see seem sense serious several short shortly
    show significant similar simple simply situation small someone something sort sound source
    special specific start stay step stop stuff suggest sum summarise summarize summary
    suppose sure take talk text thank thanks thing think topic total totally translate try turn
    type typical typically understand use useful usual usually various view want way well whole
    wonder wonderful word work worth write wrong
    """.split()
    )
)
"""Stems of words that are found in questions on anything."""

_SAYS_NOTHING = ASKING | _GENERAL


def unknown(question: str, lexical: Lexical) -> tuple[str, ...]:
    """These words in their order, of one stem the first, as it is written."""
    found: dict[str, str] = {}
    for word in words(question):
        (stem,) = stems(word)
        if not lexical.holds(stem) and stem not in _SAYS_NOTHING:
            found.setdefault(stem, word)
    return tuple(found.values())
