"""What is set beside the text: picture captions, pull quotes that repeat it, words of a diagram."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from ingest.clean import WordJoiner
from ingest.lines import ends_open, is_capitals, is_label, starts_low, terminated, words
from ingest.segments import NUMBERED, Part

_CAPTION = re.compile(
    r"((Illustrasjon|Foto|Bilde|Figur|Figure|Tabell)(en|et)?( \d+)?\s*[:.]\s"
    r"|(Illustrasjonen|Illustrasjon|Illustrasjonsfoto|Bildet|Bilde|Foto|Figuren|Figur \d+)\b)",
)
_CAPTION_WORDS = 16
_CAPTION_PAGE_WORDS = 40
_CAPTION_PAGE_SHARE = 0.34
"""Where more pages than this hold one short block only, they are slides, not pictures."""
_REPEATS = 84
"""rapidfuzz ratio (0–100) from which an inset says what the text beside it says."""
_REPEATS_WHOLE = 97
"""The same for an inset that what comes next may go on from."""
_SAME_WORDS = 95
_LONGER = 1.15
"""The text that an inset repeats is longer than the inset."""
_NARROW = 0.66
_NEIGHBOURS = 4
"""A pull quote repeats a page at most this far away."""

Pages = list[list[Part]]


def page_width(parts: Sequence[Part]) -> int:
    """Return the length of the longest line of the page's text, in characters."""
    return max((part.width for part in parts if part.kind in ("text", "item")), default=0)


def drop_captions(pages: Pages) -> Pages:
    """Take away captions, and pages that hold nothing but one (a picture over the whole page)."""
    lone = {p for p, parts in enumerate(pages[:-1]) if p and _is_caption_page(parts, pages[p - 1])}
    if len(lone) > _CAPTION_PAGE_SHARE * len(pages):
        lone = set()
    return [
        [] if p in lone else [part for part in parts if not _is_caption(part)]
        for p, parts in enumerate(pages)
    ]


def _is_caption_page(parts: Sequence[Part], before: Sequence[Part]) -> bool:
    if len(parts) != 1 or parts[0].kind != "text" or "§" in parts[0].raw or ends_open(parts[0].raw):
        return False
    open_before = bool(before) and not terminated(before[-1].raw)
    continues = open_before and starts_low(parts[0].raw)
    return not continues and len(parts[0].lines) <= 4 and len(words(parts[0].raw)) <= _CAPTION_PAGE_WORDS


def _is_caption(part: Part) -> bool:
    if part.kind != "text" or not _CAPTION.match(part.raw):
        return False
    short = len(part.lines) <= 2 and len(words(part.raw)) <= _CAPTION_WORDS
    return short and (not terminated(part.raw) or bool(re.match(r"\w+( \d+)?\s*[:.]", part.raw)))


def drop_repeats(pages: Pages, joiner: WordJoiner) -> Pages:
    """Take away pull quotes and margin texts that only repeat the text near them, with who said it."""
    texts = [[joiner.join(part.lines) for part in parts] for parts in pages]
    kept: Pages = []
    for p, parts in enumerate(pages):
        near = range(max(0, p - _NEIGHBOURS), min(len(pages), p + _NEIGHBOURS + 1))
        bodies = [
            text
            for q in near
            for part, text in zip(pages[q], texts[q], strict=True)
            if part.kind in ("text", "item")
        ]
        gone = _gone(parts, texts[p], bodies, joiner)
        kept.append([part for i, part in enumerate(parts) if i not in gone])
    return kept


def _gone(parts: Sequence[Part], texts: Sequence[str], bodies: Sequence[str], joiner: WordJoiner) -> set[int]:
    """Return which parts of a page repeat one of the `bodies` near it, or say whose words they are."""
    gone: set[int] = set()
    for i, part in enumerate(parts):
        if i - 1 in gone and _is_attribution(part, parts[i - 1]):
            gone.add(i)
        elif _may_repeat(parts, i):
            others = [text for text in bodies if len(text) > _LONGER * len(texts[i])]
            least = _REPEATS if i + 1 == len(parts) or not starts_low(parts[i + 1].raw) else _REPEATS_WHOLE
            if _repeats(part, others, joiner, least):
                gone.add(i)
    return gone


