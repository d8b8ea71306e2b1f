"""Laws as Lovdata gives them out in its open data: every §, ledd and letter is an element of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.clean import one_line
from ingest.document import Block
from ingest.readers.tables import row_items

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LEDD = {"legalP", "numberedLegalP", "defaultP"}
_NOTES = {"changesToParent", "footnotes", "footnote", "tableOfContents"}
"""Notes on when a § was changed, and the like: not the text of the law."""
_SECTION, _CHAPTER, _PART = 3, 2, 1


def is_statute(tree: HtmlElement) -> bool:
    """Say whether a page is a law from Lovdata."""
    return next(tree.iterfind(".//article[@class='legalArticle']"), None) is not None


def statute_blocks(tree: HtmlElement) -> list[Block]:
    """Return parts, chapters, paragraphs, ledd and letters, in order; the title is left out."""
    main = tree.find(".//main")
    return list(_walk(main if main is not None else tree))


def _walk(parent: HtmlElement) -> Iterator[Block]:
    for element in parent:
        kinds = set((element.get("class") or "").split())
        if kinds & _NOTES or not isinstance(element.tag, str):
            continue
        if element.tag in _HEADINGS:
            yield from _heading(element)
        elif element.tag in {"ol", "ul"}:
            yield from _items(element)
        elif element.tag == "table":
            rows = [[_own_text(cell) for cell in row] for row in element.iter("tr")]
            yield from (
                Block("item", text) for text in row_items(rows, header=element.find(".//th") is not None)
            )
        elif element.tag == "p" or kinds & _LEDD:
            if text := _own_text(element):
                yield Block("paragraph", text)
            yield from _nested(element)
        else:
            yield from _walk(element)


def _heading(element: HtmlElement) -> Iterator[Block]:
    text = re.sub(r"\s+([.,])", r"\1", one_line(element.text_content()))
    if not text or element.tag == "h1":
        return
    level = _SECTION if text.startswith("§") else _CHAPTER if text.lower().startswith("kap") else None
    if level is None:
        level = (
            _PART if re.match(r"del\b|(?:første|andre|annen|tredje|fjerde)\s+del", text, re.I) else _CHAPTER
        )
    yield Block("heading", text, level=level)


def _items(element: HtmlElement) -> Iterator[Block]:
    for number, item in enumerate(element.findall("li"), start=1):
        name = (item.get("data-name") or "").strip().rstrip(".")
        letter = chr(ord("a") + number - 1) if element.get("type") == "a" and number <= 26 else ""
        default = f"{letter})" if letter else f"{number}." if element.tag == "ol" else "•"
        marker = (
            f"{name})" if len(name) == 1 and name.isalpha() else f"{name}." if name.isdigit() else default
        )
        if text := _own_text(item):
            yield Block("item", text, marker=marker)
        yield from _nested(item)


def _nested(element: HtmlElement) -> Iterator[Block]:
    """Yield the lists inside a ledd or an item."""
    for inner in element.iterdescendants("ol", "ul"):
        outer = next(inner.iterancestors("ol", "ul"), None)
        if outer is None or outer not in set(element.iterdescendants("ol", "ul")):
            yield from _items(inner)


def _own_text(element: HtmlElement) -> str:
    """Return the text of an element without that of the lists inside it."""
    return one_line("".join(_pieces(element)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        kinds = set((child.get("class") or "").split()) if isinstance(child.tag, str) else _NOTES
        if child.tag not in {"ol", "ul"} and not kinds & _NOTES:
            yield from _pieces(child)
        yield child.tail or ""
