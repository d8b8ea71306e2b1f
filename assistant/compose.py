"""Which parts an answer has: a list, a checklist, one part a phase or a question, or plain paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant import evidence
from assistant.checklist import checklist
from assistant.editions import left_behind
from assistant.elaborate import example, more, under_sources
from assistant.evidence import Evidence
from assistant.examine import Examination
from assistant.extract import extract, extract_each
from assistant.library import Shelf
from assistant.outline import outline
from assistant.provision import asks_for_text, naming, provision
from assistant.querywords import numbered, opens
from assistant.question import STAGE, STAGES, Query
from assistant.series import series
from assistant.spans import Part, Span, is_among, merged
from assistant.weights import Weights
from ingest.content import Stored

NAMELESS = 2.0
"""Log-odds by which a sentence must be better that does not stand under the name that is asked for."""
NEWS = 4.0
"""Log-odds from which a sentence is good enough to be told because the best one has been told already."""
SERIES_POOL = 400
"""Passages of the longest document whose numbered headings are looked through."""


def compose(shelf: Shelf, found: Examination, weights: Weights) -> list[Part]:
    """Put the parts of an answer together from what was found for one question.

    Nothing where a § is asked for of which the sources have neither the text nor a sentence about it.
    """
    parts = _parts(shelf, found, weights)
    if found.query.document is None:
        return parts
    return [Part("heading", title=shelf.index.content.sources[found.query.document].title), *parts]


def compose_each(shelf: Shelf, asked: Sequence[Examination], weights: Weights) -> list[list[Part]]:
    """Put together the answers to the things that a question asks.

    Where a later one would only repeat what was said, it gets the best of what was not, if that is good.
    """
    answers: list[list[Part]] = []
    for found in asked:
        said = [span for answer in answers for part in answer for span in part.spans]
        answer = compose(shelf, found, weights)
        if said and all(is_among(span, said) for part in answer for span in part.spans):
            fresh = [item for item in found.ranked if not is_among(Span(item.stored, item.at, item.at), said)]
            if fresh and fresh[0].score >= NEWS:
                answer = compose(shelf, replace(found, ranked=fresh), weights)
        answers.append(answer)
    return answers


def _parts(shelf: Shelf, found: Examination, weights: Weights) -> list[Part]:
    match found.query.wish:
        case "more":
            return more(found)
        case "example":
            return example(found)
        case "where":
            return under_sources(shelf, _asked_parts(shelf, found, weights))
        case "simpler":
            return _asked_parts(shelf, found, weights)[:1]
        case None:
            return _asked_parts(shelf, found, weights)


def _asked_parts(shelf: Shelf, found: Examination, weights: Weights) -> list[Part]:
    if asks_for_text(shelf, found.query):
        return provision(shelf, found.query) or naming(shelf, found.query)
    if found.query.each is None:
        ranked = _of_meant_editions(shelf, found.query, _in_named_phase(found))
        return (
            _series(shelf, found)
            or checklist(shelf, found.query, ranked[0].stored)
            or outline(found.query, ranked, shelf.index.passage, shelf.index.content.rows_of)
            or _under_its_name(found.query, extract(found.query, _with_a_name(found.query, ranked)))
        )
    groups = []
    for value in shelf.manifest.facets.values(found.query.each):
        name = f"{found.query.each}:{value}"
        hits = [hit for hit in found.hits if name in hit.stored.passage.facets]
        ranked = evidence.weigh(found.query, hits, weights)
        if ranked:
            groups.append((_title(hits[0].stored, value), ranked))
    return extract_each(groups) if groups else extract(found.query, found.ranked)


def _series(shelf: Shelf, found: Examination) -> list[Part]:
    """Return the numbered headings of one of the best documents, if the question asks for them all."""
    for id_ in dict.fromkeys(hit.stored.passage.document for hit in found.hits[:3]):
        content = shelf.index.content
        if len(content.rows_of(id_)) <= SERIES_POOL:
            parts = series(found.query, map(shelf.index.passage, content.with_number_in_heading(id_)))
            if parts:
                return parts
    return []


def _in_named_phase(found: Examination) -> Sequence[Evidence]:
    """Return the sentences of the phase that the question names, if there are any; else all.

    «Fase 2» is also what a source calls by that number.
    """
    phases = found.query.phases
    if not phases:
        return found.ranked
    names = numbered(found.query.text)
    inside = [
        item
        for item in found.ranked
        if phases & item.stored.passage.facets or _is_numbered(item.stored, names)
    ]
    return inside or found.ranked


def _is_numbered(stored: Stored, names: Sequence[str]) -> bool:
    """Say whether a heading above a passage, or a sentence in it, begins with one of the folded names."""
    told = (*stored.passage.section, *(sentence.text for sentence in stored.passage.sentences))
    return any(opens(text, names) for text in told)


def _of_meant_editions(shelf: Shelf, query: Query, ranked: Sequence[Evidence]) -> Sequence[Evidence]:
    """Leave out what an older edition says where the newer one speaks too, unless the question means it."""
    documents = {item.stored.passage.document for item in ranked}
    older = left_behind(documents, shelf.index.content.sources, query.original)
    return [item for item in ranked if item.stored.passage.document not in older] or ranked


def _with_a_name(query: Query, ranked: Sequence[Evidence]) -> Sequence[Evidence]:
    """Leave out what stands under no name where one is asked for, unless it answers far better."""
    if query.which is None:
        return ranked
    named = [item for item in ranked if _name(query.which, item.stored)]
    return named if named and named[0].score >= ranked[0].score - NAMELESS else ranked


def _under_its_name(query: Query, parts: list[Part]) -> list[Part]:
    """Put the name over the answer to who asks which phase or advice it is; what is of others goes."""
    lead = parts[0].spans[0]
    title = _name(query.which, lead.stored) if query.which else None
    if title is None and query.which == STAGE and parts[0].kind == "paragraph":
        return [replace(parts[0], spans=tuple(merged((*_opening(lead), *parts[0].spans)))), *parts[1:]]
    if title is None or lead.quote == title:
        return parts
    inside = [part for part in parts if title in part.spans[0].stored.passage.section]
    return [Part("heading", title=title), *inside]


def _name(noun: str, stored: Stored) -> str | None:
    """Return the heading that names what a passage is about: a phase, or a noun with a number («Råd 7»)."""
    phases = [name for name in stored.passage.facets if name.startswith("phase:")]
    if noun == STAGE and len(phases) == 1 and stored.passage.section:
        return _title(stored, phases[0].partition(":")[2])
    nouns = STAGES if noun == STAGE else (noun,)
    labelled = (re.match(r"([^\W\d_]{3,}) \d", heading) for heading in stored.passage.section)
    return next(
        (one.string for one in labelled if one and any(noun.startswith(one[1].lower()) for noun in nouns)),
        None,
    )


def _opening(span: Span) -> Iterator[Span]:
    """Yield what opens the paragraph of the source that a span stands in, if it numbers a stage."""
    sentences = span.stored.passage.sentences
    first = span.first
    while first > 0 and sentences[first - 1].block == span.sentences[0].block:
        first -= 1
    if first < span.first and re.match(rf"(?:{'|'.join(STAGES)}) \d", sentences[first].text, re.IGNORECASE):
        yield Span(span.stored, first, first)


def _title(stored: Stored, value: str) -> str:
    """Return the heading that gives a passage its facet."""
    path = stored.passage.section
    return next((heading for heading in path if value in heading.lower()), path[-1] if path else value)
