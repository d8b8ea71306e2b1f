"""Headings, paragraphs, items and links out of the real texts, and out of made-up ones of the same kind."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from ingest.clean import split_pages
from ingest.document import Block, Document, Page, PlacedBlock, Source
from ingest.structure import blocks_from_pages

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
IDS = ("veileder", "fagforbundet", "handbok", "avtale", "ks-rapport")


@cache
def placed(name: str) -> tuple[PlacedBlock, ...]:
    text = (CORPUS / f"{name}.txt").read_text("utf-8")
    return document(blocks_from_pages(split_pages(text))).blocks


def document(blocks: list[Block]) -> Document:
    return Document.assemble(Source("d", Path("d.txt"), "d"), blocks)


def find(name: str, text: str) -> PlacedBlock:
    found = [one for one in placed(name) if text in one.block.text]
    assert len(found) == 1, f"{text!r} stands in {len(found)} blocks of {name}"
    return found[0]


def items_after(blocks: list[Block], lead: str) -> list[str]:
    start = next(i for i, block in enumerate(blocks) if block.text.endswith(lead))
    items: list[str] = []
    for block in blocks[start + 1 :]:
        if block.kind != "item":
            break
        items.append(block.text)
    return items


def items_of(name: str, lead: str) -> list[str]:
    return items_after([one.block for one in placed(name)], lead)


def outline(blocks: list[Block]) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in blocks if block.kind == "heading"]


def from_text(text: str) -> list[Block]:
    return blocks_from_pages(split_pages(text))


COLUMN = """Kommunen drøfter planen med de
tillitsvalgte før den vedtas i
utvalget, og slik det er avtalt
i hele kommunen med alle lag.
"""


# What must hold in every text.


@pytest.mark.parametrize("name", IDS)
def test_texts_are_clean(name: str) -> None:
    for one in placed(name):
        text = one.block.text
        assert text == " ".join(text.split()), text
        assert "http" not in text and "↗" not in text, text
        assert not re.search(r"[a-zæøå]- (?!og |eller |lederes|som |å )[a-zæøå]", text), text
        assert not re.search(r"(\b\w\b ){6}", text), text


@pytest.mark.parametrize("name", IDS)
def test_no_paragraph_begins_or_ends_in_the_middle_of_a_sentence(name: str) -> None:
    for one in placed(name):
        if one.block.kind == "paragraph":
            assert not re.match(r"[a-zæøå]", one.block.text), one.block.text
            assert not re.search(r"( (og|i|på|av|som|en|å)|,|-)$", one.block.text) or one.block.text.endswith(
                "kan for eksempel delta i"
            ), one.block.text


@pytest.mark.parametrize("name", IDS)
def test_no_heading_is_glued_to_a_paragraph(name: str) -> None:
    headings = {one.block.text for one in placed(name) if one.block.kind == "heading"}
    for one in placed(name):
        for heading in headings:
            glued = re.match(re.escape(heading) + r" [A-ZÆØÅ]", one.block.text)
            assert not glued or one.block.kind == "heading", one.block.text


@pytest.mark.parametrize(
    ("name", "share"), [("veileder", 0.99), ("avtale", 1.0), ("ks-rapport", 0.99), ("handbok", 0.96)]
)
def test_hardly_any_letter_is_lost(name: str, share: float) -> None:
    raw = re.sub(r"https?://\S+", "", (CORPUS / f"{name}.txt").read_text("utf-8"))
    clean = " ".join(f"{one.block.marker} {one.block.text}" for one in placed(name))
    assert len(re.findall(r"\w", clean)) >= share * len(re.findall(r"\w", raw))


def test_chrome_captions_and_credits_are_gone() -> None:
    everything = "\n".join(one.block.text for name in IDS for one in placed(name))
    for gone in (
        "Til hovedinnhold",
        "jeg heter Frøya",
        "Illustrasjonen viser",
        "er hentet fra Digdir",
        "www.difi.no",
    ):
        assert gone not in everything
    for gone in (
        "Arbeidgivermonitor",
        "LØNNER",
        "NORD-FRON KOMMUNE",
        "k o m m",
        "STRA",
        "vinn-vinn",
        "2060 2021",
    ):
        assert gone not in everything


# Veileder: columns, links, a diagram.


def test_a_sentence_cut_by_columns_is_whole_again() -> None:
    find("veileder", "til alle parter før drøftinger gjennomføres. I tillegg til den formelle kontakten")
    find("veileder", "representasjon fra tillitsvalgte i styringsgruppen. De tillitsvalgte representerer")
    find("veileder", "styringsformene i den enkelte kommune")
    find("veileder", "bidra til at beslutningen(e), informasjonen")


def test_the_phases_are_sections_of_their_own() -> None:
    assert find("veileder", "Er det utarbeidet konseptforslag").section == (
        "Forme sammen – fra idé til konsept",
    )
    assert find("veileder", "Er innføringsplan og").section == (
        "Levere sammen – fra konsept til forvaltning",
    )
    assert find("veileder", "Arbeidsgiver er eier av omstillingen").section == (
        "Tillitsvalgtes rolle i et prosjekt",
    )


def test_links_stand_at_their_text_with_their_address() -> None:
    links = {one.block.text: one.block.url or "" for one in placed("veileder") if one.block.kind == "link"}
    assert links["Hovedavtalens formål"].endswith("#page=8")
    assert links["Hovedavtalen del B § 3-1 c"].endswith("#page=24")
    assert links["Hovedavtalen del B § 3-2"].endswith("#page=24")
    assert links["Hovedavtaleveilederen"].endswith("Hovedavtaleveilederen310323.pdf")
    assert links["Digdir: veileder for utvikling av sammenhengende tjenester"].endswith("/5369")
    assert "samstyringsstruktur" in links["samstyringsstrukturen"]
    assert len(links) == 6


def test_the_labels_of_a_diagram_are_a_list_under_the_line_that_leads_to_them() -> None:
    groups = items_of("veileder", "Tillitsvalgte kan for eksempel delta i")
    assert groups == ["Styringsgruppe", "Referansegruppe", "Testgruppe", "Arbeidsgruppe"]


# Fagforbundet: a web page.


def test_the_checklist_lies_one_level_below_its_section() -> None:
    path = find("fagforbundet", "Hvordan sørge for opplæring av vikarer?").section
    assert path == ("Sjekkliste – omstillingsavtale digitalisering", "Kompetanse")
    end = find("fagforbundet", "se heftet «Omstilling i kommunene»")
    assert end.section == ("Sjekkliste – omstillingsavtale digitalisering",)


def test_who_said_a_quote_and_a_date_are_no_headings() -> None:
    assert find("fagforbundet", "Trond Finstad, leder").block.kind == "paragraph"
    assert find("fagforbundet", "Sist oppdatert: 25.08.2023").block.kind == "paragraph"


# Avtale: every line followed by an empty one.


def test_a_double_spaced_text_has_its_headings_and_paragraphs() -> None:
    titles = [text for _, text in outline([one.block for one in placed("avtale")])]
    assert titles[2:] == [
        "Formål",
        "Verdigrunnlag",
        "Tema",
        "Virkemidler og aktiviteter",
        "Organisering",
        "Økonomi",
        "Varighet",
    ]
    duration = find("avtale", "ut 2019. Partene kan si opp avtalen med tre måneders varsel.")
    assert duration.section == ("Varighet",)
    find("avtale", "møteplasser (oppstart- og avslutningssamling, workshops), samt")


# KS-rapport: a label and its number away from their title.


def test_each_advice_has_its_number_and_its_text() -> None:
    titles = [text for _, text in outline([one.block for one in placed("ks-rapport")])]
    assert [title.split(":")[0] for title in titles] == ["Innledning", *(f"Råd {n}" for n in range(1, 10))]
    assert titles[2] == "Råd 2: Alle ansatte må involveres i omstillingsprosessene"
    assert find("ks-rapport", "involverte tillitsvalgte og medarbeidere").section == (titles[2],)
    assert find("ks-rapport", "Ansvarsfordelingen mellom fagavdelingene").section == (titles[9],)
    assert find("ks-rapport", "som følge av at oppgaver automatiseres").section == (titles[6],)


def test_words_and_sentences_cut_by_boxes_and_pages_are_whole() -> None:
    find("ks-rapport", "utnytte potensialet som ligger i dagens teknologi")
    find("ks-rapport", "Dette gjør det mulig for fagavdelingene å konsentrere seg")
    find("ks-rapport", "Blant annet beskriver flere av caseorganisasjonene")
    find("ks-rapport", "med «skal»- og «bør»-krav, og")
    find("ks-rapport", "Difis Prosjektveiviser).")
    find("ks-rapport", "innovative anskaffelser fremtredende. Flere")


def test_items_cut_by_empty_lines_are_whole() -> None:
    items = items_of("ks-rapport", "behovet for kompetanse innen:")
    assert len(items) == 4
    assert items[2] == (
        "personvern (fordi bruk av ny teknologi og etterlevelse av skjerpede regelverk stiller nye krav til "
        "håndtering av persondata)"
    )


# Handbok: everything at once.


def test_the_outline_of_the_handbook() -> None:
    lines = outline([one.block for one in placed("handbok")])
    assert [text for level, text in lines if level == 1] == [
        "FORORD",
        "INNLEDNING",
        "DEL 1: ORGANISERING AV UTVIKLINGSARBEIDET",
        "DEL 2: PRAKTISK PARTSSAMARBEID PÅ ARBEIDSPLASSNIVÅET",
        "PARTSSAMARBEIDET PÅ ARBEIDSPLASSEN",
        "SAMMENDRAG",
    ]
    second = [text for level, text in lines if level == 2]
    for title in (
        "Mål",
        "Tillit",
        "Lønnsomt",
        "«Alle skal med» i utviklingsarbeidet",
        "«What’s in it for me?»",
    ):
        assert title in second
    assert len(second) == len(lines) - 6 and len(second) < 55


def test_columns_of_bullets_find_their_items_and_their_leads() -> None:
    workplace = items_of("handbok", "produserer samarbeid lønnsomhet fordi:")
    strategy = items_of("handbok", "Dette er strategisk klokt fordi:")
    assert (len(workplace), workplace[0]) == (6, "Det styrker demokratiet på arbeidsplassen")
    assert workplace[3].endswith("det skjer gjennom involvering/medvirkning")
    assert (len(strategy), strategy[0]) == (
        7,
        "Det styrker kunnskapen om hva som foregår på det operative nivået",
    )
    assert items_of("handbok", "Dere får:")[0].startswith("Eksempler på hva dere kan samarbeide om")
    assert len(items_of("handbok", "Du velger å gi tillit:")) == 6
    assert "Innføring av ny teknologi" in items_of("handbok", "arbeidsplass samarbeide om:")
    assert {one.block.marker for one in placed("handbok") if one.block.text in strategy} == {""}


def test_lists_at_the_end_of_a_page_return_to_their_leads() -> None:
    assert items_of("handbok", "Håndboka setter derfor søkelys på:")[0] == "Hva menes med utviklingsarbeid?"
    assert len(items_of("handbok", "Still dere selv spørsmålene:")) == 4
    assert items_of("handbok", "En god begynnelse er:")[0].startswith("å starte arbeidet med å få innspill")
    assert len(items_of("handbok", "hva dere kan jobbe med over tid:")) == 7
    assert len(items_of("handbok", "å stille noen viktige spørsmål:")) == 5
    first = items_of("handbok", "reflektere rundt følgende spørsmål:")
    then = items_of("handbok", "Deretter foreslår vi at dere reflekterer over disse punktene:")
    assert first[1] == "Bruker vi møtene våre godt nok?" and then[0].startswith("Vet vi hva som rører seg")


def test_a_list_in_its_place_stays() -> None:
    assert find("handbok", "Hvilket område vil dere starte med?").section[-1] == "Involvere og motivere"
    assert items_of("handbok", "de store utfordringene i egen organisasjon:") == []


def test_bubbles_and_margin_boxes_are_paragraphs_of_their_own() -> None:
    leader = find("handbok", "LEDER: Får det enklere å være den gode mellomlederen")
    assert leader.section[-1] == "«What’s in it for me?»"
    assert find("handbok", "HUSK: Det er ordfører som står rettslig ansvarlig").block.text.endswith(
        "til loven."
    )
    box = find("handbok", "Vi anbefaler at dere det første halve året har møter")
    assert box.block.text.endswith("i ’arbeidsgruppa’ én gang i måneden")
    assert find("handbok", "frikjøp av ansatte slik at alle kan delta").block.text.endswith(
        "eksterne konsulenter?"
    )


def test_pull_quotes_that_repeat_the_text_are_gone() -> None:
    find("handbok", "lavere terskel for å gå til tillitsvalg og ledere")
    find("handbok", "Be gjerne din hovedtillitsvalgte om en samtale")
    find("handbok", "rollen har fått mer status")
    find("handbok", "Det bidrar til at tillitsvalgtapparatet samlet sett blir tryggere")
    assert not [one for one in placed("handbok") if "Verneombud i Trøndelag" in one.block.text]


def test_a_reference_and_a_title_are_no_pull_quotes_though_the_text_near_them_says_the_same() -> None:
    body = "Alle som arbeider i kommunen, kan varsle uten frykt, se arbeidsmiljøloven (aml) § 2 A-1 om dette."
    title = "Slik varsler du om kritikkverdige forhold"
    pages = [
        f"{body}\n\nJf.\narbeidsmiljøloven (aml) § 2 A-3\n\n{title}",
        f"{title} i din egen enhet.",
    ]
    blocks = blocks_from_pages([Page(text, number) for number, text in enumerate(pages, 1)])
    assert [block.text for block in blocks][1:3] == ["Jf. arbeidsmiljøloven (aml) § 2 A-3", title]


def test_a_text_that_goes_on_behind_a_box_keeps_its_section() -> None:
    text = find(
        "handbok", "endringsprosesser som kan påvirke ansattes arbeidshverdag negativt. All utvikling"
    )
    assert "vurderes i forhold til HMS-risiko" in text.block.text
    assert text.section[-1].startswith("Vernetjenesten ved hovedverneombud")
    assert find("handbok", "Hovedverneombudets rolle handler også").section == text.section
    box = find("handbok", "Plasstillitsvalgte er den valgte representanten")
    assert box.section[-1] == "Plasstillitsvalgte rolle og ansvar"


def test_sentences_over_pages_pass_captions_and_boxes() -> None:
    find("handbok", "en styringsgruppe for utviklingsarbeidet, hvor roller")
    find("handbok", "så anbefaler vi at saken utsettes og drøftes i neste møte")
    find("handbok", "lettere å få rekruttert kolleger til å påta seg verv")
    find("handbok", "lønner seg. Når partssamarbeidet utvides")
    find("handbok", "fungerer plasstillitsvalgte og lokalt verneombud som avlaster for leder")


def test_items_end_where_the_paragraph_goes_on() -> None:
    assert len(items_of("handbok", "så bør man:")) == 2
    assert find("handbok", "Dermed tydeliggjør man at").block.kind == "paragraph"
    arena = find("handbok", "TriPart er en arena der folkevalgte")
    assert arena.block.marker == "→" and "Ingen har stemmerett" in arena.block.text
    assert items_of("handbok", "Håndboka henvender seg til:")[1].startswith("Ledere, plasstillitsvalgte")


# Texts made up for this test, as rough as the real ones.

REPORT = """\
 Sammen om smartere tjenester

