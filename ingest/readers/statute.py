"""Laws from Lovdata, as its pages show them and as its open data give them out: plain HTML is made of both.

In both every § or point («2.4.5»), ledd and letter is an element of its own, known by its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement
from lxml.html.builder import H3

from ingest.document import Block
from ingest.lines import terminated
from ingest.readers.walk import HEADINGS, flat, walk

_SECTIONS = {"legalArticle", "paragrafHeader", "paragrafValue", "avsnittNummer"}
"""What each § of a law has: in the open data the first, on a page one of the others (a point the last)."""
_MARKERS = "data-originalId"
"""Markers that stand in `data-name` too."""
_NOTES = {
    "changesToParent",
    "footnotes",
    "footnote",
    "fotnote",
    "tableOfContents",
    "share-paragraf",
    _MARKERS,
}
"""Notes on when a § was changed, controls, and the like: not the text of the law."""
_SECTION, _CHAPTER, _PART = 3, 2, 1
_POINT = re.compile(r"\d+(?:\.\d+)+\b")


def is_statute(tree: HtmlElement) -> bool:
    """Say whether a page is a law from Lovdata."""
    return next(_of(tree, _SECTIONS), None) is not None


def make_plain(tree: HtmlElement) -> None:
    """Rewrite a law from Lovdata with the elements that any page has: headings, paragraphs and items."""
    for note in [*_of(tree, _NOTES)]:
        note.drop_tree()
    for value in [*_of(tree, {"paragrafValue"})]:
        _write_heading(value)
    for item in [*tree.iter("li")]:
        _write_name(item)
    for table in [*_of(tree, {"listeItem"})]:
        _make_item(table)
    for table in [*_of(tree, {"morTag_an"})]:
        _make_ledd(table)
    points = [cell for cell in _of(tree, {"avsnittNummer"}) if cell.tag == "td"]
    numbers = [flat(cell).rstrip(".") for cell in points]
    for cell, number, after in zip(points, numbers, [*numbers, ""][1:], strict=True):
        _make_point(cell, number, holds_points=after.startswith(f"{number}."))


def statute_blocks(tree: HtmlElement) -> list[Block]:
    """Return parts, chapters, paragraphs, ledd and letters of a plain law, in order, without its title."""
    main = tree.xpath("(//*[@id='documentBody'] | //main)[last()]")
    return [_placed(block) for block in walk(main[0] if main else tree) if block.level != 1]


def _of(tree: HtmlElement, names: set[str]) -> Iterator[HtmlElement]:
    """Yield the elements that have one of the classes."""
    for element in tree.iter("*"):
        if not names.isdisjoint((element.get("class") or "").split()):
            yield element


def _write_heading(value: HtmlElement) -> None:
    """Make a heading of the number of a § and the title after it, which a page sets in the text."""
    value.tail = f" {value.tail or ''}"
    if next(value.iterancestors(*HEADINGS), None) is not None:
        return
    title = value.getnext()
    text = flat(value)
    if title is not None and title.get("class") == "paragrafTittel":
        text = f"{text} {flat(title)}"
        title.drop_tree()
    heading = H3(text)
    heading.tail = value.tail
    value.getparent().replace(value, heading)


def _write_name(item: HtmlElement) -> None:
    """Write the name of an item («a», «1.») into it, in place of what its place in the list says."""
    if marker := _marker(item.get("data-name", "")):
        item.text = f"{marker} {item.text or ''}"
        for name in ("type", "start"):
            item.getparent().attrib.pop(name, None)


def _marker(name: str) -> str:
    plain = name.strip().rstrip(".)")
    if len(plain) == 1 and plain.isalpha():
        return f"{plain})"
    return f"{plain}." if plain.isdigit() else ""


def _make_item(table: HtmlElement) -> None:
    """Make an item of a table of one row: its number, and its text."""
    number = next(_of(table, {"listeitemNummer"}), None)
    if number is not None:
        table.text = f"{_marker(flat(number)) or flat(number)} "
        number.drop_tree()
    _drop_cells(table)
    table.tag = "li"


def _make_ledd(table: HtmlElement) -> None:
    """Make a paragraph of a numbered ledd; one that is a title only («(2) (Svalbard)») opens the next."""
    _drop_cells(table)
    table.tag = "p"
    title = flat(table)
    ledd = next((other for other in table.itersiblings() if flat(other)), None)
    alone = not terminated(title) or re.fullmatch(r"\S+ \(.*\)", title)
    if alone and ledd is not None and "morTag_a" in ledd.get("class", "").split():
        ledd.text = f"{re.sub(r'(?<=[^:?.!)])$', ':', title)} {ledd.text or ''}"
        table.drop_tree()


def _make_point(cell: HtmlElement, number: str, holds_points: bool) -> None:
    """Make a paragraph of a point («2.4.5»), a heading where it is a title with points below it."""
    table, text = next(cell.iterancestors("table")), cell.getnext()
    titled = text is not None and [flat(title) for title in text.findall("em")] == [flat(text)]
    cell.text, cell.tail = number, " "
    _drop_cells(table)
    table.tag = "h3" if titled and holds_points else "p"


def _drop_cells(table: HtmlElement) -> None:
    for part in table.xpath("./tbody | ./tr | ./tbody/tr | ./tr/td | ./tbody/tr/td"):
        part.drop_tag()


def _placed(block: Block) -> Block:
    """Return a heading with the level that its words give it; other blocks as they are."""
    if block.kind != "heading":
        return block
    text = re.sub(r"\s+([.,])", r"\1", block.text)
    point = _POINT.match(text)
    level = _SECTION if text.startswith("§") else _CHAPTER + (point[0].count(".") if point else 0)
    if re.match(r"del\b|(?:første|andre|annen|tredje|fjerde)\s+del", text, re.I):
        level = _PART
    return replace(block, text=text, level=level)
