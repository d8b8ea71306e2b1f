from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.errors import DocumentEmpty, DocumentMissing, DocumentUnreadable
from ingest.readers import kind_of, read


def text_of(path: Path) -> str:
    pages = read(path).pages
    assert pages is not None
    return "\n".join(page.text for page in pages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_whatever_mark_it_begins_with(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Drøfting på kår.\r\nNy linje.\n".encode(encoding))
    assert text_of(path).split("\n")[:2] == ["Drøfting på kår.", "Ny linje."]


def test_the_projects_documents_are_read_whole(corpus: Path) -> None:
    assert "Hovedavtalen del B § 3-1 c" in text_of(corpus / "veileder.txt")


def test_a_form_feed_begins_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Første side.\n\fAndre side.\n")
    pages = read(path).pages
    assert pages is not None
    assert [(page.text.strip(), page.number) for page in pages] == [
        ("Første side.", None),
        ("Andre side.", None),
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentMissing, match=r"borte\.txt"):
        read(tmp_path / "borte.txt")


def test_a_folder_is_not_a_document(tmp_path: Path) -> None:
    with pytest.raises(DocumentMissing):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\x00" * 500])
def test_an_empty_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tom.txt"
    path.write_bytes(content)
    with pytest.raises(DocumentEmpty, match=r"tom\.txt"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", "Drøfting på norsk".encode("latin-1"), "lagre den på nytt som UTF-8"),
        ("a.txt", bytes(range(256)) * 20, "binære data"),
        ("a.txt", b"a\x00" * 500, "binære data"),
        ("a.md", "Å".encode("latin-1"), "UTF-8"),
        ("a.pdf", b"Dette er ikke en PDF", "ikke en gyldig PDF"),
        ("a.docx", b"Dette er ikke Word", "ikke en gyldig DOCX"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx"),
        ("a.txt", b"{\\rtf1 hei}", "RTF"),
        ("a.pdf", b"\x89PNG\r\n", "OCR"),
        ("a.txt", b"\x1f\x8b\x08\x00", "Pakk den ut"),
        ("a.txt", b"a" * 10_000_001, "for stor"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentUnreadable, match=name) as caught:
        read(path)
    assert words in str(caught.value)


def test_the_content_says_what_a_file_is_before_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "avtale.txt"
    path.write_text("<!DOCTYPE html><html><body><p>" + "Partene drøfter saken. " * 40 + "</p></body></html>")
    assert read(path).blocks is not None


def test_what_stands_before_a_web_page_is_passed_over_and_comments_alone_make_none() -> None:
    notes = b"<!-- a -->\n" * 100
    assert kind_of(Path("a.txt"), notes + b"<?xml version='1.0'?>\n<html><body>") == "html"
    assert kind_of(Path("a.md"), notes + b"# Veileder") == "markdown"


def test_a_zip_that_is_no_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hei.txt", "hei")
    with pytest.raises(DocumentUnreadable, match=r"a\.txt"):
        read(path)
