"""Lines of a page to parts: a part is a run of lines that belong to one heading, paragraph or item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from ingest import sentences
from ingest.bullets import place_bullets, split_inline
from ingest.clean import DISPLACED
from ingest.lines import MARKER, URL, ends_open, is_capitals, is_label, starts_low, terminated, words
from ingest.sections import DASH
from ingest.tables import row_runs

PartKind = Literal["text", "item", "row", "heading", "link", "url", "graphic"]

_ORDINAL_TAIL = re.compile(
    r"(januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|ledd|punktum|plass)\b",
    re.IGNORECASE,
)
LEGAL = re.compile(
    rf"^(§+\s*\d+(\w|{DASH})*\.?(\s+[A-ZÆØÅ«]|$)"
    rf"|(Kapittel|Kap\.|Del)\s+(\d+|[IVX]+|[A-Z])\b[.:]?(\s+({DASH}|[«A-ZÆØÅ])|$))"
)
"""A section of a law or an agreement: «§ 3-1 Tittel», «Kapittel 2 …», «Del A …»."""
NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s+[A-ZÆØÅ«]")
"""What may be a numbered heading: «2 Roller», «2.1 Møter»."""
MOST_WORDS = 14
"""No heading has more."""
_CITED = re.compile(rf"§+\s*\d+(\s?\w|{DASH})*(\s\w+\sledd)?")
_GOES_ON = re.compile(r"[.,;:?!)](?!\S)")
"""How a line begins that ends what the line before it names."""
_SECTION_NUMBER = re.compile(r"(§+|\w+\.?)\s*\S+\s*")
_COUNTED = re.compile(r"\d+\s+[a-zæøå]")
_NEAR_FULL = 0.88
"""A line that would have held the next word with this much room to spare was ended on purpose."""
_ABOVE_FULL = 1.35
"""A title is set larger than the column, so the line under it may count for more characters than fit."""
_SHORT = 0.6
"""A line this much shorter than its neighbours was not wrapped."""
_ORDINAL = re.compile(rf"\d{{1,2}}\.\s+{_ORDINAL_TAIL.pattern}", re.IGNORECASE)
_TIGHT_DASH = re.compile(r"^(\s*[-–])(?=[A-ZÆØÅ][a-zæøå])")
"""A bullet that lacks its space."""
_SENTENCE_END = re.compile(r"[.!?:]\s*$")
_UNWRAPPED_LINE = 150
"""Lines longer than this were not wrapped: each line is a paragraph."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together, on page `page` (ordinal); `last` is the page where they end."""

    lines: tuple[str, ...]
    page: int
    kind: PartKind = "text"
    marker: str = ""
    level: int = 0
    url: str | None = None
    chunk: int = 0
    """Parts of one chunk have no empty line between them."""
    last: int = -1
    displaced: bool = False

    @property
    def raw(self) -> str:
        """The lines with single spaces between, before words are mended."""
        return " ".join(line.strip() for line in self.lines)

    @property
    def width(self) -> int:
        """Length of the longest line, in characters."""
        return max(len(line.strip()) for line in self.lines)

    def extended(self, other: Part) -> Part:
        """Return this part with the lines of its continuation."""
        return replace(self, lines=self.lines + other.lines, last=max(self.last, other.page))


def is_section_title(text: str) -> bool:
    """Whether a text that begins with the number of a section goes on with its title: with no sentence."""
    title = _SECTION_NUMBER.sub("", text, count=1)
    return not title or (not re.search(r"[.:;!]$", title) and len([*sentences.spans(title)]) == 1)


def opens_section(part: Part) -> bool:
    """Whether a part is a heading by its number: no sentence goes on across it."""
    text = part.raw
    numbered = NUMBERED.match(text) and not terminated(text) and len(words(text)) <= MOST_WORDS
    return part.kind == "heading" or (part.kind == "text" and bool(LEGAL.match(text) or numbered))


def is_bubble(part: Part) -> bool:
    """Whether a text begins with a label in capitals: «LEDER: Får det enklere …»."""
    found = re.match(r"([^:]{3,40}):", part.raw)
    return part.kind == "text" and bool(found and is_capitals(found[1]))


