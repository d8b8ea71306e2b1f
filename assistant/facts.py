"""Hard facts in a sentence: § references, dates, numbers, names, addresses, in one canonical form each.

A fact of an answer must stand in the source in the same form; nothing here is a matter of degree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["section", "ledd", "part", "date", "month", "number", "percent", "name", "email", "url"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `value` is canonical; `start` and `end` tell where it stands in the text.

    `work` names the law or agreement that a § reference is made to, as it is written, else empty.
    """

    kind: Kind
    value: str
    start: int
    end: int
    work: str = ""


WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
"""A word of letters, hyphens and apostrophes within it included."""
TOKEN = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
"""A word or a number."""
MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()
_ENGLISH = "january february march april may june july august september october november december".split()
_MONTH = {name: number for names in (MONTHS, _ENGLISH) for number, name in enumerate(names, 1)}
_CARDINALS = """
null=0 én=1 ett=1 éin=1 eitt=1 éi=1 éitt=1 to=2 tre=3 fire=4 fem=5 seks=6 sju=7 syv=7 åtte=8 ni=9 ti=10
elleve=11 tolv=12 tretten=13 fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tjue=20 tyve=20
tretti=30 tredve=30 førti=40 femti=50 seksti=60 sytti=70 åtti=80 nitti=90 hundre=100 tusen=1000
begge=2 båe=2 dusin=12 halv=0.5 halve=0.5 halvt=0.5 halvannen=1.5 dobbelt=2 doble=2
one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 twenty=20
thirty=30 fifty=50 hundred=100 thousand=1000
"""
_ORDINALS = """
første=1 fyrste=1 tredje=3 fjerde=4 femte=5 sjette=6 sjuende=7 syvende=7 sjuande=7 åttende=8 åttande=8
niende=9 niande=9 tiende=10 tiande=10 first=1 second=2 third=3 fourth=4 fifth=5
"""
_WORDS = dict(entry.split("=") for entry in f"{_CARDINALS} {_ORDINALS}".split())
_TENS = {
    word: int(value) for word, value in _WORDS.items() if value in set("20 30 40 50 60 70 80 90".split())
}
_UNITS = {word: int(value) for word, value in _WORDS.items() if value.isdigit() and 0 < int(value) < 10}
_ONE = frozenset("én ett éin eitt éi éitt".split())
_ORDINAL_BEFORE = r"(?:ledd|punktum|kvartal|halvår|fase|trinn|del|råd|kapittel|paragraf|gang)"

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]«»\"]+"
    r"|\b[a-zæøå0-9-]+\.(?:no|com|org|net|io|eu|dk|se)\b(?:/[^\s)\]]*)?",
    re.I,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SECTION = re.compile(
    r"(?:§+|\bparagraf(?:en)?)\s*(\d+[a-z]?(?:\s?[-–.]\s?\d+[a-z]?)*)"
    r"((?:\s(?:bokstav\s)?[a-z])(?![\wæøå]))?",
    re.I,
)
_LEDD = re.compile(r"\b(\w+\.?)(?:\s(?:og|eller|and)\s(\w+\.?))?\s(?:ledd|punktum)\b", re.I)
_PART = re.compile(r"\b(?:del|bokstav|vedlegg)\s([A-Z])\b")
_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_LONG_DATE = re.compile(rf"\b(?:(\d{{1,2}})\.?\s)?({'|'.join(_MONTH)})\b(?:,?\s(\d{{4}}))?", re.I)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|prosent(?:poeng)?\b|percent\b)|\b(\w+)\sprosent\b", re.I)
_NUMBER = re.compile(r"(?<![\w,])\d{1,3}(?:[\s.\u00a0]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?")
_SCALE = re.compile(r"\s(tusen|million(?:er|ar)?|milliard(?:er|ar)?)\b", re.I)
_SCALES = {"t": 1_000, "millio": 1_000_000, "millia": 1_000_000_000}
_VERB_PARTICLE = re.compile(r"\s(?:inn|i kraft|ut|fram|frem|støttende|over|av)\b", re.I)
_WORK = re.compile(
    r"\b(?:\w*(?:lov|lova|loven|lovens|avtale|avtalen|avtalens|forskrift|forskrifta|forskriften)|aml|HA|act)\b",
    re.I,
)
_START = re.compile(r"(?:^\W*|\n\W*|[.!?:…]\s+[«\"“(–-]?\s?|[•–-]\s)$")
_ROMAN_OR_PRONOUN = {"i", "du", "de", "dere", "deres", "vi", "den", "det"}