def _may_repeat(parts: Sequence[Part], at: int) -> bool:
    part = parts[at]
    if part.kind != "text" or len(words(part.raw)) < 4 or len(words(part.raw)) > 60:
        return False
    if "§" in part.raw or NUMBERED.match(part.raw):
        return False  # a reference, or a title whose words the text takes up
    narrow = part.width < _NARROW * page_width(parts) or all(len(line) < 40 for line in part.lines)
    last = at == len(parts) - 1 and len(part.lines) == 1 and terminated(part.raw)
    return last or (narrow and len(part.lines) > 1)


def _repeats(part: Part, others: Sequence[str], joiner: WordJoiner, least: int) -> bool:
    """Whether the part, or all but its last lines (who said it), stands in another part."""
    for size in range(len(part.lines), max(0, len(part.lines) - 3), -1):
        quote = joiner.join(part.lines[:size]).lower()
        rest = " ".join(part.lines[size:]).strip()
        if len(words(quote)) < 4 or (rest and (starts_low(rest) or len(words(rest)) > 8 or terminated(rest))):
            continue
        if any(_says(quote, other.lower(), least) for other in others):
            return True
    return False


def _says(quote: str, text: str, least: int) -> bool:
    if len(text) < len(quote):
        return False
    quote = default_process(quote)
    if fuzz.partial_ratio(quote, default_process(text)) >= least:
        return True
    sentences = re.split(r"(?<=[.!?»])\s+", text)
    return any(
        least == _REPEATS
        and len(one) >= len(quote)
        and fuzz.token_set_ratio(quote, one, processor=default_process) >= _SAME_WORDS
        for one in sentences
    )


def _is_attribution(part: Part, quote: Part) -> bool:
    return (
        part.kind == "text"
        and part.chunk == quote.chunk
        and len(words(part.raw)) <= 8
        and not terminated(part.raw)
    )


def mark_graphics(parts: Sequence[Part]) -> list[Part]:
    """Mark the words of diagrams: lone numbers, rows of short labels, a few words in a narrow column.

    They must neither become headings nor be quoted. A row of labels under a line that breaks off
    («Deltakerne kan sitte i») is a list instead.
    """
    marked = list(parts)
    full = page_width(parts)
    for run in _label_runs(parts, full):
        narrow = any(len(parts[i].lines) > 1 for i in run)
        if run and run[0] and _leads_on(parts[run[0] - 1]) and 2 <= len(run) <= 8:
            for i in run:
                marked[i] = replace(marked[i], kind="item", displaced=True)
        elif (len(run) >= 3 and len(run) <= 8) or (run and narrow):
            for i in run:
                marked[i] = replace(marked[i], kind="graphic")
    for i, part in enumerate(parts):
        if marked[i].kind == "text" and re.fullmatch(r"\d{4}", part.raw):
            marked[i] = replace(part, kind="graphic")
    return _spread_labels(marked)


def _label_runs(parts: Sequence[Part], full: int) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for i, part in enumerate(parts):
        if _is_label_text(part, full):
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _is_label_text(part: Part, full: int) -> bool:
    """Tell a few words without end, number or verb-like length; several lines only if they are narrow."""
    text = part.raw
    if part.kind != "text" or terminated(text) or starts_low(text) or is_label(part.lines[0]):
        return False
    if (
        is_capitals(text)
        or re.search(r"\d", text)
        or len(words(text)) > (5 if len(part.lines) > 1 else 3)
        or "@" in text
    ):
        return False
    return len(part.lines) == 1 or part.width < 0.35 * full


def _leads_on(part: Part) -> bool:
    """Tell a line of three words or more that stops at a preposition."""
    text = part.raw
    return part.kind == "text" and len(part.lines) == 1 and len(words(text)) >= 3 and ends_open(text)


def _spread_labels(parts: Sequence[Part]) -> list[Part]:
    """Make one item of each label that shares a line with another («Gruppe A-navn Gruppe B-navn»)."""
    spread: list[Part] = []
    for part in parts:
        tokens = part.raw.split()
        several = part.kind == "item" and part.displaced and len(part.lines) == 1 and 1 < len(tokens) <= 4
        if several and all(token[0].isupper() and len(token) >= 8 for token in tokens):
            spread.extend(replace(part, lines=(token,)) for token in tokens)
        else:
            spread.append(part)
    return spread
