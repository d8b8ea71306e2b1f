"""manifest.toml as it is written: its keys, checked, and what is wrong with it in words."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.errors import ManifestError

_Text = Annotated[str, Field(min_length=1)]


def _safe_id(value: str) -> str:
    if not value.strip() or value != value.strip() or any(sign in value for sign in "/\\?#%\n"):
        raise ValueError("id må være ett navn uten / \\ ? # %")
    return value


_Id = Annotated[str, AfterValidator(_safe_id)]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"older_pattern = {value!r} er ikke et gyldig regulært uttrykk ({error})") from error
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _About(_Strict):
    """The facts that a local and a remote document share."""

    id: _Id
    title: _Text
    publisher: _Text | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = ""
    kind: _Text = "annet"
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    edition: _Text | None = None
    supersedes: _Text | None = None
    contact: _Text | None = None
    work: _Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> _About:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} er før valid_from {self.valid_from}")
        return self


class DocumentEntry(_About):
    """A [[document]]."""

    file: _Text
    layer: Literal["sentral", "lokal"] = "sentral"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    external_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class RemoteEntry(_About):
    """A [[remote]]."""

    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    format: Literal["pdf", "html"]
    member: _Text | None = None
    external_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class RuleEntry(_Strict):
    """A [facets.<facet>.<value>]."""

    headings: tuple[_Text, ...] = ()
    words: tuple[_Text, ...] = ()


class WorkEntry(_Strict):
    """A [[work]]."""

    key: _Text
    title: _Text
    names: Annotated[tuple[_Text, ...], Field(min_length=1)]
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    fallback_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    pages: dict[str, int] = {}
    older_pattern: Annotated[_Text, AfterValidator(_pattern)] | None = None
    older_notice: _Text | None = None


class ManifestFile(_Strict):
    """manifest.toml as it is written."""

    document: tuple[DocumentEntry, ...] = ()
    remote: tuple[RemoteEntry, ...] = ()
    facets: dict[str, dict[str, RuleEntry]] = {}
    work: tuple[WorkEntry, ...] = ()


def parse(path: Path) -> ManifestFile:
    """Read a manifest.

    Raises:
        ManifestError: it cannot be read, is not TOML, or has a wrong key; names the line or the key.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ManifestError(f"Kan ikke lese {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} er ikke lagret som UTF-8. Lagre den på nytt som UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path} er ikke gyldig TOML: {error}.") from error
    try:
        return ManifestFile.model_validate(data)
    except ValidationError as error:
        raise ManifestError(f"{path}: {_explain(error, data)}") from error


def _explain(error: ValidationError, data: dict[str, Any]) -> str:
    """Say in Norwegian what is wrong with the first wrong key, and where it stands."""
    first = error.errors()[0]
    place, key = _place(first["loc"], data)
    match first["type"]:
        case "missing":
            return f"{place} mangler «{key}»."
        case "extra_forbidden":
            return f"{place} har nøkkelen «{key}», som ikke finnes."
        case "value_error":
            return f"{place}: {first['ctx']['error']}."
        case _:
            return f"{place}: «{key}» kan ikke være {first['input']!r} ({first['msg']})."


def _place(loc: tuple[int | str, ...], data: dict[str, Any]) -> tuple[str, str]:
    """Return ("[[document]] nr. 2 («avtale»)", "file") for ("document", 1, "file")."""
    if len(loc) > 1 and isinstance(loc[1], int):
        entry = data[str(loc[0])][loc[1]]
        name = (entry.get("id") or entry.get("key")) if isinstance(entry, dict) else None
        label = f" («{name}»)" if name else ""
        return f"[[{loc[0]}]] nr. {loc[1] + 1}{label}", ".".join(map(str, loc[2:]))
    table = ".".join(map(str, loc[:-1]))
    return (f"[{table}]" if table else "filen"), str(loc[-1]) if loc else ""
