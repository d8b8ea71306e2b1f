"""What is measured on one question. Every measure is a number per question; eval.summary averages them.

A measure that does not apply to a question (recall of a question without an answer, say) has no value
there, so that the mean runs over the questions it applies to.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.contract import AnswerBlock, ChatResponse, Passage
from eval.cases import FACT_KINDS, Case
from ingest.normalise import letters

DEPTH = 10
"""Hits asked for of each search."""
HELD_SHARE = 0.8
"""A span that a passage boundary cuts counts as found where this share of it stands unbroken."""
SHORT_FACT = 4
"""Letters. A fact this short («NAV») must stand as a word of its own, not inside another («navn»)."""

_MARKS = re.compile(r"\s*\[\d+\]")
_MARKED = re.compile(r"(?P<said>.*?)(?P<marks>(?:\s*\[\d+\])+|$)", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")
_POLARITY = re.compile(r"^\s*(?:ja|nei|jo|yes|no)\b\s*[.,:;–—-]*\s*", re.IGNORECASE)


def holds(text: str, span: str) -> bool:
    """Tell whether `text` holds `span`; both are reduced by `letters` already.

    True if span ⊂ text, or if a contiguous run of ⌈0.8 · |span|⌉ characters of it is.
    """
    run = math.ceil(HELD_SHARE * len(span))
    return any(span[start : start + run] in text for start in range(len(span) - run + 1))


def span_ranks(case: Case, passages: Sequence[Passage]) -> tuple[int | None, ...]:
    """Rank, from 1, of the first passage that holds each evidence span; None where none does.

    With `evidence_any` a single rank: that of the span found first.
    """
    texts = [letters(passage.text) for passage in passages]
    ranks: list[int | None] = []
    for evidence in case.evidence:
        span = letters(evidence.quote)
        ranks.append(next((rank for rank, text in enumerate(texts, 1) if holds(text, span)), None))
    if case.evidence_any:
        return (min((rank for rank in ranks if rank), default=None),)
    return tuple(ranks)


def recall(ranks: Sequence[int | None], k: int) -> float:
    """recall@k = |{spans with rank ≤ k}| / |spans|."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """RR = 1 / rank of the span found first; 0 where none is. MRR is its mean."""
    return max((1 / rank for rank in ranks if rank), default=0.0)


def ndcg(ranks: Sequence[int | None]) -> float:
    """NDCG = DCG / IDCG, with DCG = Σ gain(r) / log₂(1 + r).

    gain(r) is the number of spans first found at rank r, so that a passage repeating a span earns
    nothing. IDCG is the same sum with the gains in the best order, and every span that was not found
    counted as a passage of its own (Järvelin and Kekäläinen 2002).
    """
    gains: dict[int, int] = {}
    for rank in ranks:
        if rank is not None:
            gains[rank] = gains.get(rank, 0) + 1
    ideal = sorted([*gains.values(), *(1 for rank in ranks if rank is None)], reverse=True)
    best = sum(gain / math.log2(1 + rank) for rank, gain in enumerate(ideal, 1))
    return sum(gain / math.log2(1 + rank) for rank, gain in gains.items()) / best


def without_marks(text: str) -> str:
    """Return the text as a person reads it, without the citation numbers «[1]»."""
    return _MARKS.sub("", text)


def says(answer: str, fact: str) -> bool:
    """Tell whether the answer says the fact, compared by letters and digits.

    A number must be the same number («3-1» is not in «13-12»), and a fact of at most four letters
    must be a word of its own.
    """
    runs = re.findall(r"\d+|[^\W\d_]+", unicodedata.normalize("NFKC", fact).lower())
    pattern = r"[\W_]*".join(_pieces(runs))
    edge = r"\w" if sum(map(len, runs)) <= SHORT_FACT else r"\d"
    before = rf"(?<!{edge})" if runs[0].isdigit() or edge == r"\w" else ""
    after = rf"(?!{edge})" if runs[-1].isdigit() or edge == r"\w" else ""
    return re.search(before + pattern + after, unicodedata.normalize("NFKC", answer).lower()) is not None


def _pieces(runs: Sequence[str]) -> Iterator[str]:
    """Words letter by letter, for the source may break them over a line; numbers whole."""
    for run in runs:
        yield from [run] if run.isdigit() else run


def facts_said(case: Case, answer: str) -> float:
    """Share of facts of which the answer says at least one alternative."""
    said = sum(any(says(answer, alternative) for alternative in fact) for fact in case.facts)
    return said / len(case.facts)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or list item of the answer, and the numbers of the citations that it bears."""

    text: str
    citations: tuple[int, ...]


