"""Paragraphs to pairs of a quote and a sentence that it holds, or does not, made by rules.

Of each paragraph one sentence is taken. The quote is that sentence with the one after it. What is
*held* is the sentence as it is, shortened at a comma or a bracket, or with its opening phrase moved
to the end. What is *not held* is the same sentence with one thing changed that changes what it
says, a splice of two sentences, or another sentence of the article. No person looked at each pair:
a shortened sentence can in truth say something else, and a changed one the same.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.fitting.retrieval_set import half_by_text
from eval.measuring.questions import Half
from rag.prose.clauses import normalised
from rag.text.sentences import sentences
from rag.training.rows import Row, digest, reserved_paragraph

_WORDS = range(8, 40)  # of a sentence that is taken
_SHORTENED = 6  # words that are left at least
_ASIDE = re.compile(r", (?:which|who|where|when) [^,()]+,(?= [a-z])|\s\([^()]+\)(?=[ .])")
_VERB = re.compile(r"\b(is|are|was|were|will|can|could|would|has|had|have)\b(?! not)")
_HEDGE = re.compile(r"\b(?:may|might|could|some|most|only|nearly|almost|about|often|sometimes) ")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_NUMBER = re.compile(r"\b\d[\d,]*\b")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Pair:
    """A quote and a sentence.

    Attributes:
        kind: How the sentence was made.
        held: Whether the quote holds it.
        half: By the hash of the paragraph.
    """

    kind: str
    held: bool
    half: Half
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A sentence with what it is changed by: the others of its article, and their words."""

    sentence: str
    others: Sequence[str]
    chance: random.Random

    def choice(self, from_: Iterable[str], but: Sequence[str]) -> str | None:
        """One that is not among the words of the sentence, case aside."""
        known = {word.casefold() for word in but}
        left = [word for word in from_ if word.casefold() not in known]
        return self.chance.choice(left) if left else None


def pairs(rows: Iterable[Row], most: int) -> Iterator[Pair]:
    """Pairs from at most so many paragraphs, which the reader was not trained on."""
    by_article: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.title and reserved_paragraph(row.context, row.source):
            by_article.setdefault(row.title, {})[row.context] = None
    contexts = [(text, title) for title, texts in by_article.items() for text in texts]
    for text, title in sorted(contexts, key=lambda context: digest(context[0]))[:most]:
        own = _sentences(text)
        others = (other for other in by_article[title] if other != text)
        elsewhere = [sentence for other in others for sentence in _sentences(other)]
        places = [n for n, sentence in enumerate(own) if len(sentence.split()) in _WORDS]
        if not places or not elsewhere:
            continue
        chance = random.Random(digest(text))
        place = chance.choice(places)
        quote = " ".join(own[place : place + 2])
        taken = _Taken(own[place], [*own[:place], *own[place + 2 :], *elsewhere], chance)
        for held, kinds in ((True, HELD), (False, NOT_HELD)):
            for kind, make in kinds.items():
                made = make(taken)
                if made and (held or normalised(made) not in normalised(quote)):
                    yield Pair(kind, held, half_by_text(text), quote, _capital(made))


