"""What the index says in words: documents, passages and their sentences, in one read-only SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.document import Block, Document, Passage, PlacedBlock, Sentence, Source
from ingest.errors import IndexStorage

_SCHEMA = """
CREATE TABLE document (id TEXT PRIMARY KEY, ordinal INTEGER, source TEXT, text TEXT, blocks TEXT);
CREATE TABLE passage (row INTEGER PRIMARY KEY, id TEXT UNIQUE, document TEXT, first INTEGER, data TEXT);
CREATE TABLE reference (
    section TEXT, work TEXT, part TEXT, ledd INTEGER, letter TEXT, is_text INTEGER, row INTEGER
);
CREATE TABLE facet (name TEXT, row INTEGER);
CREATE TABLE embedded (hash BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID;
CREATE INDEX reference_section ON reference (section);
CREATE INDEX facet_name ON facet (name);
CREATE INDEX passage_document ON passage (document);
"""
_DATES = ("published", "updated", "valid_from", "valid_to")
CACHED = 8_192
"""Passages kept decoded; the five documents have about 300."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage of the index. `first` is the row of its first sentence in the sentence vectors.

    Its row is its whole hash, so that what is worked out of a passage can be remembered by it.
    """

    row: int
    passage: Passage = field(hash=False)
    terms: tuple[frozenset[str], ...] = field(hash=False)
    """Index terms of each sentence."""
    first: int = field(hash=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A § that a passage names, or (`is_text`) that the passage is the text of."""

    section: str
    work: str | None
    part: str | None = None
    ledd: int | None = None
    letter: str | None = None
    is_text: bool = False
    row: int = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage on its way into the index, with what was worked out from it."""

    passage: Passage
    terms: Sequence[Sequence[str]]
    mentions: Iterable[Mention]


def write(
    path: Path, documents: Sequence[Document], entries: Sequence[Entry], hashes: Sequence[bytes]
) -> None:
    """Write a new content file.

    Args:
        path: must not exist.
        documents: in the order of the manifest.
        entries: passage n of the index is entries[n].
        hashes: of the embedded texts, in the order of the vectors file.

    Raises:
        IndexStorage: the disk refused.
    """
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            _fill(connection, documents, entries, hashes)
    except sqlite3.OperationalError as error:
        raise IndexStorage(f"Kunne ikke skrive {path}: {error}. Er disken full?") from error


def _fill(
    connection: sqlite3.Connection,
    documents: Sequence[Document],
    entries: Sequence[Entry],
    hashes: Sequence[bytes],
) -> None:
    connection.executescript(_SCHEMA)
    connection.executemany(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?)",
        [
            (
                document.source.id,
                ordinal,
                _source_json(document.source),
                document.text,
                _blocks_json(document),
            )
            for ordinal, document in enumerate(documents)
        ],
    )
    first = 0
    for row, entry in enumerate(entries):
        passage = entry.passage
        connection.execute(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?)",
            (row, passage.id, passage.document, first, _passage_json(entry)),
        )
        connection.executemany(
            "INSERT INTO reference VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(m.section, m.work, m.part, m.ledd, m.letter, m.is_text, row) for m in entry.mentions],
        )
        connection.executemany("INSERT INTO facet VALUES (?, ?)", [(name, row) for name in passage.facets])
        first += len(passage.sentences)
    connection.executemany(
        "INSERT OR IGNORE INTO embedded VALUES (?, ?)", [(h, n) for n, h in enumerate(hashes)]
    )


class Content:
    """The content file of one generation, opened read-only; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            IndexStorage: it is not there or not a content file.
        """
        self._path = path.absolute()
        try:
            self._connection = sqlite3.connect(
                f"{self._path.as_uri()}?immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        self.size: int = self._rows("SELECT count(*) FROM passage")[0][0]
        self.sources: dict[str, Source] = {
            id_: _source(json.loads(data))
            for id_, data in self._rows("SELECT id, source FROM document ORDER BY ordinal")
        }
        self.passage = lru_cache(CACHED)(self._passage)
        self.rows_of = lru_cache(CACHED)(self._rows_of)
        self.with_number_in_heading = lru_cache(CACHED)(self._with_number_in_heading)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query.

        Raises:
            IndexStorage: the file cannot be read.
        """
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: sqlite3.Error) -> IndexStorage:
        return IndexStorage(f"Indeksfilen {self._path} kan ikke leses: {error}. Kjør: medraad ingest")

    def _passage(self, row: int) -> Stored:
        """Return the passage at `row`."""
        found = self._rows("SELECT first, data FROM passage WHERE row = ?", row)
        if not found:
            raise IndexStorage(f"Indeksen har ingen passasje nr. {row}. Kjør: medraad ingest")
        return _stored(row, *found[0])

    def document(self, id_: str) -> Document | None:
        """Return a whole document, or None if the index has no such id."""
        found = self._rows("SELECT text, blocks FROM document WHERE id = ?", id_)
        if not found:
            return None
        text, blocks = found[0]
        placed = tuple(
            PlacedBlock(Block(**block), tuple(section), start, end)
            for block, section, start, end in json.loads(blocks)
        )
        return Document(self.sources[id_], text, placed)

    def _rows_of(self, document: str) -> range:
        """Return the rows of a document's passages, in reading order."""
        low, high = self._rows("SELECT min(row), max(row) FROM passage WHERE document = ?", document)[0]
        return range(0) if low is None else range(low, high + 1)

    def mentions(self, section: str) -> list[Mention]:
        """Return every mention of a § number («3-1»), in all works, by row."""
        return [
            Mention(number, work, part, ledd, letter, bool(is_text), row)
            for number, work, part, ledd, letter, is_text, row in self._rows(
                "SELECT section, work, part, ledd, letter, is_text, row FROM reference"
                " WHERE section = ? ORDER BY row",
                section,
            )
        ]

    def with_facet(self, name: str, most: int = -1) -> list[int]:
        """Return the rows of the passages that have a facet («phase:starte»), the first `most` of them."""
        # In the order they were written, which is that of the rows: nothing has to be sorted.
        query = "SELECT row FROM facet WHERE name = ? ORDER BY rowid LIMIT ?"
        return [row for (row,) in self._rows(query, name, most)]

    def _with_number_in_heading(self, document: str) -> tuple[int, ...]:
        """Return the rows of the passages of a document that hold a heading with a number in it."""
        # The database looks first: making a passage of each would take a hundred times as long.
        query = "SELECT row, data FROM passage WHERE document = ? AND instr(data, ?) ORDER BY row"
        return tuple(row for row, data in self._rows(query, document, '"heading"') if _has_numbered(data))

    def embedded(self) -> dict[bytes, int]:
        """Return the row of every embedded text in the vectors files, one after the other, by its hash."""
        return dict(self._rows("SELECT hash, row FROM embedded"))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _source_json(source: Source) -> str:
    data = asdict(source) | {"path": source.path.name}
    return json.dumps(
        {key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()}
    )


