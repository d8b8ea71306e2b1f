from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers import read

PAGE = "<!DOCTYPE html><html><body><main><h1>Samstyring</h1><p>Partene møtes ofte.</p></main></body></html>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "side.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_no_code_of_the_working_directory_is_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page.with_name("resource.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(page.parent)
    assert read(page).title == "Samstyring"
