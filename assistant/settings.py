"""Settings of the assistant and its server, read once from the environment (prefix MEDRAAD_)."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingest.settings import PROJECT, IngestSettings

HERE = Path(__file__).parent


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        parts = urlsplit(value)
        if (
            parts.scheme not in ("http", "https")
            or not parts.netloc
            or value != f"{parts.scheme}://{parts.netloc}"
        ):
            raise ValueError(value)
    return values


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        ipaddress.ip_network(value)
    return values


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class AssistantSettings(IngestSettings):
    """What answering needs beyond what ingestion needs."""

    name: str = Field("Medråd", min_length=1, max_length=40, description="Navnet assistenten bruker")
    lexicon: Path = Field(HERE / "lexicon.toml", description="Ordlisten for nynorsk, engelsk, forkortelser")
    questions: Path | None = Field(
        None, description="Spørsmål som kan foreslås (TOML); uten: questions.toml i mappen med dokumentene"
    )
    threshold: float = Field(
        0.35,
        ge=0.0,
        le=1.0,
        description="Tall fra 0 til 1: hvor sikker assistenten må være for å svare; høyere gir flere avslag",
    )

    host: str = Field("127.0.0.1", description="Adressen tjeneren lytter på")
    port: int = Field(8000, ge=1, le=65535, description="Porten tjeneren lytter på, 1 til 65535")
    workers: int = Field(1, ge=1, le=64, description="Antall tjenerprosesser, 1 til 64")
    grace: int = Field(
        30, ge=0, le=600, description="Sekunder svar får til å bli ferdige ved stopp, 0 til 600"
    )

    log: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Hvor mye som logges: debug, info, warning eller error"
    )

    keys: Path = Field(PROJECT / "var" / "keys.json", description="Fil med nøklenes hasher (`medraad key`)")
    oidc_issuer: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Utstederen av innloggingstokener, f.eks. https://login.microsoftonline.com/<tenant>/v2.0",
    )
    oidc_audience: str | None = Field(
        None, min_length=1, description="Mottakeren (aud) tokenene må være laget for"
    )
    oidc_admin_role: str = Field(
        "medraad.admin", min_length=1, description="Rollen i tokenet som gir adgang til administrasjon"
    )
    allow_anonymous: bool = Field(
        False, description="Om alle som når tjeneren, kan spørre uten nøkkel: true eller false"
    )

    cors: Annotated[Listed, AfterValidator(_origins)] = Field(
        (), description="Adresser til sider som kan bruke tjeneren, med komma, f.eks. https://intranett.no"
    )
    trusted_proxies: Annotated[Listed, AfterValidator(_networks)] = Field(
        (), description="IP-adresser eller nett for egne mellomtjenere, med komma, f.eks. 10.0.0.0/24"
    )
    rate: str | None = Field(
        None,
        pattern=r"^[1-9]\d{0,6}/(second|minute|hour)$",
        description="Grense for hver nøkkel eller adresse, f.eks. 60/minute. Uten: 120/minute, men fritt fra "
        "samme maskin",
    )
    streams: int = Field(64, ge=1, le=10_000, description="Svar under arbeid samtidig i hver prosess, fra 1")
    max_body: int = Field(
        1_048_576, ge=1_024, le=67_108_864, description="Største forespørsel i byte, 1024 til 67108864"
    )
    body_timeout: float = Field(
        10.0, gt=0, le=300, description="Sekunder en forespørsel får på å komme fram, over 0 til 300"
    )

    store: Path = Field(
        PROJECT / "var" / "feedback.sqlite", description="Fil for tilbakemeldinger og lagrede spørsmål"
    )
    store_questions: bool = Field(
        False,
        description="Om spørsmål lagres maskert (ubesvarte og nedstemte; andre til neste døgn): "
        "true eller false",
    )
    retention_days: int = Field(
        90, ge=1, le=365, description="Døgn før det som er lagret, slettes, 1 til 365"
    )
    statement: Path | None = Field(
        None,
        description="Fil (TOML) med eierens del av tilgjengelighetserklæringen, "
        "se deploy/tilgjengelighet.toml",
    )


class ChatSettings(BaseSettings):
    """Which language model writes, if any. Without `chat_model`, answers are extractive."""

    model_config = SettingsConfigDict(env_prefix="MEDRAAD_", frozen=True, extra="ignore")

    chat_model: str | None = Field(
        None, min_length=1, description="Språkmodellen: `openai:navn`, `ollama:navn`, eller navnet alene"
    )
    chat_base_url: str | None = Field(
        None,
        pattern=r"^https?://.+$",
        description="Adressen til en OpenAI-kompatibel tjener, f.eks. http://localhost:11434/v1",
    )
    chat_api_key: SecretStr | None = Field(None, description="Nøkkelen til språkmodellen; vises aldri")
    chat_timeout: float = Field(30.0, gt=0, le=3600, description="Sekunder til hele svaret, over 0 til 3600")
    chat_first_token_timeout: float = Field(
        15.0, gt=0, le=3600, description="Sekunder til første ord, over 0 til 3600"
    )
    chat_max_tokens: int = Field(600, ge=32, le=8192, description="Lengste svar i tokens, 32 til 8192")
    chat_passages: int = Field(
        12_000, ge=500, le=200_000, description="Tegn av kildene i én forespørsel, 500 til 200000"
    )
    prompts: Path = Field(PROJECT / "prompts", description="Mappe med tekstene språkmodellen får")
    chat_gate: bool = Field(
        False, description="Om modellen først skal si hvilke setninger som svarer: true eller false"
    )