class Segmenter:
    """Cuts pages into parts; knows how lines of this document end where they were wrapped."""

    def __init__(self, pages: Sequence[Sequence[str]]) -> None:
        """Look at all lines once: were they wrapped, and do wrapped ones keep their last space."""
        filled = [line for page in pages for line in page if line.strip()]
        self.unwrapped = sum(len(line) > _UNWRAPPED_LINE for line in filled) > 0.15 * len(filled)
        wraps = [
            a
            for page in pages
            for a, b in pairwise(page)
            if a.strip() and b[:1].islower() and not a.rstrip().endswith(("-", "/"))
        ]
        self._common = {word for line in filled for word in re.findall(r"\w+", line) if word.islower()}
        self.keeps_space = len(wraps) >= 20 and sum(a.endswith(" ") for a in wraps) >= 0.97 * len(wraps)

    def parts(self, page: Sequence[str], number: int) -> list[Part]:
        """Return the parts of one page in the order of its lines."""
        lines = place_bullets(split_inline(page))
        dashes = sum(1 for line in lines if re.match(r"\s*[-–]\s", line)) >= 2
        if dashes:
            lines = [_TIGHT_DASH.sub(r"\1 ", line) for line in lines]
        parts: list[Part] = []
        for filled, group in groupby(lines, lambda line: bool(line.strip())):
            for chunk, rows in row_runs([*group]) if filled else ():
                blank = Part((), number, chunk=parts[-1].chunk + 1 if parts else 0)
                led = bool(parts) and parts[-1].kind == "text" and parts[-1].raw.endswith(":")
                items = [replace(blank, lines=(row,), kind="row") for row in rows]
                items = items or (_bare_items(chunk, lines, blank) if led else [])
                parts.extend(items or self._cut(chunk, blank, dashes))
        return [piece for at, part in enumerate(parts) for piece in _apart(part, parts[at + 1 : at + 2])]

    def _cut(self, chunk: Sequence[str], blank: Part, dashes: bool) -> list[Part]:
        parts: list[Part] = []
        for i, line in enumerate(chunk):
            series = _series_goes_on(line, chunk[i + 1 :]) or (dashes and line.strip()[0] in "-–")
            new = _begin(line, blank, parts[-1] if parts else None, series)
            if new is not None:
                parts.append(new)
            elif parts and parts[-1].kind != "url" and not self._breaks(chunk, i, parts[-1]):
                parts[-1] = replace(parts[-1], lines=(*parts[-1].lines, line))
            else:
                parts.append(replace(blank, lines=(line,)))
        return parts

    def _breaks(self, chunk: Sequence[str], at: int, part: Part) -> bool:
        before, line = part.lines[-1], chunk[at]
        text = line.strip()
        if starts_low(text) and not (self.unwrapped and terminated(before)):
            return False
        if _GOES_ON.match(text) or _is_cited(before, text, chunk[at + 1 : at + 2]):
            return False
        if LEGAL.match(text) and (terminated(before) or len(before) < 60) and not ends_open(before):
            return True
        if terminated(before) and (numbered := NUMBERED.match(text)) and "." in numbered[1]:
            return True
        if not terminated(before) and _ORDINAL.match(text):
            return False
        if ends_open(before) or (len(part.lines) == 1 and part.kind == "text" and is_label(before)):
            return False
        if is_capitals(before) != is_capitals(text):
            return is_capitals(before) or terminated(before)
        if is_capitals(text):
            return False
        return self._ended(chunk, at, part)

    def _ended(self, chunk: Sequence[str], at: int, part: Part) -> bool:
        """Whether the line before `at` was ended on purpose though it could have gone on."""
        before, line = part.lines[-1], chunk[at]
        if part.kind == "item" and line.startswith(" ") and not chunk[at - 1].startswith(" "):
            return False
        section = len(part.lines) == 1 and LEGAL.match(before)
        if self.unwrapped or (section and is_section_title(before.strip()) and not _COUNTED.match(line)):
            return True
        if self.keeps_space and before == before.rstrip() and part.kind != "item":
            return True
        if terminated(before) and _is_title_line(chunk, at):
            return True
        if part.kind == "item" and terminated(before) and len(part.lines) > 1:
            near = [len(other.strip()) for other in part.lines]
        else:
            near = [len(other.strip()) for other in chunk[max(0, at - 3) : at + 3]]
        room = _NEAR_FULL
        if len(part.lines) == 1 and part.kind == "text" and not terminated(before):
            # A first line that a common word with a capital follows is a title: that word begins a sentence.
            room = _ABOVE_FULL if line.split()[0].lower().strip(".,:;") in self._common else 1.0
        return len(before.strip()) + 1 + len(line.split()[0]) <= room * max(near)


