"""ClapNQ: which sentences of a passage are quoted, and whether any should be.

Data: https://github.com/primeqa/clapnq (Apache-2.0; text from Wikipedia), 275 of the 600 dev
questions. Rosenthal et al., https://arxiv.org/abs/2404.02103.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.benchmarks.files import index_of, read_objects
from eval.benchmarks.paragraphs import paragraph_reader
from eval.benchmarks.table import BenchmarkTable
from eval.figures import format_measured
from eval.measuring.ablation import WORDS
from eval.measuring.intervals import paired
from eval.measuring.metrics import Bools, Floats, auroc
from eval.measuring.run import Progress, in_force, tracked
from rag.documents.files import titled
from rag.quoting.confidence import SHIPPED, Weights
from rag.records import Quote
from rag.settings import Settings
from rag.text.sentences import Span

_MOST_OF_IT = 0.5  # of a sentence that a quote must hold; Steward cuts sentences in its own way

_NOTES = (
    "Precision, recall and F1 of the quoted sentences against selected_sentences, in %, averaged "
    "over the answerable questions that have some; of several annotators the one that F1 is "
    "highest with. A refusal scores 0.",
    "The passage's title is its document's; sentences are the file's, quoted when at least half "
    "of their characters are. Published figures are of written answers (ROUGE-L) on all 600 "
    "questions, and compare with none of these; the last lines are to compare with instead.",
    "AUROC of the confidence, answerable or not, in %. Refused: of the unanswerable questions.",
)


def run(data: Path, settings: Settings, progress: Progress | None = None) -> BenchmarkTable:
    """Ask all questions; raises BenchmarkMissing and what ingest raises."""
    tasks = read_objects(data / "clapnq" / "dev.jsonl")
    files = {
        f"{number:04}.txt": titled(task["passages"][0]["title"], task["passages"][0]["text"])
        for number, task in enumerate(tasks)
    }
    quoted: dict[Weights, list[set[int]]] = {SHIPPED: [], WORDS: []}
    confidences: dict[Weights, list[float]] = {SHIPPED: [], WORDS: []}
    with index_of(files, settings, progress) as opened, paragraph_reader(opened) as reader:
        threshold = in_force(opened).threshold
        for task, source in tracked(list(zip(tasks, files, strict=True)), "asking", progress):
            spans = sentence_spans(reader.text(source), task["passages"][0]["sentences"])
            for weights in quoted:
                extraction = reader.read(task["input"], source, weights)
                quoted[weights].append(inside(spans, extraction.quotes))
                confidences[weights].append(extraction.confidence)
    answerable = np.array([task["answerable"] for task in tasks])
    held = {weights: agreements(own, tasks) for weights, own in quoted.items()}
    sure = {weights: np.array(own) for weights, own in confidences.items()}
    shown = {weights: held[weights] * (sure[weights] >= threshold)[:, None] for weights in held}
    lines = []
    for name, weights in (("Steward", SHIPPED), ("Steward without the reader", WORDS)):
        detects = float(auroc(sure[weights], answerable)) * 100
        refused = float(np.mean(sure[weights][~answerable] < threshold)) * 100
        lines += [
            (f"{name}, threshold {threshold:g}", (*_means(shown[weights]), detects, refused)),
            (f"{name}, threshold 0", (*_means(held[weights]), detects, 0.0)),
        ]
    return BenchmarkTable(
        title=f"clapnq: {len(tasks)} questions, {int(answerable.sum())} of them answerable",
        columns=("precision", "recall", "F1", "AUROC", "refused"),
        lines=(
            *lines,
            ("to compare: the first sentence", (*_all_but(1, tasks), None, None)),
            ("to compare: every sentence", (*_all_but(None, tasks), None, None)),
        ),
        notes=(
            *_NOTES,
            "What the reader adds, with the 95% interval of a paired bootstrap: "
            f"F1 {_gain(shown[SHIPPED], shown[WORDS])}, "
            f"F1 at threshold 0 {_gain(held[SHIPPED], held[WORDS])}, "
            f"AUROC {_sharper(sure[SHIPPED], sure[WORDS], answerable)}.",
        ),
    )


def _all_but(count: int | None, tasks: Sequence[dict[str, Any]]) -> Sequence[float]:
    sentences = [range(len(task["passages"][0]["sentences"])) for task in tasks]
    return _means(agreements([set(places[:count]) for places in sentences], tasks))


def _means(held: Floats) -> Sequence[float]:
    return [float(mean) * 100 for mean in np.nanmean(held, axis=0)]


def _gain(ours: Floats, theirs: Floats) -> str:
    less = (ours - theirs)[:, 2] * 100
    less = less[~np.isnan(less)]
    gain = paired(lambda chosen: less[chosen].mean(axis=-1), len(less))
    return format_measured(gain, "decimal", "+")


def _sharper(ours: Floats, theirs: Floats, answerable: Bools) -> str:
    def less(chosen: NDArray[np.intp]) -> Floats:
        labels = answerable[chosen]
        return (auroc(ours[chosen], labels) - auroc(theirs[chosen], labels)) * 100

    return format_measured(paired(less, len(answerable)), "decimal", "+")


def sentence_spans(text: str, sentences: Sequence[str]) -> list[Span]:
    """Spans of sentences that stand in a text in this order; ValueError where one does not."""
    spans, end = [], 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append((start, end))
    return spans


def inside(spans: Sequence[Span], quotes: Sequence[Quote]) -> set[int]:
    """The sentences that quotes hold most of; quotes do not overlap."""
    held = set()
    for number, (start, end) in enumerate(spans):
        shared = sum(max(0, min(end, quote.end) - max(start, quote.start)) for quote in quotes)
        if shared >= (end - start) * _MOST_OF_IT:
            held.add(number)
    return held


def agreements(quoted: Sequence[Collection[int]], tasks: Sequence[dict[str, Any]]) -> Floats:
    """Precision, recall and F1 of each task, shape (tasks, 3); NaN where nothing is selected."""
    scores = np.full((len(tasks), 3), np.nan)
    for place, (own, task) in enumerate(zip(quoted, tasks, strict=True)):
        sentences = task["passages"][0]["sentences"]
        selections = [
            {number for number, text in enumerate(sentences) if text in chosen}
            for chosen in (output["selected_sentences"] for output in task["output"])
            if chosen
        ]
        if task["answerable"] and selections:
            triples = (agreement(set(own), selection) for selection in selections)
            scores[place] = max(triples, key=lambda triple: triple[2])
    return scores


def agreement(own: set[int], wanted: set[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a set against one that is not empty."""
    shared = len(own & wanted)
    precision = shared / len(own) if own else 0.0
    return precision, shared / len(wanted), 2 * shared / (len(own) + len(wanted))
