"""The words of a question that no document holds, as far as they say what it is about.

Names, numbers and nouns do. A word that stands in questions on anything does not: that no document
holds "want" is not why it cannot be answered.
"""

from rag.index.store.contract import Terms
from rag.text.words import stemmed, stems, words

ASKING = frozenset(stems("many much name tell say said give please describe explain list mean"))
"""Stems of words that ask rather than inform, beside the stop words."""

_GENERAL = frozenset(
    stemmed(
        """
    accord actually add advise affect afraid allow alright answer anybody anyone anything
    anywhere appear apply argue arrange ask available avoid aware bad barely basically become
    begin believe best better big bother brief briefly bring broad call care case certain
    chance check choose clarify clear clearly come comment common compare concern concrete
    consider contain context correct could couple cover current currently deal decide define
    depend detail determine differ difference different difficult discuss document easily easy
    effect elaborate else enough ensure especially eventually everybody everyone everything
    exact exactly example exist expect explore fact fair fast feel figure fill find fine first
    follow full general generally get glad go goes gone good great guess guide handle happen
    happily happy hard hear hello help hey hi honestly hope hopefully huge idea illustrate
    imagine important include inform information interest interested involve issue item keep
    kind kindly know large last let like likely little long look lot lots main make manage
    matter maybe mention might mind moment mostly need new next nice nobody normal normally
    note nothing notice obvious offer often ok okay old option outline overall overview part
    particular particularly people perhaps person place plan point possible possibly prefer
    present pretty probably problem provide purpose put question quick quickly quite rather
    read real really reason recently recommend refer regard relate relevant rely remain
    remember require respond result right run see seem sense serious several shall short
    shortly should show significant similar simple simply situation small somebody somehow
    someone something somewhere soon sort sound source speak special specific start stay step stop
    stuff suggest sum summarise summarize summary suppose sure surely take talk tend text thank
    thanks thing think today tomorrow topic total totally translate truly try turn type typical
    typically understand use useful usual usually various view want way well whole wish wonder
    wonderful word work worth would write wrong
    """.split()
    )
)
"""Stems of words that are found in questions on anything."""

_SAYS_NOTHING = ASKING | _GENERAL


def unknown(question: str, lexical: Terms) -> tuple[str, ...]:
    """These words in their order, of one stem the first, as it is written."""
    found: dict[str, str] = {}
    for word in words(question):
        (stem,) = stems(word)
        if not lexical.holds(stem) and stem not in _SAYS_NOTHING:
            found.setdefault(stem, word)
    return tuple(found.values())
