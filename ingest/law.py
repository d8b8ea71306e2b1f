"""Agreements and laws: parts, chapters, §, ledd and letters, so that no passage mixes two paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Block
from ingest.references import Reference
from ingest.sections import DASH, plain
from ingest.segments import is_section_title

PARAGRAPH_SIGN = re.compile(
    rf"§\s*(?P<number>\d{{1,3}}(?:\s?[A-Z](?={DASH}))?(?:{DASH}\d{{1,3}}){{0,2}}[a-z]?)\.?(?!\w)"
)
_PART = re.compile(r"(?:Del|Part)\s+(?P<part>[A-Z])\b", re.IGNORECASE)
_CHAPTER = re.compile(r"(?:Kapittel|Kap\.)\s+\w+", re.IGNORECASE)
_PART_LEVEL, _CHAPTER_LEVEL, _SECTION_LEVEL = 1, 2, 3

_LEDD = re.compile(r"\((?P<ledd>\d{1,2})\)")
_LEDD_RUN = re.compile(r"(?<=[.:;])\s+(?=\(\d{1,2}\)\s+[A-ZÆØÅ«])")
_LETTER_RUN = re.compile(r"(?:^|(?<=\s))([a-zæøå])\)\s+(?=\S)")
_LETTER = re.compile(r"\(?(?P<letter>[a-zæøå])(?:\)|\.(?=\s))")
_TYPED_LETTER = re.compile(r"[a-zæøå]\)\s+(?=\S)")
_BULLETS = frozenset("•*–-")
_LONGEST_TITLE = 110
"""Characters; a line that begins with § and is longer holds the text of the paragraph too."""
_FEWEST = 3
"""Fewer paragraphs than this are a text about a law, not a law."""


def legal_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of an agreement or a law with its structure made plain; other texts unchanged.

    Parts get level 1, chapters 2, paragraphs 3, those inside another (§ 3-2-1 in § 3-2) one more. A line
    «§ 3-1 …» that was taken for text becomes a heading. Each ledd is a paragraph of its own that keeps its
    «(1)», each letter an item with its marker.
    """
    if not is_legal(blocks):
        return list(blocks)
    levels: dict[int, int] = {}
    for block, level in zip(blocks, _own_levels(blocks), strict=True):
        if level:
            levels.setdefault(block.level, level)
    split: list[Block] = []
    headed = list(_with_headings(blocks))
    inner = _SECTION_LEVEL
    for block, own in zip(headed, _own_levels(headed), strict=True):
        if block.kind == "heading":
            inner = max(own or inner, _SECTION_LEVEL)
            split.append(replace(block, level=own or _other_level(block, levels, inner)))
        else:
            split.extend(_ledd_and_letters(block))
    return split


def is_legal(blocks: Sequence[Block]) -> bool:
    """Say whether the blocks are of an agreement or a law: several lines begin with a § of their own."""
    numbers = [found["number"] for block in blocks if (found := _opens(block))]
    return len(set(numbers)) >= _FEWEST and len(numbers) >= 0.03 * len(blocks)


def provisions(section: Sequence[str], text: str, work: str | None) -> list[Reference]:
    """Return what a passage of a law is the text of: its §, each ledd and letter that begins in it, outer §§.

    Args:
        section: the heading path of the passage.
        text: the passage, a block a line.
        work: key of the law or agreement.
    """
    numbers = [number for title in section if (number := number_of(title))]
    if not numbers:
        return []
    number = numbers[-1]
    part = next((found["part"].upper() for title in section if (found := _PART.match(title))), None)
    whole = Reference(work, part, number, None, None, 0, len(text), text)
    found_here = [whole]
    ledd: int | None = None
    start = 0
    for line in text.split("\n"):
        span = (start, start + len(line))
        start = span[1] + 1
        numbered, lettered = _LEDD.match(line), _LETTER.match(line)
        if numbered:
            ledd = int(numbered["ledd"])
            found_here.append(replace(whole, ledd=ledd, start=span[0], end=span[1], text=line))
        elif lettered:
            letter = lettered["letter"]
            found_here.append(replace(whole, ledd=ledd, letter=letter, start=span[0], end=span[1], text=line))
    around = [replace(whole, section=outer) for outer in numbers if number.startswith(f"{outer}-")]
    return found_here + around


def number_of(title: str) -> str | None:
    """Return the number of the § that a heading is of («3-1» of «§ 3–1 Plikter»)."""
    found = PARAGRAPH_SIGN.match(title)
    return plain(found["number"]) if found else None


