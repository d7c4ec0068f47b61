"""How fast Steward is on this machine: ``python -m eval.speed`` prints the README's figures.

Medians of several runs; a busy machine shows in the spread between p50 and p95. The first figure
needs git and make, installs everything once more into a temporary folder, and is skipped with
``--no-clone``.
"""

import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from eval.figures import format_figure
from eval.serving import ROOT, STEWARD, served
from rag.assistant import Assistant
from rag.index.building import ingest
from rag.settings import Settings

QUESTION = "what is the neutrality framework?"
QUESTIONS = (
    QUESTION,
    "who is the president of the AFL-CIO?",
    "when do the learning sessions start?",
    "what are the three goals of the partnership?",
    "how many workers worry about being replaced by AI?",
    "which unions did Microsoft have an agreement with before?",
    "what did Brad Smith say about labor leaders?",
    "what will the workshops be about?",
    "what is the capital of France?",
    "does the partnership raise wages?",
)
COPIES = 40  # of the seeds, for a collection large enough to time

Line = tuple[str, str]
"""What was measured, and the figure."""


def main(
    clone: Annotated[
        bool, typer.Option(help="Also time a clone, its `make run` and a question.")
    ] = True,
) -> None:
    """Measure and print."""
    console = Console()
    table = Table("", "here", title=_machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for line in _lines(folder, clone):
            table.add_row(*line)
    console.print(table)


def _lines(folder: Path, clone: bool) -> Iterator[Line]:
    if clone:
        yield "from `git clone` to the first answer", format_figure(_from_clone(folder), "seconds")
    settings = Settings(index=folder / "index")
    ingest(ROOT / "seeds", settings)
    cold = [_seconds(lambda: _ask(settings)) for _ in range(5)]
    yield "`steward ask`, cold", format_figure(float(np.median(cold)), "seconds")
    warm = _warm(settings)
    for percent in (50, 95):
        milliseconds = float(np.percentile(warm, percent)) * 1000
        yield f"a question, warm: p{percent}", format_figure(milliseconds, "milliseconds")
    yield "ingest, loading the encoder included", _ingest(folder)
    with served({"STEWARD_INDEX": str(settings.index)}) as server:
        memory = format_figure(server.megabytes(), "megabytes")
    yield "memory of the server, once it answers", memory


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, {python}"


def _from_clone(folder: Path) -> float:
    began = time.perf_counter()
    copy = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    with served({}, ["make", "run"], copy):
        steward = copy / ".venv" / "bin" / "steward"
        subprocess.run([steward, "ask", QUESTION], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def _ask(settings: Settings) -> None:
    command = [*STEWARD, "ask", "--index", str(settings.index), QUESTION]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _warm(settings: Settings) -> list[float]:
    assistant = Assistant(settings)
    for question in QUESTIONS:
        assistant.ask(question)
    times = [
        _seconds(lambda question=question: assistant.ask(question))  # type: ignore[misc]
        for _ in range(10)
        for question in QUESTIONS
    ]
    assistant.close()
    return times


def _ingest(folder: Path) -> str:
    many = folder / "many"
    many.mkdir()
    for copy in range(COPIES):
        for seed in (ROOT / "seeds").glob("*.txt"):
            shutil.copy(seed, many / f"{copy}-{seed.name}")
    report = ingest(many, Settings(index=folder / "many-index"))
    return f"{report.passages / report.seconds:.0f} passages/s ({report.passages} passages)"


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    typer.run(main)