def statements(blocks: Sequence[AnswerBlock]) -> tuple[Statement, ...]:
    """Return the answer's sentences and items.

    Headings and a bare «Ja.» or «Nei.» state nothing by themselves. Text before a
    mark belongs to that mark; text without one to the citations of its block.
    """
    found: list[Statement] = []
    for block in blocks:
        if block.kind == "heading":
            continue
        for part in (block.text, *block.items):
            found.extend(_statements(part, block.citations))
    return tuple(found)


def _statements(text: str, default: tuple[int, ...]) -> Iterator[Statement]:
    for match in _MARKED.finditer(_POLARITY.sub("", text)):
        numbers = tuple(int(number) for number in re.findall(r"\d+", match["marks"])) or default
        for sentence in _SENTENCE_END.split(match["said"]):
            if letters(sentence):
                yield Statement(sentence.strip(), numbers)


def borne(statement: Statement, quotes: Mapping[int, str]) -> bool:
    """Tell whether a statement stands, by letters and digits, in its citations' quotes put together."""
    own = [quotes[number] for number in statement.citations if number in quotes]
    return letters(statement.text) in letters(" ".join(own))


def bears(statement: Statement, quote: str) -> bool:
    """Tell whether one quote bears a statement.

    It holds the statement or is held by it, or has at least 80 % of its words: a second source merged
    into one sentence words it slightly otherwise.
    """
    said, source = letters(statement.text), letters(quote)
    words = [letters(word) for word in statement.text.split() if letters(word)]
    known = {letters(word) for word in quote.split()}
    shared = sum(word in known for word in words) / len(words)
    return said in source or source in said or shared >= HELD_SHARE


def measure(
    case: Case, passages: Sequence[Passage], response: ChatResponse, source_text: Callable[[str], str]
) -> dict[str, float]:
    """All measures of one question that apply to it, by key.

    Args:
        case: the question.
        passages: at most `DEPTH` search hits, best first.
        response: the answer or refusal.
        source_text: gives the clean text of a document by its id.
    """
    values = _refusal(case, response)
    if case.answerable:
        values |= _retrieval(case, passages)
    if case.facts:
        share = facts_said(case, without_marks(response.answer)) if response.answered else 0.0
        values |= {"facts_all": float(share == 1.0), "facts_share": share}
    if response.answered:
        values |= _grounding(case, response, source_text) | _length(case, response)
    return values


def _refusal(case: Case, response: ChatResponse) -> dict[str, float]:
    refused = float(not response.answered)
    if case.answerable:
        return {"wrongly_refused": refused}
    kind = "offtopic_refused" if case.kind == "offtopic" else "nearmiss_refused"
    return {kind: refused, "rightly_refused": refused}


def _retrieval(case: Case, passages: Sequence[Passage]) -> dict[str, float]:
    ranks = span_ranks(case, passages[:DEPTH])
    values = {f"recall_{k}": recall(ranks, k) for k in (1, 3, 5, 10)}
    return values | {"mrr": reciprocal_rank(ranks), "ndcg_10": ndcg(ranks)}


def _grounding(case: Case, response: ChatResponse, source_text: Callable[[str], str]) -> dict[str, float]:
    """Shares over the citations or statements of one answer; an answer without any scores 0."""
    quotes = {citation.number: citation.quote for citation in response.citations}
    said = statements(response.blocks)
    verbatim = [bool(one.quote) and one.quote in source_text(one.document) for one in response.citations]
    bearing = [
        any(number in one.citations and bears(one, quote) for one in said) for number, quote in quotes.items()
    ]
    values = {
        "quotes_verbatim": _share(verbatim),
        "citations_bear": _share(bearing),
        "statements_borne": _share([borne(one, quotes) for one in said]),
    }
    if case.answerable:
        spans = [letters(evidence.quote) for evidence in case.evidence]
        cited = [letters(quote) for quote in quotes.values()]
        hits = [holds(quote, span) or holds(span, quote) for quote in cited if quote for span in spans]
        values["evidence_cited"] = float(any(hits))
    return values


def _length(case: Case, response: ChatResponse) -> dict[str, float]:
    count = float(len(without_marks(response.answer).split()))
    return {"words": count, "words_fact": count} if case.kind in FACT_KINDS else {"words": count}


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
