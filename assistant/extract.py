"""The extractive answer: verbatim sentences and whole lists, chosen, ordered and freed of repetition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from math import exp

from assistant.evidence import Evidence
from assistant.paragraphs import DUTY, FACT, MOST_WORDS, paragraphs
from assistant.querywords import numbered, opens
from assistant.question import Kind, Query
from assistant.spans import Part, Span, complete, is_among, last_item, list_around, merged, place
from assistant.traits import asks_duty, referred, states

PHASE_SENTENCES = 3
LIST_ITEMS = 40
BEHIND = 2.0
"""How far (log-odds) a sentence may lie behind the best, of its phase or of all, to be told in its place."""
WHOLE: frozenset[Kind] = frozenset({"list", "fact", "definition"})
"""Kinds of question that a list answers whole where they name it by its number."""


def extract(query: Query, ranked: Sequence[Evidence]) -> list[Part]:
    """Put an answer together.

    Args:
        query: what is asked.
        ranked: candidate sentences, best first; not empty.
    """
    lead = next((item for item in ranked if states(item.sentence)), ranked[0])
    named = _named(query, ranked)
    if named is not None and named.sentence.kind == "lead" and query.kind in WHOLE:
        return list(_list(named))
    if named is not None and named.sentence.kind == "heading":
        heading = Part("paragraph", (Span(named.stored, named.at, named.at),))
        below = _below(named, ranked)
        return [heading, *(paragraphs(below, below[0], FACT) if below else ())]
    if query.kind == "list":
        lead = _list_lead(ranked, lead)
        parts = list(_list(lead))
        if parts:
            return parts
    room = DUTY if asks_duty(query) else FACT
    parts = paragraphs(ranked, lead, replace(room, further=0.0) if query.kind == "list" else room)
    return _with_section(parts) if query.kind == "paragraph" else parts


def extract_each(groups: Sequence[tuple[str, Sequence[Evidence]]]) -> list[Part]:
    """Put together one part for each group, e.g. each phase; a group is (heading, candidates)."""
    parts: list[Part] = []
    for title, ranked in groups:
        parts.append(Part("heading", title=title))
        chosen: list[Span] = []
        for item in ranked:
            if len(chosen) == PHASE_SENTENCES or item.score < ranked[0].score - BEHIND:
                break
            span = complete(item.stored, item.at)
            if item.sentence.kind != "heading" and not is_among(span, chosen):
                chosen.append(span)
        parts.append(Part("paragraph", tuple(merged(sorted(chosen, key=place)))))
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
        for part in answer:
            if said and said + part.words > room:
                break
            said += part.words if part.spans else 0  # a heading alone says nothing
            used = [span for old in parts for span in old.spans]
            if not any(is_among(span, used) for span in part.spans):
                parts.append(part)
    following = (*(bool(part.spans) for part in parts[1:]), False)
    return [part for part, said_next in zip(parts, following, strict=True) if part.spans or said_next]


def _with_section(parts: Sequence[Part]) -> list[Part]:
    """Add to what leads, where it names no §, the mere reference («Jf. … § 3-2») that closes its section."""
    lead, *rest = parts
    if any("§" in span.quote for span in lead.spans):
        return list(parts)
    end = lead.spans[-1]
    sentences = end.stored.passage.sentences
    section = takewhile(lambda at: sentences[at].kind != "heading", range(end.last + 1, len(sentences)))
    at = next((at for at in section if referred(sentences[at]) is not None), None)
    if at is None:
        return list(parts)
    return [replace(lead, spans=(*lead.spans, Span(end.stored, at, at))), *rest]


def _named(query: Query, ranked: Sequence[Evidence]) -> Evidence | None:
    """Return what the question names by its number («råd 7»): a heading, or the lead-in of a list.

    In a conversation the number is the one asked for now, not that of the question before.
    """
    names = numbered(query.original) or numbered(query.own if query.follows else query.text)
    if not names:
        return None
    named = (item for item in ranked if opens(item.sentence.text, names))
    for item in named:
        if item.sentence.kind == "heading" or (item.sentence.kind == "lead" and any(_list(item))):
            return item
    return None


def _below(heading: Evidence, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return what stands under a heading, best first, unless other sentences answer far better: then all."""
    name = heading.sentence.text
    others = [item for item in ranked if item.sentence.kind != "heading"]
    below = [item for item in others if name in item.stored.passage.section]
    return below if below and below[0].score >= others[0].score - BEHIND else others


def _list_lead(ranked: Sequence[Evidence], lead: Evidence) -> Evidence:
    """Return the best sentence of the list that most likely answers, if it is as likely as the best of all.

    A list is as likely as its sentences are together: the scores are log-odds of a softmax.
    """
    lists: dict[tuple[int, int], list[Evidence]] = {}
    for item in ranked:
        if item.sentence.kind in ("item", "lead"):
            lists.setdefault((item.stored.row, last_item(item.stored, item.at)), []).append(item)
    likely = {list_: sum(exp(item.score) for item in items) for list_, items in lists.items()}
    best = max(likely, key=likely.__getitem__, default=None)
    return lists[best][0] if best is not None and likely[best] >= exp(lead.score) else lead


def _list(lead: Evidence) -> Iterator[Part]:
    """Yield the whole list that the lead is in."""
    if lead.sentence.kind not in ("item", "lead"):
        return
    first, last = list_around(lead.stored, lead.at)
    if lead.sentence.kind == "lead":
        first = lead.at
    if last > first or lead.sentence.kind == "item":
        yield Part("list", (Span(lead.stored, first, min(last, first + LIST_ITEMS)),))
