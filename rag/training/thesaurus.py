"""Words of the same meaning, from the files of WordNet.

Miller 1995, https://doi.org/10.1145/219717.219748. Debian has them as ``wordnet-base``; their
format is that of ``wndb(5WN)``. Only training reads them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

Alike = Callable[[str], Sequence[str]]
"""Other words for a word in lower case; perhaps none."""

_KINDS = ("noun", "verb", "adj", "adv")
_SENSES = 2  # of a word, the most frequent ones
# As WordNet's own morphy does: an ending, what the lemma has in its place, and the kind.
_ENDINGS = (
    ("ies", "y", ("noun", "verb")),
    ("es", "", ("noun", "verb")),
    ("s", "", ("noun", "verb")),
    ("ied", "y", ("verb",)),
    ("ed", "e", ("verb",)),
    ("ed", "", ("verb",)),
    ("ing", "e", ("verb",)),
    ("ing", "", ("verb",)),
)


class Thesaurus:
    """The words of WordNet that share a sense.

    Args:
        folder: Of WordNet's ``index`` and ``data`` files.

    Raises:
        OSError: If the files cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._alike = {kind: _alike(folder, kind) for kind in _KINDS}

    def alike(self, word: str) -> tuple[str, ...]:
        """Other words for a word in lower case, with its ending; sorted, perhaps none."""
        whole = {other for alike in self._alike.values() for other in alike.get(word, ())}
        found = whole or set(self._inflected(word))
        return tuple(sorted(found - {word}))

    def _inflected(self, word: str) -> Iterator[str]:
        for ending, instead, kinds in _ENDINGS:
            lemma = word.removesuffix(ending) + instead
            if not word.endswith(ending):
                continue
            others = {other for kind in kinds for other in self._alike[kind].get(lemma, ())}
            if others:
                yield from (_ending(other, ending) for other in others)
                return


def _ending(lemma: str, ending: str) -> str:
    """A regular form: "hire" with "ing" is "hiring", "reply" with "es" is "replies"."""
    short = {"ies": "s", "es": "s", "ied": "ed"}.get(ending, ending)
    if short == "ing":
        return lemma.removesuffix("e") + short
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ie" + short.removeprefix("e")
    if short == "s" and lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    return lemma + (short.removeprefix("e") if lemma.endswith("e") else short)


def _alike(folder: Path, kind: str) -> Mapping[str, tuple[str, ...]]:
    senses: dict[str, list[str]] = {}
    for line in _lines(folder / f"index.{kind}"):
        fields = line.split()
        if "_" not in fields[0] and fields[0].isalpha():
            senses[fields[0]] = fields[-int(fields[2]) :][:_SENSES]
    words: dict[str, tuple[str, ...]] = {}
    for line in _lines(folder / f"data.{kind}"):
        fields = line.split()
        shared = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        # An adjective may say where it stands: "galore(ip)".
        plain = (word.partition("(")[0] for word in shared)
        words[fields[0]] = tuple(word for word in plain if word.isalpha() and word.islower())
    return {
        word: tuple(other for sense in known for other in words[sense] if other != word)
        for word, known in senses.items()
    }


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if not line.startswith("  "))  # the licence
