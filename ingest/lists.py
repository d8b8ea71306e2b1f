"""Lists that an extraction moved away from the line that introduces them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.insets import page_width
from ingest.lines import is_label, starts_low, terminated
from ingest.segments import Part, is_bubble

_LATER = re.compile(r"(Deretter|Så|Til slutt|Etterpå|Videre)\b")
_BUBBLES = 2
"""So many labelled texts («LEDER: …») in a row are a list; one is a box of its own."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Items `start` to `end` (exclusive) of a page; `strong` if they cannot belong where they stand."""

    start: int
    end: int
    strong: bool


def rejoin_lists(pages: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """Move the lists that stand apart to the lead-ins («…:») on their page that lack one, in order.

    A list that could belong where it stands is moved only in a document where others were set apart.
    """
    scattered = any(part.displaced for parts in pages for part in parts)
    return [_rejoin(parts, scattered) for parts in pages]


def _rejoin(parts: Sequence[Part], scattered: bool) -> list[Part]:
    leads = [i for i in range(len(parts)) if _is_lead_without_list(parts, i)]
    groups = [group for group in _groups(parts) if _is_orphan(parts, group, leads, scattered)]
    leads.sort(key=lambda i: (bool(_LATER.match(parts[i].raw)), i))
    strong_first = sorted(leads, key=lambda i: not _is_strong_lead(parts, i))
    chosen = [i for i in leads if i in strong_first[: len(groups)]]
    pairs = [
        (lead, group)
        for lead, group in zip(chosen, groups, strict=False)
        if group.strong or _is_strong_lead(parts, lead)
    ]
    return _rearranged(parts, pairs)


def _is_lead_without_list(parts: Sequence[Part], at: int) -> bool:
    part = parts[at]
    if part.kind != "text" or not part.raw.rstrip().endswith(":") or is_bubble(part):
        return False
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None:
        return True
    quoted = after.raw.startswith(("«", "“", '"', "– "))
    return (
        after.kind not in ("item", "row")
        and not is_bubble(after)
        and not quoted
        and not starts_low(after.raw)
    )


def _is_strong_lead(parts: Sequence[Part], at: int) -> bool:
    """Tell whether a lead lacks a list: the sections under it may answer one before a heading."""
    return at + 1 >= len(parts) or parts[at + 1].kind != "heading"


def _groups(parts: Sequence[Part]) -> list[_Group]:
    groups: list[_Group] = []
    i = 0
    while i < len(parts):
        end = _bubbles_end(parts, i)
        if end <= i:
            end = _items_end(parts, i)
        if end > i:
            groups.append(_Group(i, end, strong=_is_strong(parts, i, end)))
        i = max(end, i + 1)
    return groups


def _items_end(parts: Sequence[Part], start: int) -> int:
    """Return where the list ends: at another kind, another look of bullets, or a gap between columns."""
    end = start
    while end < len(parts) and parts[end].kind == "item":
        first, item = parts[start], parts[end]
        new_column = item.displaced and item.chunk != first.chunk
        restarts = end > start and re.fullmatch(r"1[.)]|\(1\)|a[.)]", item.marker) is not None
        if new_column or item.displaced != first.displaced or restarts:
            break
        end += 1
    return end


def _bubbles_end(parts: Sequence[Part], start: int) -> int:
    """Return where a row of labelled texts ends, with their items and narrow texts between them."""
    end, labels, last = start, 0, start
    while end < len(parts):
        if is_bubble(parts[end]):
            labels += 1
        elif parts[end].kind == "item":
            if parts[last].kind != "item" and not parts[last].raw.endswith(":"):
                break
        elif not _between_bubbles(parts, end):
            break
        last = end
        end += 1
    return end if labels >= _BUBBLES and is_bubble(parts[start]) else start


def _between_bubbles(parts: Sequence[Part], at: int) -> bool:
    narrow = parts[at].kind == "text" and parts[at].width < 0.5 * page_width(parts)
    return narrow and at > 0 and (is_bubble(parts[at - 1]) or is_bubble((*parts, parts[at])[at + 1]))


def _is_strong(parts: Sequence[Part], start: int, end: int) -> bool:
    if parts[start].displaced or is_bubble(parts[start]) or start == 0:
        return True
    before = parts[start - 1]
    aside = before.kind == "text" and before.width < 0.5 * page_width(parts)
    return before.kind == "graphic" or aside


def _is_orphan(parts: Sequence[Part], group: _Group, leads: Sequence[int], scattered: bool) -> bool:
    if group.start and parts[group.start].kind == "item":
        before = parts[group.start - 1]
        introduced = before.kind == "heading" or (before.kind == "text" and before.raw.rstrip().endswith(":"))
        if introduced or (
            before.kind == "text" and not terminated(before.raw) and parts[group.start].displaced
        ):
            return False
    if group.strong:
        return True
    before_all = bool(leads) and group.start < min(leads)
    rest = parts[group.end :]
    at_end = all(part.kind in ("graphic", "link") or part.width < 0.5 * page_width(parts) for part in rest)
    return before_all or (at_end and scattered)


def _rearranged(parts: Sequence[Part], pairs: Sequence[tuple[int, _Group]]) -> list[Part]:
    moved: set[int] = set()
    inserted: dict[int, list[int]] = {}
    anchor = -1
    for lead, group in pairs:
        preface, members = _with_company(parts, group, {i for i, _ in pairs})
        follows = anchor >= 0 and lead < anchor
        anchor = anchor if follows else lead
        block = [*preface, lead, *members]
        inserted.setdefault(anchor, []).extend(block)
        moved.update(block)
    result: list[Part] = []
    for i, part in enumerate(parts):
        result.extend(parts[k] for k in inserted.get(i, ()))
        if i not in moved:
            result.append(part)
    return result


def _with_company(parts: Sequence[Part], group: _Group, leads: set[int]) -> tuple[list[int], list[int]]:
    """Return a sentence that heads the page above the list, and the list with a «Husk: …» below it."""
    above = group.start - 1
    alone = above == 0 or (above > 0 and parts[above - 1].kind in ("link", "graphic"))
    heads = alone and min(leads) > group.end and parts[above].kind == "text" and terminated(parts[above].raw)
    members = list(range(group.start, group.end))
    below = parts[group.end] if group.end < len(parts) else None
    if below is not None and below.kind == "text" and min(leads) > group.end:
        label = re.match(r"\w+:", below.raw)
        if label and is_label(label[0]):
            members.append(group.end)
    return ([above] if heads else []), members