Bakgrunn

Fjellheim kommune har siden 2020 prøvd ut velferds- 
teknologi i hjemmetjenesten. Erfaringene viser at med-
virkning fra starten gir bedre løsninger, og at e-
læring ikke er nok. Kommunen bruker i dag IT-
systemer fra tre leverandører. 

De ansatte ønsker mer tid til 

opplæring i bruk av nye verktøy. Det gjelder særlig de 
som arbeider turnus og som sjelden er på kontoret når 

Opplæring tar tid, 
men lønner seg

ny programvare blir lagt ut. 

HUSK:
Verneombudet skal 
være med fra 
første møte.

Dette har virket godt:

Samarbeid
Arbeidsgruppa møtes hver fjortende dag. Referatene 
legges ut for alle. Opplæring tar tid, men lønner seg for 
både ansatte og brukere av tjenesten.

Korte møter hver uke med hele avdelingen
Superbrukere i hver turnusgruppe
Tid til å prøve utstyret før det tas i bruk i 
hjemmene

•
•
•
 Foto: Kari Nordmann
 Råd til andre kommuner

Vi anbefaler å:
- involvere tillitsvalgte og verneombud tidlig
- sette av midler til frikjøp
- evaluere etter seks måneder

Les mer om prosjektet ↗
Fjellheims veileder for opplæring ↗

