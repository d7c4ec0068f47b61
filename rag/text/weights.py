"""Trained weights as they are shipped: a quarter of their size, and checked when they are read.

The layers' matrices are in whole numbers of 8 bits, each row with a step of its own, the rest in
float16. Word embeddings are never among them: they are the packaged model's.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from rag.errors import ModelFault

_LAYERS = "encoder.layer."
STEP = ".step"  # after a matrix's name: how much 1 stands for, of each row
LARGEST = 127

Weights = Mapping[str, NDArray[np.float32]]


def write_weights(weights: Weights, path: Path) -> str:
    """Write weights by their names; returns the file's SHA-256."""
    kept: dict[str, NDArray[Any]] = {}
    for name, each in weights.items():
        if _LAYERS in name and each.ndim > 1:
            largest = np.abs(each).max(axis=1) / np.float32(LARGEST)
            step = np.maximum(largest, np.finfo(np.float32).tiny)
            kept[name + STEP] = step
            kept[name] = np.round(each / step[:, None]).astype(np.int8)
        else:
            kept[name] = each.astype(np.float16)
    save_file(kept, path)
    return _sha256(path)


def read_weights(path: Path, sha256: str) -> dict[str, NDArray[np.float32]]:
    """The weights of a file by their names.

    Raises:
        ModelFault: When it is missing or is not the one of this hash.
    """
    try:
        digest = _sha256(path)
    except OSError as error:
        raise ModelFault(f"{path} cannot be read") from error
    if digest != sha256:
        raise ModelFault(f"{path} is not the file of this version (SHA-256 {digest})")
    kept = load_file(path)
    weights = {}
    for name, each in kept.items():
        if not name.endswith(STEP):
            whole = each.astype(np.float32)
            step = kept.get(name + STEP)
            weights[name] = whole if step is None else whole * step[:, None]
    return weights


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
