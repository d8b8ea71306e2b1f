"""A model folder in the sentence-transformers layout: what is in it, and what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.errors import ModelError
from ingest.files import digest

DEFAULT_MODEL = "multilingual-e5-small"
RECORD = "medraad.json"
"""What `ingest.model` leaves in a folder that it made: how it was made, and the sha256 of each file."""
GRAPH = "onnx/model_int8.onnx"
GRAPHS = (GRAPH, "onnx/model_quantized.onnx", "onnx/model.onnx", "model.onnx")
"""Where an ONNX file may lie in a model folder, the fastest first."""
MAX_TOKENS = 512
E5_PREFIXES = ("query: ", "passage: ")
"""What every E5 model was trained with: https://huggingface.co/intfloat/multilingual-e5-small"""

Pooling = Literal["mean", "cls"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model wants its texts treated: what stands before them, and how tokens become one vector."""

    query: str
    passage: str
    pooling: Pooling
    max_tokens: int

    @classmethod
    def read(cls, folder: Path) -> Recipe:
        """Return what the settings files in `folder` say; a file that is missing leaves the usual.

        Raises:
            ModelError: a file is not JSON, or names a pooling that is not supported.
        """
        prompts = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
        query, passage = prefixes(prompts, folder.name)
        length = read_json(folder / "sentence_bert_config.json").get("max_seq_length") or MAX_TOKENS
        return cls(query, passage, _pooling(folder), min(int(length), MAX_TOKENS))


def prefixes(prompts: Mapping[str, str | None], name: str) -> tuple[str, str]:
    """Return what stands before a question and before a passage, by the model's prompts or else its name."""
    query = prompts.get("query") or ""
    passage = prompts.get("passage") or prompts.get("document") or ""
    if not query and not passage and "e5" in name.lower():
        return E5_PREFIXES
    return query, passage


def find_graph(folder: Path) -> Path:
    """Return the ONNX file in `folder`.

    Raises:
        ModelError: there is no such folder, or no ONNX file or tokenizer in it.
    """
    graphs = [folder / name for name in GRAPHS if (folder / name).is_file()]
    if graphs and (folder / "tokenizer.json").is_file():
        return graphs[0]
    raise ModelError(
        f"Fant ingen hel modell i {folder}. Kjør `make install`, eller pek MEDRAAD_EMBEDDER på en mappe "
        f"med tokenizer.json og {GRAPH}."
    )


def onnx_name(folder: Path, weights: str, recipe: Recipe) -> str:
    """Return an ONNX model's identity for the index; `weights` is the sha256 of its file."""
    return f"onnx:{folder.name}:{weights[:16]}:{recipe.pooling}:{recipe.query}|{recipe.passage}"


def checked_digest(folder: Path, graph: Path) -> str:
    """Return the sha256 of the ONNX file `graph`.

    Raises:
        ModelError: the record in `folder` gives another one: the file was damaged or exchanged.
    """
    found = digest(graph)
    recorded = read_json(folder / RECORD).get("files", {}).get(graph.relative_to(folder).as_posix(), found)
    if recorded != found:
        raise ModelError(
            f"{graph} er skadet eller byttet ut. Kjør `make install`, så lages modellen på nytt."
        )
    return found


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, empty where there is no file.

    Raises:
        ModelError: the file is not a JSON object.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} kan ikke leses som JSON: {error}.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} skal være et JSON-objekt.")
    return content


def _pooling(folder: Path) -> Pooling:
    content = read_json(folder / "1_Pooling" / "config.json")
    named = content.get("pooling_mode")
    modes = (
        [named] if named else [key for key, on in content.items() if key.startswith("pooling_mode") and on]
    )
    if modes in ([], ["mean"], ["pooling_mode_mean_tokens"]):
        return "mean"
    if modes in (["cls"], ["pooling_mode_cls_token"]):
        return "cls"
    raise ModelError(
        f"Modellen i {folder} bruker en pooling som ikke støttes ({', '.join(map(str, modes))}). "
        f"Bruk sentence-transformers:{folder} i MEDRAAD_EMBEDDER."
    )