https://fjellheim.example/prosjekt/smarte-tjenester
https://fjellheim.example/veileder-opplaering.pdf
 Bruk superbrukerne aktivt i opplæringen

TIPS

Superbrukere kjenner arbeidshverdagen og får fort 
tillit hos kolleger. De bør få fri fra andre oppgaver. 

 Gevinster bør måles før, under og etter innføringen. 
Det krever at noen har ansvaret. 

Mål gevinstene underveis

TIPS

2
"""


def test_a_made_up_report_is_read_like_the_real_ones() -> None:
    blocks = from_text(REPORT)
    assert [text for _, text in outline(blocks)] == [
        "Sammen om smartere tjenester",
        "Bakgrunn",
        "Samarbeid",
        "Råd til andre kommuner",
        "Tips 1: Bruk superbrukerne aktivt i opplæringen",
        "Tips 2: Mål gevinstene underveis",
    ]
    texts = [block.text for block in blocks if block.kind == "paragraph"]
    assert "velferdsteknologi" in texts[0] and "e-læring" in texts[0] and "IT-systemer" in texts[0]
    assert texts[1].endswith("på kontoret når ny programvare blir lagt ut.")
    assert texts[2] == "HUSK: Verneombudet skal være med fra første møte."
    assert sum("lønner seg" in text for text in texts) == 1
    assert items_after(blocks, "Dette har virket godt:")[2].endswith("før det tas i bruk i hjemmene")
    assert len(items_after(blocks, "Vi anbefaler å:")) == 3
    assert [block.url for block in blocks if block.kind == "link"] == [
        "https://fjellheim.example/prosjekt/smarte-tjenester",
        "https://fjellheim.example/veileder-opplaering.pdf",
    ]
    assert not any("Foto" in block.text for block in blocks)


def test_many_links_get_their_addresses_though_there_is_one_more() -> None:
    names = (
        "Budsjett Drøfting Formål Hovedmål Kalender Ledelse Medvirkning Opplæring Roller Samarbeid".split()
    )
    names += "Tillitsvalgt Utvalg Verneombud".split()
    texts = "".join(f"Les om {name.lower()} her ↗\n\n" for name in names)
    pages = [f"https://eksempel.no/{name.lower()}" for name in names]
    blocks = from_text(texts + "\n".join(["https://eksempel.no/forside", *pages]))
    assert [block.url for block in blocks if block.text.startswith("Les om")] == pages


PDF = (
    """Storvik kommune
