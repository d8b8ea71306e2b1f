from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eval.clients import main
from tests.assistant.serverkit import app_of, running, settings_of
from tests.fakes import SmallCorpus

CASE = {"id": "a", "question": "Når skal verneombudet tas med?", "kind": "when", "answerable": False}


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(CASE), "utf-8")
    return path


def test_readers_are_counted_with_their_times_and_the_servers_memory(
    small: SmallCorpus, asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "ut.json"
    with running(app_of(small), settings_of(small)) as (host, port):
        options = ["--clients", "3", "--seconds", "1", "--questions", str(asked), "--pid", str(os.getpid())]
        status = main([f"http://{host}:{port}", *options, "--json", str(written)])
    found = json.loads(written.read_text())
    assert found["errors"] == 0
    assert found["replies"] == sum(part["replies"] for part in found["slices"]) > 3
    assert 0 < found["middle"] <= found["slow"]
    assert max(part["memory"] or 0 for part in found["slices"]) > 10
    assert status == (1 if found["slow"] > found["allowed"] else 0)
    assert "0 feil" in capsys.readouterr().out


def test_refused_questions_are_errors(
    small: SmallCorpus, asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limited = {"rate": "60/hour"}
    with running(app_of(small, **limited), settings_of(small, **limited)) as (host, port):
        assert (
            main([f"http://{host}:{port}", "--clients", "2", "--seconds", "1", "--questions", str(asked)])
            == 1
        )
    assert " 0 feil" not in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--pid", "4194305"]])
def test_without_a_server_or_process_it_says_so(
    asked: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["http://127.0.0.1:9", "--questions", str(asked), *options]) == 2
    assert capsys.readouterr().err.strip()
