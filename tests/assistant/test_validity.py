"""Two editions of one agreement: the one that holds comes first, the old one still answers about itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.contract import ChatRequest
from assistant.terminal import show_status
from ingest.words import WordList
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

TEXT = """Lokal avtale {edition}

Kontaktutvalget møtes {often}. Utvalget skriver referat fra hvert møte.

Avtalen om kontaktutvalg gjelder til {end}.
"""
MANIFEST = """
[[document]]
id = "ny"
file = "ny.txt"
title = "Lokal avtale 2026–2028"
{facts}

[[document]]
id = "gammel"
file = "gammel.txt"
title = "Lokal avtale 2022–2024"
"""
QUESTION = "Hvor ofte møtes kontaktutvalget?"


@pytest.fixture
def editions(small: SmallCorpus) -> SmallCorpus:
    small.write("gammel.txt", TEXT.format(edition="2022–2024", often="hver uke", end="31. desember 2024"))
    small.write("ny.txt", TEXT.format(edition="2026–2028", often="annenhver måned", end="31. desember 2028"))
    return small


def found(small: SmallCorpus, question: str, facts: str) -> list[str]:
    small.write("manifest.toml", MANIFEST.format(facts=facts))
    small.ingest()
    library = small.library()
    try:
        found = small.assistant(library).search(ChatRequest(question=question), 2)
        return [hit.document for hit in found.results]
    finally:
        library.close()


def test_the_edition_that_holds_comes_before_the_one_it_replaces(editions: SmallCorpus) -> None:
    # The old one says it in fewer words, and is first where nothing says that it is old.
    assert found(editions, QUESTION, "")[0] == "gammel"
    assert found(editions, QUESTION, 'supersedes = "gammel"')[0] == "ny"


def test_an_edition_that_does_not_hold_yet_replaces_nothing(editions: SmallCorpus) -> None:
    coming = 'supersedes = "gammel"\nvalid_from = 2999-01-01\nvalid_to = 2999-12-31'
    assert found(editions, QUESTION, coming)[0] == "gammel"
    library = editions.library()
    try:
        assistant = editions.assistant(library, threshold=0.0)
        today = assistant.answer(ChatRequest(question=QUESTION))
        later = assistant.answer(ChatRequest(question=f"{QUESTION[:-1]} etter avtalen 2026–2028?"))
    finally:
        library.close()
    assert {citation.document for citation in today.citations} == {"gammel"}
    assert "ny" in {citation.document for citation in later.citations}
    assert "Kilden «Lokal avtale 2026–2028» gjelder først fra 01.01.2999." in later.notices
    assert {one.status for one in later.citations if one.document == "ny"} == {"ukjent"}


def test_what_is_asked_of_the_old_edition_by_name_is_found_there(editions: SmallCorpus) -> None:
    question = "Hvor lenge gjaldt lokal avtale 2022–2024?"
    assert found(editions, question, 'supersedes = "gammel"')[0] == "gammel"


def test_pages_and_list_say_which_edition_has_taken_its_place(editions: SmallCorpus) -> None:
    editions.write("manifest.toml", MANIFEST.format(facts='supersedes = "gammel"\nlayer = "lokal"'))
    editions.ingest()
    with TestClient(app_of(editions)) as client:
        listed = {one["id"]: one["superseded_by"] for one in client.get("/api/documents").json()["documents"]}
        old, new = client.get("/kilder/gammel").text, client.get("/kilder/ny").text
        front = client.get("/").text
    assert listed == {"gammel": "ny", "ny": None}
    assert 'erstattet av <a href="/kilder/ny">Lokal avtale 2026–2028</a>' in old
    assert "erstattet av" not in new
    assert ">Lokal</span>" in new
    assert front.count(">Erstattet</span>") == 1


def test_status_says_how_long_each_holds(
    editions: SmallCorpus, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    facts = 'supersedes = "gammel"\nlayer = "lokal"\nvalid_to = 2999-12-31'
    editions.write("manifest.toml", f"{MANIFEST.format(facts=facts)}valid_to = 2024-12-31\n")
    editions.ingest()
    show_status(editions.settings)
    shown = capsys.readouterr().out
    assert "utløpt 31.12.2024, erstattet av ny" in shown
    assert "lokal, gjelder til 31.12.2999" in shown


@pytest.mark.parametrize("name", ["[arkiv]", "[", "[/x]", "lang" * 30])
def test_status_shows_the_folder_as_it_is_named(
    tmp_path: Path, word_list: WordList, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    small = SmallCorpus(tmp_path / name, word_list)
    small.write("a.txt", TEXT)
    small.ingest()
    show_status(small.settings)
    shown = capsys.readouterr().out
    assert f"Embedding-modell: {small.embedder.name}\nMappe: {small.index}\n" in shown
