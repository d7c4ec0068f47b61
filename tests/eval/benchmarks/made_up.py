"""Made-up data for the benchmarks, and where the real data is."""

import json
from pathlib import Path

import pytest

from eval.benchmarks.table import BenchmarkTable
from tests.conftest import ROOT

REAL = ROOT.parent / "shared" / "bench"
real = pytest.mark.skipif(not REAL.is_dir(), reason=f"the benchmarks' data is not in {REAL}")

BEES = "Bees collect nectar from flowers. They dry the nectar in cells of wax."
LENA = "The Lena flows north to the Arctic Ocean. The Lena is 4,294 kilometres long."


def figures(result: BenchmarkTable, line: int = 0) -> dict[str, float | None]:
    return dict(zip(result.columns, result.lines[line][1], strict=True))


def lines(path: Path, *objects: object) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(map(json.dumps, objects)))
