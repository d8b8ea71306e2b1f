"""Plants inventions in supported statements: another §, number, date or name, or a wrong citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.bearing import Given
from assistant.facts import Fact, facts, same_fact
from eval.support import Pair

_WORDS = "null en to tre fire fem seks sju åtte ni ti elleve tolv".split()
_FOREIGN = ("Stavanger", "Riksrevisjonen", "Hansen")
_YEAR = re.compile(r"(?:19|20)\d\d")
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
    """Yield the statement with each fact made another: a foreign one, or one of the passage's others."""
    for fact in found:
        before, own, after = _split(pair.statement, fact)
        kind = "date" if fact.kind == "number" and _YEAR.fullmatch(fact.value) else fact.kind
        for replacement in (*_foreign(own, fact), *_near(fact, pair)):
            yield Planted(f"{kind} changed", f"{before}{replacement}{after}", pair.given)


def _split(text: str, fact: Fact) -> tuple[str, str, str]:
    return text[: fact.start], text[fact.start : fact.end], text[fact.end :]


def _foreign(own: str, fact: Fact) -> Iterator[str]:
    if fact.kind == "name":
        yield _FOREIGN[len(own) % len(_FOREIGN)]
    elif _DIGITS.search(own):
        yield _DIGITS.sub(lambda digits: str(int(digits.group()) + 3), own, count=1)
    elif fact.value in map(str, range(1, 10)) and fact.kind == "number":
        yield _WORDS[int(fact.value) + 3]


def _near(fact: Fact, pair: Pair) -> Iterator[str]:
    """Yield facts of the same kind from sentences that have nothing to do with this one."""
    texts = {text: facts(text) for text in pair.given.sentences}
    mine = [text for text, there in texts.items() if any(same_fact(fact, one) for one in there)]
    taken = {(one.kind, one.value) for text in mine for one in texts[text]}
    taken |= {(one.kind, one.value) for one in facts(pair.statement)}
    for text, there in texts.items():
        for one in there if mine else ():
            if one.kind == fact.kind and (one.kind, one.value) not in taken:
                taken.add((one.kind, one.value))
                yield text[one.start : one.end]
