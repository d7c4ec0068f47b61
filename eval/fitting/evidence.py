"""The sentence score and the confidence: ``python -m eval.fitting.evidence`` fits them once more.

On the tuning half of the questions, and measured on the reporting half, with the real retrieval,
candidates and ``Evidence``. Every group (a collection's kind and its source) weighs the same, and
answerable and unanswerable questions alike. Nothing is written: the constants of
``rag.quoting.confidence`` are printed beside what the fit gives.
"""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from eval.fitting.cases import Case, Cases
from eval.fitting.evidence_report import report
from eval.fitting.own_words import own_words
from eval.fitting.paragraphs import STDERR, document_id, embed_paragraphs, index_of
from eval.fitting.regressions import SCORE, CaseCandidates
from eval.fitting.retrieval_set import held_out
from rag.index.reading import Index
from rag.quoting.extraction import candidates
from rag.quoting.reader import Reader
from rag.retrieval.hybrid import retrieve
from rag.retrieval.query import Query
from rag.retrieval.searching import Found
from rag.settings import Settings
from rag.text.encoder import Encoder, Vectors
from rag.training.rows import digest, read_rows

_WIDTH = 130
_HITS: int = Settings.model_fields["hits"].default
_ONE_QUESTION_IN = 6  # is asked; the reader takes a tenth of a second or more for each


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training rows.", metavar="FOLDER")],
    cache: Annotated[
        Path | None, typer.Option(help="Folder to keep embeddings in for the next run.")
    ] = None,
) -> None:
    """Fit the sentence score and the confidence, and print them beside the shipped ones."""
    console = Console(width=None if Console().is_terminal else _WIDTH)
    rows = list(read_rows(data))
    made = Cases(rows, held_out(rows))
    cases = [case for case in made.all() if digest(case.question)[2] % _ONE_QUESTION_IN == 0]
    STDERR.print(f"{len(made.paragraphs):,} paragraphs, {len(cases):,} cases")
    encoder, reader = Encoder(), Reader()
    embedded = embed_paragraphs(encoder, made.paragraphs, cache)
    questions = sorted({case.question for case in cases})
    vectors = dict(zip(questions, encoder.encode_questions(questions), strict=True))
    candidates_of: list[CaseCandidates] = []
    for places, group in groupby(track(cases, "reading", console=STDERR), lambda case: case.places):
        with index_of(embedded, places) as index:
            for case in group:
                gold = None if case.gold is None else document_id(case.gold)
                candidates_of.append(read(index, reader, case, vectors[case.question], gold))
    with own_words(data) as (index, own):
        own_vectors = encoder.encode_questions([case.question for case, _ in own])
        for (case, gold), vector in zip(
            track(own, "own words", console=STDERR), own_vectors, strict=True
        ):
            cases.append(case)
            candidates_of.append(read(index, reader, case, vector, gold))
    for table in report(cases, candidates_of):
        console.print(table)


def read(
    index: Index, reader: Reader, case: Case, vector: Vectors, gold: str | None
) -> CaseCandidates:
    """Retrieve and take apart as the assistant does, the absent paragraphs passed over.

    Args:
        index: The case's collection.
        reader: Reads it.
        case: What is asked.
        vector: The question's embedding, shape (dimensions,).
        gold: The id of the document with the answer.
    """
    absent = {document_id(place) for place in case.without}
    query = Query(case.question)
    hits = [
        hit
        for hit in retrieve(index, query, vector, _HITS + len(absent))
        if hit.passage.document_id not in absent
    ]
    pieces = candidates(index, reader, Found(query, vector, tuple(hits[:_HITS])))
    return CaseCandidates(
        evidence=np.array(
            [[float(getattr(piece.evidence, name)) for name in SCORE] for piece in pieces]
        ).reshape(-1, len(SCORE)),
        holds=np.array(
            [
                piece.document_id == gold
                and any(piece.start <= start < piece.end for start in case.starts)
                for piece in pieces
            ],
            dtype=bool,
        ),
        passages=len(index.passage_ids),
    )


if __name__ == "__main__":
    typer.run(main)
