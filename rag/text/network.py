"""The six layers of MiniLM under ONNX Runtime, by whichever weights: no torch, and ready at once.

A graph without weights serves the encoder and the reader. ``python -m rag.training.graph`` writes
it; what the weights' files hold is handed to it when it is loaded. What is before and after the
layers is arithmetic on a few rows, and done here and by who asks.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.errors import ModelFault
from rag.text.weights import STEP, Floats, Weights, in_float32

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


class Network:
    """The layers with their weights; safe to share between threads, which compute side by side.

    Texts of a batch are equally long, so that nothing is filled up and a text's vectors do not
    depend on what it is read with.

    Args:
        weights: By the names that transformers' ``BertModel`` has for them. Where the processor
            multiplies whole numbers, matrices in these, as ``read_weights`` gives them, take three
            quarters of the time of float32, a quarter of the memory, and give logits within .01.
        threads: Cores that one batch is computed on.

    Raises:
        ModelFault: When the graph is missing or is not the one that came with this version.
    """

    def __init__(self, weights: Weights, threads: int = 1) -> None:
        whole = any(name.endswith(STEP) for name in weights) and _multiplies()
        if not whole:
            weights = in_float32(weights)
        self._words, self._places, self._kinds = (
            weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it would keep one for each length of a text
        given = {
            name: np.ascontiguousarray(each.T)  # torch has a row for each output
            for name, each in weights.items()
            if name.startswith((_LAYERS, _NORM))
        }
        options.add_external_initializers(
            list(given), [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in given.values()]
        )
        self._session = onnxruntime.InferenceSession(
            _graph(WHOLE if whole else EXACT), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, pieces: NDArray[np.int64], second: int | None = None) -> Floats:
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
        found: Floats = self._session.run(None, {"embedded": embedded})[0]
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