def _source(data: dict[str, Any]) -> Source:
    dates = {key: date.fromisoformat(data[key]) for key in _DATES if data[key]}
    return Source(**(data | {"path": Path(data["path"])} | dates))


def _blocks_json(document: Document) -> str:
    return json.dumps(
        [(asdict(placed.block), placed.section, placed.start, placed.end) for placed in document.blocks],
        ensure_ascii=False,
    )


def _passage_json(entry: Entry) -> str:
    passage = entry.passage
    return json.dumps(
        {
            "id": passage.id,
            "document": passage.document,
            "section": passage.section,
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
            "facets": sorted(passage.facets),
            "links": passage.links,
            "sentences": [
                (sentence.start, sentence.end, sentence.kind, sentence.block, list(terms))
                for sentence, terms in zip(passage.sentences, entry.terms, strict=True)
            ],
        },
        ensure_ascii=False,
    )


def _has_numbered(data: str) -> bool:
    """Say whether a passage as it is stored holds a heading with a digit in it."""
    fields = json.loads(data)
    text, offset = fields["text"], fields["start"]
    return any(
        kind == "heading" and any(map(str.isdecimal, text[start - offset : end - offset]))
        for start, end, kind, *_ in fields["sentences"]
    )


def _stored(row: int, first: int, data: str) -> Stored:
    fields = json.loads(data)
    text, offset = fields["text"], fields["start"]
    spans = fields.pop("sentences")
    fields["section"] = tuple(fields["section"])
    fields["facets"] = frozenset(fields["facets"])
    fields["links"] = tuple((name, url) for name, url in fields["links"])
    sentences = tuple(
        Sentence(text[start - offset : end - offset], start, end, kind, block)
        for start, end, kind, block, _ in spans
    )
    return Stored(
        row, Passage(**fields, sentences=sentences), tuple(frozenset(terms) for *_, terms in spans), first
    )
