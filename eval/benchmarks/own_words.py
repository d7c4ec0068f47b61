"""Own words: questions as people ask who have not read the documents, put to whole documents.

Data: ``own_words.jsonl.zst`` and ``own_words_documents.jsonl.zst`` of the training data, of which
``rag.training.rows.part`` keeps one document in ten for reporting; their licences are in
``rag/quoting/weights/README.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.files import asking, index_of, titled
from eval.benchmarks.result import Result
from eval.measuring.intervals import measure
from eval.measuring.metrics import METRICS, Bools, Outcomes
from eval.measuring.questions import shown
from eval.measuring.run import Progress, held
from rag.records import Answer, Hit
from rag.settings import Settings
from rag.training.rows import OwnWords, Part, part, read_documents, read_own_words

_FOUND = 20  # passages among which one with the answer is looked for

_FIGURES = ("right", "wrongly_refused", "refused_unanswerable", "precision", "auroc")
_COLUMNS = ("right", "refused", "none: refused", "shown: right", "AUROC", "R@1", "R@5", "R@8")
_NOTES = (
    "Every question is put to all reporting documents together. Right: answered, and a quote that "
    "a reader sees holds at least half of the words marked as the answer. None: refused: of the "
    "questions that their passage does not answer. Shown: right: of the answers shown, those to "
    "such questions included, so that 100 less it is the share of wrong ones. AUROC: right or not, "
    "in %. R@k: of the answerable, an answer's passage among the k nearest.",
    "A question without an answer was checked against its passage and those beside it, not against "
    "all documents: some of them are answered elsewhere, and count as wrong here when they are.",
    "The questions were written by a language model that read the passage; none of these documents "
    "was trained on or fitted to.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where its answer stands.

    Attributes:
        source: The file of its document.
        span: Offsets of the answer in the document's text; None where there is none.
    """

    question: str
    kind: str
    source: str
    span: tuple[int, int] | None


def run(data: Path, settings: Settings, progress: Progress | None = None) -> Result:
    """Ask all questions of the reporting documents; raises TrainingDataMissing."""
    files, asked = read(data, "reporting")
    answers: list[Answer] = []
    ranks = []
    with index_of(files, settings, progress) as opened, asking(opened) as (assistant, threshold):
        ids = {each.source: each.id for each in assistant.documents()}
        for number, each in enumerate(asked, 1):
            answers.append(assistant.ask(each.question))
            hits = assistant.search(each.question, _FOUND).hits
            ranks.append(rank(hits, ids[each.source], each.span))
            if progress:
                progress("asking", number, len(asked))
    gold = [ids[each.source] for each in asked]
    found = outcomes(asked, gold, answers, ranks, threshold)
    kinds = np.array([each.kind for each in asked])
    unable = ~found.answerable
    lines = []
    for kind in ("all", *dict.fromkeys(kinds[~unable])):
        # A kind is told from all the questions without an answer.
        lines.append((str(kind), figures(found, (kinds == kind) | unable | (kind == "all"))))
    measured = measure(found)
    lines[1:1] = [
        (f"all: 95% interval, {end}", [getattr(measured[name], end) * 100 for name in _FIGURES])
        for end in ("low", "high")
    ]
    return Result(
        title=f"own-words: {len(asked):,} questions, {int(found.answerable.sum())} of them "
        f"answerable, {len(files)} documents, threshold {threshold:g}",
        columns=_COLUMNS,
        lines=[
            (name, (*values, *[None] * (len(_COLUMNS) - len(values)))) for name, values in lines
        ],
        notes=_NOTES,
    )


def read(data: Path, wanted: Part) -> tuple[dict[str, str], list[Asked]]:
    """The documents of one part as files, and the questions about them, in the data's order."""
    names: dict[str, str] = {}
    files: dict[str, str] = {}
    texts: dict[str, str] = {}
    for document in read_documents(data):
        if part(document.document) == wanted:
            name = f"{len(files):04}.txt"
            names[document.document] = name
            files[name] = titled(document.title, document.text)
            texts[document.document] = document.text
    asked = [
        Asked(row.question, row.kind, names[row.document], _place(row, texts[row.document]))
        for row in read_own_words(data)
        if row.document in names
    ]
    return files, asked


def _place(row: OwnWords, text: str) -> tuple[int, int] | None:
    if not row.answerable:
        return None
    answer = row.answers[0]
    start = text.index(row.context) + answer.start
    return start, start + len(answer.text)


def rank(hits: Sequence[Hit], document: str, span: tuple[int, int] | None) -> float:
    """Rank of the first passage with most of the answer, from 1; infinite, or NaN for no answer."""
    if span is None:
        return np.nan
    for place, hit in enumerate(hits, 1):
        passage = hit.passage
        if passage.document_id == document and held(span, passage.start, passage.end):
            return place
    return np.inf


def outcomes(
    asked: Sequence[Asked],
    documents: Sequence[str],
    answers: Sequence[Answer],
    ranks: Sequence[float],
    threshold: float,
) -> Outcomes:
    """The results as arrays; ``documents`` are the ids of each question's own document."""
    confidence = np.array([answer.confidence for answer in answers])
    quoted = np.array([bool(answer.quotes) for answer in answers])
    supported = [
        each.span is not None
        and any(
            quote.document_id == document and held(each.span, quote.start, quote.end)
            for quote in shown(answer)
        )
        for each, document, answer in zip(asked, documents, answers, strict=True)
    ]
    return Outcomes(
        answerable=np.array([each.span is not None for each in asked]),
        answered=quoted & (confidence >= threshold),
        supported=np.array(supported),
        confidence=confidence,
        rank=np.array(ranks),
        milliseconds=np.array([sum(answer.timings.values()) for answer in answers]) * 1000,
    )


def figures(found: Outcomes, kept: Bools) -> list[float]:
    """The figures of the columns, in percent, over some of the questions."""
    chosen = found.take(np.flatnonzero(kept))
    values = [float(METRICS[name].compute(chosen)) for name in _FIGURES]
    ranked = chosen.rank[chosen.answerable]
    return [value * 100 for value in (*values, *(float(np.mean(ranked <= k)) for k in (1, 5, 8)))]
