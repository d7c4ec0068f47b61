"""The question's side of the encoder, tuned against vectors that stay."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from rag.text.encoder import Encoder, packaged_folder
from rag.text.weights import in_float32, read_weights
from rag.training.bank import Asked, Bank
from rag.training.question import BATCH, loss_of, save, train

TEXTS = (
    "A fee of ten pounds is due in May.",
    "The hall closes at nine.",
    "Dogs stay outside.",
    "Lena Hart edits the paper.",
)
ASKED = ("what do I owe", "when must I be gone", "may Rex come in", "who runs it")


@pytest.fixture(scope="module")
def made(encoder: Encoder) -> Bank:
    vectors = encoder.encode(TEXTS)
    spans = [(text, 0, len(text)) for text in TEXTS]
    return Bank(vectors, vectors, np.arange(len(TEXTS)), spans)


def test_the_loss_is_of_what_answers_among_all_that_is_trained_against() -> None:
    scores = torch.tensor([[0.05, 0.0, 0.1, 9.0]])
    against = torch.tensor([True, True, True, False])
    loss = loss_of(scores, [Asked("q", (0, 2))], against)
    first, second, third = math.e, 1.0, math.e**2  # of the scores over a temperature of .05
    expected = -math.log((first + third) / (first + second + third))
    assert loss.item() == pytest.approx(expected, abs=1e-5)


def test_questions_come_nearer_to_what_answers_them_and_nothing_else_moves(
    made: Bank, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt = [Asked(each, (number,)) for number, each in enumerate(ASKED)] * (BATCH // len(ASKED))
    before = made.passages.copy()
    network = train(learnt, learnt[: len(ASKED)], made, torch.ones(4, dtype=torch.bool), 60, 1)
    said = capsys.readouterr().out
    assert "before: R@1 1.000" not in said
    assert "after: R@1 1.000" in said
    assert np.array_equal(made.passages, before)
    assert not network.embeddings.word_embeddings.weight.requires_grad


def test_what_is_written_are_the_layers_alone(tmp_path: Path) -> None:
    network = AutoModel.from_pretrained(packaged_folder(), local_files_only=True)
    path = tmp_path / "question.safetensors"
    read = in_float32(read_weights(path, save(network, path)))
    names = {f"encoder.{name}" for name in network.encoder.state_dict()}
    assert read.keys() == names
    for name, each in network.encoder.state_dict().items():
        largest = each.abs().max().item()
        assert np.allclose(read[f"encoder.{name}"], each.numpy(), atol=largest / 127), name
