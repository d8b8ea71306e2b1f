"""The sentence that answers and what completes it, as paragraphs: chosen, and freed of repetition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose

from rapidfuzz import fuzz

from assistant.arrangement import arranged
from assistant.evidence import SAME, Evidence
from assistant.facts import facts
from assistant.spans import Part, Span, complete, is_among, last_item, lead_in, list_around, place
from assistant.traits import is_anaphoric
from ingest.content import Stored

USUAL_WORDS = 75
"""A fact is answered in about this many words: the lead and what completes it."""
MOST_WORDS = 150
"""No answer is longer, unless a list or one part per phase was asked for."""
MOST_PARTS = 5
"""No such answer has more paragraphs: of 19 that had, one lost a fact by it."""
EQUAL = 1.75
"""A sentence this little (log-odds) behind the lead, what it gains by reading on counted in, may well be the
answer too: it is told even beyond the usual words."""
SAME_QUESTION = 0.05
"""Likeness (`alike`) from which a question and an example ask the same: a cosine of 0.82."""
SHORT_LIST = 60
"""Words. A list no longer than this is given whole where one of its items answers."""
ELSEWHERE = 2.0
"""How far (log-odds) the best sentence of another document, which corroborates or adds, may lie behind.

Of 222 added ones that lay farther behind (the questions that weights are fitted on) one brought a fact.
"""
WEAK = -5.0
"""Log-odds below which a sentence of another document may lie half as far behind: nothing there is near the
question, and of 102 more that were added one brought a fact."""
LISTED = 2.0
"""Log-odds by which a whole list of another passage must lie closer; of 42 left out two brought a fact."""
FURTHER = 1.0
"""Log-odds: a fourth part seldom adds what is asked."""
LIKELY = 40.0
"""Log-odds for each unit of likeness (`alike`) to an example that a sentence answers: 2 at a cosine of 0.82.

Both are near what a logistic regression finds on which of the added sentences say a fact that was missing
(tuning half and everyday questions): half of them could go for one fact in fourteen.
"""
CONSIDERED = 24
"""Sentences, best first, from which an answer is put together."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much may follow the lead: `words` in all, sentences `close` (log-odds) behind it.

    `goes_on` (log-odds) is what the sentence after a chosen one gains: an excerpt reads better than scraps.
    `further` (log-odds) is by how much the room shrinks with each part after the first.
    """

    words: int
    close: float
    goes_on: float
    further: float = FURTHER
    second: bool = False
    """Whether another document has a say even where its passage is about other things too."""


FACT = Room(USUAL_WORDS, close=4.0, goes_on=2.5)
DUTY = Room(MOST_WORDS, close=4.5, goes_on=0.0, second=True)
"""What must be done may stand in several places: more room, and nothing for reading on in one of them."""


def paragraphs(ranked: Sequence[Evidence], lead: Evidence, room: Room) -> list[Part]:
    """Return the lead and, greedily, what completes it."""
    parts = [_lead_part(lead)]
    ranked = _of_named(ranked, lead)
    other = _other(ranked, lead, room)
    most = MOST_WORDS - (0 if other is None else complete(other.stored, other.at).words)
    left = [item for item in ranked[:CONSIDERED] if item is not lead and item.sentence.kind != "heading"]

    def worth(item: Evidence) -> float:
        score = item.score + (room.goes_on if _goes_on(item, ends) else 0.0)
        return max(score, lead.score - EQUAL) if _answers_as(item, lead) else score

    while left:
        ends = _ends(parts)
        best = max(left, key=worth)
        gap = lead.score - worth(best)
        if gap > max(ELSEWHERE, room.close):
            break
        left.remove(best)
        elsewhere = _elsewhere(best.stored, lead)
        close = _elsewhere_close(best) if elsewhere else room.close - LISTED * _brings_list(best, lead)
        if gap <= close - room.further * (len(parts) - 1) + LIKELY * best.features.get("asked", 0.0):
            within = most if gap <= EQUAL else min(room.words, most)
            _add(parts, best, MOST_WORDS if elsewhere else within, elsewhere)
    if other is not None and not any(_elsewhere(span.stored, lead) for span in _spans(parts)):
        _add(parts, other, MOST_WORDS, elsewhere=True)
    return arranged(parts)[:MOST_PARTS]


def _answers_as(item: Evidence, lead: Evidence) -> bool:
    """Say whether a sentence answers the very example that the lead answers and that asks the same."""
    likeness = item.features.get("asked", 0.0)
    return likeness >= SAME_QUESTION and isclose(likeness, lead.features.get("asked", 0.0), abs_tol=1e-4)


def _other(ranked: Sequence[Evidence], lead: Evidence, room: Room) -> Evidence | None:
    """Return the best sentence of another document, if it comes close to the lead."""
    others = (
        item
        for item in ranked
        if _elsewhere(item.stored, lead) and item.sentence.kind not in ("heading", "lead")
    )
    if room.second:
        best = max(others, key=lambda item: item.alone, default=lead)
        gap = lead.alone - best.alone
    else:
        best = next(others, lead)
        gap = lead.score - best.score
    return best if best is not lead and gap <= _elsewhere_close(best) else None


def _brings_list(item: Evidence, lead: Evidence) -> bool:
    """Say whether a whole list of another passage than the lead's would be told for one of its items."""
    apart = item.sentence.kind == "item" and item.stored.row != lead.stored.row
    return apart and _short_list(item) is not None


