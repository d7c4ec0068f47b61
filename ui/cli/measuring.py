"""``steward eval`` and ``steward bench``: what Steward is worth, in numbers.

Tables go to standard output, progress to standard error.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from rag.settings import SEEDS, Settings
from ui.cli.failures import print_failures
from ui.cli.terminal import print_table, progress, say
from ui.settings import load
from ui.wording import measurements as words

if TYPE_CHECKING:
    from eval.benchmarks.table import BenchmarkTable
    from eval.figures import Measured
    from eval.measuring.prose import ProseFigures
    from eval.measuring.run import Run
    from eval.measuring.summary import Comparison

BELOW = 1
"""The exit code where a figure is below its ``--min``."""


class Subset(StrEnum):
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
    half: Annotated[Subset, typer.Option(help="The questions that count.")] = Subset.all,
    model: Annotated[
        bool, typer.Option("--model", help="Also what the model writes, if one is set.")
    ] = False,
) -> None:
    """Put a question set to the documents and print how many answers are right.

    With neither --questions nor --documents Steward's own set is put to the default documents. With
    --questions alone the index is asked as it is; with --documents, a temporary one.

    A question set is a file of one question a line, as JSON; any one of its quotes answers it:

    \b
    {"id": "due", "question": "When is it due?", "answerable": true, "quotes": ["due in May"]}
    {"id": "moon", "question": "Who owns the moon?", "answerable": false}
    """  # noqa: D301  # the sign that keeps the lines apart
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
    if half is not Subset.all:
        asked = tuple(question for question in asked if half_of(question.id) == half.value)
    if not asked:
        raise QuestionSetFault(source, None, f"has no question in the {half.value} half")
    folder = documents or (None if questions else SEEDS)
    with progress() as show, ExitStack() as stack:
        if folder:
            settings = stack.enter_context(running.temporary_index(folder, settings, show))
        run = running.run(asked, settings, show)
        written = prose.run(asked, settings, show) if model else None
    compared = summary.against(run, against) if against else None
    measured = summary.figures(run)
    if out:
        summary.write(run, summary.summary(run, measured, compared), out)
        report.write(run, measured, out / "report.html")
        if written is not None:
            prose.write(written, out)
    _print_figures(run, measured, compared)
    print_failures(run)
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
    with progress(lines=True) as show:
        table: BenchmarkTable = module.run(data, settings, show)
    _print_benchmark(table)


def _limit(given: str) -> tuple[str, float]:
    """One ``--min`` as the metric's name and its least value."""
    from eval.measuring.metrics import METRICS

    name, _, value = given.partition("=")
    allowed = [high for high, metric in METRICS.items() if metric.better == "higher"]
    if name not in allowed:
        raise typer.BadParameter(words.no_figure(name, allowed), param_hint="--min")
    try:
        return name, float(value)
    except ValueError:
        raise typer.BadParameter(words.no_number(value), param_hint="--min") from None


def _print_figures(
    run: "Run",
    measured: "Mapping[str, Mapping[str, Measured]]",
    compared: "Comparison | None",
) -> None:
    from eval.figures import format_measured
    from eval.measuring.metrics import METRICS

    halves = [name for name in measured if name != "all"]
    subsets = {"all": "all", "reporting": "reporting"} if len(halves) > 1 else {"all": halves[0]}
    table = Table(box=None, pad_edge=False)
    table.add_column("95% intervals in brackets")
    for name, label in subsets.items():
        table.add_column(f"{label} ({len(run.subset(name).questions)})", justify="right")
    if compared:
        table.add_column(f"less the other ({compared.questions})", justify="right")
    for name, metric in METRICS.items():
        cells = [format_measured(measured[subset][name], metric.kind) for subset in subsets]
        if compared:
            cells.append(format_measured(compared.differences[name], metric.kind, "+"))
        table.add_row(metric.label, *cells)
    print_table(table)
    say(words.thresholds(run.threshold, run.perhaps_threshold))
    if run.unfindable:
        say(words.unfindable(run.unfindable))


def _print_prose(figures: "ProseFigures") -> None:
    from eval.figures import format_figure

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
        ("shown without fault, by other rules", format_figure(figures.faultless, "share")),
        (
            "words of a sentence shown that its quote has, in order",
            format_figure(figures.support, "share"),
        ),
        ("first sentence, seconds: median", format_figure(figures.first[0], "decimal")),
        ("first sentence, seconds: p95", format_figure(figures.first[1], "decimal")),
        ("all, seconds: median", format_figure(figures.seconds[0], "decimal")),
        ("all, seconds: p95", format_figure(figures.seconds[1], "decimal")),
    ]
    for line in lines:
        table.add_row(*line)
    print_table(table)


def _print_benchmark(result: "BenchmarkTable") -> None:
    from eval.figures import format_figure

    table = Table(box=None, pad_edge=False, title=result.title, title_justify="left")
    table.add_column("")
    for column in result.columns:
        table.add_column(column, justify="right")
    for name, values in result.lines:
        table.add_row(name, *(format_figure(value, "decimal") for value in values))
    print_table(table)
    for note in result.notes:
        say(f"- {note}")
