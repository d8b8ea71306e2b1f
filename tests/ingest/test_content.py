from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest import content
from ingest.chunk import passages
from ingest.content import Content, Entry, Mention
from ingest.document import Block, Document, Passage, Source
from ingest.errors import IndexStorage

SOURCE = Source(
    id="å b",
    path=Path("mappe/b.txt"),
    title="Avtalen",
    publisher="KS",
    published=date(2019, 1, 2),
    valid_to=date(2019, 12, 31),
)
OTHER = Source(id="c", path=Path("c.txt"), title="C")


def made(source: Source, *texts: str) -> Document:
    blocks = [Block("heading", "Del A", level=1), *(Block("paragraph", text) for text in texts)]
    blocks.append(Block("link", "Hovedavtalen ↗", url="https://eksempel.no/ha"))
    return Document.assemble(source, blocks)


DOCUMENTS = [made(SOURCE, "Partene møtes. De drøfter § 3-1."), made(OTHER, "Noe helt annet.")]
PASSAGES = [p.with_facets({"phase:starte"}) for document in DOCUMENTS for p in passages(document)]
MENTION = Mention("3-1", "hovedavtalen", "B", 2, "c", True)


def entry(passage: Passage) -> Entry:
    return Entry(passage, [["part", "møt"] for _ in passage.sentences], [MENTION])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Content]:
    path = tmp_path / "med æøå #?%" / "content.sqlite"
    path.parent.mkdir()
    content.write(path, DOCUMENTS, [entry(p) for p in PASSAGES], [b"en", b"to", b"en"])
    found = Content(path)
    yield found
    found.close()


def test_passages_come_back_as_they_were(opened: Content) -> None:
    assert opened.size == len(PASSAGES) == 2
    stored = [opened.passage(row) for row in range(opened.size)]
    assert [one.passage for one in stored] == PASSAGES
    assert [one.first for one in stored] == [0, len(PASSAGES[0].sentences)]
    assert stored[0].terms[0] == {"part", "møt"}


def test_documents_come_back_whole(opened: Content) -> None:
    document = opened.document("å b")
    assert document is not None
    assert (document.text, document.blocks) == (DOCUMENTS[0].text, DOCUMENTS[0].blocks)
    assert opened.document("finnes ikke") is None


def test_sources_keep_their_dates_order_and_no_machine_path(opened: Content) -> None:
    assert list(opened.sources) == ["å b", "c"]
    source = opened.sources["å b"]
    assert (source.published, source.valid_to, source.valid_from) == (
        date(2019, 1, 2),
        date(2019, 12, 31),
        None,
    )
    assert source.path == Path("b.txt")


def test_rows_mentions_and_facets_are_found(opened: Content) -> None:
    assert list(opened.rows_of("c")) == [1]
    assert list(opened.rows_of("finnes ikke")) == []
    found = opened.mentions("3-1")
    assert [(one.work, one.part, one.ledd, one.letter, one.is_text, one.row) for one in found] == [
        ("hovedavtalen", "B", 2, "c", True, 0),
        ("hovedavtalen", "B", 2, "c", True, 1),
    ]
    assert opened.mentions("9-9") == []
    assert opened.with_facet("phase:starte") == [0, 1]
    assert opened.with_facet("phase:starte", 1) == [0]
    assert opened.with_facet("phase:levere") == []


def test_numbered_headings_are_found_and_other_numbers_and_headings_are_not(tmp_path: Path) -> None:
    documents = [
        Document.assemble(OTHER, [Block("heading", title, level=1), Block("paragraph", text)])
        for title, text in (("Råd 7", "Lytt."), ("Råd", 'Se «"heading" 7».'), ("Råd uten tall", "Side 3."))
    ]
    cut = [passage for document in documents for passage in passages(document)]
    content.write(tmp_path / "c.sqlite", documents[:1], [entry(passage) for passage in cut], [])
    found = Content(tmp_path / "c.sqlite")
    try:
        assert found.with_number_in_heading("c") == (0,)
        assert found.with_number_in_heading("finnes ikke") == ()
    finally:
        found.close()


def test_a_text_that_stands_twice_is_known_by_its_first_row(opened: Content) -> None:
    assert opened.embedded() == {b"en": 0, b"to": 1}


def test_a_row_that_is_not_there_says_what_to_run(opened: Content) -> None:
    with pytest.raises(IndexStorage, match="medraad ingest"):
        opened.passage(99)


def test_it_is_opened_by_a_relative_path_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Content
) -> None:
    monkeypatch.chdir(tmp_path)
    again = Content(Path("med æøå #?%/content.sqlite"))
    assert again.size == opened.size
    again.close()


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut"])
def test_a_damaged_file_says_what_to_run(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "content.sqlite"
    content.write(path, DOCUMENTS, [entry(p) for p in PASSAGES], [])
    whole = path.read_bytes()
    path.write_bytes(
        {"missing": b"", "empty": b"", "text": b"ikke en database" * 99, "cut": whole[:5000]}[damage]
    )
    if damage == "missing":
        path.unlink()
    with pytest.raises(IndexStorage, match="medraad ingest"):
        found = Content(path)
        found.passage(0)


def test_reading_never_writes(opened: Content, tmp_path: Path) -> None:
    folder = tmp_path / "med æøå #?%"
    before = sorted(path.name for path in folder.iterdir())
    opened.passage(0)
    assert sorted(path.name for path in folder.iterdir()) == before == ["content.sqlite"]
    with sqlite3.connect(f"{(folder / 'content.sqlite').as_uri()}?immutable=1", uri=True) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
    connection.close()


def test_a_disk_that_refuses_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(IndexStorage, match="Er disken full"):
        content.write(tmp_path / "ingen" / "content.sqlite", [made(SOURCE, "Tekst.")], [], [])


def test_two_documents_of_one_id_are_not_blamed_on_the_disk(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        content.write(tmp_path / "content.sqlite", [made(SOURCE, "En."), made(SOURCE, "To.")], [], [])
