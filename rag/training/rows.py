"""The rows that the reader is trained on, and those that are kept from it.

Data: ``qa_train.jsonl.zst``, public question sets, and ``own_words.jsonl.zst``, questions as people
ask who have not read the document, with the whole documents in ``own_words_documents.jsonl.zst``;
one JSON object a line. Sources and licences are in the model card,
``rag/quoting/weights/README.md``. Everything is chosen by SHA-256 of the texts, so that the same
rows are chosen wherever that is done.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import zstandard
from pydantic import BaseModel, ConfigDict

from rag.errors import TrainingDataMissing
from rag.text.headings import headings, path_at

FILE = "qa_train.jsonl.zst"
OWN_WORDS = "own_words.jsonl.zst"
DOCUMENTS = "own_words_documents.jsonl.zst"
SQUAD = "SQuAD1.1-train"
HUMAN = "UnAnsQ"  # in the name of the source of human-written unanswerable questions
WRONG = "BM25"  # in the names of sources of questions with a wrong paragraph, found by BM25

_WINDOW = 1 << 27  # bytes; the file was compressed with zstd's --long=27
_ONE_ARTICLE_IN = 14
# Of sixteen paragraphs of a source, how many are kept for measuring; of those not named here, one.
_RESERVED = {"SQuADShifts-amazon_reviews": 2, "SQuADShifts-reddit": 2, "COVID-QA": 5}
_NEGATION = re.compile(r"\b(?:not|never|no|without)\b|n['’]t\b", re.IGNORECASE)
_TRAINING = 8  # of ten documents
_A_PARAGRAPH = 3  # questions of SQuAD, where its paragraph has no human-written unanswerable one


Purpose = Literal["training", "fitting", "reporting"]
Kind = Literal["paraphrase", "yesno", "explain", "keywords", "fact", "none"]


class Record(BaseModel):
    """A strict, frozen record."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Marked(Record):
    """An answer: ``context[start : start + len(text)] == text``."""

    text: str
    start: int


class Row(Record):
    """A question and a paragraph."""

    question: str
    context: str
    answers: tuple[Marked, ...]
    answerable: bool
    source: str
    title: str | None = None


class OwnWords(Row):
    """A question in someone's own words.

    Attributes:
        kind: "none" where it has no answer.
        document: Where the passage is from: a whole document's name, or an article's title.
        headings: Those above the passage in its document, as far as they are known.
    """

    kind: Kind
    document: str
    headings: tuple[str, ...] = ()


class WholeDocument(Record):
    """A document that own-words rows are about: each one's ``context`` stands in ``text``."""

    document: str
    title: str
    text: str
    source: str


_Line = TypeVar("_Line", bound=Record)


def read_rows(data: Path) -> Iterator[Row]:
    """The rows of the public question sets in this folder; raises TrainingDataMissing."""
    return read_lines(data / FILE, Row)


def read_own_words(data: Path) -> Iterator[OwnWords]:
    """The questions in people's own words; raises TrainingDataMissing."""
    return read_lines(data / OWN_WORDS, OwnWords)


def read_documents(data: Path) -> Iterator[WholeDocument]:
    """The whole documents that most of those questions are about; raises TrainingDataMissing."""
    return read_lines(data / DOCUMENTS, WholeDocument)


def read_lines(path: Path, of: type[_Line]) -> Iterator[_Line]:
    """The records of a compressed file, one a line; raises TrainingDataMissing."""
    unpacking = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        file = zstandard.open(path, "rt", dctx=unpacking, encoding="utf-8")
    except FileNotFoundError as error:
        raise TrainingDataMissing(path) from error
    with file:
        for line in file:
            yield of.model_validate_json(line)


def digest(text: str) -> bytes:
    """SHA-256 of a text's UTF-8 bytes, which all choices are made by."""
    return hashlib.sha256(text.encode()).digest()


def readable_title(title: str | None) -> str:
    """A title as a person would write it; "" for none."""
    return (title or "").replace("_", " ")


def letters(text: str) -> str:
    """A text without case and punctuation, which differ between sources that share paragraphs."""
    return re.sub(r"\W+", "", text.lower())


def reserved(row: Row) -> bool:
    """Whether a row's paragraph or article is kept from training, for fitting and measuring."""
    return of_reserved_article(row) or reserved_paragraph(row.context, row.source)


def of_reserved_article(row: Row) -> bool:
    """Whether a row's article is among the one in fourteen that is kept from training."""
    return bool(row.title) and digest(row.title or "")[0] % _ONE_ARTICLE_IN == 0


def reserved_paragraph(context: str, source: str) -> bool:
    """Whether the paragraph is kept from training."""
    held = next((held for name, held in _RESERVED.items() if source.startswith(name)), 1)
    return digest(context)[0] % 16 < held


def trained_on(rows: Iterable[Row]) -> list[Row]:
    """The rows to train on, in the order of their hashes.

    - None that is reserved, nor one whose paragraph is reserved as another source has it.
    - Of SQuAD's questions at most three a paragraph, but all where the same paragraph has
      human-written unanswerable ones, which must be told from them.
    - Of human-written unanswerable questions with a negation only every other: they are seven times
      as frequent there as among answerable ones, and would teach that "not" means no answer.
    """
    rows = list(rows)
    kept_back = {letters(row.context) for row in rows if reserved(row)}
    tricky = {letters(row.context) for row in rows if HUMAN in row.source}
    asked: Counter[str] = Counter()
    chosen = []
    for row in sorted(rows, key=key):
        paragraph = letters(row.context)
        if paragraph in kept_back:
            continue
        if row.source == SQUAD:
            asked[paragraph] += 1
            if asked[paragraph] > _A_PARAGRAPH and paragraph not in tricky:
                continue
        if HUMAN in row.source and _NEGATION.search(row.question) and int(key(row)[:2], 16) % 2:
            continue
        chosen.append(row)
    return chosen


def purpose(document: str) -> Purpose:
    """What a document's own-words questions are for: training (8 of 10), fitting, or reporting."""
    place = digest(document)[0] % 10
    return "training" if place < _TRAINING else "fitting" if place == _TRAINING else "reporting"


def own_words_trained_on(own: Iterable[OwnWords], rows: Iterable[Row]) -> list[OwnWords]:
    """The own-words rows to train on, in the order of their hashes.

    Those of the training documents whose paragraph is not reserved as a public set has it.
    """
    kept_back = {letters(row.context) for row in rows if reserved(row)}
    chosen = [
        row
        for row in own
        if purpose(row.document) == "training" and letters(row.context) not in kept_back
    ]
    return sorted(chosen, key=key)


def placed(rows: Iterable[OwnWords], documents: Iterable[WholeDocument]) -> Iterator[OwnWords]:
    """The rows, those of a whole document with the headings that stand above their passages."""
    whole = {each.document: each for each in documents}
    known = {name: headings(each.text) for name, each in whole.items()}
    for row in rows:
        if (document := whole.get(row.document)) is None:
            yield row
            continue
        above = path_at(known[row.document], document.text.find(row.context))
        yield row.model_copy(
            update={"headings": tuple(each.text for each in above if each.text != document.title)}
        )


def sources(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many rows each source gave, most first."""
    return dict(Counter(row.source for row in rows).most_common())


def key(row: Row) -> str:
    """Names a row: the SHA-256 of its texts, in hexadecimal."""
    return digest(f"{row.question}\n{row.context}").hex()
