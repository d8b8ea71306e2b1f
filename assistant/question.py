"""What is being asked: the question on its own, its kind, its references, and the facets it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.contract import ChatRequest, Language
from assistant.followup import resolve
from assistant.lexicon import Lexicon
from assistant.phases import phase_beyond, phases_named
from assistant.wishes import Wish
from ingest.facets import FacetRules
from ingest.manifest import Work
from ingest.references import Reference, find

Kind = Literal[
    "amount",
    "howoften",
    "howmany",
    "howlong",
    "date",
    "when",
    "who",
    "why",
    "paragraph",
    "definition",
    "list",
    "yesno",
    "fact",
]
FIGURES: frozenset[Kind] = frozenset({"amount", "date", "howmany", "howoften", "howlong"})
"""Kinds that ask for a figure."""

_PAY = r"\w*(?:lønn(?:a|en)?|godtgjørelsen?|(?<!inn)satsen|gebyr(?:et)?)"
_YES_OR_NO = (
    "er|har|kan|skal|må|bør|får|vil|finnes|gjelder|trenger|blir|ble|kreves|plikter|holder|går|var|står"
    "|is|are|do|does|did|can|could|must|should|has|have|may|will"
)
"""What a question of yes or no opens with."""
_TOLD = (
    "(?:si|fortelle?|vite|tell|say|know)(?: (?:meg|oss|noe|me|us))?(?: om)?"
    "|for|om|bestemt|avtalt|avklart|avgjort|fastsatt|fastlagt|vedtatt|regulert|klart|står(?: det)?(?: noe)?"
    "|noe sted|oversikt over|minne (?:meg|oss) på|huske|about|on|agreed|decided|settled"
)
"""What «når» follows where a time is asked for: «er det bestemt når …?»."""
# Tried in this order on the question in bokmål: the first that matches names the kind.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "amount",
        re.compile(
            # «Det koster mye, hva kan vi gjøre?» asks for no amount, nor does «Hvor lenge får jeg lønn?».
            r"^(?!.*\bhvor (?:ofte|lenge|lang|mange)\b).*"
            r"\b(beløp|koste[rt]?(?!.*\b(?:hva|hvem|hvordan|hvorfor)\b)"
            r"|pris(en)?|kroner|budsjett(et)?|honorar|how much (money|does)|salary|wages?"
            # «Når kommer lønna?» asks for none either, nor does «får jeg fri med lønn?».
            r"|hvor mye [^?]*\b(?:betalt|utbetalt|penger|tjener?)"
            rf"|hvilke[nt] {_PAY}|(?:hva(?! skje)|hvor (?:mye|stort?|høyt?))"
            rf"(?: [^\s?]+){{0,7}} (?<!med )(?<!uten )(?<!for )(?<!om ){_PAY})\b"
        ),
    ),
    (
        "howoften",
        re.compile(r"\bhvor (ofte|hyppig|jevnlig|tett)\b|\b(ganger i (året|måneden|uka)|how often)\b"),
    ),
    (
        "howmany",
        re.compile(
            r"\bhvor (mange|mye|stor|høy)\b|^(?!.*\bhv(?:em|ordan|orfor)\b).*\bantall|\bhow (many|much)\b"
            r"|\b(tall(?:ene|a)?|statistikk|figures|statistics) (?:på|for|om|over|on|about)\b"
            r"|\bi prosent\b|\bprosentandel"
        ),
    ),
    (
        "howlong",
        re.compile(
            r"\bhvor (lenge|lang|(raskt|fort)\b)|\bvarighet|\bhow long\b"
            r"|^(?!når\b).*\b(frist|oppsigelses(?:tid|frist))"
        ),
    ),
    (
        "paragraph",
        re.compile(r"\bhvilke[nt]? (paragraf|lov|bestemmelse|del av)|\bhjemme?l|\bwhich (section|law|act)|§"),
    ),
    (
        "list",
        re.compile(
            r"\b(sjekkliste\w*|checklist|punkte\w*|liste?r?|nevn|ramse?|eksempler|hvilke|list)\b|\bwhich\b"
            r"|\bhva (?:bør|skal|må) (?:stå|inngå|avklares|med|være med|tas med|være på plass|inneholdes)\b"
            r"|\bhva (?:bør|skal|må) .{3,50}\binneholde\b"
        ),
    ),
    (
        "why",
        re.compile(
            r"\b(hvorfor|hvorledes kan det ha seg|årsak|grunnen?|why|begrunn\w*|poenget med|vits(?:en)?"
            r"|hva (?:får|vinner|oppnår|tjener) (?:vi|jeg|man|dere|de|kommunen)(?: \w+)?"
            r" (?:av|på|med|for|ved))\b"
        ),
    ),
    ("who", re.compile(r"\b(hvem|hvilken (instans|rolle|part)|who|whom|whose)\b")),
    (
        "date",
        re.compile(
            r"\b(hvilke[nt]? (år|dato|dag|årstall)|hva år|what year)\b"
            r"|\bnår (ble|blei|var|vart|kom|startet|begynte|døde|utkom)\b"
        ),
    ),
    # «når» after another question word is a conjunction: «hva gjør vi når …». So it is in «må vi skrive når
    # vi drøfter?», but not in «kan du si når …».
    (
        "when",
        re.compile(
            rf"^(?!(?:{_YES_OR_NO})\b(?!.*\b(?:{_TOLD}) (?:når|when)\b))(?:(?!\bhv|\bwh).)*\b(når|when)\b"
            r"|\b(hvilket tidspunkt|hvilken fase|hva tid)\b"
        ),
    ),
    (
        "definition",
        re.compile(
            r"\bhva (er|betyr|menes|vil det si|innebærer|ligger i|mener|handler|står)\b|\bdefin|\bforklar"
            r"|\b(ordet|begrepet|uttrykket|omgrepet)\b"
            r"|\bwhat (is|are|does .* mean)\b|\bbety[rd]"
        ),
    ),
    ("yesno", re.compile(rf"^({_YES_OR_NO})\b")),
)

_ASKS = re.compile(r"\b(?:hva|hvem|hvor|hvordan|hvorfor|når|hvilke[nt]?|what|who|how|why|when|where|which)\b")

_VERB_FIRST = re.compile(
    r"[a-zæøå]+(?:er|es|år) (?:\w{2,}(?:en|et|ene|ane|a)|det|den|de|dei|vi|dere|jeg|du)\b"
)
"""«Kommer støtten hvert år?»: asks yes or no, in a verb that no list has."""

_EACH_PHASE = re.compile(
    r"\b(?:hver|hver enkelt|alle|de (?:tre|ulike|forskjellige)|each|every|all|three)\b[^.?]{0,20}"
    r"\b(?:fase|phase)|\bfase for fase\b"
)
STAGE = "fase"
"""What Query.which holds where any stage is asked for."""
STAGES = (STAGE, "trinn", "steg", "etappe")
"""What a stage is called before its number."""
_STAGE = re.compile(
    rf"\b(?:hvilke[nt]? (?:av )?(?:{'|'.join(STAGES)}|del av (?:prosjekt|prosess|løp|forløp|arbeid))"
    r"|hva fase\b|når i (?:prosjekt|prosess|løpet|forløp))"
)
_WHICH = re.compile(r"\bhvilke[nt] (?:av )?(\w+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready for retrieval."""

    original: str
    text: str
    """Stands alone, spelling mended, in the words of the documents; this is what is embedded."""
    terms: Mapping[str, float]
    """Index terms and how much each counts (1 for what was asked, less for what was added)."""
    kind: Kind
    language: Language
    references: tuple[Reference, ...] = ()
    facets: frozenset[str] = frozenset()
    """Facets that the question itself names, or that follow from a follow-up («neste fase»)."""
    phase_beyond: str = ""
    """What in the question names a phase by a place that there is not («fase 5» of three)."""
    before: frozenset[str] = frozenset()
    """Index terms that only the questions before hold, if the question follows."""
    asker: frozenset[str] = frozenset()
    """Facets of who asks and from where: role and phase of the request. They nudge, they do not decide."""
    counted: frozenset[str] = frozenset()
    """Index terms of what is counted in «hvor mange …»."""
    each: str | None = None
    """Facet of which every value is asked for («i hver fase»): the answer gets one part for each."""
    document: str | None = None
    """The only document that is asked: where several are set side by side, each is asked on its own."""
    consulted: str | None = None
    """The document that is asked, by its noun, what it says; others may answer."""
    which: str | None = None
    """Noun of what is asked for by name («hvilket råd»): the answer opens with that; STAGE for any stage."""
    unknown: tuple[str, ...] = ()
    """Content words that no document knows."""
    corrections: tuple[tuple[str, str], ...] = ()
    follows: bool = False
    """Whether it was put together with the conversation before it."""
    supposed: bool = False
    """Whether only the conversation says that it follows, and nothing in its words."""
    own: str = ""
    """What was asked now, in the words of the documents, if the question follows."""
    own_weight: float = 1.0
    """How much that counts beside the whole, 0 to 1."""
    said: str = ""
    """The answer before, if the question follows: what the asker knows; all of them if more is wished."""
    wish: Wish | None = None
    """What is wished of the answer before, if nothing else is asked."""

    @property
    def phases(self) -> frozenset[str]:
        """The phases among the facets («phase:forme»)."""
        return frozenset(name for name in self.facets if name.startswith("phase:"))

    @property
    def asked(self) -> str:
        """What was asked now, in the words of the documents."""
        return self.own or self.text