def _is_cited(before: str, text: str, following: Sequence[str]) -> bool:
    """Whether a § alone on its line, as a link is set, stands inside the sentence of the lines around it."""
    after = "".join(following).strip()
    goes_on = starts_low(after) or bool(_GOES_ON.match(after))
    return bool(_CITED.fullmatch(text)) and goes_on and not terminated(before)


def _bare_items(lines: Sequence[str], page: Sequence[str], blank: Part) -> list[Part]:
    """Return the items that lines below a colon are where their bullets are drawn, none where they are text.

    All begin with a small letter, only the last may end a sentence, and half end though the next word
    would have found room.
    """
    if len(lines) < 2 or not all(map(starts_low, lines)) or any(map(_SENTENCE_END.search, lines[:-1])):
        return []
    needed = [len(line.strip()) + 1 + len(after.split()[0]) for line, after in pairwise(lines)]
    own, full = (max(len(other.strip()) for other in those) for those in (lines, page))
    if sum(length <= own for length in needed) < 0.5 * len(needed):
        return []
    items = [replace(blank, lines=(lines[0],), kind="item")]
    for line, length in zip(lines[1:], needed, strict=True):
        if length <= _NEAR_FULL * full:
            items.append(replace(blank, lines=(line,), kind="item"))
        else:
            items[-1] = replace(items[-1], lines=(*items[-1].lines, line))
    return items


def _is_title_line(chunk: Sequence[str], at: int) -> bool:
    """Whether a line is short and open, and the next begins a sentence: a title between paragraphs."""
    after = chunk[at + 1].strip() if at + 1 < len(chunk) else ""
    longest = max(len(other.strip()) for other in chunk[max(0, at - 3) : at + 4])
    return _is_title(chunk[at].strip(), after, longest)


def _is_title(line: str, after: str, longest: int) -> bool:
    begins = after[:1].isupper() or LEGAL.match(after)
    return bool(begins) and len(line) < _SHORT * longest and not terminated(line) and not ends_open(line)


def _apart(part: Part, following: Sequence[Part]) -> list[Part]:
    """Return a part without the title of the next chunk, which stands as its last line, and that title."""
    *lines, last = part.lines
    after = next((other.raw for other in following if other.chunk != part.chunk), "")
    if not lines or not _is_title(last.strip(), after, part.width) or starts_low(last):
        return [part]
    if ends_open(lines[-1]) or not (terminated(lines[-1]) or NUMBERED.match(last.strip())):
        return [part]
    return [replace(part, lines=tuple(lines)), replace(part, lines=(last,), kind="text", marker="")]


def _series_goes_on(line: str, following: Sequence[str]) -> bool:
    """Whether «1.», «(1)» or «a)» begins a list: a later line of the chunk has the next marker."""
    found = re.match(r"(\(?)([1a])([.)])\s", line.strip())
    if not found:
        return False
    after = f"{found[1]}{'2' if found[2] == '1' else 'b'}{found[3]} "
    return any(other.strip().startswith(after) for other in following)


def _begin(line: str, blank: Part, before: Part | None, series: bool) -> Part | None:
    """Return a new part if the line is a URL or begins an item, else None."""
    url = URL.match(line)
    ends_sentence = url and url[1].endswith(".") and before is not None and ends_open(before.raw)
    if url and not ends_sentence:
        return replace(blank, lines=(line.strip(),), kind="url", url=url[1])
    found = MARKER.match(line.strip())
    if not found or not _is_marker(found[1], found[2], before, series):
        return None
    displaced = found[1] == DISPLACED
    return replace(
        blank, lines=(found[2],), kind="item", marker="" if displaced else found[1], displaced=displaced
    )


def _is_marker(marker: str, rest: str, before: Part | None, series: bool) -> bool:
    if marker in "•→*" or marker == DISPLACED:
        return True
    closed = (
        before is None or before.kind == "item" or terminated(before.raw) or bool(LEGAL.match(before.raw))
    )
    if marker in "-–":
        open_item = before is not None and before.kind == "item" and not terminated(before.raw)
        continues = open_item and starts_low(rest) and before is not None and before.marker not in "-–"
        return closed and not continues and (series or (before is not None and before.raw.endswith(":")))
    return (closed or series) and not _ORDINAL_TAIL.match(rest)
