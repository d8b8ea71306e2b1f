"""The extractive answer: verbatim sentences and whole lists, chosen, ordered and freed of repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

from rapidfuzz import fuzz

from assistant.evidence import SAME, Evidence, asks_duty, is_anaphoric
from assistant.facts import facts
from assistant.querywords import NUMERALS
from assistant.question import Query
from ingest.content import Stored
from ingest.document import Sentence

USUAL_WORDS = 70
"""A fact is answered in about this many words: the lead and what completes it."""
MOST_WORDS = 125
"""No answer is longer, unless a list or one part per phase was asked for."""
CLOSE = 2.0
"""How far (log-odds) a second sentence may lie behind the lead."""
ELSEWHERE = 2.5
"""The same for the best sentence of another document, which corroborates or completes."""
CONSIDERED = 24
"""Sentences, best first, from which an answer is put together."""
PHASE_SENTENCES = 3
LIST_ITEMS = 40
LEAST_SERIES = 3
_NUMBERED = re.compile(r"([A-ZÆØÅa-zæøå]{3,}) \d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Span:
    """Sentences `first` to `last` of one passage, that follow each other in the source."""

    stored: Stored
    first: int
    last: int

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the span."""
        return self.stored.passage.sentences[self.first : self.last + 1]

    @property
    def start(self) -> int:
        """Offset in the document's clean text."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Offset in the document's clean text, exclusive."""
        return self.sentences[-1].end

    @property
    def quote(self) -> str:
        """The verbatim text."""
        passage = self.stored.passage
        return passage.text[self.start - passage.start : self.end - passage.start]

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.quote.split())


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the answer. `spans` are quoted in order; `same` say it too, in other documents."""

    kind: Literal["paragraph", "list", "heading"]
    spans: tuple[Span, ...] = ()
    title: str = ""
    same: tuple[Span, ...] = ()

    @property
    def words(self) -> int:
        """Number of words that a reader reads."""
        return sum(span.words for span in self.spans) + len(self.title.split())


def extract(query: Query, ranked: Sequence[Evidence]) -> list[Part]:
    """Put an answer together.

    Args:
        query: what is asked.
        ranked: candidate sentences, best first; not empty.
    """
    lead = next((item for item in ranked if item.sentence.kind != "heading"), ranked[0])
    named = _named_heading(ranked)
    if named is not None:
        return [named, *_paragraphs(ranked, lead, FACT)]
    if query.kind == "list":
        lead = _list_lead(ranked, lead)
        parts = list(_list(lead, query))
        if parts:
            return parts
    return _paragraphs(ranked, lead, DUTY if asks_duty(query) else FACT)


def extract_each(query: Query, groups: Sequence[tuple[str, Sequence[Evidence]]]) -> list[Part]:
    """Put together one part for each group, e.g. each phase; a group is (heading, candidates)."""
    parts: list[Part] = []
    for title, ranked in groups:
        if not ranked:
            continue
        parts.append(Part("heading", title=title))
        chosen: list[Span] = []
        for item in ranked:
            if len(chosen) == PHASE_SENTENCES or item.score < ranked[0].score - 2 * CLOSE:
                break
            span = _complete(item)
            if item.sentence.kind != "heading" and not any(_overlap(span, other) for other in chosen):
                chosen.append(span)
        parts.append(Part("paragraph", tuple(_merged(sorted(chosen, key=_place)))))
    return parts


def together(answers: Sequence[Sequence[Part]]) -> list[Part]:
    """Put the answers to several questions into one, within MOST_WORDS where each has said its first.

    What one has said the next does not repeat.
    """
    if len(answers) == 1:
        return list(answers[0])
    room = MOST_WORDS // max(1, len(answers))
    parts: list[Part] = []
    for answer in answers:
        said = 0
        for number, part in enumerate(answer):
            if number and said + part.words > room:
                break
            said += part.words
            if not any(_overlap(span, used) for span in part.spans for old in parts for used in old.spans):
                parts.append(part)
    return parts


def series(query: Query, passages: Iterable[Stored]) -> list[Part]:
    """Return the numbered headings that a list question asks for: «hva er de ni rådene?».

    Args:
        query: what is asked.
        passages: a document's passages, in order.
    """
    found: dict[str, list[Span]] = {}
    for stored in passages:
        for at, sentence in enumerate(stored.passage.sentences):
            numbered = _NUMBERED.match(sentence.text) if sentence.kind == "heading" else None
            if numbered:
                found.setdefault(numbered.group(1).lower(), []).append(Span(stored, at, at))
    words = query.text.lower().split()
    for label, spans in found.items():
        counted = re.search(
            rf"\b(?:{len(spans)}|{_numeral(len(spans))}) {re.escape(label)}\b", query.text.lower()
        )
        if len(spans) >= LEAST_SERIES and (counted or any(_is_plural(word, label) for word in words)):
            return [Part("list", tuple(spans))]
    return []


def _numeral(count: int) -> str:
    return next((word for word, number in NUMERALS.items() if number == count), str(count))


def _is_plural(word: str, label: str) -> bool:
    """Say whether a word of the question means all of a series: «rådene», «råda» of «råd»."""
    return re.fullmatch(rf"{re.escape(label)}(?:ene|ane|a|er|ar|s)\W*", word) is not None


def _named_heading(ranked: Sequence[Evidence]) -> Part | None:
    """Return the heading that the question names by its number («råd 7»), which then is the answer."""
    for item in ranked:
        if item.hit.features["numbered"] and item.sentence.kind == "heading":
            return Part("paragraph", (Span(item.stored, item.at, item.at),))
    return None


def _place(span: Span) -> tuple[int, int]:
    return span.stored.row, span.first


@dataclass(frozen=True, slots=True)
class Room:
    """How much may follow the lead: `words` in all, sentences `close` (log-odds) behind it.

    `goes_on` (log-odds) is what the sentence after a chosen one gains: an excerpt reads better than scraps.
    """

    words: int
    close: float
    goes_on: float


FACT = Room(USUAL_WORDS, CLOSE, goes_on=3.0)
DUTY = Room(MOST_WORDS, 2.5, goes_on=0.0)
"""What must be done may stand in several places: more room, and nothing for reading on in one of them."""


def _paragraphs(ranked: Sequence[Evidence], lead: Evidence, room: Room) -> list[Part]:
    """Return the lead and, greedily, what completes it."""
    parts = [_lead_part(lead)]
    usual = room.words
    other = next((item for item in ranked if _elsewhere(item, lead)), None)
    if other is not None and lead.score - other.score <= ELSEWHERE:
        usual = min(usual, MOST_WORDS - _complete(other).words)
    left = [item for item in ranked[:CONSIDERED] if item is not lead and item.sentence.kind != "heading"]

    def worth(item: Evidence) -> float:
        return item.score + (room.goes_on if _goes_on(item, parts) else 0.0)

    while left:
        best = max(left, key=worth)
        left.remove(best)
        elsewhere = _elsewhere(best, lead)
        if lead.score - worth(best) <= (ELSEWHERE if elsewhere else room.close):
            _add(parts, best, MOST_WORDS if elsewhere else usual, elsewhere)
    return _joined(_gathered(parts))


def _elsewhere(item: Evidence, lead: Evidence) -> bool:
    return item.stored.passage.document != lead.stored.passage.document and item.sentence.kind != "heading"


def _add(parts: list[Part], item: Evidence, limit: int, elsewhere: bool) -> None:
    """Add a sentence as a part, or as another source of one; leave it if it repeats or is too long."""
    span = _complete(item)
    if span.sentences[-1].kind == "lead":
        return  # it introduces a list that is not here
    if _is_used(span, parts):
        span = Span(item.stored, item.at, item.at)  # what it points back to stands there already
        if _is_used(span, parts) or not _goes_on(item, parts):
            return
    twin = _twin(span, parts)
    if twin is not None:
        if elsewhere:
            parts[twin] = replace(parts[twin], same=(*parts[twin].same, span))
        return
    part = Part("paragraph", (span,)) if item.sentence.kind != "item" else _item_part(item)
    same = next(
        (n for n, used in enumerate(parts) if part.kind == "list" and used.spans[0] == part.spans[0]), None
    )
    if same is not None:
        spans = sorted({*parts[same].spans, *part.spans}, key=_place)
        parts[same] = replace(parts[same], spans=tuple(spans))
        return
    if sum(used.words for used in parts) + part.words <= limit:
        parts.append(part)


def _goes_on(item: Evidence, parts: Sequence[Part]) -> bool:
    """Say whether a sentence directly follows one that was chosen: in its paragraph, or pointing back."""
    return any(
        span.stored.row == item.stored.row
        and span.last + 1 == item.at
        and (span.sentences[-1].block == item.sentence.block or is_anaphoric(item.sentence))
        for part in parts
        for span in part.spans
    )


def _lead_part(lead: Evidence) -> Part:
    """Return the part that opens the answer; an item takes its lead-in along, a lead-in its items."""
    if lead.sentence.kind == "item":
        return _item_part(lead)
    if lead.sentence.kind == "lead":
        last = _last_item(lead.stored, lead.at)
        if last > lead.at:
            return Part("list", (Span(lead.stored, lead.at, last),))
    return Part("paragraph", (_complete(lead),))


def _item_part(item: Evidence) -> Part:
    """Return a list of one item under its lead-in, or the whole list if it is short."""
    start, last = _list_around(item.stored, item.at)
    whole = Span(item.stored, start, last)
    if whole.words <= USUAL_WORDS:
        return Part("list", (whole,))
    own = Span(item.stored, item.at, item.at)
    opens = item.stored.passage.sentences[start].kind != "item"
    return Part("list", (Span(item.stored, start, start), own) if opens else (own,))


def _list_around(stored: Stored, at: int) -> tuple[int, int]:
    """Return the first (its lead-in or heading, if it has one) and last sentence of the list `at` is in."""
    sentences = stored.passage.sentences
    first = at
    while first > 0 and sentences[first - 1].kind == "item":
        first -= 1
    if first > 0 and sentences[first - 1].kind in ("lead", "heading"):
        first -= 1
    return first, _last_item(stored, at)


def _last_item(stored: Stored, at: int) -> int:
    sentences = stored.passage.sentences
    while at + 1 < len(sentences) and sentences[at + 1].kind == "item":
        at += 1
    return at


def _list_lead(ranked: Sequence[Evidence], lead: Evidence) -> Evidence:
    """Return the best sentence of the list that most likely answers, if one comes close to the best of all.

    A list is as likely as its sentences are together: the scores are log-odds of a softmax.
    """
    lists: dict[tuple[int, int], list[Evidence]] = {}
    for item in ranked:
        if item.sentence.kind in ("item", "lead"):
            lists.setdefault((item.stored.row, _last_item(item.stored, item.at)), []).append(item)
    best = max(lists.values(), key=lambda items: sum(exp(item.score) for item in items), default=None)
    return best[0] if best is not None and best[0].score > lead.score - 2 * CLOSE else lead


def _list(lead: Evidence, query: Query) -> Iterator[Part]:
    """Yield the whole list that the lead is in."""
    if lead.sentence.kind not in ("item", "lead"):
        return
    first, last = _list_around(lead.stored, lead.at)
    if lead.sentence.kind == "lead":
        first = lead.at
    if last > first or lead.sentence.kind == "item":
        yield Part("list", (Span(lead.stored, first, min(last, first + LIST_ITEMS)),))


def _complete(item: Evidence) -> Span:
    """Return the sentence with what it cannot be read without.

    A sentence that points back takes the one before it along; a question that the text asks its reader
    takes along the sentence that elaborates it.
    """
    sentences = item.stored.passage.sentences
    first = last = item.at
    same = sentences[item.at].block
    if is_anaphoric(sentences[first]) and first > 0:
        if sentences[first - 1].block == same:
            first -= 1
        elif sentences[first - 1].kind == "item":
            first = _list_around(item.stored, first - 1)[0]
    if sentences[last].text.endswith("?") and last + 1 < len(sentences) and sentences[last + 1].block == same:
        last += 1
    if sentences[last].kind == "lead":
        last = _last_item(item.stored, last)
    return Span(item.stored, first, last)


def _is_used(span: Span, parts: Sequence[Part]) -> bool:
    return any(_overlap(span, used) for part in parts for used in (*part.spans, *part.same))


def _overlap(one: Span, other: Span) -> bool:
    return one.stored.row == other.stored.row and one.first <= other.last and other.first <= one.last


def _twin(span: Span, parts: Sequence[Part]) -> int | None:
    """Return the number of the part that already says what `span` says."""
    for number, part in enumerate(parts):
        if any(_says(span.quote, used.quote) for used in part.spans):
            return number
    return None


def _says(one: str, other: str) -> bool:
    """Say whether two texts say the same: nearly the same words, and exactly the same figures."""
    return fuzz.token_set_ratio(one, other) >= SAME and _figures(one) == _figures(other)


def _figures(text: str) -> set[tuple[str, str]]:
    return {(fact.kind, fact.value) for fact in facts(text) if fact.kind != "name"}


def _gathered(parts: Sequence[Part]) -> list[Part]:
    """Put what stands in one passage together, in its order; passages in the order they were chosen in."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.spans[0].stored.row, []).append(part)
    lead, *others = groups.values()
    rest = (sorted(group, key=lambda part: _place(part.spans[0])) for group in (lead[1:], *others))
    return [lead[0], *(part for group in rest for part in group)]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Put spans of the same paragraph of the source into one part, each after the one it follows there."""
    joined: list[Part] = []
    for part in parts:
        before = next((n for n, other in enumerate(joined) if _continues(other, part)), None)
        if before is None:
            joined.append(part)
        else:
            joined[before] = replace(
                joined[before], spans=tuple(_merged((*joined[before].spans, *part.spans)))
            )
    return joined


def _continues(before: Part, part: Part) -> bool:
    return (
        part.kind == before.kind == "paragraph"
        and not part.same
        and not before.same
        and _neighbours(before.spans[-1], part.spans[0])
    )


def _neighbours(one: Span, other: Span) -> bool:
    """Say whether `other` follows `one` in the same block of the source."""
    return (
        one.stored.row == other.stored.row
        and one.sentences[-1].block == other.sentences[0].block
        and one.last < other.first
    )


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, those that follow each other without a gap as one."""
    current: Span | None = None
    for span in spans:
        if current is not None and _neighbours(current, span) and span.first == current.last + 1:
            current = Span(current.stored, current.first, span.last)
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
