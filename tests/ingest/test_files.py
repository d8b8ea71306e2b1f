from __future__ import annotations

from pathlib import Path

from ingest.files import digest


def test_a_digest_is_the_sha256_of_all_that_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 1_000_000)
    assert digest(tmp_path / "a") == "f4096a131e7e6ebfa7a512b5c299e13b065df34d15624ee1202ab394cc4d7e90"
