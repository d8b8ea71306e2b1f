"""Laws as Lovdata gives them out in its open data: every §, ledd and letter is an element of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from ingest.document import Block
from ingest.readers.walk import walk

_NOTES = {"changesToParent", "footnotes", "footnote", "tableOfContents"} | {
    "data-originalId"  # a marker that stands in `data-name` too
}
"""Notes on when a § was changed, and the like: not the text of the law."""
_SECTION, _CHAPTER, _PART = 3, 2, 1


def is_statute(tree: HtmlElement) -> bool:
    """Say whether a page is a law from Lovdata."""
    return next(_of(tree, {"legalArticle"}), None) is not None


def make_plain(tree: HtmlElement) -> None:
    """Rewrite a law from Lovdata with the elements that any page has: headings, paragraphs and items."""
    for note in [*_of(tree, _NOTES)]:
        note.drop_tree()
    for item in [*tree.iter("li")]:
        _write_name(item)


def statute_blocks(tree: HtmlElement) -> list[Block]:
    """Return parts, chapters, paragraphs, ledd and letters of a plain law, in order, without its title."""
    main = tree.find(".//main")
    return [_placed(block) for block in walk(main if main is not None else tree) if block.level != 1]


def _of(tree: HtmlElement, names: set[str]) -> Iterator[HtmlElement]:
    """Yield the elements that have one of the classes."""
    for element in tree.iter("*"):
        if not names.isdisjoint((element.get("class") or "").split()):
            yield element


def _write_name(item: HtmlElement) -> None:
    """Write the name of an item («a», «1.») into it, in place of what its place in the list says."""
    if marker := _marker(item.get("data-name", "")):
        item.text = f"{marker} {item.text or ''}"
        for name in ("type", "start"):
            item.getparent().attrib.pop(name, None)


def _marker(name: str) -> str:
    plain = name.strip().rstrip(".")
    if len(plain) == 1 and plain.isalpha():
        return f"{plain})"
    return f"{plain}." if plain.isdigit() else ""


def _placed(block: Block) -> Block:
    """Return a heading with the level that its words give it; other blocks as they are."""
    if block.kind != "heading":
        return block
    text = re.sub(r"\s+([.,])", r"\1", block.text)
    level = _SECTION if text.startswith("§") else _CHAPTER
    if re.match(r"del\b|(?:første|andre|annen|tredje|fjerde)\s+del", text, re.I):
        level = _PART
    return replace(block, text=text, level=level)
