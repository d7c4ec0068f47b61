"""What each stage is worth: ``python -m eval.measuring.ablation`` leaves parts out.

The same questions and the same way of quoting; what differs is how passages are found and what a
sentence is judged by. The last line is the one before it after ``steward calibrate`` on the tuning
half.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from eval.figures import format_figure
from eval.measuring.calibration_fit import fit_calibration
from eval.measuring.metrics import METRICS, Outcomes
from eval.measuring.questions import OWN, Half, Question, half_of, read_questions, shown
from eval.measuring.results import QuestionResult, QuotedSpan
from eval.measuring.run import temporary_index
from rag.index.reading import Index, reading
from rag.quoting.calibration import Calibration
from rag.quoting.confidence import SHIPPED, Weights
from rag.quoting.extraction import extract
from rag.quoting.reader import Reader
from rag.records import Hit
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import Find, search
from rag.settings import SEEDS, Settings
from rag.text.encoder import Encoder, Vectors

WORDS = Weights(
    reading=0.0,
    similarity=5.0,
    passage_similarity=2.5,
    coverage=2.0,
    context=2.0,
    slope=0.70,
    size=-0.5,
    offset=-3.45,
)
"""Similarity and shared words, as Steward judged by before there was a reader."""
SIMILARITY = replace(WORDS, passage_similarity=0.0, coverage=0.0, context=0.0)
"""The cosine of question and sentence alone."""

FIGURES = ("right", "refused_unanswerable", "precision", "auroc", "auroc_answerable", "ece")
WRONG = 0.05  # of the answers shown, what the calibration allows
RIGHT = 0.4  # of the quotes that may answer, what it asks for

_HITS: int = Settings.model_fields["hits"].default


@dataclass(frozen=True, slots=True)
class Variant:
    """Steward with something left out."""

    name: str
    find: Find
    weights: Weights


def nearest(index: Index, query: Query, vector: Vectors) -> Sequence[Hit]:
    """The passages nearest by their vector alone."""
    hits = retrieve(index, query, vector, len(index.passage_ids))
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.passage.id))[:_HITS]


fused = partial(retrieve, count=_HITS)

VARIANTS = (
    Variant("similarity only", nearest, SIMILARITY),
    Variant("with BM25 and shared words", fused, WORDS),
    Variant("with the reader", fused, SHIPPED),
)


def main() -> None:
    """Ask, and print what comes of it on the reporting half."""
    table = Table("reporting half", *(METRICS[name].label for name in FIGURES))
    questions = read_questions(OWN)
    with temporary_index(Path(SEEDS), Settings()) as settings, reading(settings) as index:
        encoder, reader = Encoder(), Reader()
        for variant in VARIANTS:
            results = list(ask(variant, questions, index, encoder, reader))
            table.add_row(variant.name, *figures(questions, results, Calibration()))
        tuning = _half(questions, results, "tuning")
        fitted = fit_calibration(tuning, WRONG, RIGHT).calibration
        assert fitted
        table.add_row("calibrated", *figures(questions, results, fitted))
    Console(width=140).print(table)


def ask(
    variant: Variant, questions: Sequence[Question], index: Index, encoder: Encoder, reader: Reader
) -> Iterator[QuestionResult]:
    """What would be answered if nothing were refused, with the confidence as it is."""
    for question in questions:
        searched = search(index, encoder, question.question, variant.find, question.history)
        extraction = extract(index, reader, searched, variant.weights)
        yield QuestionResult(
            id=question.id,
            answered=bool(extraction.quotes),
            confidence=extraction.confidence,
            quotes=tuple(map(QuotedSpan.of, shown(extraction.quotes))),
            milliseconds=0.0,
        )


def figures(
    questions: Sequence[Question], results: Sequence[QuestionResult], calibration: Calibration
) -> Iterator[str]:
    """The figures of the reporting half in words, in the order of ``FIGURES``."""
    calibrated = [
        result.model_copy(update={"confidence": calibration.probability(result.confidence)})
        for result in results
    ]
    decided = [
        result.model_copy(
            update={"answered": result.answered and result.confidence >= calibration.threshold}
        )
        for result in calibrated
    ]
    outcomes = _half(questions, decided, "reporting")
    for metric in map(METRICS.__getitem__, FIGURES):
        yield format_figure(float(metric.compute(outcomes)), metric.kind)


def _half(
    questions: Sequence[Question], results: Sequence[QuestionResult], which: Half
) -> Outcomes:
    kept = [half_of(question.id) == which for question in questions]
    return Outcomes.of(list(compress(questions, kept)), list(compress(results, kept)))


if __name__ == "__main__":
    typer.run(main)