def understand(
    request: ChatRequest,
    lexicon: Lexicon,
    facets: FacetRules,
    works: Sequence[Work],
    off: frozenset[str],
    suppose: bool,
) -> Query:
    """Turn a request into a query: follow-ups resolved, words normalised, kind and references found.

    `off` may hold "followups", to leave the conversation aside. With `suppose` a question follows even if
    nothing in its words says so.
    """
    history = () if "followups" in off else request.history
    resolved = resolve(request.question, history, facets, suppose)
    whole = lexicon.normalise(resolved.text)
    own = lexicon.normalise(resolved.own) if resolved.follows else whole
    now = lexicon.normalise(request.question) if resolved.follows and resolved.wish is None else whole
    asked = now.text.lower()
    kind = _kind(asked, whole.text.lower())
    mentioned = phases_named(own.text, facets) or phases_named(whole.text, facets) | resolved.facets
    several = len(facets.values("phase")) > 1 and not mentioned and bool(_EACH_PHASE.search(asked))
    return Query(
        original=request.question,
        text=whole.text,
        terms=_weighted(whole.terms, own.terms, resolved.context_weight),
        before=frozenset(term for term in whole.terms if term not in own.terms and whole.terms[term] >= 1.0),
        kind=kind,
        language=request.language or whole.language,
        references=tuple(find(resolved.text, None, works)),
        phase_beyond=phase_beyond(whole.text, facets),
        facets=mentioned | {name for name in facets.of((), resolved.text) if name.startswith("role:")},
        asker=_asker(request),
        # «Hvorfor … i alle fasene?» has one answer.
        each="phase" if several and kind != "why" else None,
        which=_which(asked),
        counted=_counted(asked, lexicon),
        unknown=whole.unknown,
        corrections=whole.corrections,
        follows=resolved.follows,
        supposed=suppose and resolved.follows,
        own=own.text if resolved.follows else "",
        own_weight=resolved.own_weight,
        said=_said(request, resolved.wish) if resolved.follows else "",
        wish=resolved.wish,
    )


