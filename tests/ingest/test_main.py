from __future__ import annotations

from pathlib import Path

import pytest

from ingest.__main__ import main


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("korpus", 2)])
def test_nothing_is_ingested_when_something_else_is_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argument: str,
    status: int,
) -> None:
    monkeypatch.setenv("MEDRAAD_INDEX", str(tmp_path / "indeks"))
    monkeypatch.setattr("sys.argv", ["ingest", argument])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == status
    assert "python -m ingest" in "".join(capsys.readouterr())
    assert not (tmp_path / "indeks").exists()
