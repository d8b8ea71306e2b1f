"""The pairs of eval/support.jsonl: a statement, the passage it cites, and whether the passage supports it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.bearing import Given

FILE = Path(__file__).with_name("support.jsonl")
Half = Literal["calibration", "heldout"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair. `kind` says what is wrong with an unsupported statement, and is empty for a supported one."""

    id: str
    half: Half
    language: Literal["nb", "nn"]
    document: str
    statement: str
    supported: bool
    kind: str
    given: Given


def read_pairs(path: Path = FILE) -> tuple[Pair, ...]:
    """Read all pairs, in the order of the file."""
    return tuple(_pair(json.loads(line)) for line in path.read_text("utf-8").splitlines())


def _pair(row: dict[str, object]) -> Pair:
    sentences = tuple(map(str, row["sentences"]))  # type: ignore[call-overload]
    section = tuple(map(str, row["section"]))  # type: ignore[call-overload]
    given = Given("passage", "\n".join(sentences), section, str(row["title"]), "gjeldende", sentences)
    return Pair(
        id=str(row["id"]),
        half=row["half"],  # type: ignore[arg-type]
        language=row["language"],  # type: ignore[arg-type]
        document=str(row["document"]),
        statement=str(row["statement"]),
        supported=bool(row["supported"]),
        kind=str(row["kind"]),
        given=given,
    )
