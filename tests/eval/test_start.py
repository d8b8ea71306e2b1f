from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.settings import AssistantSettings
from eval.start import main


def test_a_start_is_measured_until_the_server_is_ready(
    settings: AssistantSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--times", "1", "--index", str(settings.index)])
    found = re.search(r"Median ([\d.]+) s", capsys.readouterr().out)
    assert found
    assert status == (0 if float(found[1]) <= 3 else 1)


def test_a_server_that_does_not_start_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDRAAD_WORKERS", "0")
    assert main(["--times", "1", "--index", str(tmp_path)]) == 2
    assert "medraad serve" in capsys.readouterr().err
