"""The gate: figures that must not be worse than the thresholds of the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, model_validator

from eval.errors import ThresholdsError
from eval.figures import SUMMED
from eval.record import SystemSummary

THRESHOLDS = Path(__file__).resolve().parent / "thresholds.toml"
DEFAULT = "heldout"
"""Table for a split that has none of its own."""


class Bound(BaseModel):
    """The least or the most that a figure may be; exactly one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _is_one_sided(self) -> Bound:
        if (self.min is None) == (self.max is None):
            raise ValueError("gi enten min eller max")
        return self

    def holds(self, value: float) -> bool:
        """Whether `value` is within the bound. Rounding error (1e-9) does not fail a build."""
        if self.min is not None:
            return value >= self.min - 1e-9
        return self.max is not None and value <= self.max + 1e-9

    def __str__(self) -> str:
        """As a person reads it: «minst 0,85»."""
        said = f"minst {self.min:g}" if self.min is not None else f"høyst {self.max:g}"
        return said.replace(".", ",")


class _Tables(RootModel[dict[str, dict[str, Bound]]]):
    pass


Thresholds = Mapping[str, Mapping[str, Bound]]
"""By split, then by key of the figure."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure beyond its bound; `value` is None where it could not be measured at all."""

    split: str
    key: str
    value: float | None
    bound: Bound


def load_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Read the thresholds.

    Raises:
        ThresholdsError: no such file, not TOML, a key that is not a figure, or a bound that is not one.
    """
    try:
        tables = _Tables.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).root
    except OSError as error:
        raise ThresholdsError(f"Kan ikke lese {path}: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ThresholdsError(f"{path} er ikke gyldig TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ThresholdsError(f"{path}, «{place}»: {first['msg']}.") from error
    for split, bounds in tables.items():
        for key in bounds.keys() - {figure.key for figure in SUMMED}:
            raise ThresholdsError(f"{path}, tabell «{split}»: det finnes ikke noe mål som heter «{key}».")
    return tables


def bounds_of(split: str, thresholds: Thresholds) -> Mapping[str, Bound]:
    """Return the bounds of a split: its own table, or that of the held-out half."""
    return thresholds.get(split, thresholds.get(DEFAULT, {}))


def breaches(split: str, system: SystemSummary, thresholds: Thresholds) -> tuple[Breach, ...]:
    """Return the figures of `system` beyond their bounds.

    The project's own splits must have every figure named; another file only those it has questions for.
    """
    found = []
    for key, bound in bounds_of(split, thresholds).items():
        estimate = system.metrics.get(key)
        if estimate is None and split not in thresholds:
            continue
        if estimate is None or not bound.holds(estimate.value):
            found.append(Breach(split, key, estimate.value if estimate else None, bound))
    return tuple(found)
