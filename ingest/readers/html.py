"""Web pages, by trafilatura: the main text with headings, lists and tables; no menus and footers.

Where it finds little of the words that a page holds, all of the page is read, and its owner is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from ingest.document import Block
from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers.reading import Reading, typed_item, web_address
from ingest.readers.statute import is_statute, make_plain, statute_blocks
from ingest.readers.walk import HEADINGS, flat, walk
from ingest.tables import row_items

_NUMBER = re.compile(r"(\d{1,3})[.)]\s")
_DEFAULT_LEVEL = 3
"""Level of a heading that the page does not number, such as the summary of a folded part."""
_HIDDEN = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"}
"""Classes of what only a screen reader tells."""
_FOUND = 1 / 3
"""Share of a page's words outside links of which less is no main text, but what else stands there."""
_ALL = (
    "hovedteksten skilte seg ikke ut, så alt på siden er lest; se etter tekst som ikke hører til dokumentet"
)


def read(path: Path) -> Reading:
    """Read a web page as blocks.

    Raises:
        DocumentEmpty: the page has no main text.
        DocumentUnreadable: not HTML.
    """
    tree = load_html(path.read_bytes())
    if tree is None:
        raise DocumentUnreadable("kan ikke leses som HTML.")
    _drop_unseen(tree)
    title = _title(tree)
    if law := is_statute(tree):
        make_plain(tree)
    _write_markers(tree)
    _join_definitions(tree)
    for table in list(tree.iter("table")):
        _lift_caption(table)
        _repeat_spanned(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))
    blocks = statute_blocks(tree) if law else [*_typed_lists([*_main_text(tree)])]
    remark = None
    whole = _words(walk(_without_links(_body(tree))))
    if (whole & _words(blocks)).total() < _FOUND * whole.total():
        blocks, remark = [*_typed_lists([*walk(_body(tree))])], _ALL
    if not blocks:
        raise DocumentEmpty("har ingen hovedtekst.")
    return Reading(blocks=tuple(blocks), title=title, remark=remark)


def _main_text(tree: HtmlElement) -> Iterator[Block]:
    """Yield the blocks that trafilatura takes for the text of the page."""
    found = bare_extraction(
        tree,
        include_tables=True,
        include_links=True,
        include_comments=False,
        favor_recall=True,
        deduplicate=False,
    )
    if found is not None and not isinstance(found, dict):
        yield from _blocks(found.body)


def _body(tree: HtmlElement) -> HtmlElement:
    return next(iter(tree.xpath("//main | //*[@role='main']") or tree.xpath("//body")), tree)


def _without_links(element: HtmlElement) -> HtmlElement:
    """Return a copy without links: menus are made of them."""
    copied = deepcopy(element)
    for link in [*copied.iterdescendants("a")]:
        link.drop_tree()
    return copied


def _words(blocks: Iterable[Block]) -> Counter[str]:
    return Counter(word for block in blocks for word in block.text.split())


def _drop_unseen(tree: HtmlElement) -> None:
    """Take away controls, anchors, and headings and words that are hidden; what is folded up is text."""
    for element in [*tree.iter("*")]:
        control = element.tag == "button" or (element.tag, element.get("role")) == ("a", "button")
        if control and next(element.iterancestors(*HEADINGS), None) is not None:
            element.drop_tag()
        elif control or _is_hidden(element) or _is_anchor(element):
            element.drop_tree()


def _is_anchor(element: HtmlElement) -> bool:
    """Say whether an element is a sign that links to a place on the page («¶» after a heading)."""
    inner = element.tag == "a" and element.get("href", "").startswith("#")
    return inner and not any(map(str.isalnum, flat(element)))


def _is_hidden(element: HtmlElement) -> bool:
    marked = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    classed = not _HIDDEN.isdisjoint((element.get("class") or "").split())
    if not (marked or classed):
        return False
    return next(element.iter("p", "li", "dd", "td", "main", "body", "html"), None) is None


def _title(tree: HtmlElement) -> str | None:
    """Return the first main heading, else the title of the page, without a full stop."""
    for name in ("h1", "title"):
        for element in tree.iter(name):
            if text := flat(element):
                return re.sub(r"(?<=[\w)]{3})\.$", "", text)
    return None


def _write_markers(tree: HtmlElement) -> None:
    """Write letters, and numbers that do not begin at 1, into their items: the extractor drops them."""
    for items in tree.iter("ol"):
        start = int(items.get("start")) if re.fullmatch(r"[1-9]\d{0,2}", items.get("start", "")) else 1
        if items.get("type", "").lower() == "a":
            markers = [f"{letter})" for letter in "abcdefghijklmnopqrstuvwxyzæøå"[start - 1 :]]
        elif start > 1:
            markers = [f"{number}." for number in range(start, 1000)]
        else:
            continue
        for marker, item in zip(markers, items.findall("li"), strict=False):
            first = item.find("p") if item.find("p") is not None and not (item.text or "").strip() else item
            first.text = f"{marker} {(first.text or '').lstrip()}"


