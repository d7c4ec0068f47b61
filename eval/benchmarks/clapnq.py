"""ClapNQ: which sentences of a passage are quoted, and whether any should be.

Data: https://github.com/primeqa/clapnq (Apache-2.0; text from Wikipedia), 275 of the 600 dev
questions. Rosenthal et al., https://arxiv.org/abs/2404.02103.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.files import index_of, read_objects, titled
from eval.benchmarks.paragraphs import paragraph_reader
from eval.benchmarks.result import Result
from eval.metrics import auroc
from eval.run import Progress, threshold_in_force
from rag.records import Quote
from rag.settings import Settings

_MOST_OF_IT = 0.5  # of a sentence that a quote must hold; Steward cuts sentences in its own way

_NOTES = (
    "Precision, recall and F1 of the quoted sentences against selected_sentences, in %, averaged "
    "over the answerable questions that have some; of several annotators the one that F1 is "
    "highest with. A refusal scores 0.",
    "The passage's title is its document's; sentences are the file's, quoted when at least half "
    "of their characters are. Published figures are of written answers (ROUGE-L) on all 600 "
    "questions, and compare with none of these; the last two lines are to compare with instead.",
    "AUROC of the confidence, answerable or not, in %. Refused: of the unanswerable questions.",
)


def run(data: Path, settings: Settings, progress: Progress | None = None) -> Result:
    """Ask all questions; raises BenchmarkMissing and what ingest raises."""
    tasks = read_objects(data / "clapnq" / "dev.jsonl")
    files = {
        f"{number:04}.txt": titled(task["passages"][0]["title"], task["passages"][0]["text"])
        for number, task in enumerate(tasks)
    }
    quoted: list[set[int]] = []
    confidences = []
    with index_of(files, settings, progress) as opened, paragraph_reader(opened) as reader:
        threshold = threshold_in_force(opened)
        for number, (task, source) in enumerate(zip(tasks, files, strict=True), 1):
            found = reader.read(task["input"], source)
            spans = sentence_spans(reader.text(source), task["passages"][0]["sentences"])
            quoted.append(inside(spans, found.quotes))
            confidences.append(found.confidence)
            if progress:
                progress("asking", number, len(tasks))
    confidence = np.array(confidences)
    answerable = np.array([task["answerable"] for task in tasks])
    detects = float(auroc(confidence, answerable)) * 100
    refused = float(np.mean(confidence[~answerable] < threshold)) * 100
    given = [
        each if sure >= threshold else set() for each, sure in zip(quoted, confidences, strict=True)
    ]

    def all_but(count: int | None) -> list[set[int]]:
        return [set(range(len(task["passages"][0]["sentences"]))[:count]) for task in tasks]

    return Result(
        title=f"clapnq: {len(tasks)} questions, {int(answerable.sum())} of them answerable",
        columns=("precision", "recall", "F1", "AUROC", "refused"),
        lines=(
            (
                f"Steward, threshold {threshold:g}",
                (*scores(given, tasks), detects, refused),
            ),
            ("Steward, threshold 0", (*scores(quoted, tasks), detects, 0.0)),
            ("to compare: the first sentence", (*scores(all_but(1), tasks), None, None)),
            ("to compare: every sentence", (*scores(all_but(None), tasks), None, None)),
        ),
        notes=_NOTES,
    )


def sentence_spans(text: str, sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Spans of sentences that stand in a text in this order; ValueError where one does not."""
    spans, end = [], 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append((start, end))
    return spans


def inside(spans: Sequence[tuple[int, int]], quotes: Sequence[Quote]) -> set[int]:
    """The sentences that quotes hold most of; quotes do not overlap."""
    held = set()
    for number, (start, end) in enumerate(spans):
        shared = sum(max(0, min(end, each.end) - max(start, each.start)) for each in quotes)
        if shared >= (end - start) * _MOST_OF_IT:
            held.add(number)
    return held


def scores(quoted: Sequence[Collection[int]], tasks: Sequence[dict[str, Any]]) -> Sequence[float]:
    """Mean precision, recall and F1 in percent over the tasks with selected sentences."""
    found = []
    for own, task in zip(quoted, tasks, strict=True):
        sentences = task["passages"][0]["sentences"]
        selections = [
            {number for number, each in enumerate(sentences) if each in chosen}
            for chosen in (output["selected_sentences"] for output in task["output"])
            if chosen
        ]
        if task["answerable"] and selections:
            triples = (agreement(set(own), selection) for selection in selections)
            found.append(max(triples, key=lambda triple: triple[2]))
    return [float(mean) * 100 for mean in np.mean(found, axis=0)]


def agreement(own: set[int], wanted: set[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a set against one that is not empty."""
    shared = len(own & wanted)
    precision = shared / len(own) if own else 0.0
    return precision, shared / len(wanted), 2 * shared / (len(own) + len(wanted))
