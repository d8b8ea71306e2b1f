"""A whole run as it is kept: what `--json` writes and `--compare` reads."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import ReportError


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Model):
    """A figure with its 95 % interval over `n` questions."""

    value: float
    low: float
    high: float
    n: int


class Group(_Model):
    """Means over the questions that share a language, kind, style or document."""

    name: str
    n: int
    values: dict[str, float]


class StageTime(_Model):
    """Milliseconds of one stage."""

    stage: str
    p50: float
    p95: float


class CurvePoint(_Model):
    """Shares that would be refused if certainty below `threshold` meant refusal."""

    threshold: float
    offtopic: float
    nearmiss: float
    wrongly: float


class CaseLine(_Model):
    """The figures of one question, for pairing two runs."""

    id: str
    values: dict[str, float]


class SystemSummary(_Model):
    """Everything measured of one system on one split."""

    system: str
    n: int
    metrics: dict[str, Estimate]
    groups: dict[str, tuple[Group, ...]]
    curve: tuple[CurvePoint, ...]
    stages: tuple[StageTime, ...]
    cases: tuple[CaseLine, ...]


class Change(_Model):
    """A figure against that of another run: `by` with the 95 % interval of the paired difference.

    `low` and `high` are None where the questions could not be paired.
    """

    value: float
    by: float
    low: float | None
    high: float | None

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out no change at all."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


class Ablation(_Model):
    """What changes when one part is switched off: the variant against the whole system."""

    part: str
    changes: dict[str, Change]
    p50: float


class SplitSummary(_Model):
    """All systems on one file of questions."""

    name: str
    n: int
    held_out: bool
    systems: tuple[SystemSummary, ...]
    ablations: tuple[Ablation, ...] = ()


class Report(_Model):
    """A whole run, as `--json` writes it and `--compare` reads it."""

    version: Literal[1] = 1
    made: datetime
    splits: tuple[SplitSummary, ...]


def write_report(report: Report, path: Path) -> None:
    """Write the report as JSON.

    Raises:
        ReportError: the file cannot be written.
    """
    write_text(report.model_dump_json(indent=1) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write a report's file, making its folder.

    Raises:
        ReportError: it cannot be written.
    """
    _write(text, path, "w")


def writable(name: str) -> Path:
    """Return the path of a report's file: the type of a command's option, tried before anything is measured.

    Raises:
        ReportError: it cannot be written.
    """
    path = Path(name)
    _write("", path, "a")
    return path


def _write(text: str, path: Path, mode: Literal["w", "a"]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ReportError(f"Kan ikke skrive {path}: {error.strerror}.") from error


def read_report(path: Path) -> Report:
    """Read the JSON of an earlier run.

    Raises:
        ReportError: no such file, or it is not such a report.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReportError(f"Kan ikke lese {path}: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "filen"
        raise ReportError(f"{path} er ikke en rapport fra «python -m eval --json» ({place}).") from error
