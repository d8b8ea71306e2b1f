from __future__ import annotations

from pathlib import Path

import pytest

from ingest.files import digest, replace_with


def test_a_digest_is_the_sha256_of_all_that_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 1_000_000)
    assert digest(tmp_path / "a") == "f4096a131e7e6ebfa7a512b5c299e13b065df34d15624ee1202ab394cc4d7e90"


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content in (b"gammelt", b"nytt"):
        replace_with(path, content, mode=0o600)
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (content, 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_replaced_stays_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_with(tmp_path / "a", b"nytt")
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]