1 Innledning
Retningslinjene gjelder alle virksomheter i kommunen. De skal
sørge for at ansatte får være med på endringer som angår arbeids-
hverdagen deres. Retningslinjene erstatter ikke lov- og avtale-
verk.
1.1 Formål
Formålet er å gi en felles forståelse av hvordan arbeidsgiver og
tillitsvalgte skal samarbeide når kommunen tar i bruk ny teknologi.
Arbeidsgiver skal:
• informere tillitsvalgte så tidlig som mulig
• drøfte tiltak som kan få betydning for
arbeidsmiljøet
Referat skal skrives etter hvert møte.
Side 1 av 3""",
    """Storvik kommune
2 Roller og ansvar
2.1 Verneombud
Verneombudet skal tas med på råd under planlegging og gjennom-
føring av tiltak som har betydning for arbeidsmiljøet innenfor
Side 2 av 3""",
    """Storvik kommune
ombudets verneområde, jf. arbeidsmiljøloven
§ 6-2 fjerde ledd.
2.2 Tillitsvalgte
Tillitsvalgte skal
a) ivareta medlemmenes interesser,
b) informere medlemmene.
Spørsmål rettes til HR-
avdelingen. De behandles fortløpende.
Side 3 av 3""",
)


def test_pages_of_a_pdf_keep_their_numbers_and_need_no_empty_lines() -> None:
    blocks = blocks_from_pages([Page(text, number) for number, text in enumerate(PDF, 1)])
    assert outline(blocks) == [
        (1, "1 Innledning"),
        (2, "1.1 Formål"),
        (1, "2 Roller og ansvar"),
        (2, "2.1 Verneombud"),
        (2, "2.2 Tillitsvalgte"),
    ]
    by_text = {block.text: block for block in blocks}
    ombud = next(block for text, block in by_text.items() if text.startswith("Verneombudet skal tas med"))
    assert ombud.page == 2 and ombud.text.endswith("jf. arbeidsmiljøloven § 6-2 fjerde ledd.")
    assert by_text["2.2 Tillitsvalgte"].page == 3
    assert (
        items_after(blocks, "Arbeidsgiver skal:")[1]
        == "drøfte tiltak som kan få betydning for arbeidsmiljøet"
    )
    assert by_text["informere medlemmene."].marker == "b)"
    assert by_text["Spørsmål rettes til HR-avdelingen. De behandles fortløpende."].kind == "paragraph"
    assert not any("Storvik" in text or "Side" in text for text in by_text)


def test_an_agreement_has_parts_chapters_and_sections() -> None:
    text = """Del A Formål og medbestemmelse
