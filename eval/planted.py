"""Plants inventions in supported statements: another §, number, date or name, or a wrong citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.bearing import Given
from assistant.facts import Fact, facts
from eval.support import Pair

_WORDS = "null en to tre fire fem seks sju åtte ni ti elleve tolv".split()
_FOREIGN = ("Stavanger", "Riksrevisjonen", "Hansen")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Planted:
    """A statement with one invention of `kind`, and the passage that it cites."""

    kind: str
    statement: str
    cited: Given


def plant(pairs: Sequence[Pair]) -> Iterator[Planted]:
    """Yield inventions made from each supported pair: five kinds or more a pair."""
    supported = [pair for pair in pairs if pair.supported]
    for number, pair in enumerate(supported):
        found = facts(pair.statement)
        yield from _changed(pair, found)
        for kind, addition in _ADDITIONS[pair.language].items():
            yield Planted(f"{kind} added", _insert(pair.statement, addition), pair.given)
        elsewhere = next(
            other for other in (*supported[number:], *supported) if other.document != pair.document
        )
        yield Planted("citation", pair.statement, elsewhere.given)


_ADDITIONS = {
    "nb": {
        "section": ", jf. § 7-3",
        "number": " innen 14 dager",
        "date": " fra 1. januar 2024",
        "name": ", ifølge Riksrevisjonen",
    },
    "nn": {
        "section": ", jf. § 7-3",
        "number": " innan 14 dagar",
        "date": " frå 1. januar 2024",
        "name": ", ifølgje Riksrevisjonen",
    },
}


def _insert(statement: str, addition: str) -> str:
    return f"{statement.rstrip('.')}{addition}."


def _changed(pair: Pair, found: tuple[Fact, ...]) -> Iterator[Planted]:
    """Yield the statement with each of its facts made another: a foreign one, and one of the same passage."""
    there = facts(pair.given.text)
    for fact in found:
        before, own, after = _split(pair.statement, fact)
        kind = "date" if fact.kind == "number" and re.fullmatch(r"(?:19|20)\d\d", fact.value) else fact.kind
        for replacement in _others(own, fact, there, pair):
            yield Planted(f"{kind} changed", f"{before}{replacement}{after}", pair.given)


def _split(text: str, fact: Fact) -> tuple[str, str, str]:
    return text[: fact.start], text[fact.start : fact.end], text[fact.end :]


def _others(own: str, fact: Fact, there: tuple[Fact, ...], pair: Pair) -> Iterator[str]:
    if fact.kind == "name":
        yield _FOREIGN[len(own) % len(_FOREIGN)]
        return
    if _DIGITS.search(own):
        yield _DIGITS.sub(lambda digits: str(int(digits.group()) + 3), own, count=1)
        near = (pair.given.text[one.start : one.end] for one in there if one.kind == fact.kind == "section")
        yield from (text for text in dict.fromkeys(near) if _DIGITS.findall(text) != _DIGITS.findall(own))
    elif fact.value in map(str, range(1, 10)) and fact.kind == "number":
        yield _WORDS[int(fact.value) + 3]
