"""How the legs of the retriever are fused: ``python -m eval.fitting.fusion`` prints the comparison.

Every candidate is one that ``rag.retrieval.hybrid.retrieve`` returns, with its score there; the
other fusions order the same candidates. Weights are chosen on the tuning half of the questions, by
mean reciprocal rank, and everything in the first table is of the reporting half.

The encoder has seen questions of SQuAD and Natural Questions (its model card), which flatters the
dense leg on these two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.benchmarks.mtrag_un import ndcg, recall
from eval.figures import format_figure, format_interval
from eval.fitting.macro import difference, macro
from eval.fitting.paragraphs import STDERR, embed_paragraphs, index_of
from eval.fitting.retrieval_set import SHARES, HeldOutQuestion, half_by_text, held_out
from eval.measuring.metrics import Floats
from rag.index.reading import Index
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.text.encoder import Encoder, Vectors
from rag.training.rows import read_rows

WEIGHTS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.625, 2 / 3, 0.7, 0.75, 0.8, 0.9)
"""Of the dense score, BM25 having the rest."""
FIGURES = ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10")

_TOP = 10
_MRR = FIGURES.index("MRR@10")
_RRF = 60
_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that either leg found for a question, as arrays of one shape, (candidates,).

    Attributes:
        ids: Of their documents.
        passage: Cosine of question and passage.
        sentence: The highest cosine of question and a sentence of the passage.
        lexical: BM25 over the most that it could be.
        dense_rank: From 1; infinite where that leg did not return it. Likewise ``lexical_rank``.
        shipped: The retriever's own score.
    """

    ids: tuple[str, ...]
    passage: Floats
    sentence: Floats
    lexical: Floats
    dense_rank: Floats
    lexical_rank: Floats
    shipped: Floats

    @property
    def mean(self) -> Floats:
        """Mean of the two cosines."""
        return (self.passage + self.sentence) / 2


FIXED: Mapping[str, Callable[[Candidates], Floats]] = {
    "dense: passage": lambda legs: legs.passage,
    "dense: best sentence": lambda legs: legs.sentence,
    "dense: mean of both": lambda legs: legs.mean,
    "BM25": lambda legs: legs.lexical,
    # Cormack, Clarke and Büttcher (2009), https://doi.org/10.1145/1571941.1572114
    "reciprocal-rank fusion": lambda legs: (
        1 / (_RRF + legs.dense_rank) + 1 / (_RRF + legs.lexical_rank)
    ),
}
WEIGHTED: Mapping[str, Callable[..., Floats]] = {
    "convex: passage, BM25": lambda legs, weight: _convex(legs.passage, legs.lexical, weight),
    "convex: best sentence, BM25": lambda legs, weight: _convex(
        legs.sentence, legs.lexical, weight
    ),
    "convex: mean of both, BM25": lambda legs, weight: _convex(legs.mean, legs.lexical, weight),
}
SHIPPED = "as shipped (rag.retrieval.hybrid)"


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training rows.", metavar="FOLDER")],
    cache: Annotated[
        Path | None, typer.Option(help="Folder to keep embeddings in for the next run.")
    ] = None,
) -> None:
    """Compare the fusions on the held-out retrieval set."""
    console = Console(width=None if Console().is_terminal else _WIDTH)
    chosen = held_out(read_rows(data))
    questions = chosen.questions
    STDERR.print(f"{len(chosen.paragraphs):,} paragraphs, {len(questions):,} questions")
    encoder = Encoder()
    embedded = embed_paragraphs(encoder, chosen.paragraphs, cache)
    vectors = encoder.encode_questions([question.question for question in questions])
    with index_of(embedded, range(len(chosen.paragraphs))) as index:
        asked = list(zip(questions, vectors, strict=True))
        retrieved = [
            candidates(index, question.question, vector)
            for question, vector in track(asked, "retrieving", console=STDERR)
        ]
    ids = [passage.document_id for passage in embedded.passages]
    for table in report(questions, [ids[question.gold] for question in questions], retrieved):
        console.print(table)