@lru_cache(maxsize=8192)
def facts(text: str) -> tuple[Fact, ...]:
    """Return the facts of `text` in reading order, the most specific reading of each."""
    found: list[Fact] = []
    rest = text
    for reader in (_urls, _sections, _ledds, _parts, _dates, _percents, _numbers, _number_words):
        fresh = tuple(reader(rest))
        found.extend(fresh)
        rest = _blank(rest, fresh)
    found.extend(_names(rest))
    return tuple(sorted(found, key=lambda fact: fact.start))


def implied(found: Iterable[Fact]) -> Iterator[Fact]:
    """Yield each fact and what it lets a writer say less precisely: a date also gives month and year."""
    for fact in found:
        yield fact
        if fact.kind == "date":
            year, month, day = fact.value.split("-")
            for kind, value in (("number", year), ("month", month), ("number", day.lstrip("0"))):
                if value.strip("0"):
                    yield Fact(kind, value.lstrip("0"), fact.start, fact.end)  # type: ignore[arg-type]
            yield Fact("date", f"{year}-{month}-00", fact.start, fact.end)
            yield Fact("date", f"0000-{month}-{day}", fact.start, fact.end)
        if fact.kind == "percent":
            yield Fact("number", fact.value, fact.start, fact.end)


def same_fact(fact: Fact, other: Fact) -> bool:
    """Tell whether the source's `other` is the statement's `fact`: § 3-1 c also bears § 3-1."""
    if fact.kind != other.kind:
        return {fact.kind, other.kind} == {"ledd", "number"} and fact.value == other.value
    if fact.kind == "section":
        return other.value == fact.value or other.value.startswith(f"{fact.value} ")
    return fact.value == other.value


def number_word(word: str) -> str | None:
    """Return the value of a Norwegian or English number word («tjuefem» is "25"), else None."""
    lower = word.lower().rstrip(".")
    if lower in _WORDS:
        return _WORDS[lower]
    for tens, value in _TENS.items():
        unit = _UNITS.get(lower[len(tens) :]) if lower.startswith(tens) else None
        if unit:
            return str(value + unit)
    return None


def without_addresses(text: str) -> str:
    """Return `text` with links and e-mail addresses blanked, every other character where it was."""
    return _blank(text, _urls(text))


def _blank(text: str, found: Iterable[Fact]) -> str:
    characters = list(text)
    for fact in found:
        characters[fact.start : fact.end] = " " * (fact.end - fact.start)
    return "".join(characters)


def _urls(text: str) -> Iterator[Fact]:
    for match in _EMAIL.finditer(text):
        yield Fact("email", match.group().lower().rstrip("."), match.start(), match.end())
    for match in _URL.finditer(_EMAIL.sub(lambda m: " " * len(m.group()), text)):
        value = re.sub(r"^https?://(www\.)?|^www\.", "", match.group().lower()).rstrip("./,;")
        yield Fact("url", value, match.start(), match.end())


def _sections(text: str) -> Iterator[Fact]:
    for match in _SECTION.finditer(text):
        value = re.sub(r"\s", "", match[1]).replace("–", "-").lower()
        letter = match[2].strip()[-1].lower() if match[2] else ""
        yield Fact("section", f"{value} {letter}".strip(), match.start(), match.end(), _work(text, match))


