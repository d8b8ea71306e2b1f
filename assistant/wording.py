"""How a sentence says what it says: content words, negation, duty or advice, quantities, who acts.

Everything here is read from one sentence at a time and compared by assistant/agreement.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.facts import WORD, number_word, without_addresses
from assistant.wordclasses import Analyzer, Lexicon, key, lexicon

_CLAUSE = re.compile(
    r"[.;:!?–]|,(?!\d)|\b(?:men|but|mens|medan|samt|dersom|hvis|når|fordi|som|at|which|that)\b", re.I
)
_SEGMENT = re.compile(_CLAUSE.pattern + r"|\b(?:og|and|eller|or|for å)\b", re.I)
_REACH = re.compile(
    r"[.;:!?–]|,\s(?=(?:så|da|vil|skal|må|bør|kan|er|har|blir|får|anbefaler|gjelder)\b)"
    r"|\b(?:men|but|mens|medan|dersom|hvis|fordi|for å|som)\b",
    re.I,
)
"""Where a negation's reach ends."""
_NOT_ONLY = re.compile(
    r"\b(?:ikke|ikkje|not)\b(?=(?:\s+\w+)?\s+(?:bare|berre|kun|only|alene|aleine)\b)"
    r"|\b(?:om|whether)\b[^.,;]*\beller\s(?:ikke|ikkje)\b",
    re.I,
)
_PASSIVE = frozenset("bli blir ble blei blitt vert vart vorte verte tas tes".split())
_PURPOSE = re.compile(r"(\b(?:for|slik) at\b[^.,;:]*?)\b(skal|kan|shall|can)\b", re.I)
"""«for at alle skal få»: a purpose, not a duty."""
_GENITIVE = re.compile(r"(?:valgt|vald|ansatt|tilsett|avtal|nem|ordning|avgjøring)es$")
_SHORTEST_PASSIVE = 6
_LONGEST_PHRASE = 4
_ADJECTIVE = re.compile(r"(?:al|ale|alt|sk|ske|ig|ige|eg|ege|iv|ive|ivt|rte|kte|pte|ste|ne)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence. `terms` is empty for one that carries no content of its own."""

    text: str
    terms: tuple[str, ...]
    clause: int
    segment: int
    """Like clause, but also divided at «og» and «eller»."""
    negated: bool
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence, read."""

    text: str
    words: tuple[Word, ...]
    vocabulary: frozenset[str]
    """All words, lower case, closed classes included."""
    terms: frozenset[str]
    negators: int
    modal: tuple[frozenset[str], ...]
    """Duty, advice or may, for each clause."""
    quantities: frozenset[str]
    actors: frozenset[int]
    agents: tuple[frozenset[int] | None, ...]
    """Who acts, for each clause; None where a passive hides it."""
    named: frozenset[int]
    """Who a passive says acts: «… av arbeidsmiljøutvalget»."""
    groups: frozenset[int]
    """Numbers of the groups of equal meaning that its words belong to."""


class Reader:
    """Reads sentences; remembers the ones it has read, as sources are met again and again."""

    def __init__(self, analyzer: Analyzer, nynorsk: Mapping[str, str]) -> None:
        self._analyzer = analyzer
        self.lexicon = lexicon(analyzer, nynorsk)
        self.read = lru_cache(maxsize=8192)(self._read)
        self.terms_of = lru_cache(maxsize=16384)(self._terms_of)

    def key(self, word: str) -> str:
        """Return what inflected forms and spellings of one word have in common."""
        return key(self._analyzer, self.plain(word))

    def plain(self, word: str) -> str:
        """Return a nynorsk word in its bokmål spelling where the difference is known, others as they are."""
        whole = self.lexicon.nynorsk_words.get(word)
        if whole:
            return whole
        for piece, bokmal in self.lexicon.nynorsk:
            if piece in word:
                word = word.replace(piece, bokmal)
        if word.endswith("ast") and len(word) > _SHORTEST_PASSIVE and word not in self.lexicon.not_passive:
            word = f"{word[:-3]}es"
        return word

    def _terms_of(self, word: str) -> tuple[str, ...]:
        """Return the terms of a word that needs a source: its stem, then the stems of its parts."""
        if word in self.lexicon.closed or number_word(word):
            return ()
        plain = self.plain(word)
        pieces = plain.split("-") if "-" in plain else []
        terms = self._analyzer.expand(plain)
        joined = tuple(term for piece in pieces for term in self._analyzer.expand(piece)[:1])
        if not terms:
            return ()
        return tuple(dict.fromkeys((key(self._analyzer, plain), *terms[1:], *joined)))

    def groups_of(self, word: str) -> frozenset[int]:
        """Return the groups of equal meaning that a lower-case word belongs to."""
        return self.lexicon.same.get(self.key(word), frozenset())

    def _read(self, text: str) -> Reading:
        lexicon = self.lexicon
        plain = _NOT_ONLY.sub(lambda match: " " * len(match.group()), without_addresses(text))
        plain = _PURPOSE.sub(lambda match: match[1] + " " * len(match[2]), plain)
        spans = [(m.group().lower(), m.start()) for m in WORD.finditer(plain)]
        clause, segment, reach = (
            [match.start() for match in pattern.finditer(plain)] for pattern in (_CLAUSE, _SEGMENT, _REACH)
        )
        scopes = _negated(spans, reach, lexicon.negators)
        words = tuple(
            Word(
                text=word,
                terms=self.terms_of(word),
                clause=sum(at < start for at in clause),
                segment=sum(at < start for at in segment),
                negated=index in scopes,
                start=start,
            )
            for index, (word, start) in enumerate(spans)
        )
        vocabulary = frozenset(word for word, _ in spans)
        actors = _actors(words, lexicon)
        return Reading(
            text=text,
            words=words,
            vocabulary=vocabulary,
            terms=frozenset(term for word in words for term in word.terms),
            negators=sum(word in lexicon.negators for word, _ in spans),
            modal=_modality(words, lexicon),
            quantities=frozenset(kind for kind, members in lexicon.quantity.items() if members & vocabulary),
            actors=frozenset(actor for actor, _, _ in actors),
            agents=_agents(words, actors),
            named=_named(words, actors),
            groups=frozenset(group for word in vocabulary for group in self.groups_of(word)),
        )


def _negated(spans: list[tuple[str, int]], breaks: list[int], negators: frozenset[str]) -> frozenset[int]:
    """Return the indices of words in the reach of a negation: its clause, from the verb before it on."""
    reached: set[int] = set()
    for index, (word, start) in enumerate(spans):
        if word not in negators:
            continue
        end = min((at for at in breaks if at > start), default=1 << 30)
        begin = max((at for at in breaks if at < start), default=-1)
        reached.update(
            other
            for other, (_, at) in enumerate(spans)
            if (index - 2 <= other < index and at > begin) or (other > index and at < end)
        )
    return frozenset(reached)


def _modality(words: tuple[Word, ...], lexicon: Lexicon) -> tuple[frozenset[str], ...]:
    clauses = max((word.clause for word in words), default=0) + 1
    found = [(word.clause, lexicon.modals[word.text]) for word in words if word.text in lexicon.modals]
    return tuple(frozenset(kind for at, kind in found if at == clause) for clause in range(clauses))


def _actors(words: tuple[Word, ...], lexicon: Lexicon) -> tuple[tuple[int, int, str], ...]:
    """Return (actor, index of the word, preposition before it or "") in order."""
    found = []
    for index, word in enumerate(words):
        actor = lexicon.actor(word.text)
        if actor is not None:
            found.append((actor, index, _preposition(words[:index], lexicon)))
    return tuple(found)


def _preposition(before: tuple[Word, ...], lexicon: Lexicon) -> str:
    """Return the preposition that governs what follows `before`: only small words and adjectives between."""
    for back, word in enumerate(reversed(before[-_LONGEST_PHRASE:]), 1):
        if word.text in lexicon.prepositions:
            owner = before[-back - 1].text if len(before) > back else ""
            held = word.text in ("til", "på") and owner.startswith(("ansvar", "ligg"))
            return "" if held else word.text
        if word.terms and not _ADJECTIVE.search(word.text):
            return ""
    return ""


def _agents(
    words: tuple[Word, ...], actors: tuple[tuple[int, int, str], ...]
) -> tuple[frozenset[int] | None, ...]:
    """Return who acts in each clause: whom a passive names with «av», else who stands first, with equals.

    A clause that names nobody goes on with those of the clause before it.
    """
    clauses = max((word.clause for word in words), default=0) + 1
    found: list[frozenset[int] | None] = []
    for clause in range(clauses):
        here = [(actor, index, before) for actor, index, before in actors if words[index].clause == clause]
        verb = next(
            (i for i, word in enumerate(words) if word.clause == clause and _is_passive(word.text)), None
        )
        named = frozenset(actor for actor, _, before in here if before in ("av", "by"))
        if verb is None:
            found.append(_first(words, here) or (found[-1] if found else frozenset()))
        else:
            found.append(named or _first(words, [one for one in here if one[1] > verb + 2]) or None)
    return tuple(found)


def _named(words: tuple[Word, ...], actors: tuple[tuple[int, int, str], ...]) -> frozenset[int]:
    verbs = {word.clause for word in words if _is_passive(word.text)}
    return frozenset(
        actor for actor, index, before in actors if before in ("av", "by") and words[index].clause in verbs
    )


def _first(words: tuple[Word, ...], here: list[tuple[int, int, str]]) -> frozenset[int]:
    """Return the first actor after no preposition, and those joined to it with «og»."""
    free = [(actor, index) for actor, index, before in here if not before]
    found = {actor for actor, _ in free[:1]}
    for (_, last), (actor, index) in pairwise(free):
        if not _joined(words[last + 1 : index]):
            break
        found.add(actor)
    return frozenset(found)


def _joined(between: tuple[Word, ...]) -> bool:
    return len(between) <= _LONGEST_PHRASE and not any(
        word.terms and not _ADJECTIVE.search(word.text) for word in between
    )


def _is_passive(word: str) -> bool:
    if _GENITIVE.search(word):
        return False
    return word in _PASSIVE or (
        len(word) >= _SHORTEST_PASSIVE and (word.endswith("es") or word.endswith("ast"))
    )