def candidates(index: Index, question: str, vector: Vectors) -> Candidates:
    """What the retriever finds, with the parts of its score."""
    hits = retrieve(index, Query(question), vector, len(index.passage_ids))
    ids = [hit.passage.id for hit in hits]
    scores = np.array(index.store.bm25([(question, 1.0)], ids), dtype=np.float32)
    most = index.lexical.most(question)
    return Candidates(
        ids=tuple(hit.passage.document_id for hit in hits),
        passage=np.array([hit.similarity for hit in hits]),
        sentence=np.array([(own.vectors @ vector).max() for own in index.store.sentences(ids)]),
        lexical=scores.astype(np.float64) / (most or 1.0),
        dense_rank=np.array([hit.dense_rank or np.inf for hit in hits]),
        lexical_rank=np.array([hit.lexical_rank or np.inf for hit in hits]),
        shipped=np.array([hit.score for hit in hits]),
    )


def figures(ids: Sequence[str], scores: Floats, gold: str) -> tuple[float, ...]:
    """``FIGURES`` of one question's candidates, by their documents' ids, which decide ties."""
    best_first = sorted(zip(-scores, ids, strict=True))
    ranked = [id for _, id in best_first[:_TOP]]
    reciprocal = 1 / (ranked.index(gold) + 1) if gold in ranked else 0.0
    recalls = (recall(ranked, {gold}, count) for count in (1, 5, 10))
    return (*recalls, reciprocal, ndcg(ranked, {gold}, _TOP))


def report(
    questions: Sequence[HeldOutQuestion], gold: Sequence[str], retrieved: Sequence[Candidates]
) -> tuple[Table, Table, Table]:
    """The comparison, the sweep of the weights, and the differences to the shipped fusion."""
    sources = np.array([question.source for question in questions])
    halves = np.array([half_by_text(question.question) for question in questions])
    reporting = halves == "reporting"

    def scored(score: Callable[[Candidates], Floats]) -> Floats:
        """``FIGURES`` of every question, shape (questions, figures)."""
        return np.array(
            [figures(legs.ids, score(legs), id) for legs, id in zip(retrieved, gold, strict=True)]
        )

    lines = {name: scored(score) for name, score in FIXED.items()}
    heads = (format_figure(weight, "score") for weight in WEIGHTS)
    sweep = Table("weight of dense, tuning half: MRR@10", *heads)
    for name, weighted in WEIGHTED.items():
        swept = [scored(partial(weighted, weight=weight)) for weight in WEIGHTS]
        tuned = [macro(values[~reporting], sources[~reporting])[_MRR] for values in swept]
        best = int(np.argmax(tuned))
        sweep.add_row(name, *(format_figure(mrr, "score") for mrr in tuned))
        lines[f"{name}, {format_figure(WEIGHTS[best], 'score')}"] = swept[best]
    lines[SHIPPED] = scored(lambda legs: legs.shipped)
    names = [share.name for share in SHARES.values() if share.name in sources]
    comparison = Table(f"reporting half, {int(reporting.sum())} questions", *FIGURES, *names)
    differences = Table("MRR@10, shipped less", "difference", "95% interval")
    for name, values in lines.items():
        per_source = [values[reporting & (sources == source), _MRR].mean() for source in names]
        mean = macro(values[reporting], sources[reporting])
        scores = (format_figure(value, "score") for value in (*mean, *per_source))
        comparison.add_row(name, *scores)
        if name != SHIPPED:
            less = (lines[SHIPPED] - values)[reporting, _MRR]
            measured = difference(less, sources[reporting])
            gain = format_figure(measured.value, "score", "+")
            differences.add_row(name, gain, format_interval(measured, "score", "+"))
    return comparison, sweep, differences


def _convex(dense: Floats, lexical: Floats, weight: float) -> Floats:
    return weight * np.maximum(dense, 0.0) + (1 - weight) * lexical


if __name__ == "__main__":
    typer.run(main)
