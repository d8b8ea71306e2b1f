"""Characters, pages, double spacing and words that were cut over a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.chrome import strip_chrome
from ingest.clean import WordJoiner, collapse_double_spacing, normalise, split_pages

CHAT = "Hei, jeg heter Frøya. Hva kan jeg hjelpe med?"


def joined(*lines: str, elsewhere: str = "") -> str:
    return WordJoiner([*lines, elsewhere]).join(lines)


def test_normalise_removes_what_cannot_be_seen_and_keeps_signs() -> None:
    assert normalise("\ufeffdrøf\u00adting\x00 av\u00a0§ 8-1\u200b") == "drøfting av § 8-1"
    assert normalise("e\ufb03zient \ufb01n m²") == "effizient fin m²"
    assert normalise("med\u00ad\nvirkning") == "medvirkning"
    assert normalise("en\r\nto\rtre") == "en\nto\ntre"
    assert normalise("\ud800tekst") == "tekst"


def test_normalise_makes_one_bullet_of_many_and_leaves_the_middle_dot_in_words() -> None:
    assert (
        normalise("\uf0b7 ett\n● to\n· tre\n\uf0a8 fire\ncol·lega") == "• ett\n• to\n• tre\n• fire\ncol·lega"
    )


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("kommunalt treparts-", "samarbeid."), "kommunalt trepartssamarbeid."),
        (("For case- ", "organisasjonene"), "For caseorganisasjonene"),
        (("en IKT-", "ekspert"), "en IKT-ekspert"),
        (("i Nord-", "Fron"), "i Nord-Fron"),
        (("på lov- ", "og avtaleverk"), "på lov- og avtaleverk"),
        (("prosjekt- ", "eller utviklingsmetodikk"), "prosjekt- eller utviklingsmetodikk"),
        (("oppstart- ", "og avslutningssamling"), "oppstart- og avslutningssamling"),
        (("«skal»- og «bør»-", "krav"), "«skal»- og «bør»-krav"),
        (("fra 2017-", "tallene"), "fra 2017-tallene"),
        (("saklige og ikke-", "diskriminerende krav"), "saklige og ikke-diskriminerende krav"),
        (("bruk av e-", "læring"), "bruk av e-læring"),
        (("Siri-", "brukere"), "Siribrukere"),
        (("arbeidsgiver/", "prosjektet"), "arbeidsgiver/prosjektet"),
        (("og / ", "eller"), "og / eller"),
        (("politikeres - ", "og lederes"), "politikeres - og lederes"),
        (("for 2026–", "2029"), "for 2026–2029"),
    ],
)
def test_a_hyphen_at_the_line_end_stays_only_where_it_is_the_words_own(
    lines: tuple[str, ...], text: str
) -> None:
    assert joined(*lines) == text


def test_the_rest_of_the_document_decides_on_a_hyphen() -> None:
    assert joined("Kommune-", "kari svarer", elsewhere="Spør kommune-kari!") == "Kommune-kari svarer"
    assert joined("passe-på-", "rolle", elsewhere="en passe-på-rolle etter loven") == "passe-på-rolle"
    assert joined("parts-", "gruppa", elsewhere="parts-gruppa og partsgruppa") == "partsgruppa"


def test_spaces_are_single_and_none_stands_before_a_point() -> None:
    assert joined("flater\tut  .  Det", " er ( så ) ") == "flater ut. Det er ( så )"


def test_pages_start_at_form_feeds() -> None:
    assert [page.text for page in split_pages("en\n\fto\n\f \n\ftre")] == ["en\n", "to\n", "tre"]


def test_pages_start_at_one_leading_space_but_not_at_bullets() -> None:
    text = " Første side\ner her.\nMer.\nMer.\n Andre side\n • et punkt\n  innrykk\nSlutt på siden."
    assert [page.text.split("\n")[0] for page in split_pages(text)] == [" Første side", " Andre side"]
    assert {page.number for page in split_pages(text)} == {None}


def test_indented_paragraphs_are_not_pages() -> None:
    text = "\n".join(f" Avsnitt {n} er rykket inn.\nDet går videre her." for n in range(6))
    assert len(split_pages(text)) == 1


def test_the_pages_of_the_real_texts(corpus: Path) -> None:
    counts = {file.stem: len(split_pages(file.read_text("utf-8"))) for file in corpus.glob("*.txt")}
    assert counts["fagforbundet"] == counts["avtale"] == 1
    assert counts["ks-rapport"] == 11
    assert 25 <= counts["handbok"] <= 40


def test_a_page_does_not_start_inside_a_list_of_the_handbook(corpus: Path) -> None:
    pages = split_pages((corpus / "handbok.txt").read_text("utf-8"))
    starts = [page.text.strip().split("\n")[0] for page in pages]
    assert not any(start.startswith("Er det noe nytt i tillitsvalgtrollen") for start in starts)
    assert any(start.startswith("partssamarbeidet utvides") for start in starts)


def test_empty_text_has_no_pages() -> None:
    assert split_pages(" \n\n \f") == []


def test_double_spacing_is_collapsed_and_other_texts_are_left(corpus: Path) -> None:
    agreement = (corpus / "avtale.txt").read_text("utf-8").split("\n")
    assert sum(line == "" for line in collapse_double_spacing([agreement])[0]) < 10
    web = (corpus / "fagforbundet.txt").read_text("utf-8").split("\n")
    assert collapse_double_spacing([web]) == [web]


def test_chrome_of_a_web_page_goes_and_what_only_looks_like_it_stays() -> None:
    body = [f"Avsnitt {n} handler om medvirkning." for n in range(30)]
    page = ["Til hovedinnhold", "Meny", "Søk", *body, "Søk", *body, "Del på Facebook", ";", CHAT]
    assert strip_chrome([page]) == [["", "", "", *body, "Søk", *body, "", "", ""]]


def test_cookies_greetings_and_controls_go() -> None:
    for line in (
        "Vi bruker informasjonskapsler for å gi deg en bedre opplevelse.",
        "Hei! Eg heiter Kari. Kva kan eg hjelpe deg med?",
        "Hvordan kan vi hjelpe deg?",
        "Hopp til innhold",
        "Til innholdsfortegnelse",
        "Til dokumentets forside",
        "Skriv ut siden",
        "Save this PDF as:",
        " WORD  PNG  TXT  JPG",
        "Størrelse: px",
        "Begynne med side:",
        'Download "Permisjonsreglement Gjeldande frå 2011"',
        "Transkript",
    ):
        assert strip_chrome([[line]]) == [[""]], line
    kept = "Arbeidsgiver skal si hvordan vi kan hjelpe deg med opplæring."
    assert strip_chrome([[kept]]) == [[kept]]


def test_running_heads_and_page_numbers_go() -> None:
    pages = [
        ["Storvik kommune", f"Tekst på side {n} er her.", "Mer", "tekst.", f"Side {n} av 3"]
        for n in (1, 2, 3)
    ]
    assert [page[0] + page[-1] for page in strip_chrome(pages)] == ["", "", ""]
    assert strip_chrome([["Tekst.", "Mer.", "- 12 -"]]) == [["Tekst.", "Mer.", ""]]
    printed = ["11/23/26, 6:06 PM Ferie", "Tekst.", "Mer.", "https://storvik.kommune.no/ferie 1/1"]
    assert strip_chrome([printed]) == [["", "Tekst.", "Mer.", ""]]
    assert strip_chrome([["23.11.2026, 18:06 Ferie", *printed[1:]]]) == [["", "Tekst.", "Mer.", ""]]
    meeting = [
        "23.11.2026 kl. 18:06 Møte om ferie",
        "Tekst.",
        "Mer.",
        "Se https://storvik.kommune.no/ferie 1/1",
    ]
    assert strip_chrome([meeting]) == [meeting]
    agenda = ["23.11.2026, 18.06 Møte om ferie", "Tekst.", "Mer.", "Møtet ledes av Kari."]
    assert strip_chrome([agenda]) == [agenda]


def test_a_foot_of_many_lines_goes_whole() -> None:
    foot = [
        "Skrevet ut 3. mai 2023. Papirutgaven blir ikke oppdatert.",
        "Gjelder til enhver tid",
        "storvik.no",
    ]
    pages = [[f"Sak {w}", f"Her står {w}.", "Mer.", "Jf. loven § 2"] for w in "abc"]
    printed = [[*page, str(n), *foot] for n, page in enumerate(pages, 7)]
    assert strip_chrome(printed) == [[*page, "", "", "", ""] for page in pages]


def test_a_number_that_ends_a_page_above_its_foot_stays_where_it_is_no_page_number() -> None:
    foot = ["Papirutgaven blir ikke oppdatert.", "Gjelder til enhver tid", "storvik.no"]
    pages = [[f"Krets {w}", f"Skoler i {w}:", "Svar", n] for w, n in zip("abcd", "8392", strict=True)]
    assert strip_chrome([[*page, *foot] for page in pages]) == [[*page, "", "", ""] for page in pages]


def test_when_each_article_of_an_export_was_changed_goes() -> None:
    stamps = ["Published 05.11.2020 by Kari Ås", "Sist oppdatert: 3. mai 2021, kl. 12.30", "#1375"]
    pages = [
        [w, *stamps, f"Her står {w}.", f"Endret 3. mai 2021 ble {w}."] for w in ("Mål", "Roller", "Frist")
    ]
    assert strip_chrome(pages) == [[page[0], "", "", "", *page[4:]] for page in pages]
    assert strip_chrome(pages[:1]) == pages[:1]


def test_the_path_to_a_page_goes_below_its_title() -> None:
    page = ["Bruk av IT-", "ressurser", "Håndbok / Regler / Bruk av IT-ressurser", "Alle kan bruke dem."]
    assert strip_chrome([page]) == [[*page[:2], "", page[3]]]
    others = ["Leder", "Verneombud / Tillitsvalgt", "Håndbok/Leder", "De møtes."]
    assert strip_chrome([others]) == [others]


def test_of_two_pages_the_running_head_is_what_is_the_same_on_both() -> None:
    pages = [["Storvik kommune", f"Vedlegg {n}", f"Noen ord om sak {n}.", "Mer her."] for n in (1, 2)]
    assert strip_chrome(pages) == [["", *page[1:3], ""] for page in pages]


def test_a_sentence_runs_where_it_opens_or_closes_most_pages() -> None:
    middle = [[f"Ord {n} her.", "Mer.", f"Andre ord om {n} her."] for n in "abcd"]
    pages = [
        ["12 Lov om arkiv i Storvik kommune.", *page, "Vedtatt av rådet i fjor høst."] for page in middle
    ]
    pages[3][0] = "§ 12. Ikrafttredelse"
    assert strip_chrome(pages) == [["", *page, ""] for page in middle[:3]] + [[pages[3][0], *middle[3], ""]]
    others = [[f"Her står {n}.", "Mer.", f"Slutt på {n}."] for n in "efgh"]
    assert strip_chrome([*pages[:3], *others])[0] == pages[0]


def test_numbered_chapter_titles_are_no_running_heads() -> None:
    words = ("mål", "roller", "plikter", "varighet")
    pages = [
        [f"Kapittel {n}", f"Her står {w}.", f"Mer om {w}.", f"Slutt på {w}."] for n, w in enumerate(words)
    ]
    assert strip_chrome(pages) == pages


def test_spaced_out_running_heads_and_sideways_credits_go() -> None:
    credit = ["FO", "TO", "", ": K", "AR", "I", " N", "O"]
    page = ["Tekst her.", "24 H å n d b o k  i  ko m m u n a l t  t r e pa r t s", *credit, "RÅD", "1"]
    assert [line for line in strip_chrome([page, ["x"]])[0] if line] == ["Tekst her.", "RÅD", "1"]


def test_a_short_column_of_answers_is_no_credit() -> None:
    page = ["Er det drøftet?", "Ja", "Nei", "Ja", "Nei", "Ja", "Ferdig nå."]
    assert strip_chrome([page]) == [page]


def test_footnotes_go_with_their_markers() -> None:
    page = [
        "Bruk metoden (Difis veiviser)1.",
        "Den er fremtredende2. Mer.",
        "1 www.difi.no",
        "2 KS. Monitor. 2017",
    ]
    assert strip_chrome([page])[0][:2] == ["Bruk metoden (Difis veiviser).", "Den er fremtredende. Mer."]
    assert strip_chrome([page])[0][2:] == ["", ""]


def test_what_only_looks_like_a_running_head_stays() -> None:
    pages = [
        [
            f"Avtalen {number}",
            f"§ {number}-1 Formål",
            f"Merknad {number}: Ordlyden i tillegg {number} er som før, se lov {number + 1}",
            f"a) innleie etter A {number}-1",
            f"Side {number}",
        ]
        for number in range(1, 13)
    ]
    kept = strip_chrome(pages)
    assert [[line for line in page if line] for page in kept] == [page[1:4] for page in pages]


def test_a_footnote_in_words_goes_to_the_paragraph_it_belongs_to() -> None:
    page = [
        "§ 3-2 Fri",
        "Tillitsvalgte har rett til fri med lønn.1 De varsler",
        "lederen dagen før.",
        "§ 3-3 Kurs",
        "Kurs er gratis2.",
        "1 Med fri med lønn menes at ordinær lønn utbetales uten trekk, også",
        "for vakter som faller bort.",
        "2 Rundskriv 4",
    ]
    assert [line for line in strip_chrome([page])[0] if line] == [
        "§ 3-2 Fri",
        "Tillitsvalgte har rett til fri med lønn. De varsler",
        "lederen dagen før.",
        "Med fri med lønn menes at ordinær lønn utbetales uten trekk, også for vakter som faller bort.",
        "§ 3-3 Kurs",
        "Kurs er gratis.",
    ]


def test_two_footnotes_in_words_go_to_their_paragraphs_in_their_order() -> None:
    notes = [f"Den {n} merknaden sier mer om hva dette kravet gjelder." for n in ("ene", "andre", "tredje")]
    foot = [f"{n} {note}" for n, note in enumerate(notes, 1)]
    page = ["Partene har krav på medvirkning.1 De har", "krav på kurs.2", "", "De har krav på fri.3", *foot]
    assert [line for line in strip_chrome([page])[0] if line] == [
        "Partene har krav på medvirkning. De har",
        "krav på kurs.",
        *notes[:2],
        "De har krav på fri.",
        notes[2],
    ]


def test_numbers_without_a_footnote_stay() -> None:
    page = ["Det gjelder § 3-1 og trinn 2.", "Les punkt 4.", "3 av 4 kommuner svarte"]
    assert strip_chrome([page]) == [page]


def test_a_table_of_contents_goes() -> None:
    page = ["Innhold", "1 Innledning ........... 2", "2 Roller . . . . . . . . 13", "Etter dette."]
    assert strip_chrome([page]) == [["", "", "", "Etter dette."]]
    untitled = [
        "Roller og ansvar i prosjektet .....3",
        "......... 12",
        "Svar: ...............",
        "1.1.1.1.1. 5",
    ]
    assert strip_chrome([untitled]) == [["", "", *untitled[2:]]]


def test_dots_without_end_are_no_table_of_contents() -> None:
    page = ["A" + "." * 300_000 + "x", "A" + "... " * 300_000 + "x", "A....." + " " * 300_000 + "x"]
    assert strip_chrome([page]) == [page]