Kapittel 1 Formål
§ 1-1 Formål
Partene vil arbeide for et godt samarbeid. Målet er en bedre
tjeneste for innbyggerne.
§ 1-2 Virkeområde
(1) Avtalen gjelder for kommuner som er medlemmer.
(2) Avtalen gjelder ikke for selskaper som
er eid av private.
Kapittel 2 Plikter
§ 2-1 Arbeidsgivers plikter
Arbeidsgiver skal etter reglene i
§ 1-1 informere om:
a) endringer i driften
b) nedbemanning"""
    blocks = blocks_from_pages([Page(text, 7)])
    assert outline(blocks) == [
        (1, "Del A Formål og medbestemmelse"),
        (2, "Kapittel 1 Formål"),
        (3, "§ 1-1 Formål"),
        (3, "§ 1-2 Virkeområde"),
        (2, "Kapittel 2 Plikter"),
        (3, "§ 2-1 Arbeidsgivers plikter"),
    ]
    assert [(b.marker, b.text) for b in blocks if b.kind == "item"][1:3] == [
        ("(2)", "Avtalen gjelder ikke for selskaper som er eid av private."),
        ("a)", "endringer i driften"),
    ]
    last = document(blocks).blocks[-1]
    assert last.section[-1] == "§ 2-1 Arbeidsgivers plikter" and last.block.page == 7


@pytest.mark.parametrize("dash", "-‐‑–−")
def test_the_number_of_a_section_may_have_any_dash(dash: str) -> None:
    text = f"""Innledning til avtalen.
§ 3{dash}1 Formål
Partene vil arbeide for et godt samarbeid.
§ 3{dash}2
Virkeområde
Avtalen gjelder for kommuner som er medlemmer."""
    assert outline(blocks_from_pages([Page(text, 1)])) == [
        (3, f"§ 3{dash}1 Formål"),
        (3, f"§ 3{dash}2 Virkeområde"),
    ]


def test_a_section_number_above_its_title_and_headings_inside_sections() -> None:
    text = """KAPITTEL OM MEDVIRKNING
§ 1
Formål
Formålet er medvirkning for alle.
§ 2
Roller
Kapittel 3 handler om varighet.
Protokolltilførsel
Partene er enige om at dette gjelder alle ansatte.
§ 3
Varighet
Avtalen gjelder ut året.
Vedlegg om bruk
Vedlegget gjelder bruk av avtalen i alle kommuner."""
    assert outline(blocks_from_pages([Page(text, 1)]))[1:] == [
        (3, "§ 1 Formål"),
        (3, "§ 2 Roller"),
        (4, "Protokolltilførsel"),
        (3, "§ 3 Varighet"),
        (1, "Vedlegg om bruk"),
    ]


@pytest.mark.parametrize(
    "after", [". Den som varsler", "ha rutiner for den som varsler", "andre ledd, der det\nvarsles"]
)
def test_a_section_on_a_line_of_its_own_inside_a_sentence_opens_none(after: str) -> None:
    text = f"{COLUMN}Dette skal virksomheten etter arbeidsmiljøloven\n§ 2 A-6\n{after}, skal ha svar."
    blocks = from_text(text)
    joined = f"loven § 2 A-6{'' if after[0] == '.' else ' '}{' '.join(after.split())}, skal"
    assert [block.kind for block in blocks] == ["paragraph", "paragraph"] and joined in blocks[1].text


def test_no_sentence_goes_on_across_a_numbered_heading() -> None:
    text = """1 Kontakt

