"""Which law or agreement a § belongs to: the one named beside it, else the last one in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.sections import NAMED_LETTER, ORDINAL_LEDD, Cited, Group, bare, letters, ordinals

_JOINED = re.compile(r"[\s,;]*+(?:og|eller|samt|and|or|jf\.?|jfr\.?)?[\s(]*")
_BESIDE = re.compile(
    r"[\s,(:»”\"]*(?:(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\s*)?(?:(?:sin|sitt|sine|KS)\s+)?(?:kapit\w+|kap\.?|chapter)?[\s,]*"
    r"(?:(?:del|part)\s+[A-Z]\b[\s,.:›]*)?(?:kapit\w+|kap\.?|chapter)?\s*(?:\d+\s*)?",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:del|part)\s+([A-Z])(?:[\s,.:›]*|[\s,]+(?:kapit\w+|kap\.?)\s*\d*\s*)$", re.IGNORECASE
)
_PART_HEADING = re.compile(r"(?:^|\n|› )\s*Del\s+([A-Z])\b[^›\n]*›[^\n]*$", re.IGNORECASE)
_PART_AFTER = re.compile(r"\s*+,?\s*(?:i|av|in|of)\s+(?:del|part)\s+([A-Z])\b", re.IGNORECASE)
_OF = re.compile(
    r"\s*,?\s*\(?(?P<of>(?:i|av|etter|fra|frå|in|of|under)\s+(?:the\s+|den\s+)?)?", re.IGNORECASE
)
_THEN_PART = re.compile(r",?\s+(?:del|part)\s+([A-Z])\b", re.IGNORECASE)
_OWN_SECTION = re.compile(
    r"[\s,]*+(?:(?:del|part)\s+[A-Z]\b)?[\s,]*+(?:kapit\w+|kap\.?)?\s*(?:§|paragraf|section)", re.IGNORECASE
)
_THIS = re.compile(r"(?<!\w)(lov|avtal)(?:en|a|ens|as)(?!\w)", re.IGNORECASE)
_BEFORE = re.compile(r"\s+(?:i|av|in|of)\s+(?:the\s+)?$", re.IGNORECASE)
_OTHER_LAW = re.compile(r"(?<![\w-])(\w{3,}(?:lov|forskrift)(?:en|a))s?(?![\w-])", re.IGNORECASE)
"""A law or regulation by its name, also one that the manifest does not know: its § is not the text's own."""
_OTHER_LAW_ENDING = re.compile(r"a$")
_NEAR = 120
"""Most characters between a name and the § that it stands beside."""

