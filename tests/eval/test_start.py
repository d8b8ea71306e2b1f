from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import AssistantSettings
from eval import start
from eval.start import AIM, Start, main


def test_a_start_is_measured_until_the_server_is_ready(settings: AssistantSettings) -> None:
    found = start.start(["--index", str(settings.index)])
    assert found.seconds > 0.1
    assert found.processor > 0.1
    assert found.memory > 10_000_000


@pytest.mark.parametrize(
    ("seconds", "status"), [([9.0, 0.5, AIM], 0), ([0.5, 9.0, AIM + 0.001], 1), ([AIM + 0.001], 1)]
)
def test_the_median_start_is_held_against_the_aim(
    seconds: list[float], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = iter(seconds)
    monkeypatch.setattr(start, "start", lambda options: Start(next(made), 1.0, 100_000_000))
    assert main(["--times", str(len(seconds))]) == status
    assert "Median 3.00 s" in capsys.readouterr().out


def test_a_server_that_does_not_start_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDRAAD_WORKERS", "0")
    assert main(["--times", "1", "--index", str(tmp_path)]) == 2
    assert "medraad serve" in capsys.readouterr().err
