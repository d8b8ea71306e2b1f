from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.extract import extract, extract_each, together
from assistant.paragraphs import (
    ELSEWHERE,
    EQUAL,
    FACT,
    FURTHER,
    LIKELY,
    LISTED,
    MOST_PARTS,
    MOST_WORDS,
    SHORT_LIST,
    USUAL_WORDS,
    WEAK,
)
from assistant.question import Kind
from assistant.spans import SHORT, Part, Span
from tests.assistant.made import evidence, heading, item, paragraph, query, quotes, ranked, stored

TEXT = stored(
    heading("Verneombudet"),
    paragraph("Verneombudet deltar i planleggingen. Dette skal skje i god tid. Lederen innkaller."),
    paragraph("Er opplæringen på plass? Den bør skje i arbeidstiden. Vikarer leies inn."),
)
LIST = stored(
    heading("Sjekkliste"),
    paragraph("Avtalen er viktig. Følgende bør avklares:"),
    item("Hvem er parter?"),
    item("Hvor lenge gjelder avtalen?"),
    item("Hvordan gis opplæring?"),
    paragraph("Etterpå signeres avtalen av begge parter."),
)
ITEMS = "• Hvem er parter?\n• Hvor lenge gjelder avtalen?\n• Hvordan gis opplæring?"


@pytest.mark.parametrize("words", ["Hvem er", "Hvor lenge", "Hvordan", "Følgende bør"])
def test_a_list_is_given_whole_with_what_introduces_it(words: str) -> None:
    (part,) = extract(query("Hva står på sjekklisten?", "list"), [evidence(LIST, words)])
    assert part.kind == "list"
    assert quotes([part]) == [f"Følgende bør avklares:\n{ITEMS}"]


def test_a_list_question_takes_the_list_whose_items_are_together_as_likely_as_the_best_sentence() -> None:
    items = [evidence(LIST, "Hvor lenge", 0.5), evidence(LIST, "Hvordan gis", 0.4)]
    for best, whole in ((1.0, True), (2.0, False)):
        found = ranked(evidence(LIST, "Avtalen er viktig.", best), *items)
        parts = extract(query("Hva står på sjekklisten?", "list"), found)
        assert (ITEMS in quotes(parts)[0]) is whole


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("Hovedavtalen del B § 3-2", "Plikten går begge veier. Den er streng.\nHovedavtalen del B § 3-2"),
        ("Se aml. § 3-2 første ledd.", "Plikten går begge veier. Den er streng.\nSe aml. § 3-2 første ledd."),
        ("Loven om tid § 3-2 c", "Loven om tid § 3-2 c\nTid er det nok av i loven."),
        ("Vi følger § 3-2 i alt vi gjør.", "Vi følger § 3-2 i alt vi gjør."),
        ("Drøftingsplikten følger av § 3-2.", "Drøftingsplikten følger av § 3-2."),
        ("Fristen står i § 3-2.", "Fristen står i § 3-2."),
    ],
)
def test_a_mere_reference_is_told_with_what_it_is_about(reference: str, told: str) -> None:
    above, below = "Plikten går begge veier. Den er streng.", "Tid er det nok av i loven."
    text = stored(heading("A"), paragraph(above), paragraph(reference), paragraph(below))
    assert quotes(extract(query(), [evidence(text, "3-2")])) == [told]


@pytest.mark.parametrize(("kind", "told"), [("paragraph", True), ("fact", False)])
def test_who_asks_for_a_section_is_told_the_reference_below_what_answers(kind: Kind, told: bool) -> None:
    text = stored(
        heading("Fri"),
        paragraph("Den som pleier, har rett til fri."),
        paragraph("Det søkes om i god tid."),
        paragraph("Loven om tid § 3-2"),
    )
    parts = extract(query("Hvilken paragraf gir fri?", kind), [evidence(text, "Den som")])
    assert ("§ 3-2" in " ".join(quotes(parts))) is told


def test_an_item_that_answers_brings_what_introduces_it() -> None:
    (part,) = extract(query("Hvor lenge gjelder den?", "fact"), [evidence(LIST, "Hvor lenge")])
    assert part.kind == "list"
    assert "Følgende bør avklares:" in part.spans[0].quote
    assert any("Hvor lenge gjelder avtalen?" in quote for quote in quotes([part]))