Spørsmål om utstyr og opplæring rettes til avdelingen for digitale tjenester eller til
den som har vakt på kontoret

2 Kamera

{lead}

innhentes samtykke fra brukeren, som kan trekke det tilbake når som helst i løpet av
perioden."""
    open_lead = from_text(text.format(lead="Før kamera tas i bruk, skal det"))
    assert open_lead[-1].text.startswith("Før kamera tas i bruk, skal det innhentes samtykke fra brukeren")
    whole = from_text(text.format(lead="Kamera brukes sjelden."))
    assert whole[1].text.endswith("vakt på kontoret") and whole[-1].text.startswith("innhentes samtykke")
    assert outline(open_lead) == outline(whole) == [(1, "1 Kontakt"), (1, "2 Kamera")]


def test_a_numbered_heading_may_stand_under_bullets_and_over_its_first_subheading() -> None:
    text = """1. Start
Lederen kaller inn til møte.

2. Arbeid

2.1 Møter

Gruppa møtes hver måned.
- Referat skrives.
- Referat godkjennes.

3. Økonomi
Kommunen dekker utgiftene.
Følgende dekkes ikke:
1. Reise
2. Kost"""
    titles = [(1, "1. Start"), (1, "2. Arbeid"), (2, "2.1 Møter"), (1, "3. Økonomi")]
    assert outline(from_text(text)) == titles
    assert items_after(from_text(text), "dekkes ikke:") == ["Reise", "Kost"]


def test_a_heading_needs_no_empty_line_above_it() -> None:
    text = """Rutine av 01.09.2025, gjelder alle enheter i kommunen
1 Opplæring

Alle tar kurset hvert annet år, og lederen følger med på at
det blir gjort. Kurset tar en time.
2 Medvirkning

Verneombudet får innkalling to uker før møtet.
Når du slutter

Du leverer utstyret til lederen."""
    blocks = from_text(text)
    assert [title for _, title in outline(blocks)] == ["1 Opplæring", "2 Medvirkning", "Når du slutter"]
    assert "Alle tar kurset hvert annet år" in blocks[2].text and blocks[2].text.endswith("tar en time.")


def test_a_question_alone_on_its_line_heads_the_text_below_though_it_ends_in_a_preposition() -> None:
    text = "Du kan varsle uten navn.\n\n{}Alle kan melde fra om brudd på lover og regler til kommunen."
    asked = "Hvem kan varsle og hva kan du varsle om"
    assert outline(from_text(text.format(f"{asked}\n\n"))) == [(1, asked)]
    assert outline(from_text(text.format(f"{asked}\n"))) == []
    assert outline(from_text(text.format("Alt som det kan varsles om\n\n"))) == []


def test_a_list_in_its_place_is_not_taken_from_a_text_without_scattered_lists() -> None:
    text = """Lederen sier følgende:

Vi har lært mye av dette arbeidet i kommunen vår.

Kommunen bør gjøre tre ting videre i arbeidet nå.

• gi opplæring
• gi tid
• gi råd"""
    kinds = [block.kind for block in blocks_from_pages([Page(text, 1)])]
    assert kinds == ["paragraph"] * 3 + ["item"] * 3


def test_bullets_on_a_line_of_their_own_above_their_text() -> None:
    blocks = blocks_from_pages([Page("Dere trenger:\n•\nTid til møter\n•\nEt rom som er\nstort nok\n", 1)])
    assert items_after(blocks, "Dere trenger:") == ["Tid til møter", "Et rom som er stort nok"]


def test_items_below_their_bullets_may_begin_low_where_all_bullets_have_one() -> None:
    text = "Rutinen skal minst inneholde\n•\noppfordring om å varsle\n•\nhvordan det varsles, og\ntil hvem"
    items = [block.text for block in from_text(text) if block.kind == "item"]
    assert items == ["oppfordring om å varsle", "hvordan det varsles, og til hvem"]
    assert [block.kind for block in from_text(f"{text}\n•\n\n•\nog senere")].count("item") == 0


def test_letters_and_numbers_on_a_line_of_their_own_above_their_text() -> None:
    text = """1.
Virkeområde
Loven gjelder for disse virksomhetene:

