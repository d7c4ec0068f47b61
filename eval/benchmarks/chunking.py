"""Chroma's chunking evaluation: are the passages, and the quotes, where the gold excerpts are?

Data: https://github.com/brandonstarxel/chunking_evaluation (MIT), five corpora and 472 questions.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.benchmarks.files import index_of, read_text
from eval.benchmarks.ranking import RankedAnswer, ranking_assistant
from eval.benchmarks.span_overlap import DocumentSpan, Overlap, mean_overlap, overlap
from eval.benchmarks.table import BenchmarkTable
from eval.measuring.questions import shown
from eval.measuring.run import Progress, tracked
from rag.index.reading import Index
from rag.settings import Settings
from rag.text.tokens import token_count

TOP = 5

_PUBLISHED: Sequence[tuple[str, Sequence[float | None]]] = (
    ("published, all-MiniLM-L6-v2: TokenText 250/125", (82.4, 3.6, 3.5, 250)),
    ("published, all-MiniLM-L6-v2: Recursive 250/125", (78.7, 4.9, 4.9, 250)),
    ("published, all-MiniLM-L6-v2: Recursive 200/0", (75.7, 6.5, 6.5, 200)),
    ("published, all-MiniLM-L6-v2: Cluster 200", (75.2, 7.2, 7.2, 200)),
    ("published, text-embedding-3-large: GPT-4o chunker", (91.9, None, None, None)),
    ("published, text-embedding-3-large: best IoU", (None, None, 8.0, None)),
)
_NOTES = (
    "Recall, precision and IoU by character, in %, over the top 5 passages of the five corpora in "
    "one index, averaged over questions; the published means are over the same questions.",
    "Published: Smith and Troynikov (2024), Evaluating Chunking Strategies for Retrieval, Chroma "
    "Technical Report. Their tokens are the chunker's limit (of TokenText, the exact size), ours "
    "the mean of all passages in cl100k tokens; their retrieval is dense alone, ours dense and "
    "lexical.",
    "Quotes: the sentences Steward shows. The published systems quote nothing; the line says how "
    "much less there is to read than in their chunks. Refusals count as 0 in the second line.",
)


def run(data: Path, settings: Settings, progress: Progress | None = None) -> BenchmarkTable:
    """Ask all questions; raises BenchmarkMissing and what ingest raises."""
    questions = list(csv.DictReader(io.StringIO(read_text(data / "chunking" / "questions.csv"))))
    corpora = sorted({question["corpus_id"] for question in questions})
    files = {
        f"{name}.md": read_text(data / "chunking" / "corpora" / f"{name}.md") for name in corpora
    }
    passages, forced, given = [], [], []
    with (
        index_of(files, settings, progress) as opened,
        ranking_assistant(opened, TOP) as assistant,
    ):
        threshold, index = assistant.calibration.threshold, assistant.index
        ids = {Path(document.source).stem: document.id for document in index.documents()}
        _check_offsets(index, files)
        lengths = [token_count(passage.text) for passage in index.store.passages(index.passage_ids)]
        for question in tracked(questions, "asking", progress):
            document = ids[question["corpus_id"]]
            wanted = [
                (document, reference["start_index"], reference["end_index"])
                for reference in json.loads(question["references"])
            ]
            answer = assistant.ask(question["question"])
            quotes = _quotes(answer)
            passages.append(overlap(_passages(answer), wanted))
            forced.append(overlap(quotes, wanted))
            given.append(overlap(quotes if answer.confidence >= threshold else [], wanted))
    return BenchmarkTable(
        title=f"chunking: {len(questions)} questions, {len(lengths):,} passages",
        columns=("recall", "precision", "IoU", "tokens"),
        lines=(
            ("Steward, top 5 passages", (*_mean(passages), float(np.mean(lengths)))),
            ("Steward, quotes, threshold 0", (*_mean(forced), None)),
            (f"Steward, quotes, threshold {threshold:g}", (*_mean(given), None)),
            *_PUBLISHED,
        ),
        notes=_NOTES,
    )


def _passages(answer: RankedAnswer) -> list[DocumentSpan]:
    passages = (hit.passage for hit in answer.hits[:TOP])
    return [(passage.document_id, passage.start, passage.end) for passage in passages]


def _quotes(answer: RankedAnswer) -> list[DocumentSpan]:
    return [(quote.document_id, quote.start, quote.end) for quote in shown(answer.quotes)]


def _mean(overlaps: Sequence[Overlap]) -> list[float]:
    """Mean recall, precision and IoU in percent."""
    return [share * 100 for share in mean_overlap(overlaps)]


def _check_offsets(index: Index, files: Mapping[str, str]) -> None:
    """The gold offsets count in the file's text, so Steward's text must be the same."""
    for document in index.documents():
        if index.document(document.id).text != files[document.source]:
            raise ValueError(f"the offsets of {document.source} do not hold in its normalised text")
