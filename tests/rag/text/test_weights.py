"""Weights in 8 bits, by hand and by property."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.numpy import load_file

from rag.errors import ModelFault
from rag.text.weights import in_float32, read_weights, write_weights

MATRIX = "encoder.layer.0.dense.weight"


def test_each_row_of_a_layers_matrix_has_a_step_of_its_own(tmp_path: Path) -> None:
    rows = np.array([[127.0, -64.0, 0.6], [0.0, 0.254, -0.127], [0.0, 0.0, 0.0]], np.float32)
    digest = write_weights({MATRIX: rows, "encoder.layer.0.dense.bias": rows[0]}, tmp_path / "w")
    kept = load_file(tmp_path / "w")
    assert kept[MATRIX].dtype == np.int8
    assert kept[MATRIX].tolist() == [[127, -64, 1], [0, 127, -64], [0, 0, 0]]
    read = in_float32(read_weights(tmp_path / "w", digest))
    assert read.keys() == {MATRIX, "encoder.layer.0.dense.bias"}
    assert read[MATRIX][0] == pytest.approx([127.0, -64.0, 1.0])
    assert read[MATRIX][1] == pytest.approx([0.0, 0.254, -0.128])
    assert read["encoder.layer.0.dense.bias"] == pytest.approx(rows[0], rel=1e-3)
    assert digest == sha256((tmp_path / "w").read_bytes()).hexdigest()


@given(arrays(np.float32, (3, 5), elements=st.floats(-8, 8, width=32)))
def test_no_weight_is_off_by_more_than_half_a_step(
    tmp_path_factory: pytest.TempPathFactory, rows: np.ndarray
) -> None:
    path = tmp_path_factory.mktemp("weights") / "w"
    read = in_float32(read_weights(path, write_weights({MATRIX: rows}, path)))[MATRIX]
    step = np.abs(rows).max(axis=1, keepdims=True) / 127
    assert np.all(np.abs(read - rows) <= 0.501 * step + 1e-30)


def test_another_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    digest = write_weights({MATRIX: np.ones((1, 1), np.float32)}, tmp_path / "w")
    with pytest.raises(ModelFault, match="is not the file of this version"):
        read_weights(tmp_path / "w", "0" * len(digest))
    with pytest.raises(ModelFault, match="cannot be read"):
        read_weights(tmp_path / "other", digest)