def _sentences(text: str) -> list[str]:
    texts = (normalised(text[start:end]) for start, end in sentences(text))
    return [sentence for sentence in texts if sentence.endswith((".", "!", "?"))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _without_a_clause(taken: _Taken) -> str | None:
    """Without a relative clause between two commas, or brackets with what is in them."""
    rest = _ASIDE.sub("", taken.sentence, count=1)
    return rest if rest != taken.sentence and len(rest.split()) >= _SHORTENED else None


def _without_the_end(taken: _Taken) -> str | None:
    head, comma, _ = taken.sentence.rpartition(", ")
    return f"{head}." if comma and len(head.split()) >= _SHORTENED else None


def _moved(taken: _Taken) -> str | None:
    """The opening phrase at the end: of "In 1990, they won.", "They won in 1990."."""
    match = re.fullmatch(
        r"((?:In|On|At|After|During|By|From|Since) [^,]+), ([^,]+)\.", taken.sentence
    )
    return f"{match[2]} {match[1][0].lower()}{match[1][1:]}." if match else None


def _names(text: str) -> list[str]:
    """Runs of words with a capital, joined by "of" or a dash at most, but for the first word's."""
    words = _words(text)
    names, start = [], 0
    while start < len(words):
        end = start
        while end < len(words) and _is_name(words[end]):
            end += 1
            while words[end : end + 1] in (["of"], ["-"], ["&"]) and any(
                map(_is_name, words[end + 1 : end + 2])
            ):
                end += 2
        if end > start > 0:
            names.append(" ".join(words[start:end]))
        start = max(end, start + 1)
    return names


def _is_name(word: str) -> bool:
    return any(map(str.isupper, word))


def _words(text: str) -> list[str]:
    return [re.sub(r"'[sS]$", "", word) for word in _TOKEN.findall(text)]


def _name(taken: _Taken) -> str | None:
    here = [name for name in _names(taken.sentence) if name in taken.sentence]
    others = (name for sentence in taken.others for name in _names(sentence))
    new = taken.choice(others, _words(taken.sentence))
    return taken.sentence.replace(taken.chance.choice(here), new) if here and new else None


def _exchanged(taken: _Taken) -> str | None:
    """Two names that changed places."""
    own = (name for name in _names(taken.sentence) if taken.sentence.count(name) == 1)
    here = list(dict.fromkeys(own))
    if len(here) < 2 or here[0] in here[1] or here[1] in here[0]:  # noqa: PLR2004
        return None
    return taken.sentence.replace(here[0], "\0").replace(here[1], here[0]).replace("\0", here[1])


def _number(taken: _Taken) -> str | None:
    number = _NUMBER.search(taken.sentence)
    if not number:
        return None
    digit = taken.chance.choice([n for n, character in enumerate(number[0]) if character.isdigit()])
    new = str((int(number[0][digit]) + taken.chance.randint(1, 9)) % 10)
    at = number.start() + digit
    return taken.sentence[:at] + new + taken.sentence[at + 1 :]


def _word(taken: _Taken) -> str | None:
    """One word that is no name, for another of the article with the same ending."""
    own = _WORD.findall(taken.sentence)
    if not own:
        return None
    old = taken.chance.choice(own)
    others = (
        word for text in taken.others for word in _WORD.findall(text) if word[-2:] == old[-2:]
    )
    new = taken.choice(others, own)
    return re.sub(rf"\b{old}\b", new, taken.sentence, count=1) if new else None


def _clause(taken: _Taken) -> str | None:
    """With the end of another sentence added."""
    tails = [sentence.rpartition(", ")[2] for sentence in taken.others if ", " in sentence]
    long = [tail for tail in tails if len(tail.split()) >= 3]  # noqa: PLR2004
    return f"{taken.sentence[:-1]}, {taken.chance.choice(long)}" if long else None


def _spliced(taken: _Taken) -> str | None:
    """The first half of the sentence, and the second half of another."""
    mine, other = taken.sentence.split(), taken.chance.choice(taken.others).split()
    return " ".join(mine[: len(mine) // 2] + other[len(other) // 2 :])


def _gapped(taken: _Taken) -> str | None:
    """Without some words in its middle, from inside a phrase to inside another."""
    own = taken.sentence.split()
    length = taken.chance.randint(2, 5)
    if len(own) < length + _SHORTENED:
        return None
    at = taken.chance.randint(2, len(own) - length - 2)
    return " ".join(own[:at] + own[at + length :])


def _cut_off(taken: _Taken) -> str | None:
    own = taken.sentence.split()
    return f"{' '.join(own[: taken.chance.randint(_SHORTENED, len(own) - 1)]).rstrip(',;:')}."


def _negated(taken: _Taken) -> str | None:
    made = _VERB.sub(r"\1 not", taken.sentence, count=1)
    return made if made != taken.sentence else None


def _affirmed(taken: _Taken) -> str | None:
    made = re.sub(r" (?:not|never)\b", "", taken.sentence, count=1)
    return made if made != taken.sentence else None


def _surer(taken: _Taken) -> str | None:
    made = _HEDGE.sub("", taken.sentence, count=1)
    return made if made != taken.sentence else None


def _other(taken: _Taken) -> str | None:
    return taken.chance.choice(taken.others)


HELD: Mapping[str, Callable[[_Taken], str | None]] = {
    "as it is": lambda taken: taken.sentence,
    "without a clause": _without_a_clause,
    "without its end": _without_the_end,
    "opening moved to the end": _moved,
}
NOT_HELD: Mapping[str, Callable[[_Taken], str | None]] = {
    "another name": _name,
    "two names exchanged": _exchanged,
    "another number": _number,
    "another word": _word,
    "a clause added": _clause,
    "spliced with another": _spliced,
    "words left out": _gapped,
    "cut off": _cut_off,
    "negated": _negated,
    "a negation lost": _affirmed,
    "a hedge lost": _surer,
    "another sentence": _other,
}
