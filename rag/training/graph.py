"""Writes ``rag/text/minilm.onnx``: what MiniLM computes, layer by layer, without its weights.

    python -m rag.training.graph

It is written down by hand and not traced, with those operators of ONNX Runtime that do several
steps in one (domain ``com.microsoft``), and the same code gives the same bytes. A weight has the
name that transformers' ``BertModel`` has for it; a matrix is the other way round.
"""

import argparse
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

from rag.text.encoder import DIMENSIONS
from rag.text.network import GRAPH

_INNER = 1536
_LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12
_FUSED = "com.microsoft"
_OPSET = 20
_IR = 10


class _Graph:
    """Nodes and weights, one after another."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def node(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Add what is computed of ``inputs``; returns its name."""
        domain = "" if operator in ("Add", "MatMul", "LayerNormalization") else _FUSED
        self.nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name

    def weight(self, name: str, *shape: int) -> str:
        """Add a weight that is handed over later; returns its name."""
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="weights")  # a mark; there is no such file
        self.weights.append(tensor)
        return name

    def norm(self, name: str) -> list[str]:
        """The weights of a normalisation."""
        return [self.weight(f"{name}.LayerNorm.{each}", DIMENSIONS) for each in ("weight", "bias")]

    def product(self, read: str, name: str, inputs: int, outputs: int) -> tuple[str, str]:
        """What a linear map makes of ``read``, and the bias that is still to be added."""
        matrix = self.weight(f"{name}.weight", inputs, outputs)
        return self.node("MatMul", [read, matrix], f"{name}.product"), self.weight(
            f"{name}.bias", outputs
        )

    def layer(self, read: str, name: str) -> str:
        """One layer: attention, then two linear maps, each added to what it was made of."""
        heads = []
        for each in ("query", "key", "value"):
            own = f"{name}.attention.self.{each}"
            linear = self.product(read, own, DIMENSIONS, DIMENSIONS)
            heads.append(self.node("Add", linear, own))
        attended = self.node("MultiHeadAttention", heads, f"{name}.attention", num_heads=_HEADS)
        own = f"{name}.attention.output"
        product, bias = self.product(attended, f"{own}.dense", DIMENSIONS, DIMENSIONS)
        between = self.added(product, read, own, bias)
        own = f"{name}.intermediate"
        product, bias = self.product(between, f"{own}.dense", DIMENSIONS, _INNER)
        inner = self.node("BiasGelu", [product, bias], own)
        own = f"{name}.output"
        product, bias = self.product(inner, f"{own}.dense", _INNER, DIMENSIONS)
        return self.added(product, between, own, bias)

    def added(self, product: str, read: str, name: str, bias: str) -> str:
        """A product with its bias, and what it was made of, normalised."""
        inputs = [product, read, *self.norm(name), bias]
        return self.node("SkipLayerNormalization", inputs, name, epsilon=_EPSILON)


def graph() -> bytes:
    """The graph, from the sum of the embeddings to what the last layer gives."""
    made = _Graph()
    last = made.node(
        "LayerNormalization",
        ["embedded", *made.norm("embeddings")],
        "embeddings",
        axis=-1,
        epsilon=_EPSILON,
    )
    for number in range(_LAYERS):
        last = made.layer(last, f"encoder.layer.{number}")
    model: ModelProto = helper.make_model(
        helper.make_graph(
            made.nodes, "MiniLM", [_vectors("embedded")], [_vectors(last)], made.weights
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)],
        ir_version=_IR,
    )
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def _vectors(name: str) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "pieces", DIMENSIONS])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write it, and print its hash, which ``rag.text.network`` checks."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.graph", description=__doc__)
    parser.add_argument("--out", type=Path, default=GRAPH, help="the file to write")
    out = parser.parse_args(arguments).out
    written = graph()
    out.write_bytes(written)
    print(f"{out}, SHA-256 {sha256(written).hexdigest()}")  # noqa: T201


if __name__ == "__main__":
    main()
