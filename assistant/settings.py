"""Settings of the assistant and its server, read once from the environment (prefix MEDRAAD_)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from ingest.settings import PROJECT, IngestSettings

HERE = Path(__file__).parent


class AssistantSettings(IngestSettings):
    """What answering needs beyond what ingestion needs."""

    name: str = Field("Medråd", min_length=1, max_length=40, description="Navnet assistenten bruker")
    lexicon: Path = Field(HERE / "lexicon.toml", description="Ordlisten for nynorsk, engelsk, forkortelser")
    questions: Path = Field(
        PROJECT / "corpus" / "questions.toml", description="Spørsmål som kan foreslås (TOML)"
    )
    threshold: float = Field(
        0.5,
        ge=0.0,
        le=1.0,
        description="Tall fra 0 til 1: hvor sikker assistenten må være for å svare; høyere gir flere avslag",
    )
    host: str = Field("127.0.0.1", description="Adressen tjeneren lytter på")
    port: int = Field(8000, ge=1, le=65535, description="Porten tjeneren lytter på, 1 til 65535")
