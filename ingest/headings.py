"""Headings: which lines are, how deep they stand, and where they belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.chrome import LABEL
from ingest.insets import page_width
from ingest.lines import ends_open, is_capitals, is_label, starts_low, terminated, words
from ingest.sections import DASH
from ingest.segments import LEGAL, MOST_WORDS, NUMBERED, Part, is_section_title

_MOST_CHARS = 110
_ASKS = re.compile(r"(Hva|Hvem|Hvor\w*|Hvilke\w*|Kva|Kven|Kvifor|Kvar|Kor(leis)?)\b.*\w$")
_QUESTION_WORDS = 9
_BODY_CHARS = 40
_BARE_SECTION = re.compile(rf"(§+\s*\d+(\w|{DASH})*|(Kapittel|Kap\.|Del)\s+\w{{1,4}})[.:]?")
_NUMBERED_LABEL = re.compile(rf"{LABEL.pattern}\s*\d{{1,2}}\s*[:.]?", re.IGNORECASE)
_ORDINAL = re.compile(r"\d{1,2}\.")
_BYLINE = re.compile(r"\d{1,2}\.\s?(\d{1,2}\.|[a-z]+)\s?\d{4}|^(Av|Skrevet av|Publisert|Oppdatert|Sist)\b")
_APPENDIX = re.compile(r"(Vedlegg|Protokoll|Bilag|Appendiks)\b")
_LEGAL_LEVELS = (("§", 3), ("kap", 2), ("del", 1))
_RUN = 3
"""So many headings in a row that only look like ones are lines of a list or a table."""

Pages = list[list[Part]]


def mark_headings(parts: Sequence[Part], following: Sequence[Part] = ()) -> list[Part]:
    """Return the parts of one page with its headings marked; wrapped capitals become one heading.

    The last part may head the text that opens the page `following`.
    """
    merged = _split_label_headings(_merge_label_titles(parts))
    full = page_width(merged)
    pictured = bool(merged) and is_capitals(merged[-1].raw)
    below = [part for part in following[:1] if not pictured and _opens_text(part, full)]
    marked: list[Part] = []
    for i, part in enumerate(merged):
        if _is_heading([*merged, *below], i, full):
            part = replace(part, kind="heading", marker="", lines=_with_number(part))
        marked.append(part)
    return [_as_graphic(part) for part in _without_runs(marked)]


def _opens_text(part: Part, full: int) -> bool:
    """Whether the first part of a page may stand under a heading at the foot of the page before."""
    return part.kind == "item" or (_is_body(part) and not _looks_like_heading(part, full, alone=True))


def _without_runs(parts: Sequence[Part]) -> list[Part]:
    """Keep of a run of headings only the one over text of its own, and the first line of the document.

    The others are items where an item or a colon stands above them, else texts: in no passage a heading
    would be found that nothing stands under.
    """
    result: list[Part] = []
    for guessed, group in groupby(parts, _is_guessed):
        run = list(group)
        if guessed and len(run) >= _RUN:
            at = len(result)
            before, after = parts[:at][-1:], parts[at + len(run) :][:1]
            led = any(part.kind == "item" or part.raw.rstrip().endswith(":") for part in before)
            first = at == run[0].page == 0
            last = len(run) - any(part.kind != "heading" for part in after)
            run[first:last] = [replace(part, kind="item" if led else "text") for part in run[first:last]]
        result.extend(run)
    return result


def _is_guessed(part: Part) -> bool:
    """Whether nothing but its looks makes a part a heading: no number, no capitals."""
    shown = LEGAL.match(part.raw) or NUMBERED.match(part.raw) or is_capitals(part.raw)
    return part.kind == "heading" and not shown


def _with_number(part: Part) -> tuple[str, ...]:
    return (f"{part.marker} {part.lines[0]}", *part.lines[1:]) if part.marker else part.lines


def _as_graphic(part: Part) -> Part:
    """Mark a few words in capitals that head nothing: they belong to a picture."""
    lone = part.kind == "text" and is_capitals(part.raw) and len(words(part.raw)) <= 5
    return replace(part, kind="graphic") if lone and not part.raw.endswith(":") else part


def _merge_label_titles(parts: Sequence[Part]) -> list[Part]:
    """Join «DEL 1:» or «DEL 1» with what stands under it: its title, or the text that it begins."""
    merged: list[Part] = []
    for part in parts:
        if merged and _begins(merged[-1], part):
            merged[-1] = merged[-1].extended(part)
        else:
            merged.append(part)
    return merged


def _begins(label: Part, part: Part) -> bool:
    """Whether a label or a bare «§ 1» goes on in the part under it."""
    if not label.kind == part.kind == "text":
        return False
    titled = _BARE_SECTION.fullmatch(label.raw) and not terminated(part.raw)
    return bool(titled) or _is_numbered_label(label)


def _is_numbered_label(part: Part) -> bool:
    return bool(_NUMBERED_LABEL.fullmatch(part.raw))


def _split_label_headings(parts: Sequence[Part]) -> list[Part]:
    """«Kontakt:» above the first text of a page is a heading; labels in capitals stay with their text."""
    first = parts[0] if parts else None
    if first is None or first.kind != "text" or len(first.lines) < 2:
        return list(parts)
    label = first.lines[0].strip()
    wide = len(first.lines[1].strip()) >= 0.6 * page_width(parts)
    if not is_label(label) or label == label.upper() or not wide or starts_low(first.lines[1]):
        return list(parts)
    heading = replace(first, kind="heading", lines=(label.rstrip(":"),), level=0)
    return [heading, replace(first, lines=first.lines[1:]), *parts[1:]]


def _is_heading(parts: Sequence[Part], at: int, full: int) -> bool:
    part = parts[at]
    if part.kind == "heading":
        return True
    if part.kind == "item":
        return _is_numbered_heading(parts, at, full)
    alone = part.chunk not in {other.chunk for other in (*parts[at - 1 : at], *parts[at + 1 : at + 2])}
    if part.kind != "text" or not _looks_like_heading(part, full, alone and len(part.lines) == 1):
        return False
    if at and _belongs_above(part, parts[at - 1]):
        return False
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.kind in ("graphic", "link", "url"):
        return False
    if after.kind in ("item", "row", "heading"):
        return True
    leads_list = at + 2 < len(parts) and parts[at + 2].kind == "item" and after.kind == "text"
    return _is_body(after) or leads_list or _is_heading(parts, at + 1, full)


def _belongs_above(part: Part, before: Part) -> bool:
    """Who said the quote above, or the first of the lines that a colon announces."""
    if before.kind != "text":
        return False
    said = before.raw.endswith("»") and "," in part.raw
    return said or (before.raw.rstrip().endswith(":") and before.chunk == part.chunk)


def _looks_like_heading(part: Part, full: int, alone: bool) -> bool:
    """Whether a part is like a heading; one line that stands `alone` may end in a preposition if it asks."""
    text = part.raw
    most_lines = 4 if NUMBERED.match(text) else 3
    if len(words(text)) > MOST_WORDS or len(text) > _MOST_CHARS or len(part.lines) > most_lines:
        return False
    if not re.match(r"([«“\"’‘(]|§+\s*)?[^\W_]", text) or starts_low(text) or _BYLINE.search(text):
        return False
    if re.fullmatch(r"[\d\W]+", text) or re.search(r"@|%$", text):
        return False
    if ends_open(text) and not (alone and _ASKS.match(text)):
        return False
    if re.match(r"\w+:\s", text):
        return False  # «Husk: …» is a note
    if LEGAL.match(text):
        return is_section_title(text)
    if any(re.search(r"[.!?]\s*$", line) for line in part.lines[:-1]):
        return bool(_NUMBERED_LABEL.match(text) or _BARE_SECTION.match(text))
    wrapped_early = len(part.lines) > 1 and len(part.lines[0].strip()) < 0.4 * full
    if wrapped_early and not is_capitals(part.lines[-1]) and not _NUMBERED_LABEL.match(text):
        return False  # words of a margin box, not a title over the column
    return _ends_like_heading(part)


def _ends_like_heading(part: Part) -> bool:
    text = part.raw.rstrip()
    if _is_numbered_label(part):
        return True
    if text.endswith(("?", "?»", "!»")):
        return len(part.lines) == 1 and len(words(text)) <= _QUESTION_WORDS
    return not terminated(text)


def _is_body(part: Part) -> bool:
    long_enough = len(part.raw) >= _BODY_CHARS or terminated(part.raw)
    return part.kind == "text" and long_enough and not starts_low(part.raw)


def _is_numbered_heading(parts: Sequence[Part], at: int, full: int) -> bool:
    """«1. Innledning» above a text or «1.1 Mål», in no numbered list: a heading that looks like an item."""
    part = parts[at]
    if not _ORDINAL.fullmatch(part.marker) or len(part.lines) > 1 or len(words(part.raw)) > 8:
        return False
    if terminated(part.raw) or ends_open(part.raw) or starts_low(part.raw):
        return False
    if at and (_ORDINAL.fullmatch(parts[at - 1].marker) or parts[at - 1].raw.rstrip().endswith(":")):
        return False
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.kind == "item":
        return False
    return after.kind == "row" or _is_body(after) or _is_heading(parts, at + 1, full)


def set_levels(parts: Sequence[Part]) -> list[Part]:
    """Give each heading its level: capitals outermost, plain ones below, sections of a law by kind."""
    headings = [part for part in parts if part.kind == "heading"]
    capitals = [part for part in headings if is_capitals(part.raw)]
    title_only = len(capitals) == 1 and bool(parts) and capitals[0] is parts[0]
    plain = 2 if capitals and not title_only else 1
    legal = sum(1 for part in headings if part.raw.startswith("§")) >= 3
    levelled: list[Part] = []
    inside = chaptered = False
    for part in parts:
        if part.kind == "heading":
            chapter = bool(NUMBERED.match(part.raw)) and (chaptered or not inside)
            ends = chapter or _APPENDIX.match(part.raw)
            inside = legal and (part.raw.startswith("§") or (inside and not ends))
            chaptered = chaptered or chapter
            part = replace(part, level=_level(part, plain, inside))
        levelled.append(part)
    return _deepen_checklists(levelled)


def _level(part: Part, plain: int, inside: bool) -> int:
    """Return the level; `inside` a section of a law, plain headings stand below it."""
    if LEGAL.match(part.raw):
        start = part.raw.lower()
        return next(level for prefix, level in _LEGAL_LEVELS if start.startswith(prefix))
    numbered = NUMBERED.match(part.raw)
    if is_capitals(part.raw):
        return 1
    if inside:
        return _LEGAL_LEVELS[0][1] + 1
    return plain + (numbered[1].count(".") if numbered else 0)


def _deepen_checklists(parts: Sequence[Part]) -> list[Part]:
    """Put headings of lists that a lead-in («… avklares:») announces one level below its section.

    A text after the last of these lists belongs to the section, not to the list: it goes before the lead-in.
    """
    result = list(parts)
    i = 0
    while i < len(result) - 1:
        lead = result[i]
        if lead.kind == "text" and lead.raw.rstrip().endswith(":") and result[i + 1].kind == "heading":
            end = _checklist_end(result, i + 1)
            for k in range(i + 1, end):
                if result[k].kind == "heading":
                    result[k] = replace(result[k], level=result[k].level + 1)
            if end - i > 2 and end < len(result) and result[end].kind == "text":
                result.insert(i, result.pop(end))
                i += 1
        i += 1
    return result


def _checklist_end(parts: Sequence[Part], start: int) -> int:
    """Return the end of a run of at least two «heading, items» pairs, or `start`."""
    at, pairs, level = start, 0, parts[start].level
    while at + 1 < len(parts) and parts[at].kind == "heading" and parts[at].level == level:
        if parts[at + 1].kind != "item":
            break
        at += 1
        while at < len(parts) and parts[at].kind == "item":
            at += 1
        pairs += 1
    return at if pairs >= 2 else start


def move_inset_sections(parts: Sequence[Part]) -> list[Part]:
    """Move a section that stands inside another's text (a box with a heading) behind that text.

    A text that goes on past the box, on a later page, shows that it is one: what stands between the
    text's beginning and the end of its page goes before the next heading.
    """
    result = list(parts)
    i = 0
    while i < len(result):
        part = result[i]
        if part.last > part.page and part.kind in ("text", "item"):
            end = next((k for k in range(i + 1, len(result)) if result[k].page > part.page), len(result))
            start = next((k for k in range(i + 1, end) if result[k].kind == "heading"), end)
            after = next((k for k in range(end, len(result)) if result[k].kind == "heading"), len(result))
            inset = result[start:end]
            result[start:after] = [*result[end:after], *inset]
        i += 1
    return result
