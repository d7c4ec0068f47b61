"""The reader's network as torch trains it: what it begins from, and how it is written."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertForQuestionAnswering

from rag.quoting.reader import WEIGHTS, WEIGHTS_SHA256
from rag.text.encoder import packaged_folder
from rag.text.weights import in_float32, read_weights, write_weights

_WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"


def untrained() -> Any:
    """The network as training begins: the encoder's weights, and a head that knows nothing."""
    network = _empty()
    encoder = load_file(packaged_folder() / "model.safetensors")
    network.bert.load_state_dict(
        {name: each for name, each in encoder.items() if not name.startswith("pooler")},
        strict=False,  # buffers of positions, which older versions kept as weights
    )
    torch.nn.init.normal_(network.qa_outputs.weight, std=network.config.initializer_range)
    return network


def trained() -> Any:
    """The network with the weights that come with this version, in float32; raises ModelFault."""
    kept = in_float32(read_weights(WEIGHTS, WEIGHTS_SHA256))
    weights = {name: torch.from_numpy(each) for name, each in kept.items()}
    packaged = load_file(packaged_folder() / "model.safetensors")
    weights[_WORD_EMBEDDINGS] = packaged[_WORD_EMBEDDINGS.removeprefix("bert.")]
    network = _empty()
    network.load_state_dict(weights)
    return network


def save(network: Any, path: Path) -> str:
    """Write the trained weights, all but the word embeddings; returns the file's SHA-256."""
    weights = {
        name: each.float().cpu().numpy()
        for name, each in network.state_dict().items()
        if name != _WORD_EMBEDDINGS
    }
    return write_weights(weights, path)


def _empty() -> Any:
    """The network without weights of any worth; no dropout, since the rows are read but once."""
    config = BertConfig.from_pretrained(packaged_folder(), local_files_only=True)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "sdpa"
    return BertForQuestionAnswering(config)