def _join_definitions(tree: HtmlElement) -> None:
    """Make each definition one item with its term, «term: definition»: the extractor parts the two."""
    for glossary in list(tree.iter("dl")):
        for group in glossary.findall("div"):
            group.drop_tag()
        parts = [part for part in glossary if part.tag in {"dt", "dd"}]
        term = ""
        for part, after in zip(parts, [*parts[1:], None], strict=True):
            if part.tag == "dd" and term:
                part.text = f"{term} {(part.text or '').lstrip()}"
            elif part.tag == "dt" and after is not None and after.tag == "dd":
                term = re.sub(r"(?<=[^:?.!])$", ":", flat(part))
                glossary.remove(part)
            part.tag = "li"


def _lift_caption(table: HtmlElement) -> None:
    """Set a caption over its table: the extractor makes it the first row."""
    for caption in table.findall("caption"):
        caption.tag = "p"
        table.addprevious(caption)


def _repeat_spanned(rows: Sequence[HtmlElement]) -> None:
    """Write a cell that spans rows into each of them: they read on their own."""
    for at, row in enumerate(rows):
        column = 0
        for cell in _cells(row):
            spanned = rows[at + 1 : at + _span(cell, "rowspan")]
            cell.attrib.pop("rowspan", None)
            for below in spanned:
                _insert(below, column, deepcopy(cell))
            column += _span(cell, "colspan")


def _insert(row: HtmlElement, column: int, cell: HtmlElement) -> None:
    for other in _cells(row):
        if column <= 0:
            other.addprevious(cell)
            return
        column -= _span(other, "colspan")
    row.append(cell)


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _span(cell: HtmlElement, name: str) -> int:
    return int(cell.get(name)) if re.fullmatch(r"[1-9]\d{0,2}", cell.get(name, "")) else 1


def _blocks(parent: HtmlElement) -> Iterator[Block]:
    for element in parent:
        match element.tag:
            case "head":
                yield from _heading(element)
            case "list":
                yield from _items(element)
            case "table":
                yield from _table(element)
            case "quote" | "div" if len(element) and element[0].tag in {"p", "list", "head", "table"}:
                yield from _blocks(element)
            case _:
                yield from _paragraph(element)


def _heading(element: HtmlElement) -> Iterator[Block]:
    rend = element.get("rend", "")
    if text := flat(element):
        yield Block("heading", text, level=int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else _DEFAULT_LEVEL)


def _paragraph(element: HtmlElement) -> Iterator[Block]:
    text = flat(element)
    links = element.findall(".//ref")
    alone = len(links) == 1 and text == flat(links[0])
    if alone and (url := web_address(links[0].get("target", ""))):
        yield Block("link", text, url=url)
    elif any(map(str.isalnum, text)):
        typed = None if re.match(r"[(\d]", text) else typed_item(text)
        yield typed or Block("paragraph", text)


def _typed_lists(blocks: Sequence[Block]) -> Iterator[Block]:
    """Make items of typed lines that count on («1. …», «2. …»); a lone «1. mai …» stays a paragraph.

    Items between two lines do not part them.
    """
    lines = [(at, _typed_number(block)) for at, block in enumerate(blocks) if block.kind != "item"]
    counted = {at for (a, one), (b, two) in pairwise(lines) if one and two == one + 1 for at in (a, b)}
    for at, block in enumerate(blocks):
        yield typed_item(block.text) or block if at in counted else block


def _typed_number(block: Block) -> int | None:
    number = _NUMBER.match(block.text) if block.kind == "paragraph" else None
    return int(number[1]) if number else None


def _items(element: HtmlElement, level: int = 0) -> Iterator[Block]:
    rend = element.get("rend")
    for number, item in enumerate(element.findall("item"), start=1):
        nested = [child for child in item if child.tag == "list"]
        text = flat(item, frozenset(nested))
        if typed := typed_item(text):
            yield replace(typed, level=level)
        elif text:
            yield Block("item", text, level, {"ol": f"{number}.", "dl": ""}.get(rend, "•"))
        for child in nested:
            yield from _items(child, level + 1)


def _table(element: HtmlElement) -> Iterator[Block]:
    rows = [[flat(cell) for cell in row.findall("cell")] for row in element.findall("row")]
    filled = (row for row in element.findall("row") if flat(row))
    header = all(cell.get("role") == "head" for cell in next(filled, ()) if flat(cell))
    yield from (Block("item", text) for text in row_items(rows, header))
