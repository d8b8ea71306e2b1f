"""Settings of ingestion, read once from the environment (prefix MEDRAAD_)."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class IngestSettings(BaseSettings):
    """Where documents, index, model and word list lie, and which embedder is used."""

    model_config = SettingsConfigDict(env_prefix="MEDRAAD_", frozen=True, extra="ignore")

    corpus: Path = Field(PROJECT / "corpus", description="Mappe med dokumentene (og manifest.toml)")
    index: Path = Field(PROJECT / "var" / "index", description="Mappe for indeksen")
    fetched: Path = Field(
        PROJECT / "var" / "fetched", description="Mappe for dokumentene som `medraad fetch` henter"
    )
    models: Path = Field(
        PROJECT / "var" / "models", description="Mappe for embedding-modellen som `make install` lager"
    )
    words: Path = Field(PROJECT / "var" / "words", description="Mappe for ordlisten som `make install` lager")
    embedder: str = Field(
        "onnx",
        pattern=r"^(onnx(:.+)?|sentence-transformers:.+)$",
        description="`onnx`, `onnx:<mappe>` eller `sentence-transformers:<mappe eller navn>`",
    )
    threads: int = Field(0, ge=0, le=256, description="Tråder for embedding; 0 er én per kjerne")
    chroma_url: str | None = Field(
        None,
        pattern=r"^https?://.+$",
        description="Chroma-tjener i stedet for en fil, f.eks. http://chroma:8000",
    )


S = TypeVar("S", bound=BaseSettings)


def load(kind: type[S], **overrides: object) -> S:
    """Read settings of `kind`; values in `overrides` that are None are left to the environment.

    Raises:
        SettingsError: names the key, the value and what is allowed.
    """
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return kind(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        key = "MEDRAAD_" + "_".join(str(part) for part in first["loc"]).upper()
        field = kind.model_fields.get(str(first["loc"][0])) if first["loc"] else None
        allowed = field.description if field and field.description else first["msg"]
        raise SettingsError(
            f"{key}={first['input']!r} er ikke en gyldig verdi. Tillatt: {allowed}."
        ) from error
