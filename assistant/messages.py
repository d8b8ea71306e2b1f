"""The sentences that the assistant says in its own words, in the language of the question."""

from __future__ import annotations

from assistant.contract import Language

_TEXTS: dict[str, dict[Language, str]] = {
    "refusal": {
        "nb": "Det finner jeg ikke i kildene.",
        "nn": "Det finn eg ikkje i kjeldene.",
        "en": "I cannot find that in the sources.",
    },
    "about": {
        "nb": "Jeg er et program som svarer bare ut fra kildene, og viser hvor det står: {titles}.",
        "nn": "Eg er eit program som svarar berre ut frå kjeldene, og viser kvar det står: {titles}.",
        "en": "I am a program that answers only from the sources, and shows where they say it: {titles}.",
    },
    "thanks": {
        "nb": "Bare hyggelig. Spør gjerne om mer.",
        "nn": "Berre hyggeleg. Spør gjerne om meir.",
        "en": "You are welcome. Do ask more.",
    },
    "more": {
        "nb": "og {count} til",
        "nn": "og {count} til",
        "en": "and {count} more",
    },
    "no_more": {
        "nb": "Mer enn dette finner jeg ikke i kildene.",
        "nn": "Meir enn dette finn eg ikkje i kjeldene.",
        "en": "I cannot find more than this in the sources.",
    },
    "no_example": {
        "nb": "Noe eksempel på det finner jeg ikke i kildene.",
        "nn": "Noko døme på det finn eg ikkje i kjeldene.",
        "en": "I cannot find an example of it in the sources.",
    },
    "word_for_word": {
        "nb": "Jeg gjengir kildene ordrett og kan ikke skrive dem om. Dette er det korteste svaret.",
        "nn": "Eg gjev att kjeldene ordrett og kan ikkje skrive dei om. Dette er det kortaste svaret.",
        "en": "I quote the sources word for word and cannot rewrite them. This is the shortest answer.",
    },
    "part": {
        "nb": "Dette finner jeg ikke i kildene: «{question}»",
        "nn": "Dette finn eg ikkje i kjeldene: «{question}»",
        "en": "I cannot find this in the sources: “{question}”",
    },
    "beside": {
        "nb": "Dette finner jeg ikke i «{title}».",
        "nn": "Dette finn eg ikkje i «{title}».",
        "en": "I cannot find this in “{title}”.",
    },
    "nearest": {
        "nb": "Nedenfor står det som kommer nærmest.",
        "nn": "Nedanfor står det som kjem nærast.",
        "en": "The passages below come closest; the sources are in Norwegian.",
    },
    "unrelated": {
        "nb": "Det som kommer nærmest, står nedenfor, men handler trolig om noe annet.",
        "nn": "Det som kjem nærast, står nedanfor, men handlar truleg om noko anna.",
        "en": "What comes closest is below, but is probably about something else.",
    },
    "reference": {
        "nb": "Ingen av kildene nevner {reference}, så jeg kan ikke si hva som står der.",
        "nn": "Ingen av kjeldene nemner {reference}, så eg kan ikkje seie kva som står der.",
        "en": "None of the sources mentions {reference}, so I cannot say what it provides.",
    },
    "phase": {
        "nb": "Ingen av kildene nevner {phase}.",
        "nn": "Ingen av kjeldene nemner {phase}.",
        "en": "None of the sources mentions {phase}.",
    },
    "undivided": {
        "nb": "Jeg finner ikke {reference} for seg i kilden. Svaret er paragrafen som den står.",
        "nn": "Eg finn ikkje {reference} for seg i kjelda. Svaret er paragrafen slik han står.",
        "en": "I do not find {reference} by itself in the source. The answer is the section as it stands.",
    },
    "unread": {
        "nb": "Ordlyden i {reference} er ikke blant kildene.",
        "nn": "Ordlyden i {reference} er ikkje mellom kjeldene.",
        "en": "The wording of {reference} is not among the sources.",
    },
    "official": {
        "nb": "Teksten finnes hos utgiveren: {url}",
        "nn": "Teksten finst hos utgivaren: {url}",
        "en": "The text is published here: {url}",
    },
    "contact": {
        "nb": "Kilden viser til {contact}.",
        "nn": "Kjelda viser til {contact}.",
        "en": "The source refers you to {contact}.",
    },
    "expired": {
        "nb": "Kilden «{title}» gjaldt {until} og er utløpt.",
        "nn": "Kjelda «{title}» gjaldt {until} og har gått ut.",
        "en": "The source “{title}” was valid {until} and has expired.",
    },
    "holds": {
        "nb": "Kilden «{title}» gjelder {until}.",
        "nn": "Kjelda «{title}» gjeld {until}.",
        "en": "The source “{title}” is valid {until}.",
    },
    "coming": {
        "nb": "Kilden «{title}» gjelder først fra {day}.",
        "nn": "Kjelda «{title}» gjeld først frå {day}.",
        "en": "The source “{title}” is not valid until {day}.",
    },
    "superseded": {
        "nb": "Kilden «{title}» er erstattet av «{newer}».",
        "nn": "Kjelda «{title}» er erstatta av «{newer}».",
        "en": "The source “{title}” has been superseded by “{newer}”.",
    },
    "norwegian": {"en": "The sources are in Norwegian; the answer quotes them word for word."},
    "translated": {
        "en": "The sources are in Norwegian; the answer is in English, the quotes are word for word."
    },
    "model_failed": {
        "nb": "Språkmodellen svarte ikke som den skulle. Svaret er derfor hentet ordrett fra kildene.",
        "nn": "Språkmodellen svara ikkje som han skulle. Svaret er derfor henta ordrett frå kjeldene.",
        "en": "The language model did not answer as it should. The answer quotes the sources instead.",
    },
    "model_unsupported": {
        "nb": "Teksten fra språkmodellen hadde ikke dekning i kildene. Svaret er hentet ordrett fra dem.",
        "nn": "Teksten frå språkmodellen hadde ikkje dekning i kjeldene. Svaret er henta ordrett frå dei.",
        "en": "The sources do not bear out what the language model wrote. The answer quotes them instead.",
    },
    "model_beside": {
        "nb": "Det språkmodellen hadde dekning for, svarte ikke på spørsmålet. Svaret er ordrett sitert.",
        "nn": "Det språkmodellen hadde dekning for, svara ikkje på spørsmålet. Svaret er ordrett sitert.",
        "en": "What the sources bear of the model’s text did not answer. The answer quotes them instead.",
    },
    "model_declined": {
        "nb": "Språkmodellen fant ikke et sikkert svar. Under står det nærmeste kildene sier, ordrett.",
        "nn": "Språkmodellen fann ikkje eit sikkert svar. Under står det næraste kjeldene seier, ordrett.",
        "en": "The language model found no sure answer. Below is the closest that the sources say, quoted.",
    },
    "model_cut_short": {
        "nb": "Språkmodellen stoppet før den var ferdig, så svaret kan mangle noe.",
        "nn": "Språkmodellen stoppa før han var ferdig, så svaret kan mangle noko.",
        "en": "The language model stopped before it had finished, so something may be missing.",
    },
    "corrected": {
        "nb": "Jeg leste «{given}» som «{meant}».",
        "nn": "Eg las «{given}» som «{meant}».",
        "en": "I read “{given}” as “{meant}”.",
    },
    "until_year": {"nb": "ut {year}", "nn": "ut {year}", "en": "to the end of {year}"},
    "until_day": {"nb": "til {day}", "nn": "til {day}", "en": "until {day}"},
    "local": {
        "nb": "«{title}» er en lokal avtale eller rutine.",
        "nn": "«{title}» er ein lokal avtale eller rutine.",
        "en": "“{title}” is a local agreement or routine.",
    },
}


def say(key: str, language: Language, **values: str) -> str:
    """Return the text `key` in `language`, its places filled with `values`."""
    return _TEXTS[key][language].format(**values)
