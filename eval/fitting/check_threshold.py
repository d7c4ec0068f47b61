"""Why ``rag.prose.sentence_check`` asks for every word, and what gets past it, by kind of change.

    python -m eval.fitting.check_threshold --data FOLDER [--paragraphs 1200]

Pairs are made by rules (``eval.fitting.sentence_pairs``, which says what they are not); that
nothing less than all words will do was seen on those of the tuning half.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rapidfuzz.distance import LCSseq
from rich.console import Console
from rich.table import Table

from eval.figures import format_figure
from eval.fitting.sentence_pairs import HELD, NOT_HELD, Pair, pairs
from eval.measuring.metrics import auroc
from eval.measuring.questions import Half
from rag.prose.sentence_check import check, supports, tokens, words
from rag.records import Quote, Withheld
from rag.training.rows import read_rows

THRESHOLDS = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
BY_WORDS = ("another word", "two names exchanged", "a clause added", "spliced with another")
"""The kinds of change that the words and their order should show; for others there are rules."""

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair with what came of it.

    Attributes:
        ordered: Share of the sentence's words that its quote has in their order.
        any_order: Share that it has in any order.
        why: The rule that the sentence breaks; "shown" where it breaks none.
    """

    pair: Pair
    ordered: float
    any_order: float
    why: str


_SHARES: Mapping[str, Callable[[Checked], float]] = {
    "in order": lambda result: result.ordered,
    "any order": lambda result: result.any_order,
}


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training rows.", metavar="FOLDER")],
    paragraphs: Annotated[int, typer.Option(help="Paragraphs to make pairs of, at most.")] = 1200,
) -> None:
    """Print the tables."""
    checked = [_checked(pair) for pair in pairs(read_rows(data), paragraphs)]
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    for table in report(checked):
        console.print(table)


def report(checked: Sequence[Checked]) -> Iterator[Table]:
    """By threshold, on either half; then by kind, on the reporting half."""
    halves: tuple[Half, ...] = ("tuning", "reporting")
    for half in halves:
        of_half = [result for result in checked if result.pair.half == half]
        yield _by_threshold(half, of_half)
    yield _by_kind(of_half)


def _checked(pair: Pair) -> Checked:
    quote = Quote(
        number=1,
        document_id="",
        title="",
        start=0,
        end=len(pair.quote),
        text=pair.quote,
        sha256="",
    )
    result = check(pair.sentence, (1,), (quote,))
    ours, theirs = words(tokens(pair.sentence)), list(map(words, supports(pair.quote)))
    everywhere = {word for sentence in theirs for word in sentence}
    return Checked(
        pair,
        max(LCSseq.similarity(ours, sentence) for sentence in theirs) / max(1, len(ours)),
        sum(word in everywhere for word in ours) / max(1, len(ours)),
        result.why if isinstance(result, Withheld) else "shown",
    )


def _by_threshold(half: Half, checked: Sequence[Checked]) -> Table:
    held = [result for result in checked if result.pair.held]
    changed = [result for result in checked if result.pair.kind in BY_WORDS]
    table = Table(title=f"{half}: {len(held)} held, {len(changed)} changed in their words")
    table.add_column("share of words at least")
    for column in ("held, in order", "changed, in order", "held, any order", "changed, any order"):
        table.add_column(column, justify="right")
    for threshold in THRESHOLDS:
        mark = "  (shipped)" if threshold == 1 else ""
        cells = [
            _share([share(result) >= threshold for result in part])
            for share in _SHARES.values()
            for part in (held, changed)
        ]
        table.add_row(f"{threshold:g}{mark}", *cells)
    truth = [*[True] * len(held), *[False] * len(changed)]
    for name, share in _SHARES.items():
        scores = [share(result) for result in (*held, *changed)]
        area = float(auroc(np.array(scores), np.array(truth)))
        table.add_row(f"AUROC, {name}", format_figure(area, "score"), "", "", "")
    return table


def _by_kind(checked: Sequence[Checked]) -> Table:
    table = Table(title="reporting: what all rules together make of each kind")
    for column in ("sentence", "", "pairs", "shown", "withheld by"):
        table.add_column(column, justify="right" if column in ("pairs", "shown") else "left")
    for truth, kinds in (("held", HELD), ("not held", NOT_HELD)):
        for kind in kinds:
            whys = Counter(result.why for result in checked if result.pair.kind == kind)
            count, shown = whys.total(), whys.pop("shown", 0)
            table.add_row(
                kind,
                truth,
                f"{count}",
                format_figure(shown / count if count else None, "share"),
                ", ".join(f"{why} {number}" for why, number in whys.most_common(3)),
            )
    return table


def _share(values: Sequence[bool]) -> str:
    return format_figure(sum(values) / len(values) if values else None, "share")


if __name__ == "__main__":
    typer.run(main)
