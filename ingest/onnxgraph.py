"""A BERT encoder as an ONNX graph that onnxruntime computes in int8.

The word table keeps its 4 bits as they were published. Every other matrix becomes int8 with one scale per
output; the activation that it meets is rounded to uint8 with one scale per token, while the model runs.
`DynamicQuantizeLinear`, which onnxruntime's own `quantize_dynamic` puts in, has one scale for a whole batch:
a text's vector would then depend on the texts beside it (cosine down to 0.998) and lie further from the
unrounded one (0.994 against 0.998).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ingest.errors import ModelError
from ingest.weights import BLOCK, Weights

_WEIGHT_LIMIT = 64
"""int8 weights lie within ±64: two products with a uint8 (255 × 64 × 2 = 32,640) then fit the 16 bits that
processors with AVX2 and without VNNI add them up in."""
_ACTIVATION_LIMIT = 127
_ACTIVATION_ZERO = 128
_OPSET = 21
_IR_VERSION = 10
_ONNXRUNTIME = "com.microsoft"


def write_graph(weights: Weights, path: Path) -> None:
    """Write the encoder to `path`: input_ids, attention_mask → last_hidden_state (batch, sequence, hidden).

    Raises:
        ModelError: a tensor is missing from `weights`, or the file cannot be written.
    """
    try:
        onnx.save(_Graph(weights).build(), path)
    except (OSError, ValueError) as error:
        raise ModelError(f"Modellfilen {path.name} kunne ikke skrives: {error}.") from error


class _Graph:
    """Collects nodes and constants; a method that adds some returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._shape = weights.shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def build(self) -> onnx.ModelProto:
        self._constant("unit", np.array(1 / _ACTIVATION_LIMIT, np.float32))
        self._constant("zero", np.array(_ACTIVATION_ZERO, np.uint8))
        for name, number in (("first", 0), ("second", 1), ("third", 2), ("last", -1)):
            self._constant(name, np.array([number], np.int64))
        self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        hidden = self._embeddings()
        for layer in range(self._shape.layers):
            hidden = self._layer(f"l{layer}", hidden)
        self._node("Identity", [hidden], "last_hidden_state")
        return self._model()

    def _model(self) -> onnx.ModelProto:
        axes = ["batch", "sequence"]
        names = ("input_ids", "attention_mask")
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in names]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, [*axes, self._shape.hidden]
        )
        graph = helper.make_graph(self._nodes, "bert", inputs, [output], self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_ONNXRUNTIME, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _node(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: float
    ) -> str:
        node = helper.make_node(operator, inputs, [output], output, domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self._nodes.append(node)
        return output

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(value, name))
        return name

    def _embeddings(self) -> str:
        width = self._shape.hidden
        types = self._weights.vector("emb.type").reshape(-1, width)
        self._constant("positions", self._weights.vector("emb.pos").reshape(-1, width) + types[0])
        self._node("Shape", ["input_ids"], "sizes")
        self._node("Slice", ["sizes", "second", "third", "first"], "length")
        self._node("Slice", ["positions", "first", "length", "first"], "places")
        self._node("Add", [self._words(), "places"], "embedded")
        return self._norm("embedded", "emb.ln")

    def _words(self) -> str:
        parts = list(self._weights.parts("emb.word", self._shape.hidden))
        self._constant("words", np.concatenate([part.packed() for part in parts]))
        self._constant("words.scale", np.concatenate([part.scales for part in parts]))
        inputs = ["words", "input_ids", "words.scale"]
        return self._node(
            "GatherBlockQuantized", inputs, "word", _ONNXRUNTIME, block_size=BLOCK, bits=4, quantize_axis=1
        )

    def _layer(self, name: str, source: str) -> str:
        attended = self._attention(name, source)
        self._node("Add", [source, attended], f"{name}.sum1")
        middle = self._norm(f"{name}.sum1", f"{name}.aln")
        wide = self._linear(middle, f"{name}.wide", [f"{name}.fi"], self._shape.hidden)
        active = self._node("Gelu", [wide], f"{name}.active")
        narrow = self._linear(active, f"{name}.narrow", [f"{name}.fo"], self._shape.feed_forward)
        self._node("Add", [middle, narrow], f"{name}.sum2")
        return self._norm(f"{name}.sum2", f"{name}.oln")

    def _attention(self, name: str, source: str) -> str:
        thirds = [f"{name}.{part}" for part in ("q", "k", "v")]
        whole = self._linear(source, f"{name}.qkv", thirds, self._shape.hidden)
        self._nodes.append(helper.make_node("Split", [whole], thirds, axis=-1, num_outputs=len(thirds)))
        given, heads = [*thirds, "", "mask"], self._shape.heads
        mixed = self._node("MultiHeadAttention", given, f"{name}.mixed", _ONNXRUNTIME, num_heads=heads)
        return self._linear(mixed, f"{name}.attended", [f"{name}.ao"], self._shape.hidden)

    def _norm(self, source: str, name: str) -> str:
        gain = self._constant(f"{name}.w", self._weights.vector(f"{name}.w"))
        shift = self._constant(f"{name}.b", self._weights.vector(f"{name}.b"))
        epsilon = self._shape.epsilon
        return self._node("LayerNormalization", [source, gain, shift], name, axis=-1, epsilon=epsilon)

    def _linear(self, source: str, output: str, names: list[str], columns: int) -> str:
        """Multiply by the matrices `names`, laid side by side, and add their biases."""
        matrix = np.concatenate([self._weights.matrix(f"{name}.w", columns) for name in names])
        scales = np.maximum(np.abs(matrix).max(axis=1) / _WEIGHT_LIMIT, np.finfo(np.float32).tiny)
        rounded = np.rint(matrix / scales[:, None]).astype(np.int8)
        weight = self._constant(f"{output}.w", np.ascontiguousarray(rounded.T))
        scale = self._constant(f"{output}.s", scales)
        bias = np.concatenate([self._weights.vector(f"{name}.b") for name in names])
        largest, levels = self._round(source, output)
        inputs = [levels, weight, "unit", scale, "zero"]
        product = self._node("MatMulIntegerToFloat", inputs, f"{output}.product", _ONNXRUNTIME)
        self._node("Mul", [product, largest], f"{output}.scaled")
        return self._node("Add", [f"{output}.scaled", self._constant(f"{output}.b", bias)], output)

    def _round(self, source: str, output: str) -> tuple[str, str]:
        """Return each token's largest absolute value, and the token in units of it as uint8 around 128."""
        self._node("Abs", [source], f"{output}.abs")
        largest = self._node("ReduceMax", [f"{output}.abs", "last"], f"{output}.max", keepdims=1)
        self._node("Div", [source, largest], f"{output}.ratio")
        levels = self._node("QuantizeLinear", [f"{output}.ratio", "unit", "zero"], f"{output}.levels")
        return largest, levels
