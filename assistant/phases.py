"""Phases of a project: which of them a text names, and which of them «den neste» is.

The manifest names them and gives their order. A phase is also known by its place, «fase 2»; where that was
said it stays, as a source may number phases of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.contentwords import content
from assistant.contract import Turn
from assistant.numerals import NUMERALS, ORDINALS
from assistant.subquestions import ASKS
from ingest.facets import FacetRule, FacetRules

_ORDINAL = "|".join(ORDINALS)
_NUMBER = rf"(?:\d|{'|'.join(NUMERALS)})\b"
_PHASE = r"(?:fase|fasen|fasa|phase)\b"
_PLACED = re.compile(
    rf"\b(?:(?:den|the) )?(?P<others>(?:{_ORDINAL})(?:,| og| eller| and| or) (?:(?:den|the) )?)?"
    rf"(?P<ordinal>{_ORDINAL}) {_PHASE}"
    rf"|\b(?:fase|phase) (?:(?:nummer|nr\.?|number) )?(?P<number>{_NUMBER})"
    rf"(?! ?(?:og|eller|til|and|or|to|[-–/,]) ?{_NUMBER})",
    re.IGNORECASE,
)
"""Not «de andre fasene», which are the others; one of several («fase 1 og 2») is none."""
_NEXT = r"(?:på)?følgende|neste|etterpå|next|following|(?:etter|after)(?: (?:det|den|der|that))?[ ?]*$"
_BEFORE = r"foregående|forrige|førre|previous|(?:før|before)(?: (?:det|den|der|that))?[ ?]*$"
_STEP = re.compile(
    rf"(?:\b(?:den|det|the) )?(?:\b(?:aller|very) |\b{_PHASE} )?"
    rf"\b(?:(?P<next>{_NEXT})|(?P<before>{_BEFORE})|(?P<ordinal>{_ORDINAL})(?= {_PHASE}|(?: one)?[ ?]*$))"
    rf"(?: {_PHASE}| one\b)?",
    re.IGNORECASE,
)
"""«Den neste», «neste fase», «fasen etter», «den andre»."""
_SAYS_NOTHING = frozenset("skjer skje kommer handler happens comes".split())
"""Verbs by which no more is asked than what a phase is about."""
_WHAT = frozenset(("hva", "kva", "what"))
"""Question words by which no more need be asked either."""
_ASKS = re.compile(rf"\b{ASKS}\b")


def phases_named(text: str, facets: FacetRules) -> frozenset[str]:
    """Return the facets («phase:forme») of the phases that a text names, by name or place."""
    rules = _phases(facets)
    return frozenset(rules[place].name for _, place in _named(text, rules))


def phase_beyond(text: str, facets: FacetRules) -> str:
    """Return what in a text names a phase by a place that there is not («fase 5» of three), or nothing."""
    count = len(_phases(facets))
    named = (one for one in _PLACED.finditer(text) if not one["others"])
    return next((one.group() for one in named if _place(one, count) not in range(count)), "") if count else ""


def without_phases(text: str, facets: FacetRules) -> str:
    """Return a text without the phases that it names."""
    return _renamed(text, _named(text, _phases(facets)), "")


def of_another_phase(base: str, own: str, history: Sequence[Turn], facets: FacetRules) -> str | None:
    """Return what a follow-up asks that names a phase by the one before («og den neste?»), or None.

    Args:
        base: the question before.
        own: the follow-up without what opens it.
        history: earlier turns, in which the phase before may be named if not in `base`.
        facets: to know the phases and their order.

    Returns:
        `base` asked of the phase that is meant, or `own` with its name if more than that is asked.
    """
    rules, step = _phases(facets), _STEP.search(own)
    if not rules or step is None:
        return None
    before = _named(base, rules)
    spelt = re.search(_PHASE, step.group(), re.IGNORECASE)
    if not spelt and not before and not re.search(r"\b(?:fase|phase)", base, re.IGNORECASE):
        return None
    asks = set(content(own[: step.start()] + own[step.end() :])) - _SAYS_NOTHING
    words = _asked(own) - (_asked(base) if before else set())
    if (asks or words - _WHAT) and not spelt:
        return None
    here = before or _told(history, rules)
    if step["ordinal"]:
        place = ORDINALS[step["ordinal"].lower()]
    elif here:
        place = max(0, here[-1][1] + (1 if step["next"] else -1))
    else:
        return None
    name = _title(rules, place, by_number=bool(before) and before[-1][0].re is _PLACED)
    if asks or words:
        return own[: step.start()] + name + own[step.end() :]
    left = [one for one in before if one[1] == before[-1][1]]
    return _renamed(base, left, name) if before else f"{base.strip(' ?')} {name}"


def _asked(question: str) -> set[str]:
    """Return the question words of a question."""
    return set(_ASKS.findall(question.lower()))


def _phases(facets: FacetRules) -> list[FacetRule]:
    return [rule for rule in facets.rules if rule.facet == "phase"]


def _named(text: str, rules: Sequence[FacetRule]) -> list[tuple[re.Match[str], int]]:
    """Return where a text names a phase, and which: its place among the rules."""
    found = [(name, place) for place, rule in enumerate(rules) for name in _name(rule).finditer(text)]
    for named in _PLACED.finditer(text):
        if named["others"]:
            continue
        place = _place(named, len(rules))
        if place in range(len(rules)):
            found.append((named, place))
    return sorted(found, key=lambda one: one[0].start())


def _place(named: re.Match[str], count: int) -> int:
    """Return the place, from 0, that a match of _PLACED names, among `count` phases or beyond them."""
    if named["ordinal"]:
        place = ORDINALS[named["ordinal"].lower()]
        return place if place >= 0 else count - 1
    number = named["number"].lower()
    return (int(number) if number.isdecimal() else NUMERALS[number]) - 1


def _renamed(text: str, named: Sequence[tuple[re.Match[str], int]], name: str) -> str:
    """Return a text with `name` for each of the phases that are named in it."""
    for found, _ in reversed(named):
        text = text[: found.start()] + name + text[found.end() :]
    return text


@lru_cache(maxsize=64)
def _name(rule: FacetRule) -> re.Pattern[str]:
    """Return what finds the names of a phase: «Starte sammen», and by its stem «oppstartsfasen».

    Two words are one name only as they would stand in one: not «når starter fase 2?», «den formelle fasen».
    """
    names = "|".join(map(re.escape, rule.headings))
    stem = re.escape(rule.value.rstrip("e"))
    joint = r"(?:\w{0,5}-?|(?:s|ings|e)? (?!\w+ \d))"
    return re.compile(rf"\b(?:{names or '(?!)'})|\b(?<!\bå )(?:opp)?{stem}{joint}fasen?", re.IGNORECASE)


def _told(history: Sequence[Turn], rules: Sequence[FacetRule]) -> list[tuple[re.Match[str], int]]:
    """Return the first phase that the latest turn names which names any."""
    return next((named[:1] for turn in reversed(history) if (named := _named(turn.content, rules))), [])


def _title(rules: Sequence[FacetRule], place: int, by_number: bool) -> str:
    if by_number:
        return "siste fase" if place < 0 else f"fase {place + 1}"
    rule = rules[min(place, len(rules) - 1)]
    return rule.headings[0] if rule.headings else rule.value
