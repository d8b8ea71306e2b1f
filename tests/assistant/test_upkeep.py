"""The half page of docs/drift.md on upgrading and backup, done."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.feedback import FeedbackStore
from assistant.keys import KeyRing
from ingest.words import WordList
from tests.assistant.serverkit import TEXT, app_of, settings_of
from tests.fakes import SmallCorpus, TrigramEmbedder

ASKED = {"question": "Når skal verneombudet tas med på råd?"}


def backed_up(small: SmallCorpus, into: Path) -> None:
    """Take the three that the guide names, while the server runs."""
    into.mkdir()
    shutil.copytree(small.folder, into / "korpus")
    shutil.copy(small.root / "keys.json", into)
    with (
        closing(sqlite3.connect(small.root / "f.sqlite")) as live,
        closing(sqlite3.connect(into / "f.sqlite")) as copy,
    ):
        live.backup(copy)


def answered(client: TestClient, secret: str) -> dict[str, Any]:
    found = client.post("/api/chat", json=ASKED, headers={"Authorization": f"Bearer {secret}"})
    assert found.status_code == 200
    answer: dict[str, Any] = found.json()
    return answer


def test_what_is_backed_up_is_enough_to_go_on_elsewhere(
    small: SmallCorpus, tmp_path: Path, word_list: WordList
) -> None:
    secret = KeyRing(small.root / "keys.json").make("intranett", "ask")
    with TestClient(app_of(small)) as client:
        before = answered(client, secret)
        vote = {"id": before["id"], "vote": "ned", "reasons": ["annet"]}
        client.post("/api/feedback", json=vote, headers={"Authorization": f"Bearer {secret}"})
        backed_up(small, tmp_path / "kopi")
    restored = SmallCorpus(tmp_path / "kopi", word_list)
    assert restored.ingest().complete
    with TestClient(app_of(restored)) as client:
        after = answered(client, secret)
    assert after["blocks"] == before["blocks"]
    assert [vote.id for vote in FeedbackStore(restored.root / "f.sqlite", 90).votes()] == [before["id"]]


def test_an_upgrade_that_needs_another_index_says_so_until_it_is_made(small: SmallCorpus) -> None:
    small.write("rad.txt", TEXT)
    small.ingest()
    upgraded = replace(small, embedder=TrigramEmbedder("trigrams:2"))
    with TestClient(app_of(upgraded)) as client:
        waiting = client.get("/readyz")
        assert waiting.status_code == 503
        assert "medraad ingest" in waiting.json()["detail"]
        upgraded.ingest()
        assert client.get("/readyz").status_code == 200
        assert client.post("/api/chat", json=ASKED).json()["citations"]


def test_going_back_to_the_version_before_takes_one_ingestion(small: SmallCorpus) -> None:
    upgraded = replace(small, embedder=TrigramEmbedder("trigrams:2"))
    upgraded.write("rad.txt", TEXT)
    upgraded.ingest()
    small.ingest()
    with TestClient(app_of(small)) as client:
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("name", ["keys.json", "f.sqlite"])
def test_nobody_else_on_the_machine_can_read_what_is_stored(small: SmallCorpus, name: str) -> None:
    KeyRing(small.root / "keys.json").make("a", "ask")
    FeedbackStore(settings_of(small).store, 90, questions=True).asked("a", "Hva er tillit?", answered=True)
    assert (small.root / name).stat().st_mode & 0o077 == 0
