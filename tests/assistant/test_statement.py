"""The owner's part of the accessibility statement."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import ConfigurationError
from assistant.statement import Statement, load_statement
from ingest.words import WordList
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

EXAMPLE = Path("deploy/tilgjengelighet.toml")


def written(folder: Path, text: str) -> Path:
    path = folder / "erklæring.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_nothing_is_filled_in() -> None:
    assert load_statement(None) == Statement()


def test_the_page_shows_what_is_filled_in_and_marks_the_rest(tmp_path: Path, word_list: WordList) -> None:
    path = written(tmp_path, 'owner = "Fjordvik <kommune>"\nshortcomings = ["Kartet mangler tekst."]\n')
    with TestClient(app_of(SmallCorpus(tmp_path / "s", word_list), statement=path)) as client:
        page = client.get("/tilgjengelighet").text
    assert "Fjordvik &lt;kommune&gt; ønsker" in page
    assert "<li>Kartet mangler tekst.</li>" in page
    assert "[virksomhetens navn]" not in page
    assert "[telefonnummer]" in page


def test_the_example_is_one_that_can_be_read() -> None:
    assert load_statement(EXAMPLE).owner == "Fjordvik kommune"


@pytest.mark.parametrize(
    ("text", "words"), [("eier = 1", "ved eier. Den kan ha owner"), ("owner = ", "ikke gyldig TOML")]
)
def test_a_broken_file_is_said_by_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        load_statement(written(tmp_path, text))


def test_a_missing_file_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="kan ikke leses"):
        load_statement(tmp_path / "ingen.toml")
