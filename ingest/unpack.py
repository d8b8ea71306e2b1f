"""One member of a downloaded tar archive, for publishers that give out all their texts in one."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from ingest.errors import FetchError
from ingest.readers.reading import MAX_BYTES

_MOST_MEMBERS = 100_000
_MOST_UNPACKED = 2_000_000_000
"""Bytes of all members up to the one that is wanted: an archive that goes on for ever ends here."""


def unpack(archive: Path, member: str | None, into: Path) -> None:
    """Write `member` of a tar archive to `into`; without a member the file itself is moved there.

    Raises:
        FetchError: not an archive, no such member, or larger than a document may be.
        OSError: `into` cannot be written.
    """
    if member is None:
        os.replace(archive, into)
        return
    try:
        with tarfile.open(archive, "r|*") as tar:
            _write(tar, member, into)
    except (tarfile.TarError, EOFError) as error:
        raise FetchError("Arkivet som kom, er skadet og kan ikke pakkes ut.") from error


def _write(tar: tarfile.TarFile, member: str, into: Path) -> None:
    unpacked = 0
    for number, info in enumerate(tar):
        unpacked += info.size
        if number > _MOST_MEMBERS or unpacked > _MOST_UNPACKED:
            raise FetchError("Arkivet som kom, er større enn det er rimelig å pakke ut.")
        if info.name.removeprefix("./") != member or not info.isfile():
            continue
        content = tar.extractfile(info)
        if content is None or info.size > MAX_BYTES:
            raise FetchError(f"«{member}» i arkivet er for stor.")
        with content, into.open("wb") as file:
            shutil.copyfileobj(content, file)
        return
    raise FetchError(f"Arkivet som kom, inneholder ikke «{member}».")
