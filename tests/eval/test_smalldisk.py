"""The limit that stands in for a full disk holds from the first byte that a process writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eval.smalldisk import SmallDisk

_LARGEST = 4096


@pytest.mark.parametrize(("bytes_", "fits"), [(_LARGEST, True), (_LARGEST + 1, False)])
def test_a_bound_command_writes_no_larger_file(tmp_path: Path, bytes_: int, fits: bool) -> None:
    file = tmp_path / "fil"
    script = f"open({str(file)!r}, 'wb', buffering=0).write(bytes({bytes_})) == {bytes_} or exit(1)"
    command = SmallDisk(tmp_path, mounted=False).bound([sys.executable, "-c", script], _LARGEST)
    assert (subprocess.run(command, check=False).returncode == 0) is fits
    assert file.stat().st_size == _LARGEST


def test_a_command_on_a_disk_of_its_own_is_left_as_it_is(tmp_path: Path) -> None:
    assert SmallDisk(tmp_path, mounted=True).bound(["ls"], _LARGEST) == ["ls"]
