"""What of a sentence speaks for it: its looks, its neighbours, and whether it holds what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.question import Kind, Query
from assistant.retrieve import Hit
from assistant.weights import Column
from ingest.content import CACHED, Stored
from ingest.document import Sentence

_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|én|ett|eitt|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tjue|femti|hundre"
    r"|tusen|halv\w*|dobbel\w*)"
)
_COUNT = (
    r"(?<![\w§.,-])(?<!§ )(?<!s\. )(?<!del )(?<!fase )(?<!råd )(?<!punkt )(?<!kapittel )"
    rf"(?!(?:19|20)\d\d\b|én\b|ett\b|eitt\b){_NUMBER}\b"
)
"""A number that counts: no year, page or number of a section, and not «én del»."""
_UNIT = r"(?:time|dag|døgn|døger|uke|veke|måned|månad|kvartal|halvår|år|gang|gong)"
_MONTH = r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)"
_PATTERNS: Mapping[Kind, str] = {
    "amount": r"\b\d[\d .]*(?:kr|kroner|mill|mrd)|\bkr\.? ?\d",
    "howmany": _COUNT,
    "howoften": (
        rf"\b{_NUMBER}(?:[ -]{_NUMBER})? g[ao]ng(?:er)?\b|\b(?:hver[te]?|kvart?) {_UNIT}"
        r"|\bg[ao]ng(?:er)? (?:i|per|pr)\b"
        r"|\b(?:årlig|årleg|månedlig|månadleg|ukentlig|daglig|dagleg|kvartalsvis|jevnlig|jamleg|regelmessig"
        r"|kontinuerlig|løpende|løpande)\w*"
        r"|\bfaste? (?:møte|tidspunkt)\w*"
    ),
    "howlong": (
        rf"\b{_NUMBER}\b.{{0,12}}\b{_UNIT}|\but \d{{4}}|\b(?:varig|midlertidig|varsel)\w*"
        r"|\btil og med\b|\bfra og til\b"
    ),
    "date": rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}\.\d{{1,2}}\.|\b\d{{1,2}}\. ?{_MONTH}",
    "when": (
        r"\b(?:19|20)\d\d\b|\b(?:ved|før|etter|innen|under|underveis|tidlig|oppstart|fase|tidspunkt|stund"
        r"|alltid|løpende|etterkant|deretter|samtidig|våren|høsten|innføring|hvis|dersom)\b|§"
        r"|\bsaker som\b|(?<!ligge )\bi forkant\b"
        # «Når X, kan Y» tells what X leads to; «når X, skal Y» when Y is due.
        r"|(?<!^)\bnår\b|^når\b.*, (?:skal|må|bør|plikter)\b"
    ),
    "who": (
        r"\b\w*(?:leder|leiar|ledelse|leiing|tilsett|tillitsvald|tillitsvalgt|ombud|ombod|direktør|arbeidsgiver"
        r"|arbeidsgjevar|arbeidstaker|arbeidstakar|ansatt"
        r"|politiker|folkevalgt"
        r"|ordfører|utvalg|gruppe|organisasjon|departement|minister|enhet|part|forbund|medarbeider"
        r"|avdeling|styre"
        r"|kommune|senter)\w*\b|\b[a-zæøå]+ [a-zæøå]+, "
    ),
    "why": (
        r"\b(?:fordi|derfor|grunn\w*|slik at|for å|siden|ettersom|bidrar|fører til|gir|sikre\w*"
        r"|dermed|da|skaper"
        r"|øker|styrker|årsak\w*|nødvendig|viktig)\b|\bdette (?:gjør|betyr)\b"
    ),
    "paragraph": r"§|\b\w*(?:lov|avtale)\w*\b",
    "yesno": r"\b(?:skal|må|bør|ikke|ingen|plikter|er|har|kan)\b",
}
_FITS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}

_ANAPHORA = re.compile(
    r"^(?:dette|disse|denne|de |den |han |hun |slike?t? |her |da |derfor|dermed|i tillegg|samtidig"
    r"|videre|men "
    r"|også|likevel|det (?:betyr|innebærer|gjør|gir|sikrer|bidrar|handler|gjelder|gjaldt|utfordrer"
    r"|samme|krever"
    r"|vil|kan være|er derfor|er grunnen|(?:står|er|finnes) (?:\w+ )?(?:om|for|av|i) dette\b))",
    re.IGNORECASE,
)
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
        "fits": np.concatenate([_fitting(query, hit.stored) for hit in hits]).astype(np.float64),
        "defines": _defining(query, hits),
        **dict(zip(AROUND, np.concatenate([_around(hit) for hit in hits]).T, strict=True)),
        **looks,
        "modal": looks["modal"] * asks_duty(query),
    }


LOOKS = ("question", "anaphoric", "lead", "heading", "short", "fragment", "modal")
"""Features that a sentence has whatever is asked."""
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
    leads, lead = [], -1
    for at, sentence in enumerate(stored.passage.sentences):
        lead = at if sentence.kind == "lead" else lead
        leads.append(lead if sentence.kind == "item" else -1)
    return np.array(leads, np.intp)


@lru_cache(CACHED)
def _looks(stored: Stored) -> Column:
    """Return the LOOKS of a passage's sentences, (sentences, LOOKS)."""
    rows = [_look(sentence) for sentence in stored.passage.sentences]
    return np.array(rows, np.float64).reshape(-1, len(LOOKS))


def _look(sentence: Sentence) -> tuple[bool, ...]:
    words = len(sentence.text.split())
    return (
        sentence.text.rstrip('»”"').endswith("?"),
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


def fits(query: Query, text: str, terms: frozenset[str]) -> bool:
    """Say whether a sentence holds what such a question asks for (a number of these, a time, a role …)."""
    if query.kind not in _FITS:
        return True
    return _holds(query.kind, text) and (not query.counted or bool(query.counted & terms))


def _fitting(query: Query, stored: Stored) -> NDArray[np.bool_]:
    """Say of each sentence of a passage what `fits` says."""
    if query.kind not in _FITS:
        return np.ones(len(stored.terms), np.bool_)
    holding = _holding(stored, query.kind)
    return holding & [bool(query.counted & terms) for terms in stored.terms] if query.counted else holding


@lru_cache(CACHED)
def _holding(stored: Stored, kind: Kind) -> NDArray[np.bool_]:
    return np.array([_holds(kind, sentence.text) for sentence in stored.passage.sentences], np.bool_)


def _holds(kind: Kind, text: str) -> bool:
    return bool(_FITS[kind].search(text.lower()))


def asks_duty(query: Query) -> bool:
    """Say whether a question asks what must or should be done, rather than what is."""
    return bool(_DUTY.search(query.text))


def is_anaphoric(sentence: Sentence) -> bool:
    """Say whether a sentence opens with a word that points back to the one before."""
    return sentence.kind == "sentence" and bool(_ANAPHORA.match(sentence.text.lstrip("«•–- ")))


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
