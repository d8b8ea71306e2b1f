from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.errors import SettingsError
from ingest.settings import IngestSettings, load


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MEDRAAD_CORPUS", str(tmp_path))
    monkeypatch.setenv("MEDRAAD_THREADS", "3")
    settings = load(IngestSettings)
    assert (settings.corpus, settings.threads) == (tmp_path, 3)


def test_a_given_value_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MEDRAAD_CORPUS", "annet")
    assert load(IngestSettings, corpus=tmp_path, index=None).corpus == tmp_path


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("MEDRAAD_THREADS", "mange", "0 er én per kjerne"),
        ("MEDRAAD_THREADS", "-1", "0 er én per kjerne"),
        ("MEDRAAD_EMBEDDER", "openai", "onnx:<mappe>"),
        ("MEDRAAD_CHROMA_URL", "chroma:8000", "http://chroma:8000"),
    ],
)
def test_a_bad_value_names_key_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError) as caught:
        load(IngestSettings)
    assert key in str(caught.value)
    assert repr(value) in str(caught.value)
    assert allowed in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load(IngestSettings).threads = 2
