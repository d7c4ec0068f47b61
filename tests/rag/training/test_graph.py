"""The graph without weights, as it is written down."""

from hashlib import sha256
from pathlib import Path

import pytest

from rag.text.network import GRAPH, GRAPH_SHA256
from rag.training.graph import main


def test_the_command_writes_the_graph_that_ships_byte_for_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "minilm.onnx"
    main(["--out", str(out)])
    assert out.read_bytes() == GRAPH.read_bytes()
    assert sha256(GRAPH.read_bytes()).hexdigest() == GRAPH_SHA256
    assert capsys.readouterr().out == f"{out}, SHA-256 {GRAPH_SHA256}\n"


def test_it_holds_no_weights() -> None:
    assert GRAPH.stat().st_size < 50_000
