"""What of a sentence speaks for it: its words, its looks, its neighbours, whether it holds what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answertype import fitting
from assistant.nesting import depths
from assistant.question import Query
from assistant.retrieve import Hit
from assistant.weights import Column
from ingest.content import CACHED, Stored
from ingest.document import Sentence

_IF_SO = r"(?:hvis|dersom) (?:dette\b|ikke\b|slike?t?\b|det (?:ikke )?\w+,)"
_ANAPHORA = re.compile(
    r"^(?:dette|disse|denne|de |den |han |hun |slike?t? |her |da |derfor|dermed|deretter|i tillegg|samtidig"
    rf"|videre|men |imidlertid|på samme måte|også|likevel|{_IF_SO}|det er (?-i:[A-ZÆØÅ])"
    r"|det (?:betyr|innebærer|gjør|gir|sikrer|bidrar|handler|gjelder|gjaldt|utfordrer|samme|krever"
    r"|vil|kan være|er derfor|er grunnen|(?:står|er|finnes) (?:\w+ )?(?:om|for|av|i) dette\b))",
    re.IGNORECASE,
)
_SUMS_UP = re.compile(
    r"^(?:dette (?:er|gjør|gir|krever|betyr|innebærer|sikrer|bidrar|fører|skyldes|viser)\b"
    r"|det samme gjelder\b|det er (?:en av )?grunn|det er ikke noe \w+ (?:med|i|ved) det\b)",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"^(?:men |imidlertid|likevel|unntak|det forutsetter|forutsetning|dette gjelder (?:ikke|bare|kun)"
    rf"|{_IF_SO})",
    re.IGNORECASE,
)
_BARE_REFERENCE = re.compile(
    r"^(?:se |jf\.? )?(?P<name>(?:[\w.]+ ){1,3})(?<!\bav )(?<!\bi )(?<!\bpå )(?<!\better )§+ ?\d[\d-]*"
    r"(?: ?[a-z]\b| (?:første|andre|annet|tredje|fjerde|femte|\d+\.) ledd| bokstav \w| \(\d+\))*\W*$",
    re.IGNORECASE,
)
"""No law ends in a preposition: «fristen står i § 5» says something of its own."""
_ASKS = re.compile(r"(?:q|spm|spørsmål|question)\.? ?\d*:", re.IGNORECASE)
_REPLIES = re.compile(r"(?:(?:a|svar|answer) ?\d*:|(?:ja|jo|nei|yes|no)[,.!])", re.IGNORECASE)
_DUTY = re.compile(r"\b(?:skal|må|bør|plikt\w*|krev\w*|nødvendig|rett til)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:hva (?:er|betyr|menes med|innebærer|vil det si|ligger i|handler)|definer\w*|forklar\w*"
    r"|what (?:is|are)"
    r"|ordet|begrepet|uttrykket|omgrepet)\s+"
    r"(?:det |en |et |ei |om |med |begrepet |ordet |uttrykket |omgrepet |a |an |the "
    r"|egentlig )*[«\"]?([\w -]{2,40})"
)
_STATES = re.compile(
    r"^(?!\W*(?:hv(?:a|em|or|ordan|orfor|ilke[nt]?)|når|kva|kven|korleis|kvifor|kor)\b)[^?]*"
    r"\b(?:må|bør|skal|plikter|er|har|kan|handler om)\b[^?]*$",
    re.IGNORECASE,
)
LONG_HEADING = 6
"""Words from which a heading may be a whole sentence («Råd 7: Gevinster må planlegges tidlig …»)."""
_TERMINAL = (".", "!", "?", ":", "»", "”", '"', ")")
_DEFINES = r"(?:er|betyr|handler|innebærer|kalles|menes|brukes|vil si|er forkortelse)"


def traits(query: Query, hits: Sequence[Hit]) -> dict[str, Column]:
    """Return the features of the sentences of all hits, one after the other."""
    looks = dict(zip(LOOKS, np.concatenate([_looks(hit.stored) for hit in hits]).T, strict=True))
    return {
        "cosine": np.concatenate([hit.sentences for hit in hits]).astype(np.float64),
        "window": np.concatenate([hit.windows for hit in hits]).astype(np.float64),
        "coverage": np.concatenate([hit.coverage for hit in hits]).astype(np.float64),
        "asked": np.concatenate([hit.asked for hit in hits]),
        "passage": np.repeat([hit.score for hit in hits], [len(hit.stored.terms) for hit in hits]),
        "fits": np.concatenate([fitting(query, hit.stored) for hit in hits]),
        "defines": _defining(query, hits),
        **dict(zip(AROUND, np.concatenate([_around(hit) for hit in hits]).T, strict=True)),
        **looks,
        "modal": looks["modal"] * asks_duty(query),
    }


LOOKS = ("question", "anaphoric", "lead", "heading", "short", "fragment", "modal")
"""Features that a sentence has whatever is asked; a question that the next sentence replies to is none."""
AROUND = ("before", "announced")
"""What stands around a sentence: the share of the question's words that the sentence before holds, and the
lead-in of the list that it is an item of."""


def _around(hit: Hit) -> Column:
    """Return the AROUND of a passage's sentences, (sentences, AROUND)."""
    leads = _leads(hit.stored)
    before = np.append(0.0, hit.coverage[:-1])
    announced = np.where(leads < 0, 0.0, hit.coverage[leads])
    return np.stack([before, announced], axis=1)