a.
Kommuner.
b.
Foretak som er eid av det offentlige, når kommunen
1.
betaler det meste, eller
2.
velger styret."""
    blocks = from_text(text)
    assert outline(blocks) == [(1, "1. Virkeområde")]
    assert [block.marker for block in blocks[2:]] == ["a.", "b.", "1.", "2."]
    assert blocks[4].text == "betaler det meste, eller"


def test_a_number_that_wraps_is_of_what_the_line_before_names() -> None:
    text = "Dette er nærmere beskrevet i planen for arbeidet, se kapittel\n5.\nKommunen følger den opp."
    assert from_text(text)[0].text.endswith("se kapittel 5.")


DRAWN = """Modellen med lokale beslutninger i hver enhet kalles ofte nettverksmodellen, og den har

Fordelene med modellen:

den er nyskapende
det er kort vei til den som bestemmer, og
ansvaret er {tail}

Kommunen har brukt modellen i flere år, og har god erfaring med at hver enhet tar ansvar for sitt
eget arbeid, slik planen sier."""


def test_short_lines_below_a_colon_are_items_where_their_bullets_are_drawn() -> None:
    items = ["den er nyskapende", "det er kort vei til den som bestemmer, og", "ansvaret er tydelig"]
    assert items_after(from_text(DRAWN.format(tail="tydelig")), "modellen:") == items
    long = "klart plassert hos den som leder enheten der alt arbeidet skal gjøres av\nde ansatte"
    assert items_after(from_text(DRAWN.format(tail=long)), "modellen:")[2].endswith("gjøres av de ansatte")


def test_a_line_below_a_colon_is_moved_to_no_text_above_it() -> None:
    open_end = (
        "Arbeidet er delt mellom enhetene i kommunen slik tegningen på neste side viser (se også planen,"
    )
    blocks = from_text(f"{open_end}\nog vedlegg 2\n\nTegningen viser dette:\n\nnettverksmodellen\n\n{COLUMN}")
    assert [block.text for block in blocks][1:3] == ["Tegningen viser dette:", "nettverksmodellen"]


def test_lines_below_a_colon_that_fill_their_column_are_text() -> None:
    wrapped = (
        "Planen sier dette:\n\nat alle enheter tar ansvar\nfor sitt arbeid og melder\nfra om det de ser."
    )
    assert items_after(from_text(wrapped), "dette:") == []


def test_bullets_inside_a_line() -> None:
    blocks = blocks_from_pages([Page("Gruppa: • leder • tillitsvalgt • verneombud", 1)])
    assert items_after(blocks, "Gruppa:") == ["leder", "tillitsvalgt", "verneombud"]


def test_a_table_of_short_cells_is_not_lost() -> None:
    cells = ["Lærer", "450 000 kr", "Fagarbeider", "410 000 kr", "Leder", "600 000 kr"]
    text = "\n\n".join(
        ["Satsene gjelder fra 1. mai for alle ansatte i kommunen.", *cells, "Satsene justeres årlig."]
    )
    everything = " ".join(block.text for block in blocks_from_pages([Page(text, 1)]))
    assert all(cell in everything for cell in cells)


def test_lines_of_cells_that_tabs_part_are_rows() -> None:
    text = (
        "Tid\tSted\n9–12\trådhuset\n\n1. Mål\n\nPlanen gjelder for alle.\n\n2. Ansvar\nRolle\tAnsvar\n"
        "Leder\tHar ansvaret.\nVerneombud\tSer etter.\n3. Krav\n\nAlle skal:\n\nFølge planen.\n"
    )
    assert [(block.kind, block.text) for block in from_text(text)] == [
        ("item", "Tid: Sted"),
        ("item", "9–12: rådhuset"),
        ("heading", "1. Mål"),
        ("paragraph", "Planen gjelder for alle."),
        ("heading", "2. Ansvar"),
        ("item", "Leder: Har ansvaret."),
        ("item", "Verneombud: Ser etter."),
        ("heading", "3. Krav"),
        ("paragraph", "Alle skal:"),
        ("paragraph", "Følge planen."),
    ]


def test_lines_of_a_name_and_a_value_are_rows() -> None:
    form = ["Dokumentnummer: HMS-01", "Utarbeidet av: Kari Moen", "Revisjonsfrekvens: Årlig / ved endring"]
    text = "\n".join(["Hoveddokument", "", *form, "1. Formål", "", "Planen gjelder for alle i kommunen."])
    assert [block.text for block in from_text(text) if block.kind == "item"] == form
    assert [title for _, title in outline(from_text(text))] == ["Hoveddokument", "1. Formål"]


def test_the_rows_of_a_table_that_end_in_a_share_are_no_headings() -> None:
    text = """Frikjøp

Den som har et verv, får tid til det av arbeidsgiveren.

Medlemmer Frikjøp

Under 50 10 %

Over 50 20 %

Kurs

