"""The word file: made once, opened at once, refused when it is not what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import words
from ingest.errors import ModelError
from ingest.words import FILE, NOTE, WordList, build


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the two packages, which take ten seconds to read."""
    monkeypatch.setattr(
        words, "_gather", lambda: ({"drøfting": 2.75, "plikt": 4.0, "plikter": 0.0}, {"oslo": 5.2})
    )


def test_forms_names_and_frequencies() -> None:
    listed = WordList.of({"drøfting": 2.75, "ombud": 0.0}, {"oslo": 5.2, "drøfting": 2.75})
    assert "drøfting" in listed and "ombud" in listed
    assert "oslo" not in listed and listed.knows("oslo")
    assert not listed.knows("drøftng")
    assert listed.zipf("drøfting") == pytest.approx(2.75, abs=0.05)
    assert listed.zipf("ombud") == listed.zipf("drøftng") == 0.0
    assert len(listed) == 3


def test_prefixes_are_word_forms_only() -> None:
    listed = WordList.of({"arbeid": 5.0, "arbeids": 0.0, "miljø": 4.0}, {"arb": 3.0})
    assert [form for form, _ in listed.prefixes("arbeidsmiljø")] == ["arbeid", "arbeids"]


@pytest.mark.usefixtures("few")
def test_build_writes_once_and_open_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    assert build(folder) is True
    first = (folder / FILE).stat().st_mtime_ns
    assert build(folder) is False
    assert (folder / FILE).stat().st_mtime_ns == first
    listed = WordList.open(folder)
    assert "plikter" in listed and listed.knows("oslo")
    assert listed.version == WordList.open(folder).version
    assert sorted(path.name for path in folder.iterdir()) == [NOTE, FILE]


@pytest.mark.usefixtures("few")
def test_a_damaged_file_is_refused_and_made_again(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-8])
    with pytest.raises(ModelError, match="make install"):
        WordList.open(tmp_path)
    assert build(tmp_path) is True
    assert "plikt" in WordList.open(tmp_path)


@pytest.mark.parametrize("note", [None, "{", "[]", '{"recipe": 0}'])
@pytest.mark.usefixtures("few")
def test_a_missing_or_foreign_note_is_refused(tmp_path: Path, note: str | None) -> None:
    build(tmp_path)
    (tmp_path / NOTE).unlink()
    if note is not None:
        (tmp_path / NOTE).write_text(note, "utf-8")
    with pytest.raises(ModelError, match="make install"):
        WordList.open(tmp_path)


def test_missing_folder_names_make_install(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make install"):
        WordList.open(tmp_path / "none")


@pytest.mark.usefixtures("few")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ModelError, match="kan ikke skrives"):
        build(tmp_path / "file" / "words")
