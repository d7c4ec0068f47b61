"""The graph without weights, as it is written down."""

from hashlib import sha256
from pathlib import Path

import pytest

from rag.text.network import FOLDER, GRAPHS
from rag.training.graph import main


def test_the_command_writes_the_graphs_that_ship_byte_for_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--out", str(tmp_path)])
    lines = [f"{tmp_path / name}, SHA-256 {digest}" for name, digest in GRAPHS.items()]
    assert capsys.readouterr().out.splitlines() == lines
    for name, digest in GRAPHS.items():
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_they_hold_no_weights() -> None:
    assert all((FOLDER / name).stat().st_size < 100_000 for name in GRAPHS)
