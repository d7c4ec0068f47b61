"""``steward eval`` and ``steward bench``: what Steward is worth, in numbers.

Tables go to standard output, progress to standard error.
"""

import math
from collections.abc import Mapping
from contextlib import ExitStack
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from rag.settings import SEEDS, Settings
from ui.cli.terminal import progress, say
from ui.settings import load
from ui.wording import measurements as words

if TYPE_CHECKING:
    from eval.benchmarks.table import BenchmarkTable
    from eval.measuring.intervals import Measured
    from eval.measuring.metrics import Metric
    from eval.measuring.prose import ProseFigures
    from eval.measuring.run import Run
    from eval.measuring.summary import Comparison

BELOW = 1
"""The exit code where a figure is below its ``--min``."""

_WIDTH = 120  # of a table that is not printed on a terminal


class Part(StrEnum):
    """The questions that count."""

    all = "all"
    tuning = "tuning"
    reporting = "reporting"


class Benchmark(StrEnum):
    """The benchmarks, each a module of ``eval.benchmarks``; all but own-words are public."""

    chunking = "chunking"
    squad2 = "squad2"
    clapnq = "clapnq"
    mtrag_un = "mtrag-un"
    own_words = "own-words"


def evaluate(
    questions: Annotated[
        Path | None,
        typer.Option(help="Question set; Steward's own when not given.", metavar="FILE"),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(help="Folder to ask, in a temporary index.", metavar="FOLDER"),
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="Folder that the index is kept in.", metavar="FOLDER")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for rows.jsonl, summary.json, report.html.", metavar="FOLDER"),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="rows.jsonl of another run to compare with.", metavar="FILE")
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", help="Exit with 1 below this, say right=0.8.", metavar="NAME=VALUE"),
    ] = None,
    half: Annotated[Part, typer.Option(help="The questions that count.")] = Part.all,
    model: Annotated[
        bool, typer.Option("--model", help="Also what the model writes, if one is set.")
    ] = False,
) -> None:
    """Put a question set to the documents and print how many answers are right.

    With neither --questions nor --documents Steward's own set is put to the default documents. With
    --questions alone the index is asked as it is; with --documents, a temporary one.
    """
    limits = dict(map(_limit, least or []))
    settings: Settings = load(index=index)
    if model and not (settings.model_url or settings.model_path):
        raise typer.BadParameter(words.NO_MODEL, param_hint="--model")
    from eval.errors import QuestionSetFault
    from eval.measuring import prose, report, summary
    from eval.measuring import run as running
    from eval.measuring.questions import OWN, half_of, read_questions

    source = questions or OWN
    asked = read_questions(source)
    if half is not Part.all:
        asked = tuple(each for each in asked if half_of(each.id) == half.value)
    if not asked:
        raise QuestionSetFault(source, None, f"has no question in the {half.value} half")
    folder = documents or (None if questions else SEEDS)
    with progress() as show, ExitStack() as stack:
        if folder:
            settings = stack.enter_context(running.temporary_index(folder, settings, show))
        found = running.run(asked, settings, show)
        written = prose.run(asked, settings, show) if model else None
    compared = summary.against(found, against) if against else None
    measured = summary.figures(found)
    if out:
        summary.write(found, summary.summary(found, measured, compared), out)
        report.write(found, measured, out / "report.html")
        if written is not None:
            prose.write(written, out)
    _print_figures(found, measured, compared)
    if written is not None:
        _print_prose(prose.figures(written))
    below = [name for name, limit in limits.items() if not measured["all"][name].value >= limit]
    for name in below:
        say(words.below(name, limits[name], measured["all"][name].value))
    if below:
        raise typer.Exit(BELOW)


def bench(
    name: Annotated[Benchmark, typer.Argument(help="What to measure.")],
    data: Annotated[Path, typer.Option(help="Folder of its data.", metavar="FOLDER")],
) -> None:
    """Measure Steward on a benchmark and print its figures, beside published ones if there are."""
    settings = load().without_model()
    module = import_module(f"eval.benchmarks.{name.name}")
    with progress() as show:
        table: BenchmarkTable = module.run(data, settings, show)
    _print_benchmark(table)


