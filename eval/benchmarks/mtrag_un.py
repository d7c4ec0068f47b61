"""MTRAG-UN: follow-up questions, and questions that the passages do not answer.

Data: https://github.com/IBM/mt-rag-benchmark (Apache-2.0), 265 of its 507 tasks, each the last turn
of a conversation with the passages that its answer rests on.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.files import index_of, read_objects
from eval.benchmarks.ranking import ranking_assistant
from eval.benchmarks.table import BenchmarkTable
from eval.measuring.metrics import auroc
from eval.measuring.run import Progress, tracked
from rag.settings import Settings

_HITS = 50  # so that ten different documents are among them; a long one is cut into passages
_SLOTS = 10

_PUBLISHED: Sequence[tuple[str, Sequence[float | None]]] = (
    ("floor, whole set: BM25, last turn twice + previous agent turn", (77.7, 78.8, None, None)),
    ("floor, whole set: BM25, last turn alone", (70.9, 71.4, None, None)),
)
_NOTES = (
    "R@5 and nDCG@10 (binary relevance), in %, over the tasks that have reference passages; the "
    "pool is all passages in the file, each a document of its own. A document ranks where the "
    "first of its passages does. The floor is on all 507 tasks with a pool of 1,152, ours on the "
    "265 tasks and the smaller, so easier, pool of this file.",
    "AUROC of the confidence, in %: tasks marked answerable against those marked unanswerable; "
    "partly answerable and underspecified ones are left out. A sentence that answers an "
    "unanswerable task may stand among the passages of another one.",
    "Refused: of the unanswerable tasks, at the threshold in force.",
)


def run(data: Path, settings: Settings, progress: Progress | None = None) -> BenchmarkTable:
    """Ask all tasks; raises BenchmarkMissing and what ingest raises."""
    tasks = read_objects(data / "mtrag_un" / "tasks.jsonl")
    contexts = [context for task in tasks for context in task["contexts"]]
    pool = {context["document_id"]: context["text"] for context in contexts}
    names = {f"{_safe(name)}.txt": name for name in pool}
    files = {source: pool[name] for source, name in names.items()}
    rankings, confidences = [], []
    with (
        index_of(files, settings, progress) as opened,
        ranking_assistant(opened, _HITS) as assistant,
    ):
        ids = {document.id: names[document.source] for document in assistant.index.documents()}
        for task in tracked(tasks, "asking", progress):
            answer = assistant.ask(*conversation(task["input"]))
            documents = (ids[hit.passage.document_id] for hit in answer.hits)
            rankings.append(list(dict.fromkeys(documents)))
            confidences.append(answer.confidence)
    references = [{context["document_id"] for context in task["contexts"]} for task in tasks]
    marks = [task["answerability"] for task in tasks]
    confidence = np.array(confidences)
    positive = np.array([mark == ["ANSWERABLE"] for mark in marks])
    negative = np.array([mark == ["UNANSWERABLE"] for mark in marks])
    either = positive | negative
    refused = float(np.mean(confidence[negative] < assistant.calibration.threshold)) * 100
    detects = float(auroc(confidence[either], positive[either])) * 100
    follow_ups = [len(task["input"]) > 1 for task in tasks]
    return BenchmarkTable(
        title=f"mtrag-un: {len(tasks)} tasks, {len(pool)} passages in the pool",
        columns=("R@5", "nDCG@10", "AUROC", "refused"),
        lines=(
            (
                f"Steward, all {sum(map(bool, references))} tasks with references",
                (
                    *_scores(rankings, references, [True] * len(tasks)),
                    detects,
                    refused,
                ),
            ),
            (
                "Steward, follow-up turns alone",
                (*_scores(rankings, references, follow_ups), None, None),
            ),
            *_PUBLISHED,
        ),
        notes=_NOTES,
    )


def conversation(turns: Sequence[Mapping[str, Any]]) -> tuple[str, list[tuple[str, str]]]:
    """The last turn, and the earlier ones as pairs of question and answer."""
    texts = [turn["text"] for turn in turns]
    return texts[-1], list(zip(texts[:-1:2], texts[1:-1:2], strict=True))


def recall(ranked: Sequence[str], relevant: Collection[str], count: int) -> float:
    """Share of the relevant that is among the first ``count``."""
    return len(set(ranked[:count]) & set(relevant)) / len(relevant)


def ndcg(ranked: Sequence[str], relevant: Collection[str], count: int) -> float:
    """Normalised discounted cumulative gain of the first ``count``, binary relevance.

    Järvelin and Kekäläinen (2002), https://doi.org/10.1145/582415.582418, with a discount of
    log2(rank + 1), as trec_eval and scikit-learn have it.
    """
    discounts = 1 / np.log2(np.arange(2, count + 2))
    gains = np.array([document in relevant for document in ranked[:count]])
    return float(gains @ discounts[: len(gains)] / discounts[: len(relevant)].sum())


def _scores(
    rankings: Sequence[Sequence[str]], references: Sequence[set[str]], counted: Sequence[bool]
) -> tuple[float, float]:
    """Mean R@5 and nDCG@10 in percent, over the counted tasks that have references."""
    scores = [
        (recall(ranked, relevant, 5), ndcg(ranked, relevant, _SLOTS))
        for ranked, relevant, counts in zip(rankings, references, counted, strict=True)
        if relevant and counts
    ]
    first, second = np.mean(scores, axis=0)
    return float(first) * 100, float(second) * 100


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)
