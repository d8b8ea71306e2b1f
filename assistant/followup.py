"""Turn a follow-up into a question that stands alone, by rules.

Three signs that a question leans on the one before: it opens like one («og», «hva med»), it points back
(«den», «etterpå») and has too little of its own to be understood, or it is only a question word («hvorfor
det?»). A question with enough words of its own changes the topic and is left as it is. Between the two lie
short questions without a sign, that may be either («hvem betaler vikaren?», «hva er drøfting?»): the sources
decide, see `may_lean`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contentwords import FUNCTION, WORD, content
from assistant.contract import MAX_QUESTION, Turn
from assistant.numerals import NUMERALS, ORDINALS
from assistant.phases import of_another_phase, phases_named
from assistant.sectionfollow import readdressed
from assistant.subquestions import ASKS
from assistant.wishes import Wish, wish_of
from ingest.facets import FacetRules

_OPENING = re.compile(
    r"^(og|å|aa|men|eller|enn|hva med|hva da|ka med|kva med|what about|how about|and|but|or)\b[ ,]*",
    re.IGNORECASE,
)
# «De ansatte», «det skriftlige»: an article before people or a quality, no pronoun.
_POINTS_BACK = re.compile(
    r"\b(?!(?:de|den|det|dei)\s+(?:(?:\w*(?:valgte|valde|ansatte)|tilsette|berørte|involverte)s?|\w+lige|enkelte)\b)"
    r"(det|den|de|dem|dette|disse|denne|der|da|han|hun|ho|dei|desse|sånn|slik|slike|begge|samme|same|it|they|them|this"
    r"|that|those|these|there|he|she|his|her|their|deres|hans|hennes|deira|hennar|vedkommende|førstnevnte"
    r"|sistnevnte|førre|forrige|neste)\b"
    r"|\b(?:etterpå|etterpaa|imens|i (?:så|saa) fall|i stedet|i staden|då|daa)\b[ ?]*$",
    re.IGNORECASE,
)
_ENOUGH = 4
"""Own content words up to which a question that points back leans; with more it stands alone."""
_MOST = {"opens": _ENOUGH + 1, "points": _ENOUGH, "": 1}
_SHORT = 5
"""Own content words up to which a question without a sign may lean."""
_COMPOUND_HEAD = 5
"""Letters at the end of their stems that two words of a kind share: «testgruppe», «arbeidsgrupper»."""
_ENDING = re.compile(r"(?:ene|ane|er|ar|en|et|a|e)?s?$")
_DEFINITION = re.compile(
    r"^([hk]va (?:er|betyr|tyder|menes med|vil det si))(?: (?:en?|et|ein?|eit))?"
    r"(?: [\wæøå-]*[^\Ws])? [\wæøå-]+[ ?]*$",
    re.IGNORECASE,
)
"""Of a word or two; not «hva er ledernes ansvar?», where another's ansvar is asked for next."""
_NUMBER = re.compile(r"^([a-zæøå]{3,}) (\d{1,2})$", re.IGNORECASE)
_ENGLISH = "one two three four five six seven eight nine ten".split()
_PLACES = {
    **ORDINALS,
    **{word: number - 1 for word, number in NUMERALS.items()},
    **{word: place for place, word in enumerate(_ENGLISH)},
    **{str(place + 1): place for place in range(10)},
}
"""Places in a list by their words, from 0; -1 is the last."""
_ITEM_ASKED = re.compile(
    r"^(?:og\s+|and\s+)?"
    r"(?:(?:[hk]va (?:er|med|betyr|tyder|innebærer|menes med|handler)|what (?:is|about|does)"
    r"|fortell(?: meg)?(?: mer)? om|tell me more about|(?:kan du )?(?:utdyp|forklar|si noe om)\w*)\s+)?"
    rf"(?:(?:det|den|the)\s+(?P<place>{'|'.join(_PLACES)})|(?:punkt|nummer|nr\.?|point|number)\s+"
    rf"(?P<number>{'|'.join(_PLACES)}))"
    r"(?:\s+(?:kule)?(?:punktet|rådet|tiltaket|kravet|point|one))?(?:\s+(?:om|mean))?[ ?.]*$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[•*-]|\d+[.)])\s+(.+?)(?:\s*\[\d+\])*\s*$", re.MULTILINE)
_ASKS = re.compile(rf"{ASKS}\b", re.IGNORECASE)
_ANEW = 2
"""Content words from which a question of its own words («og hva gjorde Bærum?») is what later ones follow."""
_CONTEXT_WEIGHT = 0.5
_SAYS_ENOUGH = 3
"""Content words from which the own part of a follow-up counts as much as the whole."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question that stands alone. `own` is the part that was asked now."""

    text: str
    own: str
    follows: bool = False
    facets: frozenset[str] = frozenset()
    context_weight: float = 1.0
    own_weight: float = 1.0
    """How much the own part counts beside the whole: what has few words of its own says little alone."""
    wish: Wish | None = None
    """What is wished of the answer before, if nothing else is asked: `text` is what that one answered."""