def letter_of(text: str) -> str | None:
    """Return the letter that a lettered item begins with («c» of «c) …»)."""
    found = _LETTER.match(text)
    return found["letter"] if found else None


def ledd_of(text: str) -> int | None:
    """Return the number that a numbered ledd begins with (2 of «(2) …»)."""
    found = _LEDD.match(text)
    return int(found["ledd"]) if found else None


def path_of(section: Sequence[str], quote: str) -> tuple[str, ...]:
    """Return the heading path of a quote, with its letter: («Del B», «§ 3-1 Arbeidsgivers plikter», «c»)."""
    letter = letter_of(quote)
    inside = bool(section) and PARAGRAPH_SIGN.match(section[-1]) is not None
    return (*section, letter) if letter and inside else tuple(section)


def _opens(block: Block) -> re.Match[str] | None:
    """Return the § that a block begins with, if it can be where that § begins."""
    found = PARAGRAPH_SIGN.match(block.text)
    if found is None or block.kind not in ("heading", "paragraph"):
        return None
    rest = block.text[found.end() :].lstrip()
    return found if not rest or not (rest[0].islower() or rest[0] in ",;)") else None


def _with_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with lines «§ 3-1 …» as headings, where their numbers go on from the last one."""
    last: tuple[int, ...] = ()
    for block in blocks:
        found = _opens(block)
        order = tuple(map(int, re.findall(r"\d+", found["number"]))) if found else ()
        if block.kind == "heading" and _PART.match(block.text):
            last = ()
        if found is None or block.kind == "heading" or (last and order <= last):
            yield block
        else:
            yield from _heading_and_text(block, found)
        last = order or last


def _heading_and_text(block: Block, found: re.Match[str]) -> Iterator[Block]:
    rest = block.text[found.end() :].strip()
    if len(block.text) <= _LONGEST_TITLE and is_section_title(block.text):
        yield replace(block, kind="heading", level=_SECTION_LEVEL)
        return
    yield Block("heading", found[0], level=_SECTION_LEVEL, page=block.page)
    if rest:
        yield replace(block, text=rest)


def _own_levels(blocks: Sequence[Block]) -> Iterator[int | None]:
    """Yield for each block the level that it has as a heading of the law itself."""
    around: list[str] = []
    for block in blocks:
        number = number_of(block.text)
        if block.kind != "heading":
            yield None
        elif _PART.match(block.text) or _CHAPTER.match(block.text):
            around = []
            yield _PART_LEVEL if _PART.match(block.text) else _CHAPTER_LEVEL
        elif number:
            around = [outer for outer in around if number.startswith(f"{outer}-")] + [number]
            yield _SECTION_LEVEL + len(around) - 1
        else:
            yield None


def _other_level(block: Block, levels: dict[int, int], inner: int) -> int:
    """Return the level of another heading: that of the law's own beside it, or below its § (`inner`)."""
    deepest = max((old for old, new in levels.items() if new >= _SECTION_LEVEL), default=_SECTION_LEVEL)
    return levels.get(block.level, inner + 1 if block.level > deepest else min(block.level, 2))


def _ledd_and_letters(block: Block) -> Iterator[Block]:
    if block.kind == "item" and _LEDD.fullmatch(block.marker):
        block = replace(block, kind="paragraph", text=f"{block.marker} {block.text}", marker="")
    if block.kind == "item" and block.marker in _BULLETS and (typed := _TYPED_LETTER.match(block.text)):
        block = replace(block, text=block.text[typed.end() :], marker=typed[0].strip())
    if block.kind != "paragraph":
        yield block
        return
    for ledd in _LEDD_RUN.split(block.text):
        yield from _letters(replace(block, text=ledd))


def _letters(block: Block) -> Iterator[Block]:
    """Yield a paragraph «…: a) … b) …» as its lead-in and its letters."""
    marks = [mark for mark in _LETTER_RUN.finditer(block.text)]
    wanted = "abcdefghijklmnopqrstuvwxyzæøå"
    if len(marks) < 2 or [mark[1] for mark in marks] != list(wanted[: len(marks)]):
        yield block
        return
    if lead := block.text[: marks[0].start()].strip():
        yield replace(block, text=lead)
    ends = [*(mark.start() for mark in marks[1:]), len(block.text)]
    for mark, end in zip(marks, ends, strict=True):
        yield replace(block, kind="item", text=block.text[mark.end() : end].strip(), marker=f"{mark[1]})")