def _limit(given: str) -> tuple[str, float]:
    """One ``--min`` as the metric's name and its least value."""
    from eval.measuring.metrics import METRICS

    name, _, value = given.partition("=")
    allowed = [each for each, metric in METRICS.items() if metric.better == "higher"]
    if name not in allowed:
        raise typer.BadParameter(words.no_figure(name, allowed), param_hint="--min")
    try:
        return name, float(value)
    except ValueError:
        raise typer.BadParameter(words.no_number(value), param_hint="--min") from None


def _print_figures(
    found: "Run",
    measured: "Mapping[str, Mapping[str, Measured]]",
    compared: "Comparison | None",
) -> None:
    from eval.measuring.metrics import METRICS

    halves = [name for name in measured if name != "all"]
    parts = {"all": "all", "reporting": "reporting"} if len(halves) > 1 else {"all": halves[0]}
    table = Table(box=None, pad_edge=False)
    table.add_column("95% intervals in brackets")
    for name, label in parts.items():
        table.add_column(f"{label} ({len(found.part(name).questions)})", justify="right")
    if compared:
        table.add_column(f"less the other ({compared.questions})", justify="right")
    for name, metric in METRICS.items():
        cells = [_figure(metric, measured[part][name]) for part in parts]
        if compared:
            cells.append(_figure(metric, compared.differences[name], sign="+"))
        table.add_row(metric.label, *cells)
    _print_table(table)
    say(words.threshold(found.threshold))
    if found.unfindable:
        say(words.unfindable(found.unfindable))


def _print_prose(figures: "ProseFigures") -> None:
    table = Table(box=None, pad_edge=False, title="What the model wrote", title_justify="left")
    table.add_column("")
    table.add_column("", justify="right")
    lines: list[tuple[str, str]] = [
        ("answers given to the model", f"{figures.answers}"),
        ("of these with prose", f"{figures.with_prose}"),
        *((f"outcome: {name}", f"{count}") for name, count in figures.outcomes.items()),
        ("sentences shown", f"{figures.shown}"),
        ("sentences withheld", f"{sum(figures.withheld.values())}"),
        *((f"withheld: {why}", f"{count}") for why, count in figures.withheld.items()),
        *((f"shown, though: {fault}", f"{count}") for fault, count in figures.faults.items()),
        ("shown without fault, by other rules", _number(figures.faultless * 100, "%")),
        (
            "words of a sentence shown that its quote has, in order",
            _number(figures.support * 100, "%"),
        ),
        ("first sentence, seconds: median", _number(figures.first[0])),
        ("first sentence, seconds: p95", _number(figures.first[1])),
        ("all, seconds: median", _number(figures.seconds[0])),
        ("all, seconds: p95", _number(figures.seconds[1])),
    ]
    for line in lines:
        table.add_row(*line)
    _print_table(table)


def _number(value: float, unit: str = "") -> str:
    return "-" if math.isnan(value) else f"{value:.1f}{unit}"


def _figure(metric: "Metric", measured: "Measured", sign: str = "") -> str:
    if math.isnan(measured.value):
        return "-"
    scale, digits = {"share": (100, 1), "score": (1, 3), "time": (1, 0)}[metric.kind]
    value, low, high = (
        f"{each * scale:{sign}.{digits}f}" for each in (measured.value, measured.low, measured.high)
    )
    unit = {"share": "%", "score": "", "time": " ms"}[metric.kind]
    return f"{value}{unit} [{low}, {high}]"


def _print_benchmark(result: "BenchmarkTable") -> None:
    table = Table(box=None, pad_edge=False, title=result.title, title_justify="left")
    table.add_column("")
    for column in result.columns:
        table.add_column(column, justify="right")
    for name, values in result.lines:
        table.add_row(name, *("-" if value is None else f"{value:.1f}" for value in values))
    _print_table(table)
    for note in result.notes:
        say(f"- {note}")


def _print_table(table: Table) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    console.print(table, markup=False)
