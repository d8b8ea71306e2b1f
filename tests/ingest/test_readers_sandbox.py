from __future__ import annotations

import resource
import subprocess
import sys
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


@pytest.mark.parametrize(("kind", "bound"), [(resource.RLIMIT_AS, 900_000_000), (resource.RLIMIT_CPU, 100)])
def test_bounds_that_are_narrower_already_are_kept(page: Path, kind: int, bound: int) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from ingest.readers import read\n"
        "kind, bound = map(int, sys.argv[2:]); resource.setrlimit(kind, (bound, bound))\n"
        "print(read(Path(sys.argv[1])).title)\n"
    )
    command = [sys.executable, "-c", code, str(page), str(kind), str(bound)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.stdout, done.stderr) == ("Samstyring\n", "")
