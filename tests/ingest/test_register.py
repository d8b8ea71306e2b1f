from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.errors import ManifestError
from ingest.manifest import load_manifest
from ingest.register import REMOVED, add, remove

TEXT = "Partene møtes hver måned og skriver referat fra møtet."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "korpus"
    corpus.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (corpus / name).write_text(TEXT, encoding="utf-8")
    return corpus


def ids(corpus: Path) -> list[str]:
    return [source.id for source in load_manifest(corpus).documents]


def test_a_manifest_is_made_and_the_facts_are_read_back(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "ny.md"
    file.write_text(TEXT, encoding="utf-8")
    odd = 'To\nlinjer, "sitat", \\ og \x7f ]]\n[[document]]'
    source = add(folder, file, None, {"title": odd, "supersedes": "a", "publisher": None})
    assert (source.id, source.title, source.supersedes, source.publisher) == ("ny", odd, "a", None)
    assert (folder / "ny.md").read_text(encoding="utf-8") == TEXT
    assert sorted(ids(folder)) == ["a", "b", "c", "ny"]


def test_a_file_that_lies_in_the_folder_already_is_entered_where_it_is(folder: Path) -> None:
    source = add(folder, folder / "b.txt", None, {"title": "Boka"})
    assert (source.id, source.path, source.title) == ("b", folder / "b.txt", "Boka")
    assert sorted(ids(folder)) == ["a", "b", "c"]
    with pytest.raises(ManifestError, match="medraad remove b"):
        add(folder, folder / "b.txt", "b2", {"title": "Boka"})


def test_what_stands_around_an_entry_survives_its_removal(folder: Path, tmp_path: Path) -> None:
    manifest = folder / "manifest.toml"
    first = '# Øverst\n[[document]]\nid = "a"\nfile = "a.txt"\ntitle = "A" # her\n\n'
    title = '"""\n[[document]]\nid = "a"\n[x]\n# nei"""'
    second = f'[[document]]\nid = "b"\nfile = "b.txt"\ntitle = {title}\n\n'
    third = '# Om c\n[[document]]\nid = "c"\nfile = "c.txt"\ntitle = "C"\n\n[facets.phase.x]\nwords = ["y"]\n'
    manifest.write_text(first + second + third, encoding="utf-8")
    remove(folder, "b", tmp_path)
    assert manifest.read_text(encoding="utf-8") == first + third
    assert (folder / REMOVED / "b.txt").exists()
    assert ids(folder) == ["a", "c"]


def test_an_entry_that_is_no_table_of_its_own_is_left_to_its_owner(folder: Path, tmp_path: Path) -> None:
    manifest = folder / "manifest.toml"
    manifest.write_text('document = [{id = "a", file = "a.txt", title = "A"}]\n')
    with pytest.raises(ManifestError, match="for hånd"):
        remove(folder, "a", tmp_path)
    assert tomllib.loads(manifest.read_text())["document"][0]["id"] == "a"
    assert (folder / "a.txt").exists()
    with pytest.raises(ManifestError, match="TOML"):
        add(folder, folder / "b.txt", None, {"title": "B"})
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "c.txt", "manifest.toml"]


def test_nothing_is_left_behind_when_the_copy_fails(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{'n' * 251}.txt"  # there is no room for what the copy is called until it is whole
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ManifestError, match="too long"):
        add(folder, file, None, {"title": "Ny"})
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "c.txt"]


def test_removing_twice_keeps_both_files(folder: Path, tmp_path: Path) -> None:
    first = remove(folder, "a", tmp_path)
    (folder / "a.txt").write_text("En annen tekst.", encoding="utf-8")
    second = remove(folder, "a", tmp_path)
    assert first is not None and second is not None
    assert (first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")) == (
        TEXT,
        "En annen tekst.",
    )
    assert ids(folder) == ["b", "c"]


def test_documents_added_at_once_are_all_entered(folder: Path, tmp_path: Path) -> None:
    names = [f"ny{number}" for number in range(8)]
    for name in names:
        (tmp_path / f"{name}.txt").write_text(f"{TEXT}\n\nDette er {name}.\n", encoding="utf-8")

    def enter(name: str) -> str:
        return add(folder, tmp_path / f"{name}.txt", None, {"title": name.upper()}).id

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(enter, names)) == names
    listed = tomllib.loads((folder / "manifest.toml").read_text("utf-8"))["document"]
    assert {entry["title"] for entry in listed} >= {name.upper() for name in names}
