"""How a question points to a document: by a noun of its own («håndboka», «KS-rapporten») or by its title.

What is asked of the document weighs more without the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.contract import Language
from ingest.document import Source

_COMMON = (
    "bok", "veileder", "rettleiar", "rapport", "avtale", "plan", "rutine", "instruks", "lov", "forskrift",
    "strategi", "prosedyre", "protokoll", "brosjyre", "guide", "sjekkliste",
)  # fmt: skip
"""Nouns of kinds of documents, by how their definite form is made."""
_NEUTER = ("reglement", "notat", "referat", "skriv", "hefte", "direktiv")
_PLURAL = ("linjer", "liner", "regler", "reglar", "rutiner", "rutinar", "vedtekter")
_WORD = re.compile(r"[\wæøå-]+")
_NAMED = re.compile(r"\s+(?:om|about|on)\s+(?P<name>[\w\s-]+?)(?=\s*[?.!,]|$)", re.IGNORECASE)
_LEAST = 2
"""Index terms of a title from which it counts as named."""
_COMPARES = re.compile(
    r"\b(?:forskjell\w*|skiller|ulik\w*|u?enige?|samme|begge|både|hver for seg|henholdsvis|sammenli[gk]n\w*"
    r"|differ\w*|same|both|each|compare\w*|agree\w*)\b"
)
_SAYS = re.compile(
    r"\b(?:hva|kva|what) (?:sier|seier|mener|meiner|skriver|skriv|står|does|do)\b", re.IGNORECASE
)
_CONSULTS = re.compile(
    r"\b(?:i|fra|frå|hos|ifølgj?e|etter|bak|sier|seier|mener|meiner|skriver?|nevner|nemner|omtaler|gir|gjev|står"
    r"|in|from|by|behind|according to|does|do)(?: den| the)?\s*$",
    re.IGNORECASE,
)
"""Before the name of a document that is asked what it says."""
_PARTIES = re.compile(r"\b(?:mellom|between)\s+\S*$", re.IGNORECASE)
"""Before names that are not of documents: «avtalen mellom LO og KS»."""
_JOINED = re.compile(
    r"\s*(?:og|and|eller|or|samt|/)\s+(?:(?:i|hos|fra|frå|in|from|den|the)\s+)*", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<!\s)(?:\s+(?:og|and|i|fra|frå|hos|ifølge|ifølgje|etter|in|from|by|according to|den|the|hva sier"
    r"|what does))*\s*$",
    re.IGNORECASE,
)
_OPENING = r"(?:kan du )?(?:sammenli[gk]ne?|compare|forklare?|fortelle?|si)(?: (?:meg|oss))?"
_ABOUT = re.compile(
    rf"^(?:{_OPENING}\s+(?:{_SAYS.pattern}[\s,]+)?|{_SAYS.pattern}[\s,]+)(?:om|about)\s+", re.IGNORECASE
)
"""What is left of «Sammenlign hva håndboka sier om tillit» before what is asked about."""
_OWN = re.compile(r"\s+(?:(?:sin|si|sitt|sine)\s+)?([\wæøå-]+)")
"""What may follow the name of a publisher and is of the kind of its document: «KS sin rapport»."""
_CLAUSE = re.compile(r"(?<=[?.!:])\s+")
_ASKED = 3
"""Words from which a clause asks something."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the documents of an index are called."""

    titles: Mapping[str, frozenset[str]]
    """Index terms of each document's title, publisher, kind and id."""
    spread: Mapping[str, int]
    """How many documents have a term in their title."""
    definite: Mapping[str, frozenset[str]]
    """Documents by the words that mean a certain one: «håndboka», «ks-rapporten»."""
    bare: Mapping[str, frozenset[str]]
    """The same without the ending, which English does not have."""
    publishers: Mapping[str, frozenset[str]]
    """Documents by who publishes them: «ks»."""

    @classmethod
    def of(cls, sources: Iterable[Source], terms: Callable[[str], Iterable[str]]) -> Names:
        """Collect the names; `terms` gives the index terms of a text."""
        titles: dict[str, frozenset[str]] = {}
        definite: dict[str, set[str]] = {}
        bare: dict[str, set[str]] = {}
        publishers: dict[str, set[str]] = {}
        for source in sources:
            called = f"{source.title} {source.publisher or ''} {source.kind} {source.id}"
            titles[source.id] = frozenset(terms(called))
            if source.publisher:
                publishers.setdefault(source.publisher.lower(), set()).add(source.id)
            for noun in _nouns(source):
                bare.setdefault(noun, set()).add(source.id)
                for form in _definite(noun):
                    definite.setdefault(form, set()).add(source.id)
        spread = Counter(term for title in titles.values() for term in title)
        return cls(titles, spread, _frozen(definite), _frozen(bare), _frozen(publishers))

    def named(self, question: str, language: Language) -> dict[str, float]:
        """Return the documents that the question points to by a noun, shared among their like."""
        found = frozenset[str]().union(*map(self._by_noun(language), _WORD.findall(question.lower())))
        return dict.fromkeys(found, 1.0 / len(found)) if found else {}

    def side_by_side(self, question: str, language: Language) -> list[str]:
        """Return the documents that a question compares, or of each of which it asks what it says; in order.

        Args:
            question: in the words of the documents.
            language: of the question.
        """
        named = self._pointed(question, language)
        documents = list(dict.fromkeys(id_ for _, id_ in named))
        if len(documents) == 1:
            return []
        joined = any(
            one != other
            and _JOINED.fullmatch(question[first[1] : second[0]])
            and not _PARTIES.search(question[: first[0]])
            for (first, one), (second, other) in pairwise(named)
        )
        apart = joined or _COMPARES.search(question.lower()) or len(_SAYS.findall(question)) > 1
        return documents if apart else []

    def asked_of(self, piece: str, language: Language) -> str | None:
        """Return the document that a piece of a question asks something of; None for «Hva sier håndboka?»."""
        named = {id_ for _, id_ in self._pointed(piece, language)}
        asks = len(self._unpointed(piece, language).split()) >= _ASKED
        return named.pop() if asks and len(named) == 1 else None

    def consulted(self, question: str, language: Language) -> str | None:
        """Return the only document of which a question asks, by its noun, what it says; None without one."""
        found = {
            id_
            for (start, end), id_ in self._pointed(question, language)
            if _CONSULTS.search(question[:start]) and question[start:end].lower() not in self.publishers
        }
        return found.pop() if len(found) == 1 else None

    def unnamed(self, question: str, language: Language) -> str:
        """Return what a question asks, in the words of the documents, without the documents it names.

        Whole clauses that name them go where others are left («Fagforbundet og KS sier ikke det samme.»), and
        what only compares («Er det det samme?») goes too.
        """
        clauses = _CLAUSE.split(question)
        others = [
            clause
            for clause in clauses
            if not self._pointed(clause, language) and not _COMPARES.search(clause.lower())
        ]
        if sum(len(clause.split()) for clause in others) >= _ASKED:
            return " ".join(others)
        pointing = " ".join(clause for clause in clauses if self._pointed(clause, language))
        return _ABOUT.sub("", self._unpointed(pointing, language))

    def _unpointed(self, question: str, language: Language) -> str:
        """Return a question without the words that point to one document each."""
        return _stripped(question, [word for word, _ in self._pointed(question, language)])

    def _pointed(self, question: str, language: Language) -> list[tuple[tuple[int, int], str]]:
        """Return where words begin and end that point to one document each, and to which."""
        found: list[tuple[tuple[int, int], str]] = []
        for word in _WORD.finditer(question):
            ids, end = self._meant(word.group().lower(), language), word.end()
            own = _OWN.match(question, end)
            if own and (of_kind := ids & self.bare.get(own[1].lower(), frozenset())):
                ids, end = of_kind, own.end()
            if len(ids) == 1:
                found.append(((word.start(), end), min(ids)))
        return found

    def _meant(self, word: str, language: Language) -> frozenset[str]:
        """Return what a word points to: a document by its noun, or by who publishes it."""
        by_noun = self._by_noun(language)
        forms = (word, word.removesuffix("s"))
        found = (by_noun(form) or self.publishers.get(form) for form in forms)
        return next(filter(None, found), frozenset())

    def titled(self, asked: Iterable[str]) -> dict[str, float]:
        """Return how clearly index terms name each document, 0 to 1: by those that few titles have."""
        known = {term: 1.0 / self.spread[term] for term in asked if term in self.spread}
        if not known:
            return {}
        return {
            id_: min(1.0, sum(worth for term, worth in known.items() if term in title))
            for id_, title in self.titles.items()
        }

    def without_noun(self, question: str, language: Language) -> str | None:
        """Return the question without the nouns that point to documents.

        None where there are none, or nothing but them.
        """
        by_noun = self._by_noun(language)
        nouns = [word.span() for word in _WORD.finditer(question) if by_noun(word.group().lower())]
        left = _stripped(question, nouns)
        return left if nouns and _WORD.search(left) else None

    def _by_noun(self, language: Language) -> Callable[[str], frozenset[str]]:
        nothing = frozenset[str]()
        if language == "en":
            return lambda word: self.definite.get(word, nothing) | self.bare.get(word, nothing)
        return lambda word: self.definite.get(word, nothing)


