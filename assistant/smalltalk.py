"""Messages that ask nothing of the sources: greetings, thanks, questions to the assistant about itself."""

from __future__ import annotations

import re

_GREETING = (
    r"(?:hei|hallo|halla|heisann|morn|hi|hello|hey|good (?:day|morning|evening)"
    r"|god (?:dag|morgen|morgon|kveld|ettermiddag))"
)
_THANKS = (
    r"(?:(?:tusen |mange )?takk(?: skal du ha| for (?:hjelpen|hjelpa|svaret|det|meg))?|thanks|thank you"
    r"|supert|flott|perfekt|topp|fint|greit|ok|okei|great|perfect|ha det(?: bra)?|bye)"
)
_BEING = (
    r"(?:menneske|person|robot|maskin|chatbot|bot|ki|ai|kunstig intelligens|datamaskin|human|machine"
    r"|ekte|ekta|real)"
)
_ABOUT = (
    r"(?:hvem|hva|kven|kva|ka|kem) er du(?: (?:for noe|for noko|egentlig|eigentleg))?",
    r"(?:who|what) are you",
    rf"er du (?:(?:en|et|ei|ein|eit|ekte|ekta) )*{_BEING}\b.{{0,40}}",
    rf"are you (?:a |an )?(?:real )?{_BEING}\b.{{0,40}}",
    r"(?:hva|kva|ka) (?:heter|heiter|hete) du|what(?: is|'s) your name",
    r"(?:hvem|kven) (?:har |er det som har )?(?:laget|laga|lagde|lagd|utviklet|utvikla|eier|eig) deg",
    r"(?:hvem|kven) står bak deg|who (?:made|built|owns) you",
    r"(?:hvordan|korleis|åssen|koss) (?:går det|har du det|står det til)(?: med deg)?(?: i dag)?",
    r"how are you(?: doing)?(?: today)?",
    r"(?:hva|kva|ka) kan du(?: (?:gjøre|gjere|hjelpe(?: meg)? med|svare på))?(?: for meg)?",
    r"what can you (?:do|help(?: me)? with|answer)(?: for me)?",
    r"(?:kan du |can you )?(?:hjelpe meg|hjelp meg|hjelp|help me|help)",
    r"(?:kan du |can you )?(?:fortell|fortelle|fortel|fortelje|tell)(?: meg| me)? (?:en|ein|ei|a) "
    r"(?:vits|spøk|joke|historie|story)",
    r"(?:snakker|snakkar|forstår) du (?:norsk|nynorsk|bokmål|engelsk|samisk)|do you speak \w+",
)
_MESSAGE = re.compile(
    rf"(?:(?:{_GREETING}|{_THANKS})(?: (?:på deg|igjen|du|medråd|there))?(?: |$))*(?:{'|'.join(_ABOUT)})?",
    re.IGNORECASE,
)


def is_small_talk(question: str) -> bool:
    """Say whether all of a message is small talk: «Hei!» is, «Hei, når skal verneombudet med?» is not."""
    words = " ".join(re.findall(r"[\w']+", question))
    return bool(words) and _MESSAGE.fullmatch(words) is not None
