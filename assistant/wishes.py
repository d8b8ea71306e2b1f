"""Follow-ups that ask nothing new: for more of the answer before, an example, its source, fewer words."""

from __future__ import annotations

import re
from typing import Literal

Wish = Literal["more", "example", "where", "simpler"]

_IT = r"(?:det(?: der| her)?|dette|den|saken|saka|temaet|svaret|det du (?:sier|sa|skrev)|it|that|this)"
_ABOUT = rf"(?: (?:om|på|rundt|about|on|of) {_IT})"
_BIT = r"(?: (?:litt|noe|noko|enda|endå|bare|berre|en gang til|ein gong til|a bit|please))*"
_YOU = (
    r"(?:(?:kan|kunne|vil|can|could) (?:du|dere|de|you) |har (?:du|dere|kilden|kildene|kjeldene) "
    r"|(?:finnes|finst|fins|er|står|gir) (?:det|kildene|kilden) |do you have |is there |are there )?"
)
_TELL = (
    r"(?:fortelle?|fortel|fortelje|si|sei|seie|skrive?|gi|gje|vise?|forklare?|utdype?|les|lese|tell)"
    r"(?: (?:meg|oss|me|us))?"
)
_NEWS = r"(?: informasjon| info| information| detaljer| details)?"
_MORE = r"(?:mer|meir|mere|more|grundigere|grundigare|nærmere|nærmare|flere detaljer|fleire detaljar)"
_PATTERNS: dict[Wish, tuple[str, ...]] = {
    "more": (
        rf"{_YOU}{_TELL}{_BIT}(?: {_IT})?{_BIT} {_MORE}{_NEWS}{_ABOUT}?{_BIT}",
        rf"{_YOU}(?:utdype?|elaborate|expand)(?: (?:på|on))?(?: {_IT})?{_ABOUT}?{_BIT}",
        rf"{_YOU}(?:litt |noe |noko |no |any )?{_MORE}{_NEWS}{_ABOUT}?{_BIT}",
        rf"{_YOU}gå (?:mer |meir )?(?:i|inn i) (?:detalj|detaljer|detaljar|dybden|djupna)",
        r"(?:flere |fleire |more )?(?:detaljer|detaljar|details)",
        r"(?:og |and )?(?:hva|kva|ka|what) (?:mer|meir|ellers|elles|mere|else)"
        r"(?: (?:sier|seier|står|finnes|finst|er|kan|does) (?:det|dei|de|du|kilden|kildene|kjeldene|it)"
        rf"(?: say| si)?)?{_ABOUT}?",
        rf"(?:er|var|is|was) (?:det|that|this) (?:alt|alle|alt du (?:har|finner|fant)|all){_ABOUT}?",
        r"(?:og |and )?(?:fortsett|fortset|hald fram|gå videre|les videre|go on|continue|videre|vidare)",
        r"(?:og|å|and) så(?: da| videre)?|and then",
    ),
    "example": (
        rf"{_YOU}(?:(?:gi|gje|vise?|nevne?|give|show|nemne?) (?:(?:meg|oss|me|us) )?)?"
        r"(?:(?:et|eit|ett|en|ein|noen|nokre|flere|fleire|konkrete?|praktiske?|gode?t?|an?|some|any) )*"
        r"(?:eksempel|eksempler|eksempla|eksemplar|døme|dømer|døma|examples?)"
        rf"(?: på (?:hvordan|korleis) (?:det|dette) kan (?:gjøres|gjerast|være|vere))?{_ABOUT}?{_BIT}",
    ),
    "where": (
        r"(?:og )?(?:hvor|kor|kvar|where)(?: i (?:kilden|kildene|dokumentet|teksten|kjelda))?(?: henne| hen)?"
        r" (?:står|sto|stod|finner (?:jeg|du|vi)|finn eg|fant du|har du|is|did you (?:get|find))"
        rf" {_IT}(?: (?:skrevet|fra|frå|hen|henne|written|stated|from))*",
        rf"where does it say {_IT}|who (?:says|said)(?: {_IT}| so)?",
        r"(?:og )?(?:hvilke[nt]?|kva for (?:ei|ein|eit)|which)"
        r" (?:kilde|kjelde|dokument|side|source|document|page)"
        rf"(?: (?:er|står|sto|stod|is) {_IT}(?: (?:i|på|fra|frå|in|on))?)?",
        r"(?:hva|kva|hvem|kven|what) (?:er|is) (?:kilden|kjelda|kilda|the source|your source)(?: di| din)?",
        rf"(?:og )?(?:hvem|kven|kem) (?:sier|seier|har sagt|sa|skriver|skriv|mener|meiner|påstår) {_IT}",
        r"(?:har du (?:en |ei |noen )?)?(?:kilde|kilder|kjelde|kjelder|source|sources)(?: på (?:det|dette))?",
        rf"er du (?:helt |heilt )?sikker(?: på {_IT})?|stemmer {_IT}|are you sure(?: about {_IT})?",
    ),
    "simpler": (
        rf"{_YOU}(?:si|sei|seie|forklare?|skrive?|gjenta|put|say|explain)(?: (?:meg|oss|me|us))?(?: {_IT})?"
        rf"{_BIT} (?:enklere|enklare|kortere|kortare|enkelt|kort|på en enkle?r?e? måte"
        r"|med (?:enklere|egne|andre) ord|more simply|simpler|in simple (?:words|terms))",
        rf"{_YOU}(?:oppsummere?|korte? (?:det )?ned|forenkle?|summari[sz]e)(?: {_IT})?{_BIT}",
        r"kort fortalt|kort sagt|(?:enklere|enklare|kortere|kortare|simpler|shorter)",
        rf"(?:hva|kva|ka|what) (?:mener|meiner|do|did) (?:du|you)(?: mean)?(?: med {_IT}| by {_IT})?",
        rf"(?:jeg|eg) (?:forstår|skjønner|skjønar) (?:ikke|ikkje)(?: {_IT})?",
        rf"i (?:don't|do not) understand(?: {_IT})?",
        rf"{_YOU}(?:oversette?|oversetje|omsetje?|translate)(?: {_IT})?{_BIT} (?:til|into|to) [a-zæøå]+",
        r"(?:på (?:engelsk|norsk|bokmål|nynorsk)|in (?:english|norwegian))(?: takk| please)?",
    ),
}
_OPENS = r"(?:(?:ja|nei|jo|ok|okei|takk|fint|hei|men|og|yes|no|thanks) )*"
_WISHES = {
    wish: re.compile(rf"{_OPENS}(?:{'|'.join(patterns)})(?: (?:da|då|takk|please|vær så snill|egentlig))*")
    for wish, patterns in _PATTERNS.items()
}


def wish_of(message: str) -> Wish | None:
    """Return what a follow-up wishes of the answer before, None where it asks something itself.

    «Fortell mer» and «og så?» wish for more, «har du et eksempel?» for an example, «hvor står det?» and
    «er du sikker?» for the source, «si det enklere» for fewer words. «Gi et eksempel på jobbglidning» asks
    something itself.
    """
    words = " ".join(re.findall(r"\w+(?:'\w+)*", message.lower().replace("’", "'")))
    return next((wish for wish, pattern in _WISHES.items() if pattern.fullmatch(words)), None)