def _elsewhere_close(item: Evidence) -> float:
    """Return how far a sentence of another document may lie behind."""
    return ELSEWHERE if item.score >= WEAK else ELSEWHERE / 2


def _spans(parts: Sequence[Part]) -> Iterator[Span]:
    for part in parts:
        yield from (*part.spans, *part.same)


def _of_named(ranked: Sequence[Evidence], lead: Evidence) -> list[Evidence]:
    """Leave out other documents where the question names that of the lead («i Dovre»)."""
    signs = [sign for sign in ("titled", "named") if lead.hit.features.get(sign, 0.0) >= 1.0]
    return [item for item in ranked if all(item.hit.features.get(sign, 0.0) >= 1.0 for sign in signs)]


def _elsewhere(stored: Stored, lead: Evidence) -> bool:
    return stored.passage.document != lead.stored.passage.document


def _add(parts: list[Part], item: Evidence, limit: int, elsewhere: bool) -> None:
    """Add a sentence as a part, or as another source of one; leave it if it repeats or is too long."""
    span = complete(item.stored, item.at)
    if span.sentences[-1].kind == "lead":
        return  # it introduces a list that is not here
    if is_among(span, _spans(parts)):
        span = Span(item.stored, item.at, item.at)  # what it points back to stands there already
        if is_among(span, _spans(parts)) or not _goes_on(item, _ends(parts)):
            return
    twin = _twin(span, parts)
    if twin is not None:
        if elsewhere:
            parts[twin] = replace(parts[twin], same=(*parts[twin].same, span))
        return
    part = _item_part(item) if item.sentence.kind == "item" else _part(span)
    same = next(
        (n for n, used in enumerate(parts) if part.kind == "list" and used.spans[0] == part.spans[0]), None
    )
    if same is not None:
        spans = sorted({*parts[same].spans, *part.spans}, key=place)
        parts[same] = replace(parts[same], spans=tuple(spans))
        return
    if sum(used.words for used in parts) + part.words <= limit:
        parts.append(part)


def _ends(parts: Sequence[Part]) -> set[tuple[int, int]]:
    """Return the row and the number of the last sentence of each span that was chosen."""
    return {(span.stored.row, span.last) for part in parts for span in part.spans}


def _goes_on(item: Evidence, ends: Collection[tuple[int, int]]) -> bool:
    """Say whether a sentence directly follows one that was chosen: in its paragraph, or pointing back."""
    before = item.at - 1
    if (item.stored.row, before) not in ends:
        return False
    sentence = item.sentence
    return item.stored.passage.sentences[before].block == sentence.block or is_anaphoric(sentence)


def _lead_part(lead: Evidence) -> Part:
    """Return the part that opens the answer; an item takes its lead-in along, a lead-in its items."""
    if lead.sentence.kind == "item":
        return _item_part(lead)
    if lead.sentence.kind == "lead":
        last = last_item(lead.stored, lead.at)
        if last > lead.at:
            return Part("list", (Span(lead.stored, lead.at, last),))
    return _part(complete(lead.stored, lead.at))


def _part(span: Span) -> Part:
    """Return a sentence with what completes it as a part: a list where it ends with one."""
    return Part("list" if span.sentences[-1].kind == "item" else "paragraph", (span,))


def _item_part(item: Evidence) -> Part:
    """Return the whole list if it is short; else the item under its lead-in, or as it stands."""
    whole = _short_list(item)
    if whole is not None:
        return Part("list", (whole,))
    own = Span(item.stored, item.at, item.at)
    opens = lead_in(item.stored, item.at)
    return Part("paragraph", (own,)) if opens is None else Part("list", (opens, own))


def _short_list(item: Evidence) -> Span | None:
    """Return the whole list that an item is in, if it is short."""
    whole = Span(item.stored, *list_around(item.stored, item.at))
    return whole if whole.words <= SHORT_LIST else None


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
