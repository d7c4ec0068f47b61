"""The thresholds of an index that nobody calibrated.

    python -m eval.fitting.thresholds --data FOLDER [--wrong 0.05] [--right 0.4]

Puts the own-words questions of the fitting documents to these documents, chooses both thresholds by
the rule of ``steward calibrate``, and writes them to ``rag/quoting/thresholds.json``. To be run
again whenever the reader, the encoder or the weights of ``rag.quoting.confidence`` have changed.
"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.benchmarks.own_words import ask
from eval.figures import format_figure
from eval.measuring.calibration_fit import thresholds
from eval.measuring.metrics import Bools, Outcomes
from rag.quoting.calibration import SHIPPED
from rag.settings import Settings


def main(
    data: Annotated[Path, typer.Option(help="Folder of the training rows.", metavar="FOLDER")],
    wrong: Annotated[float, typer.Option(help="Share of the sure that may be wrong.")] = 0.05,
    right: Annotated[float, typer.Option(help="Share of the perhaps that must be right.")] = 0.4,
    out: Annotated[Path, typer.Option(help="File to write.", metavar="FILE")] = SHIPPED,
) -> None:
    """Choose the thresholds, write them, and print what they give on the questions fitted on."""
    results = ask(data, "fitting", Settings()).results
    sure, perhaps = (
        round(each, 3) for each in thresholds(results.confidence, results.supported, wrong, right)
    )
    content = {"threshold": sure, "perhaps_threshold": perhaps}
    out.write_text(f"{json.dumps(content)}\n", encoding="utf-8")
    Console(highlight=False).print(table(results, sure, perhaps))


def table(results: Outcomes, sure: float, perhaps: float) -> Table:
    """What comes of the questions by outcome, in numbers and shares."""
    made = Table("", "from", "questions", "right", title=f"{len(results):,} questions")
    answered = results.confidence >= sure
    quoted = ~answered & (results.confidence >= perhaps)
    for name, least, kept in (
        ("sure", sure, answered),
        ("perhaps", perhaps, quoted),
        ("no", 0.0, ~answered & ~quoted),
    ):
        made.add_row(name, f"{least:g}", f"{int(kept.sum()):,}", _right(results, kept))
    return made


def _right(results: Outcomes, kept: Bools) -> str:
    share = float(results.supported[kept].mean()) if kept.any() else None
    return format_figure(share, "share")


if __name__ == "__main__":
    typer.run(main)
