"""Messages that ask nothing of the sources: greetings, thanks, questions to the assistant about itself."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from assistant.contract import Language

SmallTalk = Literal["thanks", "about"]

_GREETING = (
    r"(?:hei|heia|hallo|halla|heisann|morn|morna|goddag|godmorgen|hi|hello|hey"
    r"|god (?:dag|morgen|morgon|kveld|ettermiddag)|good (?:day|morning|evening|afternoon))"
    r"(?: (?:på deg|igjen|du|there))?"
)
_THANKS = (
    r"(?:(?:tusen |mange |ja |nei )?takk(?: så mye| skal du ha"
    r"| for (?:hjelp|hjelpen|hjelpa|svar|svaret|det|meg))?"
    r"|thanks(?: a lot)?|(?:no )?thank you(?: so much| very much)?"
    r"|supert|flott|perfekt|topp|bra|fint|greit|greit nok|den er grei|ok|okei|great|perfect"
    r"|ha det|hade|ha en fin dag|god helg|bye|goodbye)"
)
_A = r"(?:(?:en|et|ei|ein|eit|an?|ekte|ekta|real|bare|berre) )*"
_BEING = (
    rf"{_A}(?:menneske|person|robot|maskin|chatbot|bot|språkmodell|ki|ai|kunstig intelligens|datamaskin"
    r"|human|machine|chatgpt)"
)
_WHO, _WHAT, _HOW = r"(?:hvem|kven|kem)", r"(?:hva|kva|ka)", r"(?:hvordan|korleis|åssen|koss)"
_ABOUT = "|".join(
    (
        rf"(?:{_WHO}|{_WHAT}) er du(?: (?:for noe|for noko|egentlig|eigentleg))?|(?:who|what) are you",
        rf"er du {_BEING}(?: eller {_BEING})?|are you {_BEING}(?: or {_BEING})?|er du der",
        rf"{_WHAT} (?:heter|heiter|heite|hete) du|what(?: is|'s|s) your name",
        rf"{_WHO} (?:har |er det som har )?(?:laget|laga|lagde|lagd|utviklet|utvikla|eier|eig) deg",
        rf"{_WHO} står bak deg|who (?:made|built|owns) you",
        rf"{_HOW} (?:går det|har du det|står det til)(?: med deg)?(?: i dag)?",
        rf"how are you(?: doing)?(?: today)?|{_HOW} (?:virker|verkar|fungerer|fungerar) du",
        rf"{_WHAT} kan du(?: (?:gjøre|gjere|hjelpe(?: meg)? med|svare på))?(?: for meg)?",
        rf"{_WHAT} kan (?:jeg|eg|vi|me) (?:spørre|spørje)(?: deg)? om",
        r"what can (?:you (?:do|help(?: me)? with|answer)(?: for me)?|i ask(?: you)?)",
        r"(?:kan du |can you )?(?:hjelpe(?: meg)?|hjelp(?: meg)?|help(?: me)?)(?: med noe| with something)?",
        r"(?:jeg|eg) (?:trenger|treng) hjelp",
        r"(?:kan du |can you )?(?:fortell|fortelle|fortel|fortelje|tell)(?: meg| me)? (?:en|ein|ei|a) "
        r"(?:vits|spøk|joke|historie|story)",
        r"(?:snakker|snakkar|forstår) du (?:norsk|nynorsk|bokmål|engelsk|samisk)|do you speak \w+",
    )
)
_WRITE = re.compile(
    rf"(?:{_GREETING} )?(?:(?:kan|can) (?:du|you) )?(?:skrive?|lage?|dikte?|synge?|write|sing)"
    r"(?: meg| me)? (?:en|et|ei|ein|eit|an?)(?: (?!user\b)\w+)? (?:dikt|sang|song|vise|rim"
    r"|limerick|haiku|novelle|eventyr|vits|poem|joke|story)\b",
    re.IGNORECASE,
)
"""What nobody asks of sources: «Skriv et dikt om fjorden»; a user story somebody may."""
_POLITE = re.compile(rf"(?:(?:(?:og|and) )?(?:{_GREETING}|{_THANKS})(?: |$))+", re.IGNORECASE)
_MESSAGE = re.compile(rf"(?:(?:(?:og|and) )?(?:{_GREETING}|{_THANKS}|{_ABOUT})(?: |$))+", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:hi|hello|hey|good|thanks|thank|bye|goodbye|you|your|what)\b", re.IGNORECASE)
_NYNORSK = re.compile(
    r"\b(?:kva|kven|korleis|eg|ein|eit|heiter|morgon|hjelpa|fungerar|verkar)\b", re.IGNORECASE
)
_THANKED = re.compile(rf"\b{_THANKS}(?: |$)", re.IGNORECASE)


def language_of(message: str) -> Language:
    """Return the language of small talk, which is too short for what tells questions apart."""
    if _ENGLISH.search(message):
        return "en"
    return "nn" if _NYNORSK.search(message) else "nb"


def small_talk(message: str) -> SmallTalk | None:
    """Return what kind of small talk a message is, None where any of it asks something.

    «Hei!» and «Hvem er du?» are «about», «Takk for hjelpen!» is «thanks», «Hei, når skal verneombudet med?»
    is a question.
    """
    plain = unicodedata.normalize("NFC", message).replace("’", "'")
    words = " ".join(re.findall(r"[\w']+", plain))
    if _WRITE.match(words):
        return "about"
    if not words or not _MESSAGE.fullmatch(words):
        return None
    return "thanks" if _POLITE.fullmatch(words) and _THANKED.search(words) else "about"