def _nouns(source: Source) -> Iterator[str]:
    """Yield the nouns that mean a document: its kind, and its id where that names a kind of document too.

    An id may be the name of a file and that what it is about: «Hva er bedriftshelsetjenesten?» does not
    point to bedriftshelsetjeneste.docx.
    """
    yield source.kind.lower()
    if source.id.lower().endswith((*_COMMON, *_NEUTER, *_PLURAL)):
        yield source.id.lower()


def _definite(noun: str) -> tuple[str, ...]:
    """Return the forms that mean a certain one: «håndboka», «reglementet», «retningslinjene»."""
    if noun.endswith(_NEUTER):
        return (f"{noun.removesuffix('e')}et",)
    if noun.endswith(_PLURAL):
        return (f"{noun.removesuffix('r')}ne",)
    return f"{noun}en", f"{noun}n", f"{noun}a", f"{noun.removesuffix('e')}a"


def _stripped(question: str, words: Sequence[tuple[int, int]]) -> str:
    """Return a question without some words, of which it gets beginning and end, and what links them."""
    ends = (0, *(end for _, end in words))
    between = [question[end:start] for end, (start, _) in zip(ends, words, strict=False)]
    return "".join((*(_LINK.sub("", text) for text in between), question[ends[-1] :])).strip()


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def without_title(
    question: str, titles: Iterable[frozenset[str]], terms: Callable[[str], frozenset[str]]
) -> str | None:
    """Return the question without the longest «om …» that only repeats words of one title; None without one.

    «Hvor lenge gjaldt avtalen om digital kompetanse?» asks how long the agreement held.

    Args:
        question: as it was asked.
        titles: index terms of what each document is called.
        terms: gives the index terms of a text.
    """
    found = _NAMED.search(question)
    if found is None:
        return None
    name, best = found["name"], (0, 0)
    for title in titles:
        known: frozenset[str] = frozenset()
        for word in re.finditer(r"[\w-]+", name):
            more = known | terms(word.group())
            if not more <= title:
                break
            if len(more) > len(known):
                best = max(best, (len(more), word.end()))
            known = more
    count, end = best
    return None if count < _LEAST else question[: found.start()] + question[found.start("name") + end :]
