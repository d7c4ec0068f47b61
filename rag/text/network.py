"""The six layers of MiniLM under ONNX Runtime, by whichever weights: no torch, and ready at once.

One graph serves the encoder and the reader. It is in ``minilm.onnx``, without weights, as ``python
-m rag.training.graph`` writes it; what the weights' files hold is handed to it when it is loaded.
What is before and after the layers is arithmetic on a few rows, and done here and by who asks.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.errors import ModelFault

GRAPH = Path(__file__).with_name("minilm.onnx")
GRAPH_SHA256 = "3ea50a9c79a8ee288ee7bd1688c04dad8615165f00c8a4b64ec7fced07c3866d"

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

    Raises:
        ModelFault: When the graph is missing or is not the one that came with this version.
    """

    def __init__(self, weights: Mapping[str, _Floats], threads: int = 1) -> None:
        self._words, self._places, self._kinds = (
            weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it would keep one for each length of a text
        given = {
            name: _as_multiplied(each)
            for name, each in weights.items()
            if name.startswith((_LAYERS, _NORM))
        }
        options.add_external_initializers(
            list(given), [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in given.values()]
        )
        self._session = onnxruntime.InferenceSession(
            _graph(), options, providers=["CPUExecutionProvider"]
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


def _as_multiplied(weights: _Floats) -> _Floats:
    """Matrices from the left, as the graph has them; torch has a row for each output."""
    return np.ascontiguousarray(weights.T, dtype=np.float32)


def _graph() -> bytes:
    try:
        graph = GRAPH.read_bytes()
    except OSError as error:
        raise ModelFault(f"{GRAPH} cannot be read") from error
    digest = hashlib.sha256(graph).hexdigest()
    if digest != GRAPH_SHA256:
        raise ModelFault(f"{GRAPH} is not the graph of this version (SHA-256 {digest})")
    return graph