def _work(text: str, match: re.Match[str]) -> str:
    """Return the law word that a § belongs to: the nearest before it, else one shortly after it."""
    before = [found.group() for found in _WORK.finditer(text[: match.start()])]
    if before:
        return before[-1].lower()
    after = _WORK.search(text[match.end() : match.end() + 40])
    return after.group().lower() if after else ""


def _ledds(text: str) -> Iterator[Fact]:
    for match in _LEDD.finditer(text):
        for word in (match[1], match[2]):
            value = "2" if word and word.lower() in ("andre", "annet") else number_word(word or "")
            value = value or (word.rstrip(".") if word and word.rstrip(".").isdigit() else None)
            if value:
                yield Fact("ledd", value, match.start(), match.end())


def _parts(text: str) -> Iterator[Fact]:
    for match in _PART.finditer(text):
        yield Fact("part", match[1], match.start(), match.end())


def _dates(text: str) -> Iterator[Fact]:
    for match in _DATE.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        full = f"20{year}" if len(year) == 2 else year
        yield Fact("date", f"{full}-{int(month):02}-{int(day):02}", match.start(), match.end())
    for match in _LONG_DATE.finditer(text):
        month_number = _MONTH[match[2].lower()]
        if not match[1] and not match[3]:
            if match[2].lower() not in ("may", "march", "mars") or match[2][0].isupper():
                yield Fact("month", str(month_number), match.start(), match.end())
            continue
        day = int(match[1] or 0)
        yield Fact("date", f"{match[3] or '0000'}-{month_number:02}-{day:02}", match.start(), match.end())


def _percents(text: str) -> Iterator[Fact]:
    for match in _PERCENT.finditer(text):
        value = match[1].replace(",", ".") if match[1] else number_word(match[2])
        if value:
            yield Fact("percent", value, match.start(), match.end())


def _numbers(text: str) -> Iterator[Fact]:
    for match in _NUMBER.finditer(text):
        if re.match(r"\s?[.)]\s", text[match.end() :]) and not text[: match.start()].strip():
            continue  # the number of a list item, not a statement
        plain = re.sub(r"[\s\u00a0]|\.(?=\d{3}(?!\d))", "", match.group()).replace(",", ".")
        scale = _SCALE.match(text[match.end() :])
        end = match.end() + (scale.end() if scale else 0)
        if scale:
            size = next(size for head, size in _SCALES.items() if scale[1].lower().startswith(head))
            plain = str(int(float(plain) * size))
        yield Fact("number", plain.lstrip("0") or "0", match.start(), end)


def _number_words(text: str) -> Iterator[Fact]:
    for match in WORD.finditer(text):
        word = match.group().lower()
        value = number_word(word)
        if word in ("andre", "annen") and re.match(rf"\s{_ORDINAL_BEFORE}\b", text[match.end() :]):
            value = "2"
        if value is None or (word == "tre" and _VERB_PARTICLE.match(text[match.end() :])):
            continue
        if word in _ONE and re.match(r"\s(?:eller|og)\s(?:flere|fleire)\b", text[match.end() :]):
            continue  # «én eller flere» is any number
        if word == "to" and re.search(r"\b(?:the|of|and|is|are|with)\b", text):
            continue  # English «to»
        yield Fact("number", value, match.start(), match.end())


def _names(text: str) -> Iterator[Fact]:
    for match in WORD.finditer(text):
        word = match.group()
        if not any(letter.isupper() for letter in word) or word.lower() in _ROMAN_OR_PRONOUN:
            continue
        if _START.search(text[: match.start()]) and not any(letter.isupper() for letter in word[1:]):
            continue
        yield Fact("name", name_key(word), match.start(), match.end())


def name_key(word: str) -> str:
    """Return a name without case, hyphenated ending and genitive: «KS’», «KS-en» and «ks» are one."""
    bare = re.sub(r"[-’'](?:en|et|er|ene|ane|a|s)$", "", word.lower()).strip("’'-")
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") else bare
