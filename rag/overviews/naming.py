"""The document that a person means by "the AI Magazine article" or by a file's name."""

import re
from collections.abc import Sequence

from rag.overviews.requests import ANY_DOCUMENT, KIND
from rag.records import Metadata
from rag.text.words import stemmed, stems

_DOCUMENT = re.compile(rf"\b{ANY_DOCUMENT}\b", re.IGNORECASE)
_KIND = re.compile(rf"\b{KIND}\b", re.IGNORECASE)
_APART = re.compile(r"[\W_]+")


def named(words: str, known: Sequence[Metadata]) -> Metadata | None:
    """The one document that these words name; None where they name none, or more than one.

    They do if they are its title, its file's name or id; or if they speak of a document, and the
    name of its file, of who published it, or its title, holds all other words.
    """
    folded = _folded(words)
    for each in known:
        file = each.source.rpartition("/")[2]
        names = (each.title, each.source, file, file.rpartition(".")[0], each.id)
        if folded and folded in map(_folded, names):
            return each
    if not (_DOCUMENT.search(words) or _KIND.search(words)):
        return None
    wanted = set(stems(_DOCUMENT.sub(" ", _APART.sub(" ", words))))
    # "The news report" may be a file named after the news alone.
    rest = set(stems(_KIND.sub(" ", _DOCUMENT.sub(" ", _APART.sub(" ", words)))))
    for asked, origin in ((wanted, _by_file), (wanted, _by_title), (rest, _by_file)):
        found = [each for each in known if asked and asked <= origin(each)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _folded(text: str) -> str:
    return " ".join(_APART.sub(" ", text).casefold().split())


def _by_file(document: Metadata) -> set[str]:
    return set(stemmed(_folded(f"{document.source} {document.publisher or ''}").split()))


def _by_title(document: Metadata) -> set[str]:
    authors = " ".join(document.authors)
    return _by_file(document) | set(stemmed(_folded(f"{document.title} {authors}").split()))