Nye tillitsvalgte får kurs det første halve året."""
    assert [title for _, title in outline(from_text(text))] == ["Frikjøp", "Kurs"]


RUN = [
    "Kontor- og administrativt arbeid i kommunen",
    "Innleide og eksterne leverandører",
    "Midlertidig arbeid, kurs og prosjekter",
]


@pytest.mark.parametrize(
    ("lead", "kind"), [("Planen gjelder alle deler av virksomheten:", "item"), (COLUMN, "paragraph")]
)
def test_short_lines_in_a_row_over_another_heading_are_no_headings(lead: str, kind: str) -> None:
    blocks = from_text("\n\n".join([lead, *RUN, "3. Ansvar og roller", COLUMN]))
    assert [(block.kind, block.text) for block in blocks][1:5] == [
        *((kind, line) for line in RUN),
        ("heading", "3. Ansvar og roller"),
    ]


def test_the_last_of_short_lines_in_a_row_heads_the_text_below_it() -> None:
    assert outline(from_text("\n\n".join([COLUMN, *RUN, COLUMN]))) == [(1, RUN[-1])]


def test_the_first_line_of_a_cover_stays_a_heading() -> None:
    assert outline(from_text("\n\n".join([*RUN, COLUMN]))) == [(1, RUN[0]), (1, RUN[-1])]


def test_a_heading_at_the_foot_of_a_page_heads_the_text_of_the_next() -> None:
    def titles(foot: str, head: str) -> list[str]:
        text = "Lederen tar imot varselet og\nskriver ned det som er sagt i\nmøtet slik rutinen sier."
        blocks = blocks_from_pages([Page(f"{COLUMN}\n{foot}", 1), Page(f"{head}\n{text}", 2)])
        return [title for _, title in outline(blocks)]

    assert titles("Slik varsler du", "") == ["Slik varsler du"]
    assert titles("Slik varsler du", "• lederen får vite det\n• de andre får vite det\n") == [
        "Slik varsler du"
    ]
    assert titles("Bilde av torget", "Hva er målet?\n") == ["Hva er målet?"]
    assert titles("STORVIK KOMMUNE", "") == []


def test_two_headings_in_a_row_stay_headings() -> None:
    assert outline(from_text("\n\n".join([COLUMN, *RUN[1:], COLUMN]))) == [(1, line) for line in RUN[1:]]


@pytest.mark.parametrize("caption", ["Figur 2: Ansvarsmodell", "Figure 2: Ansvarsmodell"])
def test_a_caption_heads_no_text(caption: str) -> None:
    assert outline(from_text(f"Ansvar\n\n{COLUMN}\n{caption}\n\n{COLUMN}")) == [(1, "Ansvar")]


def test_slides_are_not_taken_for_captions() -> None:
    pages = [Page(f"Punkt {n} handler om medvirkning og roller.", n) for n in range(1, 7)]
    assert len(blocks_from_pages(pages)) == 6


def test_dates_and_ordinals_are_no_items() -> None:
    text = "Fristen for å melde inn saker er satt til\n1. mars, og svaret kommer senest\n2. april samme år."
    blocks = blocks_from_pages([Page(text, 1)])
    assert [block.kind for block in blocks] == ["paragraph"]


@pytest.mark.parametrize("text", ["", " \n\n", "•\n•\n", "12", ";\n", "§"])
def test_scraps_without_a_word_give_no_blocks(text: str) -> None:
    assert blocks_from_pages([Page(text, 1)]) == []


@pytest.mark.parametrize(
    ("text", "wanted"), [("https://eksempel.no/side", "eksempel.no"), ("A", "A"), ("RÅD\n1\n", "RÅD 1")]
)
def test_a_scrap_with_a_word_is_kept(text: str, wanted: str) -> None:
    assert [block.text for block in blocks_from_pages([Page(text, 1)])] == [wanted]


def test_no_pages_give_no_blocks() -> None:
    assert blocks_from_pages([]) == []


def test_a_dash_that_lacks_its_space_is_a_bullet_among_others() -> None:
    text = "Slik gjør vi:\n\n- Alle varsles\n\n-Resultatet drøftes\n\n- De overtallige innkalles\n"
    assert items_after(from_text(text), "gjør vi:") == [
        "Alle varsles",
        "Resultatet drøftes",
        "De overtallige innkalles",
    ]


def test_an_address_that_ends_a_sentence_is_its_text() -> None:
    blocks = from_text(COLUMN + "Hele planen er å finne på\nwww.eksempel.no/planen.\n\nNeste avsnitt er her.")
    assert blocks[0].text.endswith("Hele planen er å finne på www.eksempel.no/planen.")


@pytest.mark.parametrize(
    "title",
    [
        "3 En effektiv og\n\nordnet forvaltning",
        "3.1 En effektiv og\nordnet forvaltning",
        "3 Planarbeidet i\nutviklingen av en\nomsorgsfull og\neffektiv drift",
    ],
)
def test_a_numbered_heading_in_a_narrow_column_is_whole(title: str) -> None:
    level = 2 if title.startswith("3.1") else 1
    gap = "" if level == 2 else "\n"
    assert outline(from_text(f"{COLUMN}{gap}{title}\n{COLUMN}")) == [(level, " ".join(title.split()))]
