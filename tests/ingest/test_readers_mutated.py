"""Two hundred damaged and hostile files: each is read or refused by name, none crashes or hangs the run."""

from __future__ import annotations

import random
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import docx
import pytest

from ingest.errors import DocumentError
from ingest.readers import read
from tests.ingest import pdfs

COUNT = 200
MEMORY = 600_000_000
"""Bytes that the reading process itself may hold; the parsers work in children with their own bound."""

UNREADABLE = {"last.pdf", "skannet.pdf", "bombe.pdf", "dyp.html", "stor.txt", "feil.pdf"}
"""Of the files that are not mutated, those that hold no text that can be had."""


def originals(folder: Path) -> list[Path]:
    pdfs.agreement(folder / "avtale.pdf", pages=4, columns=2)
    pdfs.encrypted(folder / "last.pdf")
    pdfs.image_only(folder / "skannet.pdf")
    document = docx.Document()
    document.add_heading("Avtale", level=1)
    for number in range(50):
        document.add_paragraph(f"Punkt {number} om drøfting.", style="List Number")
    document.save(str(folder / "lokal.docx"))
    paragraphs = "".join(f"<p>Avsnitt {n} om partssamarbeid i kommunen.</p>" for n in range(60))
    (folder / "side.html").write_text(
        f"<!DOCTYPE html><html><body><main><h1>Side</h1>{paragraphs}</main></body></html>"
    )
    (folder / "tekst.txt").write_text("Drøfting skal skje så tidlig som mulig.\n" * 200)
    (folder / "notat.md").write_text("# Notat\n\n- punkt\n\n| a | b |\n|---|---|\n| æ | ø |\n" * 40)
    return sorted(folder.iterdir())


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Truncate, zero, flip, double, swap or wrap bytes."""
    cut = chance.randrange(1, len(data))
    match chance.randrange(6):
        case 0:
            return data[:cut]
        case 1:
            return data[:cut] + b"\x00" * min(5_000, len(data) - cut) + data[cut + 5_000 :]
        case 2:
            noise = bytearray(data)
            for _ in range(max(1, len(data) // 100)):
                noise[chance.randrange(len(noise))] = chance.randrange(256)
            return bytes(noise)
        case 3:
            return data[:cut] + data
        case 4:
            return data[cut:] + data[:cut]
        case _:
            return data.decode("latin-1").encode("utf-16" if chance.random() < 0.5 else "utf-7")


def hostile(folder: Path) -> None:
    pdfs.bomb(folder / "bombe.pdf", megabytes=500)
    (folder / "dyp.html").write_text("<html><body>" + "<div><table><tr><td>" * 100_000)
    (folder / "stor.txt").write_bytes(b"ord " * 12_500_000)
    (folder / "bred.md").write_text("[" * 50_000 + "\n" + "*a " * 50_000)
    (folder / "lang.html").write_text("<html><body><p>" + "ord " * 2_000_000 + "</p></body></html>")
    (folder / "feil.pdf").write_bytes((folder / "side.html").read_bytes())
    (folder / "feil.txt").write_bytes((folder / "avtale.pdf").read_bytes())


def peak_memory() -> int:
    """Return the most bytes that this process has held.

    From /proc, as getrusage counts what the parent held when it started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024  # type: ignore[index]


def read_everything(folder: Path) -> tuple[dict[str, str], int]:
    """Read every file; return the refusals by name, and the peak memory in bytes."""
    refusals = {}
    for path in sorted(folder.iterdir()):
        try:
            read(path)
        except DocumentError as refusal:
            refusals[path.name] = str(refusal)
    return refusals, peak_memory()


@pytest.mark.slow
def test_no_file_crashes_or_hangs_the_run(tmp_path: Path) -> None:
    chance = random.Random(4)
    sources = originals(tmp_path)
    hostile(tmp_path)
    whole = {path.name for path in tmp_path.iterdir()}
    for number in range(COUNT):
        source = sources[number % len(sources)]
        ending = (
            source.suffix
            if chance.random() < 0.9
            else chance.choice([".pdf", ".html", ".docx", ".txt", ".md"])
        )
        (tmp_path / f"m{number:03}{ending}").write_bytes(mutated(source.read_bytes(), chance))
    # In a process of its own: the peak of this one holds whatever the tests before loaded.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        refusals, peak = apart.submit(read_everything, tmp_path).result()
    assert all(name in refusal and refusal.endswith(".") for name, refusal in refusals.items())
    assert whole & refusals.keys() == UNREADABLE
    assert peak < MEMORY
