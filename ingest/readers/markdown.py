"""Markdown (CommonMark with tables), by markdown-it; of HTML inside it, the text and the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.clean import one_line
from ingest.document import Block
from ingest.lines import ends_open, starts_low, terminated
from ingest.readers.reading import Reading, typed_item, web_address
from ingest.readers.text import decode
from ingest.tables import row_items, row_runs, table_end

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_IN_WORDS = re.compile(
    r"</?(?:a|abbr|b|code|del|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u|wbr)\b|<!--", re.I
)
"""HTML that parts no words, as other tags do."""
_UNSEEN = re.compile(r"\s*<(?:script|style)\b", re.I)
_TABLE = re.compile(r"(<table\b(?:(?!<table\b).)*?</table>)", re.I | re.S)
"""A table in HTML that holds no other."""
_CELL = re.compile(r"<t([rdh])\b", re.I)
_ROWSPAN = re.compile(r"\browspan\s*=\s*[\"']?([2-9]|1\d)\b", re.I)
_CODE = re.compile(
    r"^[ ]{0,3}(?:import\s(?:[^\n]*\sfrom\s)?\s*[\"'][^\n]*|export\s(?:const|let|function|default|[{*])[^\n]*"
    r"|\{[^\n]*\}|:::[^\n]*|>[ ]*\[![A-Za-z]+\][-+]?)[ ]*$\n?",
    re.M,
)
"""A line that only a program reads: of MDX, or the kind of a box («:::tip», «> [!NOTE]»)."""
_TASK = re.compile(r"^([ \t]*[-*+][ \t]+)\[([ xX])\][ \t]+", re.M)
_NUMBERED = re.compile(r"^(\d{1,2})((?:\.\d{1,2})*)\.? +([^\W\d_][^\t\n]{1,80})$", re.M)
_BELOW = re.compile(r"(?:[ \t]*\n)+([^\n]*\S)")
_CHAPTERS = 3
"""Fewer numbered titles may be items of a list."""
_GOES_ON = re.compile(r";(?: (?:og|eller))?$")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_TITLE = re.compile(r"^(?:title|tittel):[ \t]*([\"']?)([^\s\"'>|].*?)\1[ \t]*$", re.M | re.I)


def read_markdown(path: Path) -> Reading:
    """Read a Markdown file as blocks; its title is that of its front matter, or its first heading of level 1.

    Raises:
        DocumentMissing, DocumentUnreadable: see `ingest.readers.text.decode`.
    """
    text = decode(path)
    blocks = tuple(markdown_blocks(text))
    matter = _FRONT_MATTER.match(text)
    named = _TITLE.search(matter[0]) if matter else None
    first = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Reading(blocks=blocks, title=one_line(named[2]) if named else first)


def markdown_blocks(text: str) -> Iterator[Block]:
    """Return the headings, paragraphs, list items, table rows and lone links of a Markdown text."""
    walk = _Walk()
    text = _with_tables(_without_tasks(_CODE.sub("", _FRONT_MATTER.sub("", text))))
    text = _TABLE.sub(lambda table: re.sub(r"\n\s*\n", "\n", table[0]), text)
    tokens = _MARKDOWN.parse(text)  # an empty line would end the table
    headed = any(token.type == "heading_open" for token in tokens)
    if not headed and (numbered := _with_headings(text)) != text:
        tokens = _MARKDOWN.parse(numbered)
    for token in tokens:
        yield from walk.step(token)


def _with_tables(text: str) -> str:
    """Return a text with its lines of cells that tabs part as a table whose columns have no names."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        end = table_end(lines, at)
        if end > at + 1:
            rows = [line.replace("|", "\\|").split("\t") for line in lines[at:end]]
            drawn = [[""] * len(rows[0]), ["---"] * len(rows[0]), *rows]
            lines[at:end] = ["", *(f"| {' | '.join(row)} |" for row in drawn), ""]
            end += 4
        at = max(end, at + 1)
    return "\n".join(lines)


def _with_headings(text: str) -> str:
    """Return a text with «#» before its titles numbered 1, 2, 3 … where text of its own stands under each."""
    titles = [title for title in _NUMBERED.finditer(text) if _is_title(title)]
    chapters = [int(title[1]) for title in titles if not title[2]]
    if len(chapters) < _CHAPTERS or chapters != [*range(1, len(chapters) + 1)]:
        return text
    return _NUMBERED.sub(lambda line: _as_heading(line) if _is_title(line) else line[0], text)


def _as_heading(line: re.Match[str]) -> str:
    return f"\n##{'#' * min(line[2].count('.'), 4)} {line[0]}\n"


def _is_title(line: re.Match[str]) -> bool:
    """Say whether a numbered line is no item: neither is the line below it, nor its continuation."""
    below = _BELOW.match(line.string, line.end())
    if below is None or below[1].startswith((" ", "\t")) or starts_low(below[1]):
        return False
    item = _NUMBERED.match(below[1])
    listed = item and not item[2] and not line[2]
    return not (listed or terminated(line[3]) or ends_open(line[3]))


def _without_tasks(text: str) -> str:
    """Return a text without the boxes before tasks, unless only some are ticked: that says something."""
    alike = len({task[2].lower() for task in _TASK.finditer(text)}) == 1
    return _TASK.sub(r"\1", text) if alike else text


