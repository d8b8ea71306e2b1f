"""Which sentences answer: each candidate sentence is judged by features that mean something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.question import Kind, Query
from assistant.retrieve import Hit
from assistant.weights import Weights
from ingest.content import Stored
from ingest.document import Sentence

READ = 10
"""Passages whose sentences are considered."""

_NUMBER = r"(\d+([.,]\d+)?|én|ett|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tjue|femti|hundre|tusen|halv\w*|dobbel\w*)"
_UNIT = r"(time|dag|døgn|uke|måned|kvartal|halvår|år|gang)"
_FITS: Mapping[Kind, re.Pattern[str]] = {
    "howmany": re.compile(rf"\b{_NUMBER}\b|\b(flere|mange|ingen|alle|begge|lik)\b"),
    "howoften": re.compile(
        rf"\b{_NUMBER}[ -]?{_NUMBER}? ganger?\b|\bhver(t|e)? {_UNIT}|\bgang(er)? (i|per|pr)\b|\b(årlig|månedlig|ukentlig|daglig"
        r"|kvartalsvis|jevnlig|regelmessig|kontinuerlig|løpende|faste? (møte|tidspunkt))\w*"
    ),
    "howlong": re.compile(rf"\b{_NUMBER}\b.{{0,12}}\b{_UNIT}|\but \d{{4}}|\b(varig|midlertidig|varsel|til og med|fra og til)"),
    "when": re.compile(
        r"\b(19|20)\d\d\b|\b(ved|når|før|etter|innen|under|underveis|tidlig|oppstart|fase|tidspunkt|stund|alltid|løpende"
        r"|forkant|etterkant|deretter|samtidig|våren|høsten)\b"
    ),
    "who": re.compile(
        r"\b\w*(leder|ledelse|tillitsvalgt|ombud|direktør|arbeidsgiver|arbeidstaker|ansatt|politiker|folkevalgt|ordfører|utvalg"
        r"|gruppe|organisasjon|departement|minister|enhet|part|forbund|medarbeider|avdeling|styre|kommune|senter|sintef|ks|nav"
        r"|råd)\w*\b"
    ),
    "why": re.compile(
        r"\b(fordi|derfor|grunn\w*|slik at|for å|siden|ettersom|bidrar|fører til|gir|sikre\w*|dermed|da|skaper|øker|styrker"
        r"|dette (gjør|betyr)|årsak\w*|nødvendig|viktig)\b"
    ),
    "paragraph": re.compile(r"§|\b\w*(lov|avtale)\w*\b"),
    "yesno": re.compile(r"\b(skal|må|bør|kan|ikke|ingen|plikter|er|har)\b"),
}  # fmt: skip

_ANAPHORA = re.compile(
    r"^(dette|disse|denne|de |den |han |hun |slike?t? |her |da |derfor|dermed|i tillegg|samtidig|videre|men |også|likevel"
    r"|det (betyr|innebærer|gjør|gir|sikrer|bidrar|handler|gjelder|gjaldt|utfordrer|samme|krever|vil|kan være|er derfor|er grunnen))",
    re.IGNORECASE,
)
_DEFINES = r"(?:er|betyr|handler|innebærer|kalles|menes|brukes|vil si|er forkortelse)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, with its score (log-odds) and what it rests on."""

    hit: Hit
    at: int
    """Which sentence of the passage."""
    score: float
    features: Mapping[str, float]

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.stored.passage.sentences[self.at]

    @property
    def stored(self) -> Stored:
        """The passage it stands in."""
        return self.hit.stored


def weigh(query: Query, hits: Sequence[Hit], weights: Weights) -> list[Evidence]:
    """Return the sentences of the first READ hits, best first."""
    subject = _subject(query)
    found = [
        Evidence(hit, at, weights.sentence(features), features)
        for hit in hits[:READ]
        for at, features in enumerate(_features(query, hit, subject))
    ]
    found.sort(key=lambda evidence: (-evidence.score, evidence.stored.row, evidence.at))
    return found


def _features(query: Query, hit: Hit, subject: re.Pattern[str] | None) -> Iterator[dict[str, float]]:
    for at, sentence in enumerate(hit.stored.passage.sentences):
        words = len(sentence.text.split())
        yield {
            "cosine": float(hit.sentences[at]),
            "coverage": float(hit.coverage[at]),
            "passage": hit.score,
            "fits": float(fits(query.kind, sentence.text)),
            "question": float(sentence.text.rstrip('»”"').endswith("?")),
            "anaphoric": float(is_anaphoric(sentence)),
            "lead": float(sentence.kind == "lead"),
            "item": float(sentence.kind == "item"),
            "defines": float(
                query.kind == "definition" and subject is not None and bool(subject.search(sentence.text))
            ),
            "short": float(words < 4),
            "first": float(at == 0),
        }


def fits(kind: Kind, text: str) -> bool:
    """Say whether a sentence holds what a question of this kind asks for (a number, a time, a role …)."""
    pattern = _FITS.get(kind)
    return pattern is None or bool(pattern.search(text.lower()))


def is_anaphoric(sentence: Sentence) -> bool:
    """Say whether a sentence opens with a word that points back to the one before."""
    return sentence.kind == "sentence" and bool(_ANAPHORA.match(sentence.text.lstrip("«•–- ")))


def _subject(query: Query) -> re.Pattern[str] | None:
    """Return a pattern for «X er …», «X: …», X being what a definition is asked of."""
    match = re.search(
        r"(?:hva (?:er|betyr|menes med|innebærer|vil det si|ligger i|handler)|definer\w*|forklar\w*|what (?:is|are))\s+"
        r"(?:det |en |et |ei |om |med |begrepet |ordet |uttrykket |a |an |the |egentlig )*[«\"]?([\w -]{2,40})",
        query.text.lower(),
    )
    if match is None:
        return None
    words = [re.escape(word[: max(4, len(word) - 2)]) + r"\w*" for word in match.group(1).split()[:3]]
    return re.compile(
        rf"^[«•\s]*(?:en |et |ei |det )?{' '.join(words)}[»]?(?::| {_DEFINES}\b)", re.IGNORECASE
    )


def signs(query: Query, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[str, float]:
    """Return the features on which an answer is given or refused, all between about -1 and 2."""
    if not evidence or not hits:
        return {"nothing": 1.0}
    top = evidence[0]
    return {
        "cosine": max(float(item.features["cosine"]) for item in evidence[:5]),
        "dense": max(hit.features["dense"] for hit in hits[:5]),
        "coverage": top.features["coverage"],
        "whole": max(hit.features["whole"] for hit in hits[:3]),
        "lead": top.score,
        "passage": hits[0].score,
        "unknown": min(2.0, float(len(query.unknown))),
        "fits": top.features["fits"],
        "asks_detail": float(query.kind in {"howmany", "howoften", "howlong", "when", "who"}),
        "reference": max(hit.features["reference"] for hit in hits[:3]),
        "unknown_reference": float(bool(query.references) and not _any(hits, "reference")),
        "follows": float(query.follows),
    }


def _any(hits: Iterable[Hit], feature: str) -> bool:
    return any(hit.features[feature] > 0 for hit in hits)