@pytest.mark.parametrize(("told", "whole"), [("a", False), ("ab", False), ("abd", True)])
def test_a_long_list_is_given_whole_where_most_of_it_is_told(told: str, whole: bool) -> None:
    items = [item(" ".join(f"{letter}{n}" for n in range(SHORT_LIST // 3))) for letter in "abcd"]
    text = stored(heading("A"), paragraph("På møtet tar vi opp:"), *items)
    (part,) = extract(query(), ranked(*(evidence(text, f"{letter}0") for letter in told)))
    assert ("c0" in " ".join(quotes([part]))) is whole


def test_a_letter_brings_the_numbered_item_that_leads_it_and_no_other() -> None:
    text = stored(
        heading("Ombud"),
        item("Ombud " * SHORT_LIST, "1."),
        item("Det skal være minst:", "2."),
        item("ett ombud for 10 ansatte", "a)"),
        item("to ombud for 20 ansatte", "b)"),
        item("Lederen sørger for valget", "3."),
    )
    letters = "2. Det skal være minst:\na) ett ombud for 10 ansatte\nb) to ombud for 20 ansatte"
    for words in ("to ombud", "Det skal"):
        assert quotes(extract(query(), [evidence(text, words)])) == [letters]
        assert quotes(extract(query("Hvilke ombud?", "list"), [evidence(text, words)])) == [letters]
    assert quotes(extract(query(), [evidence(text, "Lederen")])) == ["3. Lederen sørger for valget"]


def test_a_point_below_an_item_without_a_colon_brings_that_item() -> None:
    text = stored(
        paragraph("Vi bruker:"),
        item("Tavla " * SHORT_LIST, "•"),
        item("Portalen"),
        item("Ledere " * SHORT_LIST, "–"),
        item("Brev"),
    )
    (part,) = extract(query(), [evidence(text, "Ledere")])
    assert quotes([part])[0].startswith("• Portalen\n– Ledere")


def test_a_bullet_is_no_word() -> None:
    (part,) = extract(query(), [evidence(LIST, "Følgende bør")])
    assert part.words == len(f"Følgende bør avklares: {ITEMS}".replace("• ", "").split())


def test_a_lead_in_is_never_given_without_its_items() -> None:
    (part,) = extract(query(), [evidence(LIST, "Følgende bør")])
    assert quotes([part]) == [f"Følgende bør avklares:\n{ITEMS}"]


def test_a_lead_in_without_items_brings_the_sentence_that_it_introduces() -> None:
    text = stored(heading("A"), paragraph("Ordføreren sier det slik:"), paragraph("Vi møtes. Det hjelper."))
    assert quotes(extract(query(), [evidence(text, "Ordføreren")])) == [
        "Ordføreren sier det slik:\nVi møtes."
    ]


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    (part,) = extract(query(), [evidence(TEXT, "Dette skal")])
    assert quotes([part]) == ["Verneombudet deltar i planleggingen. Dette skal skje i god tid."]


def test_a_heading_that_is_a_whole_sentence_may_lead() -> None:
    text = stored(heading("Råd 2: Alle må bli med i arbeidet"), paragraph("Ledere deltar. Ansatte deltar."))
    first = evidence(text, "Alle må", 2.0)
    parts = extract(query(), ranked(first, evidence(text, "Ledere", 1.0)))
    assert quotes(parts)[0] == "Råd 2: Alle må bli med i arbeidet"
    short = stored(heading("Medvirkning"), paragraph("Ledere deltar. Ansatte deltar."))
    parts = extract(query(), ranked(evidence(short, "Medvirkning", 2.0), evidence(short, "Ledere", 1.0)))
    assert quotes(parts)[0].startswith("Ledere deltar.")


def test_it_does_not_reach_into_the_paragraph_before() -> None:
    text = stored(heading("A"), paragraph("Noe helt annet står her."), paragraph("Dette skal skje nå."))
    (part,) = extract(query(), [evidence(text, "Dette skal")])
    assert quotes([part]) == ["Dette skal skje nå."]


@pytest.mark.parametrize(
    ("before", "brought"),
    [
        ("Gruppa kjenner avdelingen godt.", True),
        ("De kjenner avdelingen godt.", False),
        (f"Gruppa kjenner {'avdelingen ' * SHORT}godt.", False),
    ],
)
def test_a_paragraph_that_sums_up_brings_a_short_sentence_before_it(before: str, brought: bool) -> None:
    text = stored(heading("A"), paragraph(before), paragraph("Dette er en av grunnene til at den spørres."))
    (part,) = extract(query(), [evidence(text, "grunnene")])
    assert ("kjenner" in part.spans[0].quote) is brought


def test_a_sentence_brings_what_limits_it() -> None:
    text = stored(
        heading("A"),
        paragraph("Utvalget kan brukes. Hvis det gjøres, så bør man:"),
        item("Ta med ombudet"),
        item("Skrive referat"),
        paragraph("Møtet er åpent. Lederen innkaller."),
    )
    (part,) = extract(query(), [evidence(text, "Utvalget kan")])
    assert part.kind == "list"
    assert quotes([part]) == [
        "Utvalget kan brukes. Hvis det gjøres, så bør man:\n• Ta med ombudet\n• Skrive referat"
    ]
    assert quotes(extract(query(), [evidence(text, "Møtet er")])) == ["Møtet er åpent."]


def test_a_sentence_brings_what_introduces_it() -> None:
    text = stored(heading("A"), paragraph("Disse har hjulpet til:"), paragraph("Kari og Ola fra Vik."))
    (part,) = extract(query(), [evidence(text, "Kari og")])
    assert quotes([part]) == ["Disse har hjulpet til:\nKari og Ola fra Vik."]


def test_a_question_in_the_text_brings_what_elaborates_it() -> None:
    (part,) = extract(query(), [evidence(TEXT, "Er opplæringen")])
    assert quotes([part]) == ["Er opplæringen på plass? Den bør skje i arbeidstiden."]


@pytest.mark.parametrize("words", ["gratis", "Ja,"])
@pytest.mark.parametrize(
    "blocks",
    [
        ["Q: Er tjenesten gratis?\nA: Ja, for alle. Den koster ikke noe."],
        ["Spørsmål 2: Er tjenesten gratis?", "Svar: Ja, for alle. Den koster ikke noe."],
        ["Er tjenesten gratis? Ja, for alle. Den koster ikke noe."],
        ["Er tjenesten gratis?", "Ja, for alle. Den koster ikke noe."],
    ],
)
def test_a_question_and_its_reply_bring_each_other(blocks: list[str], words: str) -> None:
    text = stored(heading("A"), paragraph("Spør gjerne."), *map(paragraph, blocks))
    (part,) = extract(query(), [evidence(text, words)])
    assert quotes([part])[0].endswith("Ja, for alle.")
    assert "Er tjenesten gratis?" in quotes([part])[0]


def test_what_follows_a_question_within_a_text_is_no_reply() -> None:
    text = stored(heading("A"), paragraph("Møter trengs. Hva er et møte? Lederen innkaller."))
    assert quotes(extract(query(), [evidence(text, "innkaller")])) == ["Lederen innkaller."]


def test_the_best_sentence_leads_and_a_heading_never_does() -> None:
    found = ranked(evidence(TEXT, "Verneombudet", 9.0), evidence(TEXT, "Lederen innkaller", 1.0))
    parts = extract(query(), found)
    assert quotes(parts)[0] == "Lederen innkaller."
    assert "Verneombudet" not in quotes(parts)


def test_sentences_that_follow_each_other_are_one_quote() -> None:
    found = ranked(evidence(TEXT, "Dette skal", 1.0), evidence(TEXT, "Lederen innkaller", 0.9))
    assert quotes(extract(query(), found)) == [
        "Verneombudet deltar i planleggingen. Dette skal skje i god tid. Lederen innkaller."
    ]


def test_a_sentence_between_two_is_not_left_out_unseen() -> None:
    text = stored(
        heading("A"), paragraph("Gruppa møtes ofte. Ordføreren åpner. Referat skrives. Alle får det.")
    )
    found = ranked(evidence(text, "Gruppa møtes", 1.0), evidence(text, "Referat", 0.9))
    assert quotes(extract(query(), found)) == ["Gruppa møtes ofte. Ordføreren åpner. Referat skrives."]
    found = ranked(evidence(text, "Gruppa møtes", 1.0), evidence(text, "Alle får", 0.9))
    assert quotes(extract(query(), found)) == ["Gruppa møtes ofte.", "Alle får det."]


@pytest.mark.parametrize(("words", "before"), [(SHORT, True), (SHORT + 1, False)])
def test_what_leads_is_read_after_a_short_sentence_before_it_and_no_other(words: int, before: bool) -> None:
    opening = " ".join(["Gruppa"] + ["møtes"] * (words - 1)) + "."
    text = stored(heading("A"), paragraph(f"{opening} Ordføreren åpner. Referat skrives. Alle får det."))
    found = ranked(evidence(text, "Ordføreren", 1.0), evidence(text, "Gruppa", 0.9))
    told = [f"{opening} Ordføreren åpner."] if before else ["Ordføreren åpner.", opening]
    assert quotes(extract(query(), found)) == told
    found = ranked(evidence(text, "Alle får", 1.0), evidence(text, "Ordføreren", 0.9))
    assert quotes(extract(query(), found)) == ["Alle får det.", "Ordføreren åpner."]


def test_before_what_leads_not_one_short_sentence_after_the_other_is_put() -> None:
    short = " ".join(["møtes"] * (SHORT // 2)) + "."
    text = stored(heading("A"), paragraph(f"Gruppa {short} Rådet {short} Ordføreren åpner."))
    found = ranked(
        evidence(text, "Ordføreren", 1.0), evidence(text, "Rådet", 0.9), evidence(text, "Gruppa", 0.8)
    )
    assert quotes(extract(query(), found)) == [f"Rådet {short} Ordføreren åpner.", f"Gruppa {short}"]


def test_a_paragraph_is_given_in_its_order() -> None:
    text = stored(heading("A"), paragraph("Gruppa møtes ofte. Ordføreren åpner. Referat skrives."))
    found = ranked(evidence(text, "Ordføreren", 1.0), evidence(text, "Gruppa møtes", 0.9))
    other = stored(heading("B"), paragraph("Vernerunder holdes jevnlig. De varsles."), row=1)
    found = ranked(evidence(other, "Vernerunder", 1.0), *found)
    assert quotes(extract(query(), found)) == [
        "Vernerunder holdes jevnlig.",
        "Gruppa møtes ofte. Ordføreren åpner.",
    ]


def test_nothing_is_said_twice() -> None:
    found = ranked(
        evidence(TEXT, "Dette skal", 1.0),
        evidence(TEXT, "Verneombudet deltar", 0.9),
        evidence(TEXT, "Lederen innkaller", 0.8),
    )
    said = " ".join(quotes(extract(query(), found)))
    assert said.count("Verneombudet deltar") == 1
    assert said.count("Dette skal") == 1


def test_what_two_documents_say_alike_is_said_once_and_cited_from_both() -> None:
    other = stored(heading("Vern"), paragraph("Verneombudet deltar i planleggingen."), document="e", row=1)
    found = ranked(evidence(TEXT, "Verneombudet deltar", 1.0), evidence(other, "Verneombudet deltar", 0.9))
    (part,) = extract(query(), found)
    assert quotes([part]) == ["Verneombudet deltar i planleggingen."]
    assert [span.stored.passage.document for span in part.same] == ["e"]


def test_another_document_completes_the_answer() -> None:
    other = stored(heading("Lov"), paragraph("Ombudet skal tas med på råd."), document="e", row=1)
    found = ranked(evidence(TEXT, "Verneombudet deltar", 1.0), evidence(other, "Ombudet skal", 0.5))
    assert "Ombudet skal tas med på råd." in quotes(extract(query(), found))


@pytest.mark.parametrize(("score", "told"), [(WEAK, True), (WEAK - 0.1, False)])
def test_another_document_that_is_far_from_the_question_must_come_nearer_the_lead(
    score: float, told: bool
) -> None:
    other = stored(heading("Lov"), paragraph("Ombudet skal tas med på råd."), document="e", row=1)
    lead = evidence(TEXT, "Verneombudet deltar", score + ELSEWHERE * 0.75)
    said = quotes(extract(query(), ranked(lead, evidence(other, "Ombudet skal", score))))
    assert ("Ombudet skal tas med på råd." in said) is told


@pytest.mark.parametrize("sign", ["titled", "named"])
@pytest.mark.parametrize("named", [True, False])
def test_where_the_question_names_a_document_no_other_completes_it(sign: str, named: bool) -> None:
    other = stored(heading("Et annet sted"), paragraph("Ordføreren leder utvalget."), document="e", row=1)
    lead, beside = evidence(TEXT, "Verneombudet deltar", 1.0), evidence(other, "Ordføreren", 0.5)
    lead = replace(lead, hit=replace(lead.hit, features={sign: float(named)}))
    said = quotes(extract(query("Hvem deltar i Dovre?"), ranked(lead, beside)))
    assert ("Ordføreren leder utvalget." in said) is not named


def test_a_list_of_another_passage_must_lie_nearer_than_a_sentence() -> None:
    other = stored(
        heading("Opplæring"),
        paragraph("Vikarer leies inn."),
        paragraph("Dette læres bort:"),
        item("Rutiner for utstyret"),
        item("Vern mot støy"),
        row=1,
    )
    lead = evidence(TEXT, "Verneombudet deltar", 9.0)
    for words, behind, told in (
        ("Vikarer", FACT.close - LISTED / 2, True),
        ("Vern mot", FACT.close - LISTED / 2, False),
        ("Vern mot", FACT.close - LISTED * 2, True),
    ):
        parts = extract(query(), [lead, evidence(other, words, 9.0 - behind)])
        assert (words in " ".join(quotes(parts))) is told


def test_what_is_far_worse_is_left_out() -> None:
    found = ranked(evidence(TEXT, "Verneombudet deltar", 9.0), evidence(TEXT, "Vikarer", -9.0))
    assert quotes(extract(query(), found)) == ["Verneombudet deltar i planleggingen."]


@pytest.mark.parametrize(("likeness", "told"), [(0.09, True), (0.04, False)])
def test_all_that_answers_the_same_question_is_told_however_well_its_words_fit(
    likeness: float, told: bool
) -> None:
    both = (("Verneombudet deltar", 9.0), ("Vikarer", -9.0))
    found = ranked(*(replace(evidence(TEXT, *each), features={"asked": likeness}) for each in both))
    assert (len(quotes(extract(query(), found))) == len(both)) is told


def test_an_answer_stays_short_however_much_there_is() -> None:
    passages = [
        stored(
            heading(f"Del {n}"),
            *(
                paragraph(f"Setning {n}{m} om sak{n}{m} og tema{n}{m} handler om ting{n}{m} her.")
                for m in range(9)
            ),
            document=f"d{n}",
            row=n,
        )
        for n in range(9)
    ]
    found = [evidence(passages[n], f"Setning {n}{m} ", -0.01 * n) for n in range(9) for m in range(9)]
    parts = extract(query(), ranked(*found))
    assert 0 < sum(part.words for part in parts) <= MOST_WORDS
    assert len(parts) <= MOST_PARTS


def test_each_group_gets_a_heading_and_its_sentences_in_the_order_of_the_source() -> None:
    early = ranked(evidence(TEXT, "Lederen innkaller", 1.0), evidence(TEXT, "Verneombudet deltar", 0.9))
    late = ranked(evidence(LIST, "Etterpå signeres", 1.0))
    parts = extract_each([("Starte", early), ("Levere", late)])
    assert [part.title for part in parts if part.kind == "heading"] == ["Starte", "Levere"]
    assert [part.kind for part in parts] == ["heading", "paragraph", "heading", "paragraph"]
    first = parts[1]
    assert [span.first for span in first.spans] == sorted(span.first for span in first.spans)


def test_a_heading_stands_over_what_it_names_or_not_at_all() -> None:
    long = stored(paragraph(f"Avtalen {'gjelder alle ' * MOST_WORDS}her."))
    told = Part("paragraph", (Span(long, 0, 0),))
    forme, levere = (Part("heading", title=title) for title in ("Forme sammen", "Levere sammen"))
    assert together([[forme, told], [levere, told]]) == [forme, told]


@pytest.mark.parametrize("sentence", ["Verneombudet deltar i planleggingen.", "Vikarer leies inn."])
def test_a_sentence_that_needs_no_other_is_quoted_alone(sentence: str) -> None:
    assert quotes(extract(query(), [evidence(TEXT, sentence)])) == [sentence]


def test_a_list_named_by_its_number_is_the_answer_whatever_scores_higher() -> None:
    tasks = stored(
        heading("Øvelse"),
        paragraph("LEDEROPPGAVE 1:"),
        item("Hva trenger du av tillitsvalgte?"),
        item("Hva trenger du mindre av?"),
        paragraph("LEDEROPPGAVE 2:"),
        item("Hva er viktigst for ledelsen?"),
        item("Hva er minst viktig?"),
    )
    found = ranked(
        evidence(tasks, "viktigst for ledelsen", 5.0),
        evidence(tasks, "OPPGAVE 2", 1.0),
        evidence(tasks, "OPPGAVE 1", -9.0),
    )
    (part,) = extract(query("Hva skal ledere svare på i lederoppgave 1?"), found)
    assert part.kind == "list"
    assert "mindre av" in part.spans[0].quote
    assert "viktigst" not in part.spans[0].quote
    asked_on = query("Hva er viktigst?", text="Hva er viktigst? lederoppgave 1", follows=True)
    who = query("Hvem skal svare på lederoppgave 1?", "who")
    for other in (asked_on, who):
        assert "viktigst for ledelsen" in quotes(extract(other, found))[0]


def test_what_is_named_by_its_number_is_followed_by_what_stands_under_it() -> None:
    two = stored(heading("Råd 2: Alle må med"), paragraph("Ansatte bør spørres tidlig."), row=1)
    three = stored(heading("Råd 3: Gi rom for ildsjeler"), paragraph("Ildsjeler bør få støtte."), row=2)
    found = [
        evidence(three, "Råd 3", 5.0),
        evidence(two, "Råd 2", 4.0),
        evidence(two, "Ansatte bør", 0.5),
        evidence(three, "Ildsjeler bør", 0.0),
    ]
    assert quotes(extract(query("Hva er råd 3?"), found)) == [
        "Råd 3: Gi rom for ildsjeler",
        "Ildsjeler bør få støtte.",
    ]


def test_much_is_told_only_where_several_sentences_answer_about_as_well() -> None:
    first, second, third = (
        f"{name} " + " ".join(f"{name.lower()}{n}" for n in range(29)) + "."
        for name in ("Alfa", "Beta", "Gamma")
    )
    text = stored(heading("A"), paragraph(first), paragraph(second), paragraph(third))

    def said(behind: float) -> int:
        found = ranked(
            evidence(text, "Alfa"), evidence(text, "Beta", -behind), evidence(text, "Gamma", -behind)
        )
        return sum(part.words for part in extract(query(), found))

    assert said(EQUAL + 0.1) <= USUAL_WORDS < said(EQUAL - 0.1) <= MOST_WORDS


def test_the_more_is_told_the_nearer_the_next_must_lie_unless_an_example_speaks_for_it() -> None:
    texts = [
        stored(heading("Vi"), paragraph(said), row=row)
        for row, said in enumerate(
            ("Anna leder.", "Bjørn skriver ned.", "Cato henter kaffe.", "Dag lukker døra.")
        )
    ]
    behind = FACT.close - 0.5
    first, *rest = (
        evidence(text, text.passage.sentences[-1].text, -behind if text.row else 0.0) for text in texts
    )
    told = quotes(extract(query(), ranked(first, *rest)))
    assert told == ["Anna leder.", "Bjørn skriver ned."]
    alike = [replace(one, features={"asked": 2 * FURTHER / LIKELY}) for one in rest]
    assert len(quotes(extract(query(), ranked(first, *alike)))) == len(texts)