@lru_cache(CACHED)
def _leads(stored: Stored) -> NDArray[np.intp]:
    """Return, for each sentence of a passage, which one announces it as an item of a list; -1 for none."""
    depth = depths(stored)
    leads = [at for at, sentence in enumerate(stored.passage.sentences) if sentence.kind == "lead"]
    above = ([lead for lead in leads if lead < at and depth[lead] < depth[at]] for at in range(len(depth)))
    return np.array([found[-1] if found else -1 for found in above], np.intp)


@lru_cache(CACHED)
def _looks(stored: Stored) -> Column:
    """Return the LOOKS of a passage's sentences, (sentences, LOOKS)."""
    sentences = stored.passage.sentences
    rows = [_look(sentence, replies(sentences, at + 1)) for at, sentence in enumerate(sentences)]
    return np.array(rows, np.float64).reshape(-1, len(LOOKS))


def _look(sentence: Sentence, answered: bool) -> tuple[bool, ...]:
    words = len(sentence.text.split())
    return (
        sentence.text.rstrip('»”"').endswith("?") and not answered,
        is_anaphoric(sentence),
        sentence.kind == "lead",
        sentence.kind == "heading",
        words < 4,
        sentence.kind == "sentence" and words < 8 and not sentence.text.endswith(_TERMINAL),
        bool(_DUTY.search(sentence.text)),
    )


def _defining(query: Query, hits: Sequence[Hit]) -> Column:
    """Say of the sentences of all hits whether they define what a definition is asked of."""
    sentences = [sentence for hit in hits for sentence in hit.stored.passage.sentences]
    subject = _subject(query) if query.kind == "definition" else None
    if subject is None:
        return np.zeros(len(sentences))
    return np.array([bool(subject.search(sentence.text)) for sentence in sentences], np.float64)


def asks_duty(query: Query) -> bool:
    """Say whether a question asks what must or should be done, rather than what is."""
    return bool(_DUTY.search(query.text))


def is_anaphoric(sentence: Sentence) -> bool:
    """Say whether a sentence opens with a word that points back to the one before."""
    return sentence.kind == "sentence" and bool(_ANAPHORA.match(sentence.text.lstrip("«•–- ")))


def referred(sentence: Sentence) -> str | None:
    """Return the law or agreement of a sentence that only names a § of it: «Hovedavtalen del B § 3-2»."""
    bare = _BARE_REFERENCE.match(sentence.text) if sentence.kind == "sentence" else None
    return bare["name"] if bare else None


def sums_up(sentence: Sentence) -> bool:
    """Say whether a sentence speaks of what the one before says, even where that ends a paragraph."""
    return sentence.kind == "sentence" and bool(_SUMS_UP.match(sentence.text))


def limits(sentence: Sentence) -> bool:
    """Say whether a sentence limits what the one before says: an exception, a condition, an objection."""
    return sentence.kind in ("sentence", "lead") and bool(_LIMITS.match(sentence.text.lstrip("«•–- ")))


def replies(sentences: Sequence[Sentence], at: int) -> bool:
    """Say whether a sentence replies to the question right before it: «Q: …? A: …», «…? Nei, …».

    To a question that makes a paragraph of its own what follows is the reply.
    """
    if not 0 < at < len(sentences) or sentences[at].text.endswith("?"):
        return False
    question, reply = sentences[at - 1 : at + 1]
    if not (question.kind == reply.kind == "sentence" and question.text.endswith("?")):
        return False
    opens = at == 1 or sentences[at - 2].block != question.block
    alone = opens and question.block != reply.block
    return alone or bool(_ASKS.match(question.text) or _REPLIES.match(reply.text))


def states(sentence: Sentence) -> bool:
    """Say whether a sentence can stand alone in an answer; a heading can if it is a whole sentence."""
    if sentence.kind != "heading":
        return True
    return len(sentence.text.split()) >= LONG_HEADING and bool(_STATES.search(sentence.text))


def _subject(query: Query) -> re.Pattern[str] | None:
    """Return a pattern for «X er …», «X: …», X being what a definition is asked of."""
    match = _SUBJECT.search(query.text.lower())
    if match is None:
        return None
    words = [re.escape(word[: max(4, len(word) - 2)]) + r"\w*" for word in match.group(1).split()[:3]]
    return re.compile(
        rf"^[«•\s]*(?:en |et |ei |det )?{' '.join(words)}[»]?(?::| {_DEFINES}\b)", re.IGNORECASE
    )
