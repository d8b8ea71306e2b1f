"""Word documents (.docx), by python-docx: headings by style, lists with their markers, tables as items."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from ingest.clean import one_line
from ingest.document import Block
from ingest.errors import DocumentUnreadable
from ingest.readers.reading import Reading, web_address
from ingest.tables import row_items

MAX_UNPACKED = 300_000_000
"""Bytes that the parts of the file may unpack to."""

_HEADING = re.compile(r"^(?:heading|overskrift) (\d)", re.I)
_LIST = re.compile(r"list (?:bullet|number|continue)|(?:punkt|nummer)\w*liste|liste", re.I)
_NUMBERED = re.compile(r"number|nummer", re.I)

_WRAPPERS = (
    ".//w:ins | .//w:moveTo | .//w:smartTag | .//w:fldSimple | .//w:customXml | .//w:sdtContent"
    " | .//w:sdt[not(w:sdtPr[w:showingPlcHdr or w:docPartObj/w:docPartGallery/@w:val='Table of Contents'])]"
)
"""What stands around text: insertions that are tracked, fields, content controls that are filled in."""


def read(path: Path) -> Reading:
    """Read a Word document as blocks.

    Raises:
        DocumentUnreadable: not a Word document, damaged, or unpacks to too much.
    """
    _check(path)
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise DocumentUnreadable(
            "er skadet og kan ikke leses som DOCX. Lagre den på nytt fra Word."
        ) from error
    _unwrap(document.element.body)
    titles: list[str] = []
    blocks = tuple(_blocks(document, titles))
    title = one_line(document.core_properties.title or "") or next(iter(titles), None)
    return Reading(blocks=blocks, title=title)


def _check(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise DocumentUnreadable(
            "er skadet og kan ikke leses som DOCX. Lagre den på nytt fra Word."
        ) from error
    if "word/document.xml" not in names:
        raise DocumentUnreadable("er en pakket fil (zip), ikke et Word-dokument. Pakk den ut først.")
    if sum(names.values()) > MAX_UNPACKED:
        raise DocumentUnreadable("pakker seg ut til mer enn det er rimelig å lese, og er hoppet over.")


def _unwrap(body: BaseOxmlElement) -> None:
    """Put what `_WRAPPERS` hold in their place: python-docx passes over all that is wrapped.

    What stays wrapped is no text of the document: deletions, the old place of what was moved, tables of
    contents and prompts to fill something in.
    """
    for wrapper in body.xpath(_WRAPPERS):
        for child in list(wrapper):
            wrapper.addprevious(child)
        wrapper.getparent().remove(wrapper)


def _blocks(document: Document, titles: list[str]) -> Iterator[Block]:
    numbers = _Numbers(document)
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            rows = [[one_line(cell.text) for cell in _cells(row)] for row in part.rows]
            yield from (Block("item", text) for text in row_items(rows, header=len(rows) > 1))
        elif text := one_line(part.text):
            yield from _paragraph(part, text, numbers, titles)


def _cells(row: _Row) -> list[_Cell]:
    """Return the cells of a row, a merged cell once."""
    cells: list[_Cell] = []
    for cell in row.cells:
        if not cells or cell._tc is not cells[-1]._tc:
            cells.append(cell)
    return cells


def _paragraph(part: Paragraph, text: str, numbers: _Numbers, titles: list[str]) -> Iterator[Block]:
    style = part.style.name or "" if part.style is not None else ""
    heading = _HEADING.match(style)
    if heading:
        yield Block("heading", text, level=int(heading[1]))
    elif style.lower() in {"title", "tittel"}:
        titles.append(text)
    elif (place := numbers.of(part)) or _LIST.match(style):
        yield Block("item", text, place[1] if place else 0, numbers.marker(part, style))
    elif url := _lone_link(part, text):
        yield Block("link", text, url=url)
    else:
        yield Block("paragraph", text)


def _lone_link(part: Paragraph, text: str) -> str | None:
    links = part.hyperlinks
    alone = len(links) == 1 and one_line(links[0].text) == text
    return web_address(links[0].url) if alone else None


class _Numbers:
    """Markers of list items, counted as Word counts them."""

    def __init__(self, document: Document) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._formats: dict[tuple[str, int], str] = {}
        numbering = next(
            (
                rel.target_part.element
                for rel in document.part.rels.values()
                if rel.reltype.endswith("/numbering")
            ),
            None,
        )
        if numbering is not None:
            self._formats = _formats(numbering)

    def of(self, part: Paragraph) -> tuple[str, int] | None:
        """Return (list, level) of a paragraph that is numbered directly or by its style."""
        chain: list[Any] = [part._p.pPr]
        style: Any = part.style
        while style is not None and len(chain) < 12:
            chain.append(style.element.find(qn("w:pPr")))
            style = style.base_style
        for properties in chain:
            numbering = properties.find(qn("w:numPr")) if properties is not None else None
            identity = numbering.find(qn("w:numId")) if numbering is not None else None
            if numbering is not None and identity is not None:
                level = numbering.find(qn("w:ilvl"))
                value = identity.get(qn("w:val"))
                return (
                    None if value == "0" else (value, int(level.get(qn("w:val"))) if level is not None else 0)
                )
        return None

    def marker(self, part: Paragraph, style: str) -> str:
        """Return «•», «2.» or «b)»."""
        place = self.of(part)
        if place is None:
            place = (style, 0)
            form = "decimal" if _NUMBERED.search(style) else "bullet"
        else:
            form = self._formats.get(place, "bullet")
        self._counts[place] += 1
        for deeper in [other for other in self._counts if other[0] == place[0] and other[1] > place[1]]:
            del self._counts[deeper]
        return _marker(form, self._counts[place])


def _marker(form: str, number: int) -> str:
    if form == "decimal":
        return f"{number}."
    if form == "lowerLetter" and number <= 26:
        return f"{chr(ord('a') + number - 1)})"
    return "•"


def _formats(numbering: BaseOxmlElement) -> dict[tuple[str, int], str]:
    """Return the number format of each (list, level)."""
    abstract = {
        (one.get(qn("w:abstractNumId")), int(level.get(qn("w:ilvl")))): form.get(qn("w:val"))
        for one in numbering.findall(qn("w:abstractNum"))
        for level in one.findall(qn("w:lvl"))
        if (form := level.find(qn("w:numFmt"))) is not None
    }
    lists = {
        number.get(qn("w:numId")): number.find(qn("w:abstractNumId")).get(qn("w:val"))
        for number in numbering.findall(qn("w:num"))
    }
    return {
        (identity, level): form
        for identity, kind in lists.items()
        for (name, level), form in abstract.items()
        if name == kind
    }
