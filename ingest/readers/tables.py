"""Rows of a table as list items that read on their own."""

from __future__ import annotations

from collections.abc import Sequence


def row_items(rows: Sequence[Sequence[str]], header: bool) -> list[str]:
    """Return one item a row: «Fase: Starte; Ansvar: prosjektleder», or «A: B» for two columns.

    Args:
        rows: cells with clean text; rows may differ in length.
        header: whether the first row names the columns.
    """
    filled = [list(row) for row in rows if any(row)]
    if not filled:
        return []
    names = filled.pop(0) if header and len(filled) > 1 else []
    return [_item(row, names) for row in filled]


def _item(row: list[str], names: list[str]) -> str:
    if len(row) == 2 and all(row):
        return f"{row[0].rstrip(':')}: {row[1]}"
    named = [*names, *[""] * (len(row) - len(names))]
    cells = [f"{name}: {cell}" if name else cell for name, cell in zip(named, row, strict=False) if cell]
    return "; ".join(cells)
