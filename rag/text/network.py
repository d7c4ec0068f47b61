"""The six layers of MiniLM under ONNX Runtime, by whichever weights: no torch, and ready at once.

A graph without weights serves the encoder and the reader. ``python -m rag.training.graph`` writes
it; what the weights' files hold is handed to it when it is loaded. What is before and after the
layers is arithmetic on a few rows, and done here and by who asks.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.errors import ModelFault
from rag.text.weights import STEP, in_whole_numbers

FOLDER = Path(__file__).parent
EXACT = "minilm.onnx"
WHOLE = "minilm-int8.onnx"
GRAPHS = {
    EXACT: "69407f4dbe8499bb9dd116d50c78bb03f88365ed9b847bcba45cdb5e2f0a8955",
    WHOLE: "b08be45cbe2ae53a8e6b46928e5613b060fccc7af7513353fa6c0e65faaa4fb1",
}
"""Their SHA-256, by name: all in float32, and with matrices in whole numbers of 8 bits."""

_CPUINFO = Path("/proc/cpuinfo")
_MULTIPLIES = {"avx512_vnni", "avx_vnni"}
"""Processors without one of these add products of 8 bits up in 16, which overflow."""

_LAYERS = "encoder.layer."
_NORM = "embeddings.LayerNorm."

_Floats = NDArray[np.float32]


class Network:
    """The layers with their weights; safe to share between threads, which compute side by side.

    Texts of a batch are equally long, so that nothing is filled up and a text's vectors do not
    depend on what it is read with.

    Args:
        weights: By the names that transformers' ``BertModel`` has for them.
        threads: Cores that one batch is computed on.
        whole: Whether matrices are whole numbers but for a step for each row, as by
            ``read_weights``. Where the processor multiplies these, it takes three quarters of the
            time, a quarter of the memory, and gives logits within .01 of those of float32.

    Raises:
        ModelFault: When the graph is missing or is not the one that came with this version.
    """

    def __init__(
        self, weights: Mapping[str, _Floats], threads: int = 1, *, whole: bool = False
    ) -> None:
        whole = whole and _multiplies()
        self._words, self._places, self._kinds = (
            weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it would keep one for each length of a text
        given: dict[str, NDArray[Any]] = {}
        for name, each in weights.items():
            if not name.startswith((_LAYERS, _NORM)):
                continue
            matrix: NDArray[Any] = each
            if whole and each.ndim > 1:
                matrix, given[name + STEP] = in_whole_numbers(each)
            given[name] = np.ascontiguousarray(matrix.T)  # torch has a row for each output
        options.add_external_initializers(
            list(given), [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in given.values()]
        )
        self._session = onnxruntime.InferenceSession(
            _graph(WHOLE if whole else EXACT), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, pieces: NDArray[np.int64], second: int | None = None) -> _Floats:
        """What the last layer makes of each word piece.

        Args:
            pieces: Their ids, shape (texts, pieces).
            second: The piece at which the second part of each text begins, if there is one.

        Returns:
            Shape (texts, pieces, dimensions).
        """
        length = pieces.shape[1]
        kinds = np.zeros(length, dtype=np.int64)
        kinds[length if second is None else second :] = 1
        embedded = self._words[pieces] + self._places[:length] + self._kinds[kinds]
        found: _Floats = self._session.run(None, {"embedded": embedded})[0]
        return found


def _multiplies() -> bool:
    """Whether the processor multiplies whole numbers of 8 bits; not known but on Linux."""
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not _MULTIPLIES.isdisjoint(flags.split())


def _graph(name: str) -> bytes:
    path = FOLDER / name
    try:
        graph = path.read_bytes()
    except OSError as error:
        raise ModelFault(f"{path} cannot be read") from error
    digest = hashlib.sha256(graph).hexdigest()
    if digest != GRAPHS[name]:
        raise ModelFault(f"{path} is not the graph of this version (SHA-256 {digest})")
    return graph
