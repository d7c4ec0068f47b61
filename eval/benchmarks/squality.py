"""SQuALITY: overviews of stories, and of subjects in them, against summaries that people wrote.

    python -m eval.benchmarks.squality --data FOLDER

Data: https://github.com/nyu-mll/SQuALITY, ``data/v1-3/txt/test.jsonl`` as ``squality/test.jsonl``
below the folder: 52 stories of Project Gutenberg, with five questions each and four summaries for
each (CC BY 4.0). Wang et al. 2022, https://arxiv.org/abs/2205.11465. ROUGE by rouge-score, the
implementation of Google Research, with its stemmer; of the four summaries the one counts that is
nearest (Lin 2004, https://aclanthology.org/W04-1013).
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from eval.benchmarks.files import index_of, read_objects
from eval.figures import format_figure, format_measured
from eval.measuring.intervals import paired
from eval.measuring.metrics import Floats
from rag.index.reading import Index, reading
from rag.overviews.overview import of_documents, of_subject, statements
from rag.settings import Settings
from rag.text.encoder import Encoder

KINDS = ("rouge1", "rouge2", "rougeL")
SYSTEMS = ("Steward", "the first sentences", "sentences at random")
_SEED = 20_240_229


def scores(tasks: Sequence[dict[str, Any]], index: Index) -> Floats:
    """ROUGE F1 of every question, shape (questions, systems, kinds); stories are by number."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(KINDS, use_stemmer=True)
    encoder = Encoder()
    ids = {document.source: document.id for document in index.documents()}
    found = []
    for number, task in enumerate(tasks):
        for place, asked in enumerate(task["questions"]):
            written = [response["response_text"] for response in asked["responses"]]
            made = summaries(index, encoder, ids[source(number)], asked["question_text"], place)
            found.append(
                [
                    [scorer.score_multi(written, text)[kind].fmeasure for kind in KINDS]
                    for text in made
                ]
            )
    return np.array(found)


def summaries(
    index: Index, encoder: Encoder, document: str, question: str, place: int
) -> Iterator[str]:
    """What the systems give, all in as many sentences; the first question is of the whole story."""
    if place == 0:
        quotes = of_documents(index, [document]).quotes
    else:
        quotes = of_subject(index, encoder, question, [document]).quotes
    yield "\n".join(quote.text for quote in quotes)
    texts = statements(index, [document])
    yield "\n".join(texts[: len(quotes)])
    chance = np.random.default_rng([_SEED, place, len(texts)])
    chosen = sorted(chance.choice(len(texts), min(len(quotes), len(texts)), replace=False).tolist())
    yield "\n".join(texts[at] for at in chosen)


def source(number: int) -> str:
    """The file of a story."""
    return f"{number:04}.txt"


def main(data: Annotated[Path, typer.Option(help="Folder of its data.")]) -> None:
    """Measure and print."""
    tasks = read_objects(data / "squality" / "test.jsonl")
    files = {source(number): task["document"] for number, task in enumerate(tasks)}
    console = Console(width=120)
    with index_of(files, Settings(), None) as opened, reading(opened) as index:
        found = scores(tasks, index)
        seconds = []
        for _ in range(5):
            begun = time.perf_counter()
            of_documents(index, None)
            seconds.append(time.perf_counter() - begun)
        passages = len(index.passage_ids)
    first = np.arange(len(found)) % len(tasks[0]["questions"]) == 0
    for name, part in (("whole stories", found[first]), ("subjects", found[~first])):
        table = Table(f"{name} ({len(part)})", *KINDS)
        for place, system in enumerate(SYSTEMS):
            means = part[:, place].mean(axis=0)
            table.add_row(system, *(format_figure(mean * 100, "decimal") for mean in means))
        for place, system in enumerate(SYSTEMS[1:], 1):
            gains = (part[:, 0] - part[:, place]) * 100
            table.add_row(f"Steward less {system}", *(_gain(gains[:, at]) for at in range(3)))
        console.print(table)
    median = format_figure(float(np.median(seconds)), "seconds")
    console.print(f"an overview of all {passages:,} passages: {median}", highlight=False)


def _gain(gains: Floats) -> str:
    return format_measured(
        paired(lambda chosen: gains[chosen].mean(axis=-1), len(gains)), "decimal", "+"
    )


if __name__ == "__main__":
    typer.run(main)
