"""What the benchmarks have in common: their data, and how their figures are printed."""

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from eval.benchmarks import chunking, clapnq, mtrag_un, squad2
from eval.errors import BenchmarkMissing
from rag.settings import Settings
from tests.eval.benchmarks.made_up import LENA, lines
from ui.cli.measuring import bench


def test_the_command_prints_our_figures_first_and_where_the_protocols_differ(
    tmp_path: Path,
) -> None:
    task = {
        "input": "how long is the Lena",
        "passages": [{"title": "Notes", "text": LENA, "sentences": [LENA]}],
        "output": [{"selected_sentences": [LENA]}],
        "answerable": True,
    }
    lines(tmp_path / "clapnq" / "dev.jsonl", task, task | {"answerable": False})
    app = typer.Typer()
    app.command()(bench)
    result = CliRunner().invoke(app, ["clapnq", "--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert result.output.index("Steward, threshold") < result.output.index("to compare")
    assert "- Precision, recall and F1" in result.output


@pytest.mark.parametrize("module", [chunking, clapnq, mtrag_un, squad2])
def test_missing_data_is_named_with_the_option_that_helps(
    module: Any, tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(BenchmarkMissing, match="--data"):
        module.run(tmp_path / "nowhere", settings)
