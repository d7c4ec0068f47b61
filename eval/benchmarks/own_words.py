"""Own words: questions as people ask who have not read the documents, put to whole documents.

Data: ``own_words.jsonl.zst`` and ``own_words_documents.jsonl.zst`` of the training data, of which
``rag.training.rows.purpose`` keeps one document in ten for reporting; their licences are in
``rag/quoting/weights/README.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.files import index_of
from eval.benchmarks.ranking import RankedAnswer, ranking_assistant
from eval.benchmarks.table import BenchmarkTable
from eval.measuring.intervals import measure
from eval.measuring.metrics import METRICS, Bools, Outcomes
from eval.measuring.questions import shown
from eval.measuring.run import Progress, held, tracked
from rag.documents.files import titled
from rag.quoting.calibration import Calibration
from rag.records import Hit
from rag.settings import Settings
from rag.text.sentences import Span
from rag.training.rows import OwnWords, Purpose, purpose, read_documents, read_own_words

_FIGURES = (
    *("right", "perhaps_right", "wrongly_silent", "refused_unanswerable", "rightly_silent"),
    *("precision", "perhaps_precision", "auroc"),
)
_RECALL_AT = (1, 5, 8)
_COLUMNS = (
    *("sure, right", "perhaps, right", "no", "none: not sure", "none: no"),
    *("sure: right", "perhaps: right", "AUROC"),
    *(f"R@{count}" for count in _RECALL_AT),
)
_NOTES = (
    "Every question is put to all reporting documents together. Right: a quote that a reader sees "
    "holds at least half of the words marked as the answer. None: of the questions that their "
    "passage does not answer. Sure: right, and perhaps: right: of the quotes that are shown as "
    "either, to such questions too, so that 100 less it is the share of wrong ones. AUROC: right "
    "or not, in %. R@k: of the answerable, an answer's passage among the k nearest.",
    "A question without an answer was checked against its passage and those beside it, not against "
    "all documents: some of them are answered elsewhere, and count as wrong here when they are.",
    "The questions were written by a language model that read the passage; none of these documents "
    "was trained on or fitted to.",
)


@dataclass(frozen=True, slots=True)
class OwnWordsQuestion:
    """A question, and where its answer stands.

    Attributes:
        source: The file of its document.
        span: Offsets of the answer in the document's text; None where there is none.
    """

    question: str
    kind: str
    source: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of documents kept for one purpose, and what came of them, in one order.

    Attributes:
        documents: How many they were put to.
        fitted: What was made of the confidence.
    """

    documents: int
    questions: Sequence[OwnWordsQuestion]
    results: Outcomes
    fitted: Calibration


def ask(data: Path, wanted: Purpose, settings: Settings, progress: Progress | None = None) -> Asked:
    """Ask all questions of the documents kept for one purpose; raises TrainingDataMissing."""
    files, questions = read(data, wanted)
    with (
        index_of(files, settings, progress) as opened,
        ranking_assistant(opened, max(_RECALL_AT)) as assistant,
    ):
        fitted = assistant.calibration
        ids = {document.source: document.id for document in assistant.index.documents()}
        answers = [
            assistant.ask(question.question) for question in tracked(questions, "asking", progress)
        ]
    gold = [ids[question.source] for question in questions]
    return Asked(len(files), questions, outcomes(questions, gold, answers, fitted), fitted)


def run(data: Path, settings: Settings, progress: Progress | None = None) -> BenchmarkTable:
    """Ask all questions of the reporting documents; raises TrainingDataMissing."""
    asked = ask(data, "reporting", settings, progress)
    results = asked.results
    kinds = np.array([question.kind for question in asked.questions])
    unable = ~results.answerable
    lines = []
    for kind in ("all", *dict.fromkeys(kinds[~unable])):
        # A kind is told from all the questions without an answer.
        lines.append((str(kind), figures(results, (kinds == kind) | unable | (kind == "all"))))
    measured = measure(results)
    lines[1:1] = [
        (f"all: 95% interval, {end}", [getattr(measured[name], end) * 100 for name in _FIGURES])
        for end in ("low", "high")
    ]
    return BenchmarkTable(
        title=f"own-words: {len(results):,} questions, {int(results.answerable.sum())} of them "
        f"answerable, {asked.documents} documents, thresholds {asked.fitted.threshold:g} and "
        f"{asked.fitted.perhaps_threshold:g}",
        columns=_COLUMNS,
        lines=[
            (name, (*values, *[None] * (len(_COLUMNS) - len(values)))) for name, values in lines
        ],
        notes=_NOTES,
    )


def read(data: Path, wanted: Purpose) -> tuple[dict[str, str], list[OwnWordsQuestion]]:
    """The documents kept for one purpose as files, and their questions, in the data's order."""
    names: dict[str, str] = {}
    files: dict[str, str] = {}
    texts: dict[str, str] = {}
    for document in read_documents(data):
        if purpose(document.document) == wanted:
            name = f"{len(files):04}.txt"
            names[document.document] = name
            files[name] = titled(document.title, document.text)
            texts[document.document] = document.text
    questions = [
        OwnWordsQuestion(
            row.question, row.kind, names[row.document], _place(row, texts[row.document])
        )
        for row in read_own_words(data)
        if row.document in names
    ]
    return files, questions


def _place(row: OwnWords, text: str) -> Span | None:
    if not row.answerable:
        return None
    answer = row.answers[0]
    start = text.index(row.context) + answer.start
    return start, start + len(answer.text)


def rank(hits: Sequence[Hit], document: str, span: Span | None) -> float:
    """Rank of the first passage with most of the answer, from 1; infinite, or NaN for no answer."""
    if span is None:
        return np.nan
    for place, hit in enumerate(hits, 1):
        passage = hit.passage
        if passage.document_id == document and held(span, passage.start, passage.end):
            return place
    return np.inf


def outcomes(
    questions: Sequence[OwnWordsQuestion],
    documents: Sequence[str],
    answers: Sequence[RankedAnswer],
    fitted: Calibration,
) -> Outcomes:
    """The results as arrays; ``documents`` are the ids of each question's own document."""
    confidence = np.array([answer.confidence for answer in answers])
    kinds = np.array(
        [fitted.kind(answer.confidence) if answer.quotes else "none" for answer in answers]
    )
    supported = [
        question.span is not None
        and any(
            quote.document_id == document and held(question.span, quote.start, quote.end)
            for quote in shown(answer.quotes)
        )
        for question, document, answer in zip(questions, documents, answers, strict=True)
    ]
    ranks = [
        rank(answer.hits, document, question.span)
        for question, document, answer in zip(questions, documents, answers, strict=True)
    ]
    return Outcomes(
        answerable=np.array([question.span is not None for question in questions]),
        answered=kinds == "answer",
        perhaps=kinds == "perhaps",
        supported=np.array(supported),
        confidence=confidence,
        rank=np.array(ranks),
        milliseconds=np.array([answer.seconds for answer in answers]) * 1000,
    )


def figures(results: Outcomes, kept: Bools) -> list[float]:
    """The figures of the columns, in percent, over some of the questions."""
    chosen = results.take(np.flatnonzero(kept))
    values = [float(METRICS[name].compute(chosen)) for name in _FIGURES]
    ranked = chosen.rank[chosen.answerable]
    recalls = [float(np.mean(ranked <= k)) for k in _RECALL_AT]
    return [value * 100 for value in (*values, *recalls)]