def _said(request: ChatRequest, wish: Wish | None) -> str:
    answers = [turn.content for turn in request.history if turn.role == "assistant"]
    if wish in ("where", "simpler"):
        return ""  # what was said is said again
    return "\n".join(answers if wish is not None else answers[-1:])


def kind_of(question: str) -> Kind:
    """Return the kind of answer that a lower-case question in bokmål (or English) asks for."""
    stripped = question.strip()
    return next((kind for kind, pattern in _KINDS if pattern.search(stripped)), "fact")


def _counted(asked: str, lexicon: Lexicon) -> frozenset[str]:
    found = re.search(r"\b(?:hvor mange|antall(?:et)?|how many)\s+([\wæøå-]+)", asked)
    return frozenset(lexicon.normalise(found.group(1)).terms) if found else frozenset()


def _which(asked: str) -> str | None:
    if _STAGE.search(asked):
        return STAGE
    found = _WHICH.search(asked)
    return found.group(1) if found else None


def _kind(asked: str, whole: str) -> Kind:
    """Return the kind of what is asked; a follow-up without a question word asks as the one before did."""
    kind = kind_of(asked)
    return kind if kind != "fact" or _ASKS.search(asked) or _VERB_FIRST.match(asked) else kind_of(whole)


def _asker(request: ChatRequest) -> frozenset[str]:
    given = (("role", request.role), ("phase", request.phase))
    return frozenset(f"{facet}:{value}" for facet, value in given if value)


def _weighted(terms: Mapping[str, float], own: Mapping[str, float], context: float) -> dict[str, float]:
    """Count the words of the conversation before less than the question's own."""
    return {term: weight if term in own else weight * context for term, weight in terms.items()}
