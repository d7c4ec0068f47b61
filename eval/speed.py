"""How fast Steward is on this machine: ``python -m eval.speed`` prints the README's figures.

Medians of several runs; a busy machine shows in the spread between p50 and p95. The first figure
needs git and make, installs everything once more into a temporary folder, and is skipped with
``--no-clone``.
"""

import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from rag.assistant import Assistant
from rag.index.building import ingest
from rag.settings import Settings

ROOT = Path(__file__).parent.parent
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

Figure = tuple[str, str]


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
        for figure in _figures(folder, clone):
            table.add_row(*figure)
    console.print(table)


def _figures(folder: Path, clone: bool) -> Iterator[Figure]:
    if clone:
        yield "from `git clone` to the first answer", f"{_from_clone(folder):.0f} s"
    settings = Settings(index=folder / "index")
    ingest(ROOT / "seeds", settings)
    cold = [_seconds(lambda: _ask(settings)) for _ in range(5)]
    yield "`steward ask`, cold", f"{np.median(cold):.1f} s"
    warm = _warm(settings)
    yield "a question, warm: p50", f"{np.percentile(warm, 50) * 1000:.0f} ms"
    yield "a question, warm: p95", f"{np.percentile(warm, 95) * 1000:.0f} ms"
    yield "ingest, loading the encoder included", _ingest(folder)
    yield "memory of the server, once it answers", f"{_memory(settings):.0f} MB"


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
    with _served(["make", "run"], copy, {}):
        steward = copy / ".venv" / "bin" / "steward"
        subprocess.run([steward, "ask", QUESTION], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began


def _ask(settings: Settings) -> None:
    command = [sys.executable, "-m", "ui.cli.app", "ask", "--index", str(settings.index), QUESTION]
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


def _memory(settings: Settings) -> float:
    """Resident memory of the serving process, in MB of 1,000,000 bytes (Linux)."""
    command = [sys.executable, "-m", "ui.cli.app", "serve"]
    with _served(command, ROOT, {"STEWARD_INDEX": str(settings.index)}) as process:
        status = Path(f"/proc/{process.pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) * 1024 / 1e6


@contextmanager
def _served(
    command: list[str], folder: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server on a free port until the block ends; the block begins when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment, "STEWARD_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/healthz"):
            if process.poll() is not None:
                raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
            time.sleep(0.1)
        yield process
    finally:
        os.killpg(process.pid, 2)
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    typer.run(main)