_BREAK = re.compile(r"(?<=[.!?])[»”\")]*\s+(?=[A-ZÆØÅ«“\"•(])|\n\s*(?![a-zæøå§(\s])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:aml|koml|jf|jfr|nr|kap|pkt|f\.eks|bl\.a|art|dvs|ca|mv|m\.m|lit|par|sec|no|\d{1,2})\.$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group of sections belongs. `close`: the work stands beside it, not only in the sentence."""

    work: str | None = None
    part: str | None = None
    close: bool = False
    ledd: tuple[int, ...] = ()
    letters: tuple[str, ...] = ()

    def qualified(self, cited: Cited) -> Iterable[Cited]:
        """Return the section with the ledd or letters that stand before it («fjerde ledd i § 6-2»)."""
        if cited.ledd is None and self.ledd:
            return [replace(cited, ledd=ledd) for ledd in self.ledd]
        if cited.letter is None and self.letters:
            return [replace(cited, letter=letter) for letter in self.letters]
        return [cited]


class Context:
    """The works that a text names, and which of them a place in it means.

    Args:
        text: a passage or a question.
        names: (key, names) of each work.
    """

    def __init__(self, text: str, names: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        self.text = text
        self._begins = list(_sentence_starts(text))
        pattern, keys = _names(names)
        known = {m.span(): keys[_bare_name(m[0], keys)] for m in pattern.finditer(text)}
        others = {m.span(): _OTHER_LAW_ENDING.sub("en", m[1].casefold()) for m in _OTHER_LAW.finditer(text)}
        self._named = [(*span, work) for span, work in sorted((others | known).items())]
        self._ends = [end for _, end, _ in self._named]
        self._by_start = {name[0]: name for name in self._named}
        self._this = [(found.start(), found[1].lower()) for found in _THIS.finditer(text)]

    def bare_groups(self) -> list[Group]:
        """Return the numbers without «§» that stand right after a name, as in «aml 9-2»."""
        found = (bare(self.text, end) for end in self._ends)
        return [group for group in found if group is not None]

    def place(self, group: Group) -> Place:
        """Say where a group belongs."""
        start = self._sentence(group.start)
        after = self._after(group)
        earlier = self._earlier(group.start, start)
        part = self._part(group)
        ledd, letter = self._qualified_before(group)
        found = Place(part=part, ledd=tuple(ledd), letters=tuple(letter))
        if earlier and self._stands_beside(earlier[1], group):
            return replace(found, work=earlier[2], close=True)
        if after is not None:
            return replace(found, work=after[0], part=part or after[1], close=True)
        if earlier:
            return replace(found, work=earlier[2])
        return replace(found, work=self._meant_by_this(start, group))

    def _earlier(self, position: int, since: int) -> tuple[int, int, str] | None:
        """Return the last work named between `since` and `position`."""
        index = bisect_right(self._ends, position) - 1
        return self._named[index] if index >= 0 and self._named[index][0] >= since else None

    def _stands_beside(self, end: int, group: Group) -> bool:
        near = group.start - end < _NEAR
        return near and _BESIDE.fullmatch(self.text, end, group.start) is not None

    def _part(self, group: Group) -> str | None:
        ahead = self.text[max(0, group.start - 200) : group.start]
        found = (
            _PART_BEFORE.search(ahead)
            or _PART_AFTER.match(self.text, group.end)
            or _PART_HEADING.search(ahead)
        )
        return found[1].upper() if found else None

    def _after(self, group: Group) -> tuple[str, str | None] | None:
        """Return (work, part) that stand right after: «§ 6-2 i arbeidsmiljøloven», «§ 3-1 i del B i HA»."""
        part = _PART_AFTER.match(self.text, group.end)
        of = _OF.match(self.text, part.end() if part else group.end)
        assert of is not None
        name = self._by_start.get(of.end())
        if name is None or (not of["of"] and _OWN_SECTION.match(self.text, name[1])):
            return None
        if not of["of"] and self.text[group.end : of.end()].strip():
            return None
        then = _THEN_PART.match(self.text, name[1])
        return name[2], then[1].upper() if then else None

    def _qualified_before(self, group: Group) -> tuple[list[int], list[str]]:
        """Return the ledd and letters of «fjerde ledd i § 6-2», «bokstav c i Hovedavtalen § 3-1»."""
        ahead = self.text[max(0, group.start - 120) : group.start]
        name = self._earlier(group.start, 0)
        if name is not None and self._stands_beside(name[1], group):
            ahead = self.text[max(0, name[0] - 60) : name[0]]
        joint = _BEFORE.search(ahead)
        if joint is None:
            return [], []
        ledd = [m for m in ORDINAL_LEDD.finditer(ahead) if m.end() == joint.start()]
        letter = [m for m in NAMED_LETTER.finditer(ahead) if m.end() == joint.start()]
        return (ordinals(ledd[0][1]) if ledd else []), (letters(letter[0][1]) if letter else [])

    def _meant_by_this(self, start: int, group: Group) -> str | None:
        """Return the last work named before that «loven» or «avtalen» in this sentence can stand for."""
        end = self._sentence_end(group.end)
        kinds = {kind for at, kind in self._this if start <= at < end}
        last = bisect_right(self._ends, start)
        return next(
            (
                key
                for _, _, key in reversed(self._named[max(0, last - 20) : last])
                if any(kind in key for kind in kinds)
            ),
            None,
        )

    def _sentence(self, position: int) -> int:
        """Return where the sentence at `position` begins."""
        return self._begins[bisect_right(self._begins, position) - 1]

    def _sentence_end(self, position: int) -> int:
        after = bisect_left(self._begins, position)
        return self._begins[after] if after < len(self._begins) else len(self.text)


def _sentence_starts(text: str) -> Iterator[int]:
    """Return where sentences begin; a line is one of its own unless it plainly runs on."""
    yield 0
    for found in _BREAK.finditer(text):
        if "\n" in found[0] or not _ABBREVIATION.search(text[max(0, found.start() - 12) : found.start()]):
            yield found.end()


def inherit(text: str, groups: Sequence[Group], places: list[Place]) -> None:
    """Let sections joined by «og» share what only the last («§ 8-1 og § 4-2 i aml») or first of them says."""
    for index in range(len(groups) - 2, -1, -1):
        here, there = places[index], places[index + 1]
        if (
            _JOINED.fullmatch(text, groups[index].end, groups[index + 1].start)
            and not here.close
            and there.close
        ):
            places[index] = replace(here, work=there.work, part=here.part or there.part, close=True)
    for index in range(1, len(groups)):
        here, there = places[index], places[index - 1]
        near = groups[index].start - groups[index - 1].end < 200
        if here.part is None and there.part and near and not here.close and here.work == there.work:
            places[index] = replace(here, part=there.part)


@lru_cache(maxsize=16)
def _names(names: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of all names, and the key of each name in lower case.

    Short abbreviations in capitals count in lower case only right before a § or a part: «ha» is a verb.
    """
    keys = {name.rstrip(".").casefold(): key for key, forms in names for name in forms}
    forms = sorted({name.rstrip(".") for _, all_forms in names for name in all_forms}, key=len, reverse=True)
    if not forms:
        return re.compile(r"(?!)"), keys
    capitals = [re.escape(form) for form in forms if form.isupper() and len(form) <= 4]
    others = [re.escape(form) for form in forms if not (form.isupper() and len(form) <= 4)]
    choices = [f"(?i:{'|'.join(others)})"] if others else []
    if capitals:
        spelt = "|".join(capitals)
        choices += [spelt, rf"(?i:{spelt})(?=\s*(?:(?i:del|part)\s+[A-Za-z]\b|§|paragraf\b)|\s+\d{{1,2}}-\d)"]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(choices)})(?:['’]?s)?(?![\w-])\.?"), keys


def _bare_name(found: str, keys: dict[str, str]) -> str:
    name = found.rstrip(".").casefold()
    return name if name in keys else re.sub(r"['’]?s$", "", name)
