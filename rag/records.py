"""The records that flow through Steward, one per stage.

    files → Document → Passage → index → Hit → Quote → Answer

An answer may carry what a language model made of its quotes: Prose.

Every offset counts Unicode code points of ``Document.text`` and every span is half-open.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.outcomes import Kind, Outcome, Reason, Why
from rag.positions import Agreement
from rag.text.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of a document without its text.

    Attributes:
        id: Twelve hexadecimal digits, a hash of ``source``; stays when the text changes.
        title: The title a person would give.
        source: The file's path inside the folder it came from, with forward slashes.
        sha256: Hash of the text's UTF-8 bytes, so that a quote names the version it is from.
        length: The text's length in code points.
        body: Span of the article itself; what lies outside are web left-overs (menus, lists of
            unrelated headlines), which stay in the text but must not win over the article.
        authors: Who wrote it, as the document says; likewise what follows.
        published: A date as 2021-05-04, or a month or year of it.
        url: An address, or its path in the site that it is from.
        language: As en or es-MX.
        is_markdown: Whether headings, lists and the like are marked in the text as in Markdown.
        places: Where each page, slide, row, chapter or part begins, and its name; ascending.
        cut: What of the file is not in the text since it was too much, or could not be read.
        extractor: What made the text of a file of another format; ``file_sha256`` is its bytes'.
    """

    id: str
    title: str
    source: str
    sha256: str
    length: int
    body: tuple[int, int]
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    description: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    is_markdown: bool = False
    places: tuple[tuple[int, str], ...] = ()
    cut: tuple[str, ...] = ()
    extractor: str | None = None
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Metadata):
    """A document: its metadata and the normalised text that every offset counts in."""

    text: str


def passage_id(document_id: str, ordinal: int) -> str:
    """A passage's key in the store."""
    return f"{document_id}:{ordinal}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences; the passages of a document, joined in order, are its text.

    Attributes:
        headings: Those above its text, or at its beginning: section, subsection, and so on; without
            the document's title.
        boilerplate: Whether it lies outside ``Metadata.body``.
    """

    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    boilerplate: bool = False

    @property
    def id(self) -> str:
        """Its key in the store."""
        return passage_id(self.document_id, self.ordinal)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. Ranks count from 1 and are None where that leg did not return it.

    Attributes:
        score: The fused score, between 0 and 1.
        similarity: Cosine of question and passage.
    """

    passage: Passage
    score: float
    similarity: float
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a document: ``document.text[start:end] == text``, always.

    Attributes:
        number: The ``[n]`` it is cited by, from 1, best first.
        place: Where it begins: "page 12", "slide 3", or the headings above it as "Fees › Late
            payment"; None where there is nothing of the kind.
        sha256: The document's hash, as in ``Metadata``.
        also_in: The near-identical sentences of other documents, with the same number.
        marked: Offsets in the document, within ``start`` and ``end``, of the words that answer, as
            far as the reader can tell.
    """

    number: int
    document_id: str
    title: str
    start: int
    end: int
    text: str
    sha256: str
    place: str | None = None
    also_in: tuple["Quote", ...] = ()
    marked: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages found for a question: what a search gives, and what is read for an answer.

    Attributes:
        hits: Nearest first.
        documents: What is known of the documents that they are from, by id.
    """

    question: str
    hits: tuple[Hit, ...]
    documents: Mapping[str, Metadata]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a language model that passed the check.

    Attributes:
        text: Plain text, without its citations.
        cites: Numbers of quotes, each of which alone holds all that the sentence says.
    """

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that did not pass. It is for counting and for logs, never for a reader."""

    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class Prose:
    """What a language model made of an answer's quotes, which are shown beside it in any case.

    Attributes:
        sentences: Those that passed, as they came.
        withheld: Those that did not.
        outcome: What came of it; None while the model still writes.
        seconds: From the request to the end, waiting included.
        first: From the request to the first sentence that passed; None where none did.
    """

    sentences: tuple[Sentence, ...]
    withheld: tuple[Withheld, ...]
    outcome: Outcome | None
    seconds: float
    first: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer the question, or may, or a refusal with its reason.

    Attributes:
        question: As it was asked.
        searched: What was searched for, which differs where words were mistyped.
        quotes: Best first, those of an overview in the documents' order; of a "perhaps" those that
            may answer; empty of "none", and where ``catalogue`` answers.
        confidence: Probability that the quotes answer the question.
        threshold: The confidence from which on Steward answers.
        perhaps_threshold: Likewise quotes what may answer; never above the other.
        kind: What the confidence makes of it.
        reason: Why it does not answer; None when it does, and of "help".
        unknown: Words of the question that say what it is about and that no document holds.
        hits: The passages found, nearest first, of which the first or all were read; where nothing
            is quoted, what may be offered as nearest.
        documents: What is known of the documents that quotes and hits are from, by id, as it was
            when they were read.
        timings: Seconds a stage took, by the stage's name.
        documents_language: Of "other_language" the one that the documents are in, as "en".
        prose: What a language model made of the quotes, or has made so far; None where there is
            none, and of all but an answer.
        vector: The unit vector that was searched for; it tells what other questions are like it.
        agreement: Where several documents answer and agree or differ; else None.
        catalogue: The documents that were asked for, of a question about these.
    """

    question: str
    searched: str
    quotes: tuple[Quote, ...]
    confidence: float
    threshold: float
    perhaps_threshold: float
    kind: Kind
    reason: Reason | None
    unknown: tuple[str, ...]
    hits: tuple[Hit, ...]
    documents: Mapping[str, Metadata]
    timings: Mapping[str, float]
    documents_language: Language | None = None
    prose: Prose | None = None
    vector: tuple[float, ...] = ()
    agreement: Agreement | None = None
    catalogue: tuple[Metadata, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the documents surely answer."""
        return self.kind in ("answer", "overview", "list")
