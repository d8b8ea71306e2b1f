"""How a § is written: numbers, lists and ranges of them, ledd and letters, in Norwegian and English.

This module reads what stands at and after a «§»; which law or agreement is meant, `ingest.references`
finds out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product

DASH = "[-‐‑‒–—−]"
"""What is set between the numbers of a section."""

_NUMBER_PART = r"\d{1,3}(?!\d)"
_NUMBER = re.compile(
    rf"(?P<number>\d{{1,3}}(?:\s?[A-Z](?={DASH}))?(?:{DASH}{_NUMBER_PART}|\.{_NUMBER_PART}){{0,3}})"
    rf"(?P<letter>[a-z](?![\w]))?(?!\w|{DASH}?\d)"
)
_SPACED = re.compile(rf"(\d{{1,3}})\s+{DASH}\s+(\d{{1,3}})(?!\d|\s*{DASH})")
_PAIR = rf"\d{{1,3}}{DASH}\d{{1,3}}"
_TIGHT_RANGE = re.compile(rf"({_PAIR})\s*{DASH}\s*(?:§+\s*)?({_PAIR})(?!\d|{DASH})")
_PLAIN_RANGE = re.compile(r"(\d{1,3})\s*[–—]\s*(\d{1,3})(?!\d|-)")
_TO = re.compile(
    rf"\s*(?:\btil\b(?:\s+og\s+med)?|\bt\.?o\.?m\.?|\bto\b|\bthrough\b|(?<=\s){DASH}(?=\s))\s*(?:§+\s*)?"
)
_AND = re.compile(r"\s*+(?:[,;/]|,?\s*\b(?:og|eller|samt|and|or)\b)\s*(?=\d)")
_MOST = 40
"""Sections in a range, and what one of them or a range can be divided into by its ledd and letters."""

MARK = re.compile(
    r"§+|(?<!\w)(?:(?P<word>paragraf(?:en|ene|ane|ar|er|s)?|pgf\.?|par\.)|(?P<english>sections?|sec\.))(?=\s*+§?\s*\d)",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"\s*§*\s*")
_BARE_NUMBER = re.compile(rf"\s*(?=(1?\d|20){DASH}([12]?\d|30)(?:{DASH}\d{{1,2}})?[a-z]?(?![\w%]|{DASH}))")
_COUNTED = re.compile(r"\s+(?!og\b|om\b|sier\b|i\b|står\b|eller\b|and\b|say)[a-zæøå]{2}", re.I)

_ORDINALS = {
    "første": 1, "fyrste": 1, "first": 1, "andre": 2, "annet": 2, "anna": 2, "second": 2, "tredje": 3,
    "third": 3, "fjerde": 4, "fourth": 4, "femte": 5, "fifth": 5, "sjette": 6, "sixth": 6, "sjuende": 7,
    "syvende": 7, "sjuande": 7, "seventh": 7, "åttende": 8, "åttande": 8, "eighth": 8, "niende": 9,
    "niande": 9, "ninth": 9, "tiende": 10, "tiande": 10, "tenth": 10, "ellevte": 11, "ellefte": 11,
    "eleventh": 11, "tolvte": 12, "twelfth": 12,
}  # fmt: skip
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,2}}\.)"
_JOIN = r"\s*(?:,|\bog\b|\beller\b|\btil\b|\band\b|\bor\b)\s*"
_THEN = r"(?:,|(?<!\s))\s*"
"""What stands before a ledd or letter: all of the white space, which is looked at from its beginning only."""
ORDINAL_LEDD = re.compile(
    rf"{_THEN}({_ORDINAL}(?:{_JOIN}{_ORDINAL})*+)\s*(?:ledd(?:et)?|lekk|paragraph)\b", re.I
)
_NUMBERED_LEDD = re.compile(r",?\s*(?:ledd|subsection)\s*\(?(\d{1,2})\b\)?(?!\.\s?\d)", re.I)
_BRACKETED_LEDD = re.compile(rf"\s*(\(\s*\d{{1,2}}\s*\)(?:{_JOIN}\(\s*\d{{1,2}}\s*\))*)")
_SWALLOWED = re.compile(
    rf",?\s*(?:(?:{_ORDINAL}|siste)\s+(?:punktum|setning|sentence|strekpunkt)\b|siste\s+ledd\b"
    r"|(?:nr\.?|nummer|punkt|pkt\.?|no\.)\s*\d{1,2}\b(?!\.\d))",
    re.I,
)
_LETTER_LIST = rf"[a-zæøå]\)?(?![\w])(?:{_JOIN}[a-zæøå]\)?(?![\w]))*"
NAMED_LETTER = re.compile(
    rf"{_THEN}\(?(?:bokstav(?:ene|ane|en)?|litra|lit\.|letters?)\s+\(?({_LETTER_LIST})\)?", re.I
)
_BRACKETED_LETTER = re.compile(r",?\s*(\([a-zæøå]\)|[a-zæøå]\))(?!\w)")
# «i» and «å» are words, and «a» is one in English; «c» after a number is a letter.
_BARE_LETTER = re.compile(rf"\s+([a-hj-zæø](?![\w'’.-]\w)(?!\w)(?:{_JOIN}[a-hj-zæø](?![\w'’]))*)")


@dataclass(frozen=True, slots=True)
class Cited:
    """One §, with the ledd and the letter that are named, and where the words stand in the text."""

    section: str
    ledd: int | None
    letter: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """What one «§» or «§§» introduces. `vague`: an English «section 3», which may be of anything."""

    start: int
    end: int
    cited: tuple[Cited, ...]
    vague: bool = False


@dataclass(slots=True)
class _Qualifiers:
    ledd: list[int] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    end: int = 0


def scan(text: str) -> Iterator[Group]:
    """Return the groups of sections that a text names, in order."""
    position = 0
    while mark := MARK.search(text, position):
        group = _group(text, mark)
        position = mark.end() if group is None else group.end
        if group is not None:
            yield group


def bare(text: str, start: int) -> Group | None:
    """Read a dashed number without a «§», as in «aml 9-2»; what follows must not make it an amount."""
    number = _BARE_NUMBER.match(text, start)
    if number is None:
        return None
    group = _numbers(text, number.end(), number.end(), plural=False, english=False)
    return None if group is None or _COUNTED.match(text, group.end) else group


def ordinals(words: str) -> list[int]:
    """Return the numbers in «første og tredje», «1. til 3.»."""
    found = [
        _ORDINALS[word.lower()] if word.lower() in _ORDINALS else int(word.rstrip("."))
        for word in re.findall(_ORDINAL, words, re.I)
    ]
    spans = len(found) == 2 and re.search(r"\btil\b", words)
    return list(range(found[0], found[1] + 1)) if spans else found


def letters(words: str) -> list[str]:
    """Return the letters in «a, b og c», «a til d»."""
    found = [letter.lower() for letter in re.findall(r"(?<!\w)[a-zæøå](?!\w)", words, re.I)]
    spans = len(found) == 2 and re.search(r"\btil\b", words)
    return [chr(code) for code in range(ord(found[0]), ord(found[1]) + 1)] if spans else found


def plain(number: str) -> str:
    """Return a number without spaces and with «-» for whatever dash it has («2A-1» for «2 A–1»)."""
    return re.sub(DASH, "-", re.sub(r"\s", "", number))


def _group(text: str, mark: re.Match[str]) -> Group | None:
    english = mark["english"] is not None
    start = _SIGNS.match(text, mark.end())
    assert start is not None
    plural = mark[0].startswith("§§") or mark[0].lower() in {"sections", "paragrafene", "paragrafane"}
    group = _numbers(text, mark.start(), start.end(), plural, english)
    if group is None:
        return None
    dashed = re.search(r"\D", group.cited[0].section) is not None
    if mark[0].lower() == "par." and not dashed:
        return None
    return Group(group.start, group.end, group.cited, vague=english and not dashed)


def _numbers(text: str, start: int, position: int, plural: bool, english: bool) -> Group | None:
    """Read numbers with their ledd and letters for as long as a list goes on."""
    cited: list[Cited] = []
    end = position
    while True:
        found = _one(text, position, plural, english)
        if found is None or (cited and not plural and "-" not in found[0][0].section):
            break
        items, end = found
        begin = start if not cited else position
        cited += [Cited(item.section, item.ledd, item.letter, begin, end) for item in items]
        joint = _AND.match(text, end)
        if joint is None:
            break
        position = joint.end()
    return Group(start, end, tuple(cited)) if cited else None


def _one(text: str, position: int, plural: bool, english: bool) -> tuple[list[Cited], int] | None:
    """Read one number or range with what qualifies it; positions in the items are not set."""
    found = _range(text, position, plural) or _single(text, position, plural)
    if found is None:
        return None
    sections, letter, end = found
    qualifiers = _qualifiers(text, end, english)
    if letter:
        qualifiers.letters.insert(0, letter)
    ledd: list[int | None] = [*qualifiers.ledd] or [None]
    of_letters: list[str | None] = [*qualifiers.letters] or [None]
    items = [Cited(*names, 0, 0) for names in islice(product(sections, ledd, of_letters), _MOST)]
    return items, qualifiers.end


def _range(text: str, position: int, plural: bool) -> tuple[list[str], None, int] | None:
    tight = _TIGHT_RANGE.match(text, position) or (_PLAIN_RANGE.match(text, position) if plural else None)
    if tight:
        return _expanded(tight[1], tight[2]), None, tight.end()
    first = _NUMBER.match(text, position)
    to = _TO.match(text, first.end()) if first and not first["letter"] else None
    last = _NUMBER.match(text, to.end()) if to else None
    if first is None or last is None or ("-" in plain(first[0])) != ("-" in plain(last[0])):
        return None
    if not plural and "-" not in plain(first[0]):
        return None
    return _expanded(first["number"], last["number"]), None, last.end("number")


def _single(text: str, position: int, plural: bool) -> tuple[list[str], str | None, int] | None:
    spaced = None if plural else _SPACED.match(text, position)
    if spaced:
        return [f"{spaced[1]}-{spaced[2]}"], None, spaced.end()
    number = _NUMBER.match(text, position)
    if number is None:
        return None
    section, letter = plain(number["number"]), number["letter"]
    if letter and "-" not in section:
        return [section + letter], None, number.end()
    return [section], letter, number.end()


def _expanded(first: str, last: str) -> list[str]:
    """Return 3-1, 3-2, 3-3, 3-4 for 3-1 and 3-4; only the ends where what lies between is not known."""
    a, b = plain(first), plain(last)
    head, _, low = a.rpartition("-")
    other, _, high = b.rpartition("-")
    if head != other or not (low.isdigit() and high.isdigit()) or not 0 < int(high) - int(low) < _MOST:
        return [a, b]
    return [f"{head}-{n}" if head else str(n) for n in range(int(low), int(high) + 1)]


def _qualifiers(text: str, position: int, english: bool) -> _Qualifiers:
    found = _Qualifiers(end=position)
    while _qualify(text, found, english):
        pass
    return found


def _qualify(text: str, found: _Qualifiers, english: bool) -> bool:
    """Read one more ledd, letter or number of a sentence, if there is one."""
    at = found.end
    if ledd := ORDINAL_LEDD.match(text, at) or _BRACKETED_LEDD.match(text, at):
        found.ledd += ordinals(ledd[1]) if "(" not in ledd[1] else map(int, re.findall(r"\d+", ledd[1]))
        found.end = ledd.end()
    elif ledd := _NUMBERED_LEDD.match(text, at):
        found.ledd.append(int(ledd[1]))
        found.end = ledd.end()
    elif swallowed := _SWALLOWED.match(text, at):
        found.end = swallowed.end()
    elif letter := _letter(text, at, english):
        found.letters += letters(letter[1])
        found.end = letter.end()
    else:
        return False
    return True


def _letter(text: str, at: int, english: bool) -> re.Match[str] | None:
    named = NAMED_LETTER.match(text, at) or _BRACKETED_LETTER.match(text, at)
    bare_letter = _BARE_LETTER.match(text, at)
    return named or (None if english and bare_letter and bare_letter[1] == "a" else bare_letter)
