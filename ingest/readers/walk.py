"""All text of an HTML element as blocks, in its order; only menus, controls and scripts are left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml.html import HtmlElement

from ingest.clean import one_line
from ingest.document import Block
from ingest.readers.reading import typed_item, web_address
from ingest.tables import row_items

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_APART = frozenset(
    "address article aside blockquote body br caption cell dd details div dl dt fieldset figcaption figure "
    "form head header hr item lb li list main ol p pre row section summary table tbody td tfoot th thead tr "
    "ul".split()
).union(HEADINGS)
"""What parts words: elements of HTML, and those that trafilatura writes for them."""
_BLOCKS = _APART - {"br", "lb"}
_STRUCTURE = ("table", "li", *HEADINGS)
"""A table that holds any of these sets out a page: its cells are no facts side by side."""
_LEFT_OUT = frozenset(
    "button datalist dialog footer iframe nav noscript object script select style svg template "
    "textarea".split()
)


def flat(element: HtmlElement, without: frozenset[HtmlElement] = frozenset()) -> str:
    """Return all text of an element on one line, but that of the elements in `without`."""
    return one_line("".join(_pieces(element, without)))


def walk(parent: HtmlElement) -> Iterator[Block]:
    """Yield headings, paragraphs, items, table rows and lone links; text that stands loose is a paragraph."""
    line = [parent.text or ""]
    links: list[HtmlElement] = []
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in _LEFT_OUT:
            line.append(" ")
        elif next(child.iter(*_BLOCKS), None) is None:
            line.extend((" ",) if child.tag == "br" else _pieces(child))
            links.extend(child.iter("a"))
        else:
            yield from _paragraph("".join(line), links)
            line, links = [], []
            yield from _block(child)
        line.append(child.tail or "")
    yield from _paragraph("".join(line), links)


def _pieces(element: HtmlElement, without: frozenset[HtmlElement] = frozenset()) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        apart = " " if child.tag in _APART else ""
        if isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child not in without:
            yield apart
            yield from _pieces(child, without)
            yield apart
        yield child.tail or ""


def _paragraph(line: str, links: list[HtmlElement]) -> Iterator[Block]:
    text = one_line(line)
    if not any(map(str.isalnum, text)):
        return
    url = web_address(links[0].get("href", "")) if len(links) == 1 and flat(links[0]) == text else None
    yield Block("link", text, url=url) if url else Block("paragraph", text)


def _block(element: HtmlElement) -> Iterator[Block]:
    if element.tag in HEADINGS:
        if any(map(str.isalnum, text := flat(element))):
            yield Block("heading", text, level=int(element.tag[1]))
    elif element.tag in {"ol", "ul", "dl"}:
        numbers = count(1)
        for child in element.iterchildren("*"):
            marker = f"{next(numbers)}." if element.tag == "ol" and child.tag == "li" else ""
            yield from _item(child, marker) if marker else _block(child)
    elif element.tag == "li":
        yield from _item(element, "•")
    elif element.tag == "table" and next(element.iterdescendants(*_STRUCTURE), None) is None:
        yield from _rows(element)
    else:
        yield from walk(element)


def _item(element: HtmlElement, marker: str) -> Iterator[Block]:
    """Yield the text of an item up to a list or table inside it as one item, then what is left."""
    found = list(walk(element))
    own = next((at for at, block in enumerate(found) if block.kind in {"heading", "item"}), len(found))
    if text := " ".join(block.text for block in found[:own]):
        yield typed_item(text) or Block("item", text, marker=marker)
    yield from found[own:]


def _rows(table: HtmlElement) -> Iterator[Block]:
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    filled = [row for row in rows if any(map(flat, row))]
    header = bool(filled) and all(cell.tag == "th" for cell in filled[0] if flat(cell))
    for text in row_items([[*map(flat, row)] for row in filled], header):
        yield Block("item", text)