@dataclass(slots=True)
class _Walk:
    """Where in the nested lists and tables the tokens have come."""

    lists: list[int | None] = field(default_factory=list)
    """One entry a list that is open: the number of its next item, None for bullets."""
    markers: list[str] = field(default_factory=list)
    """One entry an item that is open: its marker, "" once its first paragraph has taken it."""
    heading: int = 0
    rows: list[list[str]] = field(default_factory=list)

    def step(self, token: Token) -> Iterator[Block]:
        """Take one token, and return the blocks that it ends."""
        self._follow_lists(token)
        match token.type:
            case "heading_open":
                self.heading = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "tr_open":
                self.rows.append([])
            case "table_close":
                yield from (Block("item", item) for item in row_items(self.rows, header=any(self.rows[0])))
                self.rows = []
            case "inline":
                yield from self._inline(token)
            case "html_block" if not _UNSEEN.match(token.content):
                for piece in _TABLE.split(token.content):
                    inline = _MARKDOWN.parseInline(piece)[0]
                    yield from _table(inline) if _TABLE.match(piece) else self._inline(inline)
            case "fence" | "code_block" if text := one_line(token.content):
                yield Block("paragraph", text)

    def _follow_lists(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.markers.append(self._next_marker())
            case "list_item_close":
                self.markers.pop()

    def _next_marker(self) -> str:
        number = self.lists[-1]
        if number is None:
            return "•"
        self.lists[-1] = number + 1
        return f"{number}."

    def _inline(self, token: Token) -> Iterator[Block]:
        plain = _plain(token)
        text = one_line(plain)
        lines = [*filter(None, map(one_line, plain.split("\n")))]
        url = _lone_link(token)
        marker = self.markers[-1] if self.markers else ""
        if self.rows:
            self.rows[-1].append(text)
        elif not text:
            return
        elif self.heading:
            yield Block("heading", text, level=self.heading)
        elif url and not marker:
            yield Block("link", text, url=url)
        elif marker:
            lead, items = _typed(lines)
            if lead:
                yield Block("item", lead, len(self.lists) - 1, marker, url)
            self.markers[-1] = ""
            yield from items
        else:
            yield from _paragraph(lines)


def _table(token: Token) -> Iterator[Block]:
    """Return the caption and the rows of a table in HTML; a cell that spans rows stands in each of them."""
    caption = ""
    rows: list[list[str]] = []
    header = True
    spans: list[tuple[int, int, int]] = []
    for child in token.children or []:
        tag = _CELL.match(child.content) if child.type == "html_inline" else None
        if tag and (not rows or tag[1] in "rR"):
            rows.append([])
        if tag and tag[1] not in "rR":
            rows[-1].append("")
            header = header and (len(rows) > 1 or tag[1] in "hH")
            if span := _ROWSPAN.search(child.content):
                spans.append((len(rows) - 1, len(rows[-1]) - 1, int(span[1])))
        elif rows and rows[-1]:
            rows[-1][-1] += _words(child)
        elif not rows:
            caption += _words(child)
    for at, column, height in spans:
        for below in rows[at + 1 : at + height]:
            below.insert(column, rows[at][column])
    if caption := one_line(caption):
        yield Block("paragraph", caption)
    yield from (Block("item", item) for item in row_items([list(map(one_line, row)) for row in rows], header))


def _paragraph(lines: Sequence[str]) -> Iterator[Block]:
    """Return the text of a paragraph, and those of its lines that are points, typed items or a form."""
    if _are_points(lines):
        yield from (Block("item", line) for line in lines)
        return
    for run, rows in row_runs(lines):
        lead, items = _typed([] if rows else run)
        if lead:
            yield Block("paragraph", lead)
        yield from items or (Block("item", row) for row in rows)


def _typed(lines: Sequence[str]) -> tuple[str, list[Block]]:
    """Return the text of a paragraph, and the items («a) …») of its lines, from its start or a colon on."""
    text = ""
    items: list[Block] = []
    for line in lines:
        may_begin = (items or not text or text.endswith(":")) and not re.match(r"\(?\d", line)
        if may_begin and (item := typed_item(line)):
            items.append(item)
        elif items:
            items[-1] = replace(items[-1], text=f"{items[-1].text} {line}")
        else:
            text = f"{text} {line}".lstrip()
    return text, items


def _are_points(lines: Sequence[str]) -> bool:
    """Say whether lines are a list without bullets: they begin low, and end with «;» up to the last."""
    return len(lines) > 1 and all(map(starts_low, lines)) and all(map(_GOES_ON.search, lines[:-1]))


def _plain(token: Token) -> str:
    """Return the words of a token, one line of it a line."""
    return "".join(map(_words, token.children or []))


def _words(token: Token) -> str:
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "html_inline":
            return "" if _IN_WORDS.match(token.content) else "\n"
    return ""


def _lone_link(token: Token) -> str | None:
    """Return the address where a paragraph is one link to the web and nothing else."""
    children = [child for child in token.children or [] if child.type != "text" or child.content.strip()]
    links = [child for child in children if child.type == "link_open"]
    if len(links) == 1 and children[0] is links[0] and children[-1].type == "link_close":
        return web_address(str(links[0].attrs["href"]))
    return None
