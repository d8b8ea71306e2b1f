"""Every command of the room tells in one sentence what is wrong with what it is given."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from assistant.settings import AssistantSettings
from eval import delay
from eval.errors import EvalError
from eval.ingestion import measure
from ingest.settings import load

NO_MODEL = {"MEDRAAD_EMBEDDER": "onnx:finnes-ikke"}
NO_CORPUS = {"MEDRAAD_CORPUS": "finnes-ikke"}
NO_WORDS = {"MEDRAAD_WORDS": "finnes-ikke"}
NO_SUCH_KIND = {"MEDRAAD_EMBEDDER": "papir"}


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        ("__main__", NO_MODEL),
        ("adapt", NO_SUCH_KIND),
        ("crash", NO_CORPUS),
        ("crash", NO_MODEL),
        ("delay", NO_MODEL),
        ("fit", NO_MODEL),
        ("ingestion", NO_CORPUS),
        ("ingestion", NO_MODEL),
        ("load", NO_SUCH_KIND),
        ("modelgate", NO_SUCH_KIND),
        ("prior", NO_MODEL),
        ("transcript", NO_MODEL),
        ("verify", NO_WORDS),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(
    command: str,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setattr(sys, "argv", [command])
    assert import_module(f"eval.{command}").main() == 2
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1 and err.endswith(".\n")
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("__main__", "--json"),
        ("__main__", "--html"),
        ("clients", "--json"),
        ("clients", "--chart"),
        ("load", "--json"),
        ("transcript", "--out"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    command: str,
    option: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "fil").touch()
    monkeypatch.setenv("MEDRAAD_INDEX", str(tmp_path / "ingen"))
    monkeypatch.setattr(sys, "argv", [command, option, str(tmp_path / "fil" / "ut")])
    assert import_module(f"eval.{command}").main() == 2
    assert capsys.readouterr().err.startswith(f"Kan ikke skrive {tmp_path / 'fil' / 'ut'}: ")


def test_a_delay_of_nothing_is_told_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nothing(*_: object) -> list[float]:
        return []

    monkeypatch.setattr(delay, "measure", nothing)
    assert delay.main() == 2
    assert capsys.readouterr().err == "Ingen setninger ble skrevet.\n"


def test_an_ingestion_that_fails_is_not_measured(tmp_path: Path) -> None:
    settings = load(AssistantSettings, corpus=tmp_path / "borte", index=tmp_path / "indeks")
    with pytest.raises(EvalError, match="medraad ingest"):
        measure(settings, tmp_path / "a.txt")
