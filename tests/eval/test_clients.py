from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from eval.clients import main, resident
from eval.outcome import Outcome, Reply, outcome_of
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
    written, chart = tmp_path / "ut.json", tmp_path / "ut.svg"
    with running(app_of(small), settings_of(small)) as (host, port):
        options = ["--clients", "3", "--seconds", "1", "--questions", str(asked), "--pid", str(os.getpid())]
        options += ["--json", str(written), "--chart", str(chart)]
        status = main([f"http://{host}:{port}", *options])
    found = json.loads(written.read_text())
    assert found["errors"] == 0
    assert found["replies"] == sum(part["replies"] for part in found["slices"]) > 3
    assert 0 < found["middle"] <= found["slow"]
    assert max(part["memory"] or 0 for part in found["slices"]) > 10
    assert found["allowed"] == pytest.approx(4 * 3 / found["cores"] * found["alone"])
    assert status == (0 if Outcome(**found).holds else 1)
    assert "0 feil" in capsys.readouterr().out
    drawn = fromstring(chart.read_text("utf-8"))
    assert len(drawn.findall("{*}polyline")) == 3


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


def replies(took: float, status: int = 200) -> list[Reply]:
    return [Reply(float(second), took, status) for second in range(100)]


def outcome(took: float = 50.0, status: int = 200, growth: float = 1.0) -> Outcome:
    memory = [(float(second), 400.0 * (growth if second > 50 else 1.0)) for second in range(100)]
    return outcome_of(10, 100.0, 10.0, replies(took, status), memory)


def test_a_run_holds_without_errors_in_time_and_with_flat_memory() -> None:
    within = outcome()
    assert within.holds
    assert (within.settled, within.ended) == (400, 400)
    assert not outcome(status=503).holds
    assert not outcome(took=within.allowed + 1).holds
    assert not outcome(growth=1.2).holds


def test_memory_at_the_very_start_is_left_out() -> None:
    memory = [(0.0, 100.0), (15.0, 300.0), (95.0, 303.0)]
    assert outcome_of(1, 100.0, 10.0, replies(1.0), memory).settled == 300


def test_a_servers_workers_are_counted_with_it() -> None:
    alone = resident(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(50_000_000); input()"], stdin=subprocess.PIPE
    ) as child:
        for _ in range(200):
            if resident(child.pid) > 50_000_000:
                break
            time.sleep(0.02)
        assert resident(os.getpid()) > alone + 40_000_000
