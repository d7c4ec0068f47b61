"""MiniLM's layers under ONNX Runtime."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

import rag.text.network
from rag.errors import ModelFault
from rag.quoting.reader import WEIGHTS, WEIGHTS_SHA256
from rag.text.encoder import packaged_folder, packaged_weights
from rag.text.network import EXACT, FOLDER, Network
from rag.text.weights import Weights, in_float32, read_weights
from rag.training.network import trained

TOLERANCE = 1e-3
"""Of values of about 1 here; float32 in another order of adding."""


def pieces(texts: int, length: int) -> np.ndarray:
    return np.random.default_rng(length).integers(1000, 30000, (texts, length))


@pytest.mark.models
@pytest.mark.parametrize(("texts", "length"), [(1, 1), (3, 17), (2, 256)])
def test_it_computes_what_torch_does(texts: int, length: int) -> None:
    read = pieces(texts, length)
    network = BertModel.from_pretrained(packaged_folder(), local_files_only=True)
    network.train(False)
    with torch.inference_mode():
        expected = network(torch.from_numpy(read)).last_hidden_state.numpy()
    found = Network(packaged_weights(packaged_folder()))(read)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < TOLERANCE


@pytest.mark.models
def test_other_weights_are_another_network_and_have_a_second_part() -> None:
    read = pieces(1, 384)
    reader = trained().eval()
    kinds = torch.zeros(1, 384, dtype=torch.long)
    kinds[:, 20:] = 1
    with torch.inference_mode():
        logits = reader(torch.from_numpy(read), token_type_ids=kinds).start_logits.numpy()
    kept = in_float32(read_weights(WEIGHTS, WEIGHTS_SHA256))
    network = of_reader(kept)
    head, bias = kept["qa_outputs.weight"], kept["qa_outputs.bias"]
    assert np.abs((network(read, 20) @ head.T + bias)[:, :, 0] - logits).max() < 0.01
    assert np.abs((network(read) @ head.T + bias)[:, :, 0] - logits).max() > 0.1


def of_reader(kept: Weights) -> Network:
    layers = {name.removeprefix("bert."): each for name, each in kept.items()}
    return Network(packaged_weights(packaged_folder()) | layers)


@pytest.mark.models
def test_whole_numbers_give_what_float32_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the processor multiplies them; where it does not, it is float32 bit for bit."""
    kept, read = read_weights(WEIGHTS, WEIGHTS_SHA256), pieces(1, 190)
    exact, found = of_reader(in_float32(kept))(read, 15), of_reader(kept)(read, 15)
    assert np.abs(found - exact).max() < 0.01
    assert (found == exact).all() != rag.text.network._multiplies()
    monkeypatch.setattr(rag.text.network, "_CPUINFO", Path("nowhere"))
    assert (of_reader(kept)(read, 15) == exact).all()


def _change(graph: Path) -> None:
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)


@pytest.mark.parametrize("damage", [_change, Path.unlink])
def test_a_graph_that_is_not_that_of_this_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copy = tmp_path / EXACT
    copy.write_bytes((FOLDER / EXACT).read_bytes())
    monkeypatch.setattr(rag.text.network, "FOLDER", tmp_path)
    weights = packaged_weights(packaged_folder())
    Network(weights)
    damage(copy)
    with pytest.raises(ModelFault, match=r"minilm\.onnx"):
        Network(weights)
