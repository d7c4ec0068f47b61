"""SQuAD 2.0: what the words marked in the first quote are worth as an answer, or whether none is.

Data: https://rajpurkar.github.io/SQuAD-explorer/ (CC BY-SA 4.0), the dev set: 6,078 questions, of
which 3,168 have no answer, on 646 paragraphs. Rajpurkar, Jia and Liang (2018),
https://aclanthology.org/P18-2124.
"""

import json
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.files import index_of, read_text
from eval.benchmarks.paragraphs import paragraph_reader
from eval.benchmarks.table import BenchmarkTable
from eval.measuring.metrics import auroc
from eval.measuring.run import Progress, in_force, tracked
from rag.documents.files import titled
from rag.records import Quote
from rag.settings import Settings

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)

_PUBLISHED: Sequence[tuple[str, Sequence[float | None]]] = (
    ("published: distilbert-base-uncased (66M)", (64.89, 68.18, None, None, None, None, None)),
    ("published: albert-base-v2", (78.71, 81.89, None, None, None, None, None)),
    ("always abstaining", (52.1, 52.1, 0.0, 0.0, 100.0, 0.0, 50.0)),
)
_NOTES = (
    "EM and F1 by the official normalisation, in %. HasAns: over answerable questions; NoAns: "
    "share of the others that are refused.",
    "Our answer is the words that are marked in the first quote. Holds: answerable questions "
    "whose first quote, the whole sentence, holds an accepted answer.",
    "The published systems were trained on SQuAD 2.0's training set, on the paragraph alone. Ours "
    "reads the paragraph's own passages; idf and the number of passages, which the confidence "
    "depends on, are those of all 646 paragraphs. Nothing is tuned here.",
    "AUROC of the confidence, answerable or not, in %.",
)


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question, the file of its paragraph, and its accepted answers; none when it has none."""

    question: str
    source: str
    answers: tuple[str, ...]


def run(data: Path, settings: Settings, progress: Progress | None = None) -> BenchmarkTable:
    """Ask all questions; raises BenchmarkMissing and what ingest raises."""
    files, questions = read(data / "squad2" / "dev-v2.0.json")
    firsts, confidences = [], []
    with index_of(files, settings, progress) as opened, paragraph_reader(opened) as reader:
        threshold = in_force(opened).threshold
        for question in tracked(questions, "asking", progress):
            extraction = reader.read(question.question, question.source)
            firsts.append(extraction.quotes[0] if extraction.quotes else None)
            confidences.append(extraction.confidence)
    answerable = np.array([bool(question.answers) for question in questions])
    detects = float(auroc(np.array(confidences), answerable)) * 100
    given = [
        first if sure >= threshold else None
        for first, sure in zip(firsts, confidences, strict=True)
    ]
    return BenchmarkTable(
        title=f"squad2: {len(questions):,} questions, {len(files)} paragraphs",
        columns=("EM", "F1", "HasAns EM", "HasAns F1", "NoAns", "holds", "AUROC"),
        lines=(
            (f"Steward, threshold {threshold:g}", (*scores(given, questions), detects)),
            ("Steward, threshold 0", (*scores(firsts, questions), detects)),
            *_PUBLISHED,
        ),
        notes=_NOTES,
    )


def read(path: Path) -> tuple[dict[str, str], list[SquadQuestion]]:
    """The paragraphs as files, and all questions; raises BenchmarkMissing."""
    files: dict[str, str] = {}
    questions = []
    for article in json.loads(read_text(path))["data"]:
        for paragraph in article["paragraphs"]:
            source = f"{len(files):04}.txt"
            files[source] = titled(article["title"].replace("_", " "), paragraph["context"])
            for item in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in item["answers"]))
                questions.append(SquadQuestion(item["question"], source, answers))
    return files, questions


def normalise(text: str) -> str:
    """Lower case, without punctuation, articles and superfluous white space.

    The order is that of the official evaluation, https://rajpurkar.github.io/SQuAD-explorer/.
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def f1(prediction: str, answer: str) -> float:
    """Harmonic mean of the words' precision and recall; 1 where both are empty."""
    predicted, wanted = normalise(prediction).split(), normalise(answer).split()
    if not predicted or not wanted:
        return float(predicted == wanted)
    shared = sum((Counter(predicted) & Counter(wanted)).values())
    return 2 * shared / (len(predicted) + len(wanted))


def answer(quote: Quote | None) -> str:
    """The words marked in a quote, or all where none are; "" for a refusal."""
    if quote is None or quote.marked is None:
        return quote.text if quote else ""
    start, end = quote.marked
    return quote.text[start - quote.start : end - quote.start]


def scores(quotes: Sequence[Quote | None], questions: Sequence[SquadQuestion]) -> tuple[float, ...]:
    """EM, F1, HasAns EM, HasAns F1, NoAns and holds, in percent; None is a refusal."""
    exact, overlap, holding = [], [], []
    for quote, question in zip(quotes, questions, strict=True):
        prediction = answer(quote)
        # As in the official evaluation, an answer of articles and punctuation alone is none.
        wanted = [text for text in question.answers if normalise(text)] or [""]
        folded = normalise(prediction)
        exact.append(any(folded == normalise(text) for text in wanted))
        overlap.append(max(f1(prediction, text) for text in wanted))
        whole = f" {normalise(quote.text if quote else '')} "
        holding.append(any(f" {normalise(text)} " in whole for text in wanted))
    answerable = np.array([bool(question.answers) for question in questions])
    em, f = np.array(exact) * 100.0, np.array(overlap) * 100.0
    means = (
        em.mean(),
        f.mean(),
        em[answerable].mean(),
        f[answerable].mean(),
        em[~answerable].mean(),
        (np.array(holding) * 100.0)[answerable].mean(),
    )
    return tuple(map(float, means))
