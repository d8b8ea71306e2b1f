"""Rows of a table as list items that read on their own; which lines of plain text are rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.clean import WordJoiner, one_line
from ingest.lines import ends_open, is_capitals, starts_low, terminated

_NUMBER = re.compile(r"\d{1,3}[.)]\s")
_ONLY_MARKER = re.compile(r"\(?(?:\d{1,3}|[a-zæøå])[.)]")
_NAME_WORDS = 3
"""The name of a column has no more, where nothing but the text tells that it is one."""
_NO_NAME = re.compile(r"[\d.!?:;]")
_SENTENCE = re.compile(r"[.!?]$")
_NUMBER_OR_SENTENCE = re.compile(r"\d|[.!?]$")
_BOX = "☐"
"""A cell to tick says nothing."""
_MARKER_AND_TAB = re.compile(r"\s*(?:[•→*–-]|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zæøå])[.)]?)\s*\t[^\t]*$")
_ENTRY = re.compile(r"([A-ZÆØÅ][^\s\d:.!?;,]*(?: [^\s\d:.!?;,]+){0,3}): +(?!.*: )\S.*")
_ENTRY_WORDS = 40
"""A line of more is a paragraph."""


def row_items(rows: Sequence[Sequence[str]], header: bool) -> list[str]:
    """Return one item a row: «Fase: Starte; Ansvar: prosjektleder», or «A: B» for two columns.

    Args:
        rows: cells with clean text; rows may differ in length.
        header: whether the first row is known to name the columns; else see `_names_columns`.
    """
    cells = [["" if cell == _BOX else cell for cell in row] for row in rows]
    filled = _unbroken([row for row in cells if any(row)])
    if not filled:
        return []
    names = filled.pop(0) if len(filled) > 1 and (header or _names_columns(filled)) else []
    return [_item(row, names) for row in filled]


def row_runs(lines: Sequence[str]) -> Iterator[tuple[Sequence[str], list[str]]]:
    """Yield the lines of a text in runs, each with its rows as items; none for what is no table or form."""
    start = at = 0
    while at < len(lines):
        table, form = table_end(lines, at), _form_end(lines, at)
        end = max(table, form)
        if end > at + 1:
            if start < at:
                yield lines[start:at], []
            rows = [[one_line(cell) for cell in line.split("\t")] for line in lines[at:table]]
            yield lines[at:end], row_items(rows, header=False) or [*map(one_line, lines[at:form])]
            start = end
        at = max(end, at + 1)
    if start < at:
        yield lines[start:], []


def table_end(lines: Sequence[str], start: int) -> int:
    """Return where the lines end that have as many tabs as the one at `start`, which fills every cell.

    No table begins at a line without tabs: `start` is returned. One row alone is none.
    """
    tabs = _tabs(lines[start])
    if not tabs or not all(map(str.strip, lines[start].split("\t"))):
        return start
    return next((at for at in range(start, len(lines)) if _tabs(lines[at]) != tabs), len(lines))


def _tabs(line: str) -> int:
    """Return the number of tabs between the cells of a line; the one after the marker of an item is none."""
    return 0 if _MARKER_AND_TAB.match(line) else line.count("\t")


def _form_end(lines: Sequence[str], start: int) -> int:
    """Return where the lines «Navn: verdi» from `start` on end; a sentence that goes on below is none."""
    end = next((at for at in range(start, len(lines)) if not _is_entry(lines[at].strip())), len(lines))
    return end - 1 if start < end < len(lines) and starts_low(lines[end]) else end


def _is_entry(line: str) -> bool:
    entry = _ENTRY.fullmatch(line)
    long = len(line.split()) > _ENTRY_WORDS
    return not (entry is None or is_capitals(entry[1]) or long or terminated(line) or ends_open(line))


def _unbroken(rows: Sequence[list[str]]) -> list[list[str]]:
    """Put the lines of a numbered row together, where each was typed as a row («1. sørge for», «at …»)."""
    joined: list[list[str]] = []
    numbered = sum(1 for row in rows if _NUMBER.match(row[0])) > 1
    for row in rows:
        below = joined and numbered and all(not cell or starts_low(cell) for cell in row)
        if below and len(row) == len(joined[-1]) and _NUMBER.match(joined[-1][0]):
            joined[-1] = [WordJoiner(row).join(lines) for lines in zip(joined[-1], row, strict=True)]
        else:
            joined.append(row)
    return joined


def _names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row is a header: short words over a column of numbers or sentences.

    Of two columns no row tells their names, so they are to be surer: two sentences or more.
    """
    first, *others = rows
    told, fewest = (_SENTENCE, 2) if len(first) == 2 else (_NUMBER_OR_SENTENCE, 1)
    columns = [[*filter(None, column)] for column in zip(*others, strict=False)]
    return (
        all(cell and len(cell.split()) <= _NAME_WORDS and not _NO_NAME.search(cell) for cell in first)
        and all(len(row) == len(first) for row in others)
        and any(len(column) >= fewest and all(map(told.search, column)) for column in columns)
    )


def _item(row: list[str], names: list[str]) -> str:
    if len(row) == 2 and _ONLY_MARKER.fullmatch(row[0]):
        return " ".join(row)
    if len(row) == 2 and all(row):
        return f"{row[0].rstrip(':')}: {row[1]}"
    named = [*names, *[""] * (len(row) - len(names))]
    cells = [
        f"{name.rstrip(':')}: {cell}" if name else cell
        for name, cell in zip(named, row, strict=False)
        if cell
    ]
    return "; ".join(cells)
