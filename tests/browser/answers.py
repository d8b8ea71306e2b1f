"""Answers in the API's form for the fake server; quotes are short true ones from the corpus."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def citation(number: int, quote: str, **given: Any) -> Json:
    return {
        "number": number,
        "document": "veileder",
        "title": "Veileder om digital omstilling og partssamarbeid – En god start",
        "publisher": "Partene sentralt",
        "section": ["Medbestemmelse etter Hovedavtalen"],
        "page": None,
        "quote": quote,
        "url": "/kilder/veileder?p=v1&s=0-10#sitat",
        "external_url": None,
        "status": "ukjent",
        "valid_to": None,
        "references": [],
        "duty": None,
    } | given


def block(kind: str, text: str, citations: list[int], items: list[str] | None = None) -> Json:
    return {"kind": kind, "text": text, "items": items or [], "citations": citations}


def answer(blocks: list[Json], citations: list[Json], **given: Any) -> Json:
    text = "\n".join(
        " ".join([entry["text"], *entry["items"], *(f"[{number}]" for number in entry["citations"])]).strip()
        for entry in blocks
    )
    return {
        "answered": True,
        "mode": "extractive",
        "answer": text,
        "blocks": blocks,
        "citations": citations,
        "nearest": [],
        "notices": [],
        "suggestions": [],
        "id": "a1",
    } | given


WEB_PAGE: Json = {"document": "fagforbundet", "title": "Digital omstilling", "publisher": "Fagforbundet"}
HANDBOOK: Json = {
    "document": "handbok",
    "title": "Håndbok i kommunalt trepartssamarbeid",
    "publisher": "Fagforbundet og SINTEF",
}
SAFETY = (
    "Tillitsvalgte må kreve at verneombudene blir informert og inkludert, "
    "som beskrevet i arbeidsmiljøloven § 6-2 fjerde ledd"
)
INCLUDE = "Det er viktig å inkludere det lokale verneombudet i arbeidsgruppa."
AHEAD = (
    "Når verneombudet deltar i utviklingsarbeidet på arbeidsplassen, kan hun eller han ligge i forkant av et "
    "eventuelt uforsvarlig arbeidsmiljø."
)
SETTLE = "Følgende bør avklares i en omstillingsavtale for digitalisering:"
POINTS = [
    "Hvem er parter i avtalen?",
    "Bakgrunnen for avtalen, det formelle grunnlaget/vedtaket som ligger til grunn",
    "Formål eller hensikt",
    "Involvering av verneombud",
]
INFORMATION = ["Hvordan skal prosessen foregå?", "Klargjøring av partenes rettigheter i prosessen"]
WARNING = "Kilden «Avtale: Samarbeid om digital kompetanse i kommunene» gjaldt ut 2019 og er utløpt."
EXPIRED = "Avtalen gjelder fra tidspunkt for undertegning og ut 2019."

SHORT = answer(
    [block("paragraph", f"{SAFETY}.", [1]), block("paragraph", f"{INCLUDE} {AHEAD}", [2])],
    [
        citation(
            1,
            SAFETY,
            **WEB_PAGE,
            section=["Partssamarbeid"],
            duty="plikt",
            external_url="https://www.fagforbundet.no/omstilling",
            references=[
                {"text": "arbeidsmiljøloven § 6-2", "url": "https://lovdata.no/lov/2005-06-17-62/§6-2"}
            ],
        ),
        citation(
            2, f"{INCLUDE} {AHEAD}", **HANDBOOK, section=["Inkludér verneombudet i arbeidet"], duty="råd"
        ),
    ],
    suggestions=["Hva er hovedverneombudets rolle?", "Hvem skal være med i arbeidsgruppa?"],
)

LIST = answer(
    [
        block("paragraph", SETTLE, [1]),
        block("heading", "Generelt", []),
        block("list", "", [1], POINTS),
        block("heading", "Informasjon", []),
        block("list", "", [2], INFORMATION),
    ],
    [
        citation(
            1,
            "\n".join([SETTLE, *POINTS]),
            **WEB_PAGE,
            section=["Sjekkliste – omstillingsavtale", "Generelt"],
        ),
        citation(
            2, "\n".join(INFORMATION), **WEB_PAGE, section=["Sjekkliste – omstillingsavtale", "Informasjon"]
        ),
    ],
    id="a2",
)

OLD = answer(
    [block("paragraph", EXPIRED, [1])],
    [
        citation(
            1,
            EXPIRED,
            document="avtale",
            title="Avtale: Samarbeid om digital kompetanse i kommunene",
            publisher="KMD, KS, LO Kommune, Unio, YS Kommune og Akademikerne Kommune",
            section=["Varighet"],
            status="utløpt",
            valid_to="2019-12-31",
            page=4,
        )
    ],
    notices=[WARNING],
    id="a3",
)

REFUSAL: Json = answer(
    [block("paragraph", "Det finner jeg ikke i kildene.", [])],
    [],
    answered=False,
    nearest=[
        {
            "document": "veileder",
            "title": "Veileder om digital omstilling og partssamarbeid – En god start",
            "section": ["Tillitsvalgtes rolle i et prosjekt"],
            "page": None,
            "text": "Tillitsvalgte tas med på råd, men bærer ikke ansvaret for beslutningene.",
            "score": 0.4,
            "url": "/kilder/veileder#v2",
        }
    ],
    suggestions=["Når skal tillitsvalgte tas med på råd?"],
    id="a4",
)

WRITTEN: Json = answer(
    [block("paragraph", "Verneombudene skal informeres og inkluderes [1].", [1])],
    [citation(1, SAFETY, **WEB_PAGE, duty="plikt")],
    mode="generated",
    notices=["Én setning ble tatt ut fordi kildene ikke bar den."],
    id="a8",
)

EVIL: Json = answer(
    [block("paragraph", "<img src=x onerror=alert(1)> [lenke](javascript:alert(1)) <b>fet</b>", [1])],
    [
        citation(
            1,
            "<script>alert(1)</script>",
            url="javascript:alert(1)",
            external_url="JaVaScRiPt:alert(1)",
            references=[
                {"text": "data", "url": "data:text/html,<script>alert(1)</script>"},
                {"text": "foreldreløs", "url": None},
            ],
        )
    ],
    nearest=[],
    id="a5",
)
OFFICIAL = "https://lovdata.no/lov/2005-06-17-62/§4-2"
UNREAD: Json = answer(
    [block("paragraph", f"Ordlyden er ikke blant kildene. Teksten finnes hos utgiveren: {OFFICIAL}.", [])],
    [],
    answered=False,
    notices=[f"Du kan lese den på {OFFICIAL}."],
    id="a10",
)
FOREIGN: Json = answer(
    [block("paragraph", "Lenken til kilden går til et annet nettsted.", [1])],
    [citation(1, "Sitat", url="https://example.org/kilder/veileder")],
    id="a6",
)

ADVICE: Json = answer(
    [block("list", "", [1, 2], ["Involver alle ansatte", "Planlegg gevinstene tidlig"])],
    [
        citation(1, "Råd 2: Involver alle ansatte", section=["Råd 2"]),
        citation(2, "Råd 7: Planlegg gevinstene tidlig", section=["Råd 7"]),
    ],
    id="a9",
)
PHASES = (
    ("Starte sammen", "Har dere ved oppstart avklart hvilke tillitsvalgte som skal involveres?"),
    ("Forme sammen", "Er det utarbeidet konseptforslag som skal drøftes?"),
    ("Levere sammen", "Er innføringsplan og endrings- og gevinstarbeidet drøftet med tillitsvalgte?"),
)
BY_PHASE: Json = answer(
    [
        part
        for number, (phase, quote) in enumerate(PHASES, 1)
        for part in (block("heading", phase, []), block("paragraph", quote, [number]))
    ],
    [citation(number, quote, section=[phase]) for number, (phase, quote) in enumerate(PHASES, 1)],
    id="a7",
)

BY_WORD = {
    "hver fase": BY_PHASE,
    "formulert": WRITTEN,
    "hvilke råd": ADVICE,
    "verneombud": SHORT,
    "safety": SHORT,
    "omstillingsavtale": LIST,
    "sjekkliste": LIST,
    "gjaldt": OLD,
    "minstelønn": REFUSAL,
    "ordlyden": UNREAD,
    "ond": EVIL,
    "fremmed": FOREIGN,
}


def answer_to(question: str) -> Json:
    """The answer whose word stands in the question, else the short one."""
    return next((known for word, known in BY_WORD.items() if word in question.lower()), SHORT)
