"""Writes ``rag/text/minilm*.onnx``: what MiniLM computes, layer by layer, without its weights.

    python -m rag.training.graph

It is written down by hand and not traced, with those operators of ONNX Runtime that do several
steps in one (domain ``com.microsoft``), and the same code gives the same bytes. A weight has the
name that transformers' ``BertModel`` has for it; a matrix is the other way round.

There are two. In one all is float32. In the other matrices are whole numbers of 8 bits, as they are
shipped, and so is what they are multiplied by: it is rounded to 8 bits of its own range, and what
that leaves over once more, so that two products of whole numbers are as good as one of float32 and
take half its time. Rounded once, the logits are off by .9 (standard deviation, of margins of 4.6).
"""

import argparse
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

from rag.text.encoder import DIMENSIONS
from rag.text.network import EXACT, FOLDER, WHOLE

_INNER = 1536
_LAYERS = 6
_HEADS = 12
_EPSILON = 1e-12
_FUSED = "com.microsoft"
_OPERATORS = {"BiasGelu", "MatMulIntegerToFloat", "MultiHeadAttention", "SkipLayerNormalization"}
_STEPS = 254  # of what is left over, which is at most half a step of the first rounding
_MIDDLE = 128
_OPSET = 20
_IR = 10


class _Graph:
    """Nodes and weights, one after another.

    Args:
        whole: Whether matrices are whole numbers.
    """

    def __init__(self, whole: bool) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self._whole = whole
        self._rounded: dict[str, list[list[str]]] = {}
        if whole:
            self.weights += [
                helper.make_tensor("steps", TensorProto.FLOAT, [], [_STEPS]),
                helper.make_tensor("middle", TensorProto.UINT8, [], [_MIDDLE]),
            ]

    def node(self, operator: str, inputs: Sequence[str], *names: str, **attributes: Any) -> str:
        """Add what is computed of ``inputs``; returns its name, the first if it has several."""
        domain = _FUSED if operator in _OPERATORS else ""
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names[0]

    def weight(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        """Add a weight that is handed over later; returns its name."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="weights")  # a mark; there is no such file
        self.weights.append(tensor)
        return name

    def norm(self, name: str) -> list[str]:
        """The weights of a normalisation."""
        return [self.weight(f"{name}.LayerNorm.{each}", DIMENSIONS) for each in ("weight", "bias")]

    def product(self, read: str, name: str, inputs: int, outputs: int) -> tuple[str, str]:
        """What a linear map makes of ``read``, and the bias that is still to be added."""
        bias = self.weight(f"{name}.bias", outputs)
        own = f"{name}.weight"
        if not self._whole:
            matrix = self.weight(own, inputs, outputs)
            return self.node("MatMul", [read, matrix], f"{name}.product"), bias
        matrix = self.weight(own, inputs, outputs, kind=TensorProto.INT8)
        step = self.weight(f"{own}.step", outputs)
        parts = [
            self.node("MatMulIntegerToFloat", [whole, matrix, of, step, zero], f"{name}.{number}")
            for number, (whole, of, zero) in enumerate(self.rounded(read))
        ]
        return self.node("Add", parts, f"{name}.product"), bias

    def rounded(self, read: str) -> list[list[str]]:
        """Two parts of ``read`` in whole numbers: of each the numbers, what 1 is, and the zero."""
        if read not in self._rounded:
            first = [f"{read}.{each}" for each in ("whole", "one", "zero")]
            self.node("DynamicQuantizeLinear", [read], *first)
            kept = self.node("DequantizeLinear", first, f"{read}.kept")
            over = self.node("Sub", [read, kept], f"{read}.over")
            one = self.node("Div", [first[1], "steps"], f"{read}.over.one")
            second = [one, "middle"]
            whole = self.node("QuantizeLinear", [over, *second], f"{read}.over.whole")
            self._rounded[read] = [first, [whole, *second]]
        return self._rounded[read]

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


def graph(whole: bool) -> bytes:
    """A graph, from the sum of the embeddings to what the last layer gives."""
    made = _Graph(whole)
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
    """Write both, and print their hashes, which ``rag.text.network`` checks."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.graph", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    out = parser.parse_args(arguments).out
    for name, whole in ((EXACT, False), (WHOLE, True)):
        written = graph(whole)
        (out / name).write_bytes(written)
        print(f"{out / name}, SHA-256 {sha256(written).hexdigest()}")  # noqa: T201


if __name__ == "__main__":
    main()
