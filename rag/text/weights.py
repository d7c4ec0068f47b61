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
_LARGEST = 127

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
"""By name; a matrix may be in whole numbers, with its steps under its name and ``STEP``."""


def write_weights(weights: Mapping[str, Floats], path: Path) -> str:
    """Write weights by their names; returns the file's SHA-256."""
    kept: dict[str, NDArray[Any]] = {}
    for name, each in weights.items():
        if _LAYERS in name and each.ndim > 1:
            kept[name], kept[name + STEP] = _in_whole_numbers(each)
        else:
            kept[name] = each.astype(np.float16)
    save_file(kept, path)
    return _sha256(path)


def read_weights(path: Path, sha256: str) -> dict[str, NDArray[Any]]:
    """The weights of a file, matrices of layers in whole numbers with their steps, as ``Weights``.

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
    return {
        name: each.astype(np.float32) if each.dtype == np.float16 else each
        for name, each in kept.items()
    }


def in_float32(weights: Weights) -> dict[str, Floats]:
    """The same weights without whole numbers and steps."""
    return {
        name: each.astype(np.float32) * weights[name + STEP][:, None]
        if name + STEP in weights
        else each
        for name, each in weights.items()
        if not name.endswith(STEP)
    }


def _in_whole_numbers(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix in 8 bits, and how much 1 stands for there, of each row; shape (rows,)."""
    largest = np.abs(matrix).max(axis=1) / np.float32(_LARGEST)
    steps = np.maximum(largest, np.finfo(np.float32).tiny)
    return np.round(matrix / steps[:, None]).astype(np.int8), steps


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
