from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest import generation
from ingest.errors import IndexBusy, IndexMissing, IndexStorage


def make(index: Path, content: str = "") -> Path:
    with generation.building(index) as folder:
        (folder / "innhold").write_text(content)
    return generation.live(index)


def test_nothing_is_live_before_the_first_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="medraad ingest"):
        generation.live(tmp_path / "ingen")


def test_a_finished_one_is_live(tmp_path: Path) -> None:
    assert (make(tmp_path, "en") / "innhold").read_text() == "en"
    assert (make(tmp_path, "to") / "innhold").read_text() == "to"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_one_live_and_no_rest(tmp_path: Path, error: type[BaseException]) -> None:
    old = make(tmp_path, "gammel")
    with pytest.raises(error), generation.building(tmp_path) as folder:
        (folder / "innhold").write_text("halv")
        raise error
    assert generation.live(tmp_path) == old
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [old.name]


def test_a_full_disk_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(IndexStorage, match="No space left"), generation.building(tmp_path):
        raise OSError(28, "No space left on device")


def test_a_killed_process_leaves_the_old_one_live(tmp_path: Path) -> None:
    old = make(tmp_path, "gammel")
    code = (
        "import os, sys; from pathlib import Path; from ingest import generation\n"
        "with generation.locked(Path(sys.argv[1])), generation.building(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'innhold').write_text('halv')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert generation.live(tmp_path) == old
    with generation.locked(tmp_path):  # the lock went with the process
        fresh = make(tmp_path, "ny")
    assert not list((tmp_path / "generations").glob("*.new"))
    assert generation.live(tmp_path) == fresh


def test_a_pointer_to_nowhere_says_what_to_run(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "current").write_text("borte")
    with pytest.raises(IndexMissing, match=r"borte.*medraad ingest"):
        generation.live(tmp_path)


def test_only_one_may_write(tmp_path: Path) -> None:
    with (
        generation.locked(tmp_path),
        pytest.raises(IndexBusy, match="i gang"),
        generation.locked(tmp_path),
    ):
        pass
    with generation.locked(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(IndexStorage, match="fil"), generation.locked(tmp_path / "fil" / "indeks"):
        pass


def test_the_live_one_and_the_one_before_are_kept(tmp_path: Path) -> None:
    made = [make(tmp_path) for _ in range(4)]
    assert generation.outdated(tmp_path) == made[:2]
