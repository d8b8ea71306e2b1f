"""The extractive answer: verbatim sentences and whole lists, chosen, ordered and freed of repetition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from assistant.evidence import Evidence, is_anaphoric
from assistant.question import Query
from ingest.content import Stored
from ingest.document import Sentence

USUAL_WORDS = 55
"""A fact is answered in about this many words: the lead and what completes it."""
MOST_WORDS = 120
"""No answer is longer, unless a list or one part per phase was asked for."""
CLOSE = 1.0
"""How far (log-odds) a second sentence may lie behind the lead."""
ELSEWHERE = 1.6
"""The same for the best sentence of another document, which corroborates or completes."""
SAME = 88.0
"""Similarity in percent (rapidfuzz) from which two sentences say the same."""
PHASE_SENTENCES = 3
LIST_ITEMS = 40


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
    if query.kind == "list":
        lead = _list_lead(ranked, lead)
        parts = list(_list(lead, query))
        if parts:
            return parts
    return _paragraphs(ranked, lead)


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


def _place(span: Span) -> tuple[int, int]:
    return span.stored.row, span.first


def _paragraphs(ranked: Sequence[Evidence], lead: Evidence) -> list[Part]:
    first = _lead_part(lead)
    parts = [first]
    words = first.words
    for item in ranked:
        if item is lead or item.sentence.kind == "heading":
            continue
        gap = lead.score - item.score
        elsewhere = item.stored.passage.document != lead.stored.passage.document
        if gap > (ELSEWHERE if elsewhere else CLOSE):
            continue
        span = _complete(item)
        if any(_overlap(span, used) for part in parts for used in (*part.spans, *part.same)):
            continue
        twin = _twin(span, parts)
        if twin is not None:
            if elsewhere:
                parts[twin] = replace(parts[twin], same=(*parts[twin].same, span))
            continue
        if words + span.words > (MOST_WORDS if elsewhere else USUAL_WORDS):
            continue
        words += span.words
        parts.append(Part("paragraph", (span,)) if item.sentence.kind != "item" else _item_part(item))
    return _joined(parts)


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
    opens = item.stored.passage.sentences[start].kind == "lead"
    return Part("list", (Span(item.stored, start, start), own) if opens else (own,))


def _list_around(stored: Stored, at: int) -> tuple[int, int]:
    """Return the first (its lead-in, if it has one) and last sentence of the list that item `at` is in."""
    sentences = stored.passage.sentences
    first = at
    while first > 0 and sentences[first - 1].kind == "item":
        first -= 1
    if first > 0 and sentences[first - 1].kind == "lead":
        first -= 1
    return first, _last_item(stored, at)


def _last_item(stored: Stored, at: int) -> int:
    sentences = stored.passage.sentences
    while at + 1 < len(sentences) and sentences[at + 1].kind == "item":
        at += 1
    return at


def _list_lead(ranked: Sequence[Evidence], lead: Evidence) -> Evidence:
    """Return the best sentence that belongs to a list, if one comes close to the best of all."""
    of_lists = (item for item in ranked if item.sentence.kind in ("item", "lead"))
    best = next(of_lists, None)
    return best if best is not None and best.score > lead.score - 2 * CLOSE else lead


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
    if is_anaphoric(sentences[first]) and first > 0 and sentences[first - 1].block == same:
        first -= 1
    if sentences[last].text.endswith("?") and last + 1 < len(sentences) and sentences[last + 1].block == same:
        last += 1
    if sentences[last].kind == "lead":
        last = _last_item(item.stored, last)
    return Span(item.stored, first, last)


def _overlap(one: Span, other: Span) -> bool:
    return one.stored.row == other.stored.row and one.first <= other.last and other.first <= one.last


def _twin(span: Span, parts: Sequence[Part]) -> int | None:
    """Return the number of the part that already says what `span` says."""
    for number, part in enumerate(parts):
        if any(fuzz.token_set_ratio(span.quote, used.quote) >= SAME for used in part.spans):
            return number
    return None


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Put spans of the same paragraph of the source into one part, and in its order after the lead."""
    joined: list[Part] = [parts[0]]
    for part in parts[1:]:
        before = joined[-1]
        if (
            part.kind == before.kind == "paragraph"
            and not part.same
            and not before.same
            and _neighbours(before.spans[-1], part.spans[0])
        ):
            joined[-1] = replace(before, spans=tuple(_merged((*before.spans, *part.spans))))
        else:
            joined.append(part)
    return joined


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