def resolve(question: str, history: Sequence[Turn], facets: FacetRules, suppose: bool = False) -> Resolved:
    """Put a follow-up together with what it follows.

    Args:
        question: as it was asked.
        history: earlier turns, oldest first.
        facets: to know the phases and their order.
        suppose: take it to follow, also where nothing in its words says so.
    """
    earlier = _earlier(history)
    if not earlier:
        return Resolved(question, question)
    wish = wish_of(question)
    item = _item(question, history)
    if item is None and wish is None and not (suppose or leans(question)):
        return Resolved(question, question)
    base = _base(earlier, history, facets)
    if wish is not None:
        return Resolved(base, "", True, own_weight=0.0, wish=wish)
    if item is not None:
        return Resolved(f"{base} {item}", item, True, frozenset(), _CONTEXT_WEIGHT)
    own = _OPENING.sub("", question)
    phased = of_another_phase(base, own, history, facets)
    if phased is not None:
        return Resolved(phased, phased, True, phases_named(phased, facets))
    swapped = _swapped(base, own.strip(" ?"), facets)
    if swapped is not None:
        return Resolved(swapped, swapped, True)
    own_weight = min(1.0, len(content(own)) / _SAYS_ENOUGH)
    return Resolved(f"{base} {own}", own, True, frozenset(), _CONTEXT_WEIGHT, own_weight)


def _item(question: str, history: Sequence[Turn]) -> str | None:
    """Return the item of the list answered before that «hva er det siste?» or «og punkt 3?» means.

    None where several lists were: who is to say which of them is meant?
    """
    asked = _ITEM_ASKED.match(question.strip())
    if asked is None:
        return None
    answer = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    lists = [items for block in answer.split("\n\n") if (items := _ITEM.findall(block))]
    if len(lists) != 1:
        return None
    place = _PLACES[(asked["place"] or asked["number"]).lower()]
    return lists[0][place] if place < len(lists[0]) else None


def _swapped(base: str, topic: str, facets: FacetRules) -> str | None:
    """Return the question before asked of another topic: «og styringsgruppen?», «og § 3-2?».

    None where it is not plain which words the topic takes the place of.
    """
    section = readdressed(base, topic)
    if section is not None:
        return section
    words = WORD.findall(topic)
    if not 0 < len(words) <= _ENOUGH or any(word.lower() in FUNCTION for word in words):
        return None
    number = _NUMBER.match(topic)
    if number:
        text, count = re.subn(
            rf"\b({number.group(1)}) \d{{1,2}}\b", rf"\1 {number.group(2)}", base, flags=re.IGNORECASE
        )
        return text if count else None
    like = [word for word in WORD.findall(base) if len(words) == 1 and _is_like(word, words[0], facets)]
    if len(like) == 1:
        owner = "s" if like[0].endswith("s") and not topic.endswith("s") else ""
        return base.replace(like[0], topic + owner)
    definition = _DEFINITION.match(base)
    return f"{definition.group(1)} {topic}?" if definition else None


def _is_like(one: str, other: str, facets: FacetRules) -> bool:
    """Say whether two words are of a kind: compounds that end alike («testgruppe»), or two roles."""
    if one.lower() == other.lower():
        return False
    heads = {_ENDING.sub("", word.lower())[-_COMPOUND_HEAD:] for word in (one, other)}
    if len(heads) == 1 and len(*heads) == _COMPOUND_HEAD:
        return True
    before, now = (
        {name for name in facets.of((), word) if name.startswith("role:")} for word in (one, other)
    )
    return bool(before and now) and not before & now


def may_lean(question: str, history: Sequence[Turn]) -> bool:
    """Say whether a question can be read both as a part of its conversation and on its own."""
    return (
        bool(history)
        and wish_of(question) is None
        and not _sign(question)
        and 1 <= len(content(question)) <= _SHORT
    )


def leans(question: str) -> bool:
    """Say whether a question cannot be understood without the one before."""
    return len(content(question)) <= _MOST[_sign(question)]


def _sign(question: str) -> str:
    """Return what in a question says that it leans on the one before: a key of _MOST."""
    if _OPENING.match(question):
        return "opens"
    return "points" if _POINTS_BACK.search(question) else ""


def _earlier(history: Sequence[Turn]) -> list[tuple[int, str]]:
    """Return the questions before, each with its place in the history, that are more than a wish."""
    asked = ((at, turn.content[:MAX_QUESTION]) for at, turn in enumerate(history) if turn.role == "user")
    return [(at, text) for at, text in asked if text.strip() and wish_of(text) is None]


def _base(earlier: Sequence[tuple[int, str]], history: Sequence[Turn], facets: FacetRules) -> str:
    """Return the latest question that stands alone, with the follow-ups after it."""
    start = max((n for n, (_, text) in enumerate(earlier) if not leans(text) or _asks_anew(text)), default=0)
    base = _OPENING.sub("", earlier[start][1])
    for at, text in earlier[start + 1 :]:
        own = _item(text, history[:at]) or _OPENING.sub("", text)
        phased = of_another_phase(base, own, history[:at], facets)
        base = (phased or _swapped(base, own.strip(" ?"), facets) or f"{base} {own}")[:MAX_QUESTION]
    return base


def _asks_anew(question: str) -> bool:
    """Say whether an earlier question that opens like a follow-up says itself what it asks, and of what."""
    own = _OPENING.sub("", question)
    return bool(_ASKS.match(own)) and len(content(own)) >= _ANEW and not _POINTS_BACK.search(own)
