"""«Hva sier § 3-2?» over made agreements: exact, whole, in order; and where the text is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.contract import ChatRequest, ChatResponse, Turn
from tests.fakes import SmallCorpus

NEW = """# Prøveavtalen 2026–2029

## Del A Forhandlinger

### § 1-1 Varighet

Avtalen gjelder til 31. desember 2029.

## Del B Samarbeid

### § 1-1 Formål

Samarbeidet skal gi gode tjenester.

### § 3-1 Arbeidsgivers plikter

Arbeidsgiver skal legge forholdene til rette for vervet.

Arbeidsgiver skal drøfte saker om:

- a) endringer i bemanningen
- b) innføring av nye digitale systemer
- c) utsetting av drift

Drøftingen skal skje før saken legges fram.

### § 3-3 Rettigheter

#### § 3-3-1 Tid

Hver tillitsvalgt får en dag i uka til vervet.

#### § 3-3-2 Utstyr

Arbeidsgiver holder kontor og telefon.

### § 3-4 Opplæring

Tillitsvalgte har rett til tolv kursdager i året etter § 3-1 og aml. § 9-2 hvert år.
"""
OLD = NEW.replace("2026–2029", "2022–2025").replace("2029", "2025").replace("tolv", "ti")
GUIDE = """# Veileder om kontroll

Drøfting av kontroll skal alltid skje tidlig, slik arbeidsmiljøloven § 9-1 krever av arbeidsgiver.

Les mer i arbeidsmiljøloven § 8-1

Alle må få være med når det skjer. Det står mer om dette i arbeidsmiljøloven § 4-3 første ledd.

Arbeidsmiljøloven § 4-2 c

Medvirkning etter arbeidsmiljøloven skjer gjennom råd og drøfting. Ingen holdes utenfor.

Arbeidet legges til rette for den enkelte, slik arbeidsmiljøloven § 4-2 krever av arbeidsgiver.

Partene plikter å holde hverandre underrettet. Det gjelder begge veier.

Arbeidsmiljøloven § 5-1

Verktøyet velges i fellesskap.
"""
MANIFEST = """
[[document]]
id = "ny"
file = "ny.md"
title = "Prøveavtalen 2026–2029"
kind = "avtale"
supersedes = "gammel"
valid_to = 2999-12-31
work = "prøveavtalen"

[[document]]
id = "gammel"
file = "gammel.md"
title = "Prøveavtalen 2022–2025"
kind = "avtale"
valid_to = 2025-12-31
work = "prøveavtalen"
"""

Ask = Callable[..., ChatResponse]
"""Answers a question, after questions that were asked before."""


@pytest.fixture
def ask(small: SmallCorpus) -> Iterator[Ask]:
    small.write("ny.md", NEW)
    small.write("gammel.md", OLD)
    small.write("veileder.md", GUIDE)
    small.write("manifest.toml", MANIFEST)
    small.ingest()
    library = small.library()
    assistant = small.assistant(library)

    def asked(question: str, *before: str) -> ChatResponse:
        history = tuple(
            turn
            for one in before
            for turn in (Turn(role="user", content=one), Turn(role="assistant", content="Svar."))
        )
        return assistant.answer(ChatRequest(question=question, history=history))

    yield asked
    library.close()


def cited(answer: ChatResponse) -> set[str]:
    return {one.document for one in answer.citations}


@pytest.mark.parametrize(
    "question",
    [
        "Hva sier § 3-1?",
        "Hva står i prøveavtalen del B § 3-1?",
        "kva seier § 3-1",
        "§ 3-1",
        "What does § 3-1 say?",
    ],
)
def test_a_paragraph_is_given_whole_and_in_its_order(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert [block.kind for block in answer.blocks] == ["heading", "paragraph", "list", "paragraph"]
    assert answer.blocks[0].text == "§ 3-1 Arbeidsgivers plikter"
    assert answer.blocks[2].items == (
        "a) endringer i bemanningen",
        "b) innføring av nye digitale systemer",
        "c) utsetting av drift",
    )
    assert cited(answer) == {"ny"}


def test_a_letter_is_given_with_the_words_that_introduce_it(ask: Ask) -> None:
    answer = ask("Hva sier prøveavtalen del B § 3-1 b?")
    assert answer.blocks[1].text == "Arbeidsgiver skal drøfte saker om:"
    assert answer.blocks[1].items == ("b) innføring av nye digitale systemer",)
    assert answer.citations[-1].section == ("Del B Samarbeid", "§ 3-1 Arbeidsgivers plikter", "b")


@pytest.mark.parametrize(
    ("question", "missing"), [("Hva sier § 3-1 bokstav f?", "§ 3-1 f"), ("§ 3-1 sjette ledd", "§ 3-1 ledd 6")]
)
def test_a_letter_that_is_not_there_is_told_of_where_the_whole_is_given(
    ask: Ask, question: str, missing: str
) -> None:
    answer = ask(question)
    assert len(answer.blocks) == 4
    assert [notice for notice in answer.notices if missing in notice and "finner ikke" in notice]
    assert not any("finner ikke" in notice for notice in ask("Hva sier § 3-1 b?").notices)


def test_of_texts_with_one_number_only_those_with_the_letter_are_given(ask: Ask) -> None:
    answer = ask("Hva sier § 1-1 og § 3-1 b?")
    assert [block.text.rpartition(" › ")[2] for block in answer.blocks if block.kind == "heading"] == [
        "§ 1-1 Varighet",
        "§ 1-1 Formål",
        "§ 3-1 Arbeidsgivers plikter",
    ]


@pytest.mark.parametrize(
    ("before", "question", "heading", "last"),
    [
        ("Hva sier del B § 1-1?", "og i del A?", "§ 1-1 Varighet", "31. desember 2029."),
        ("Hva sier § 3-1 b?", "hva med bokstav c?", "§ 3-1 Arbeidsgivers plikter", "c) utsetting av drift"),
        ("Hva sier § 3-1?", "og tredje ledd?", "§ 3-1 Arbeidsgivers plikter", "før saken legges fram."),
        ("Hva sier § 3-1 b?", "Hva sier § 3-4?", "§ 3-4 Opplæring", "hvert år."),
    ],
)
def test_a_follow_up_asks_for_another_place(
    ask: Ask, before: str, question: str, heading: str, last: str
) -> None:
    blocks = ask(question, before).blocks
    assert blocks[0].text == heading
    assert len(blocks) == 2
    assert (blocks[1].items or (blocks[1].text,))[-1].endswith(last)


def test_a_paragraph_of_a_law_that_nobody_knows_is_not_that_of_a_source(ask: Ask) -> None:
    answer = ask("Hva sier forvaltningsloven § 3-1?")
    assert not answer.answered
    assert "Ingen av kildene nevner forvaltningsloven § 3-1" in answer.answer


def test_a_ledd_is_counted(ask: Ask) -> None:
    answer = ask("Hva sier § 3-1 tredje ledd?")
    assert answer.blocks[1].text == "Drøftingen skal skje før saken legges fram."
    assert len(answer.blocks) == 2


def test_the_same_number_in_two_parts_is_told_apart(ask: Ask) -> None:
    headings = [block.text for block in ask("Hva sier § 1-1?").blocks if block.kind == "heading"]
    assert [heading.split(" › ")[1] for heading in headings] == ["Del A Forhandlinger", "Del B Samarbeid"]
    assert ask("Hva sier § 1-1 i del A?").blocks[1].text == "Avtalen gjelder til 31. desember 2029."


def test_a_paragraph_that_only_holds_others_is_given_with_them(ask: Ask) -> None:
    blocks = ask("Hva sier § 3-3?").blocks
    assert [block.text for block in blocks] == [
        "§ 3-3 Rettigheter",
        "§ 3-3-1 Tid",
        "Hver tillitsvalgt får en dag i uka til vervet.",
        "§ 3-3-2 Utstyr",
        "Arbeidsgiver holder kontor og telefon.",
    ]
    assert [block.text for block in ask("Hva sier § 3-3-2?").blocks] == [
        "§ 3-3-2 Utstyr",
        "Arbeidsgiver holder kontor og telefon.",
    ]


def test_an_older_edition_answers_where_it_is_named(ask: Ask) -> None:
    answer = ask("Hva sa § 3-4 i prøveavtalen 2022–2025?")
    assert "ti kursdager" in answer.answer
    assert "tolv" not in answer.answer
    assert any("er utløpt" in notice for notice in answer.notices)
    assert any("er erstattet av «Prøveavtalen 2026–2029»" in notice for notice in answer.notices)


def test_an_older_edition_is_no_source_for_what_holds_now(ask: Ask) -> None:
    answer = ask("Hvor mange kursdager har tillitsvalgte rett til?")
    assert "tolv kursdager" in answer.answer
    assert cited(answer) == {"ny"}
    assert answer.notices == ()


def test_how_long_a_source_holds_is_told_where_it_is_asked(ask: Ask) -> None:
    assert (
        "Kilden «Prøveavtalen 2026–2029» gjelder ut 2999." in ask("Hvor lenge gjelder prøveavtalen?").notices
    )
    told = ask("Hvor lenge gjaldt prøveavtalen 2022–2025?").notices
    assert "Kilden «Prøveavtalen 2022–2025» gjaldt ut 2025 og er utløpt." in told


def test_a_paragraph_that_a_source_only_names_is_said_to_be_missing(ask: Ask) -> None:
    answer = ask("Hva sier arbeidsmiljøloven § 9-1?")
    assert answer.answered
    assert "slik arbeidsmiljøloven § 9-1 krever" in answer.answer
    assert "https://lovdata.no/lov/2005-06-17-62/§9-1" in answer.notices[-1]
    assert answer.notices[-1].startswith("Ordlyden i arbeidsmiljøloven § 9-1 er ikke blant kildene.")


def test_a_bare_reference_is_no_answer(ask: Ask) -> None:
    answer = ask("Hva sier aml. § 8-1?")
    assert not answer.answered
    assert "er ikke blant kildene" in answer.answer
    assert "https://lovdata.no/lov/2005-06-17-62/§8-1" in answer.answer


@pytest.mark.parametrize("question", ["Hva sier arbeidsmiljøloven § 4-2 c?", "Hva er § 4-2 c, kort fortalt?"])
def test_a_bare_reference_stands_over_what_is_about_it(ask: Ask, question: str) -> None:
    quotes = [citation.quote for citation in ask(question).citations]
    assert [quote.split(".")[0].split("\n")[-1] for quote in quotes] == [
        "Medvirkning etter arbeidsmiljøloven skjer gjennom råd og drøfting"
    ]


def test_a_bare_reference_closes_what_is_not_about_it_below(ask: Ask) -> None:
    (citation,) = ask("Hva sier arbeidsmiljøloven § 5-1?").citations
    assert citation.quote.startswith("Partene plikter")
    assert citation.quote.endswith("§ 5-1")


def test_without_a_letter_all_that_names_the_paragraph_is_given(ask: Ask) -> None:
    quotes = " ".join(citation.quote for citation in ask("Hva sier arbeidsmiljøloven § 4-2?").citations)
    assert "Medvirkning etter arbeidsmiljøloven" in quotes
    assert "Arbeidet legges til rette" in quotes


def test_what_a_sentence_about_a_paragraph_points_back_to_comes_along(ask: Ask) -> None:
    (citation,) = ask("Hva sier arbeidsmiljøloven § 4-3?").citations
    assert citation.quote.startswith("Alle må få være med")


@pytest.mark.parametrize("question", ["Hva sier § 99-9?", "Hva sier prøveavtalen del B § 9-9?"])
def test_a_paragraph_that_no_source_has_is_not_guessed(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert not answer.answered
    assert "Ingen av kildene nevner" in answer.answer


def test_a_reference_links_to_the_text_that_is_here_else_to_the_official_page(ask: Ask) -> None:
    links = {one.text: one.url for one in ask("Hva sier § 3-4?").citations[0].references}
    assert (links["§ 3-1"] or "").startswith("/kilder/ny?s=")
    assert links["§ 9-2"] == "https://lovdata.no/lov/2005-06-17-62/§9-2"


def test_the_title_stands_once_over_each_of_several_texts(small: SmallCorpus) -> None:
    for name in ("innkjøp", "varsling"):
        sections = "\n\n".join(
            f"§ {n} Punkt {n}\n\nRutinen for {name} har ledd {n} som gjelder." for n in (1, 2, 3)
        )
        small.write(f"{name}.txt", f"RUTINE FOR {name.upper()}\n\n{sections}\n")
    small.ingest()
    library = small.library()
    try:
        answer = small.assistant(library).answer(ChatRequest(question="Hva sier § 2?"))
    finally:
        library.close()
    headings = [block.text for block in answer.blocks if block.kind == "heading"]
    assert [heading.lower() for heading in headings] == [
        "rutine for innkjøp › § 2 punkt 2",
        "rutine for varsling › § 2 punkt 2",
    ]


@pytest.mark.parametrize(
    ("name", "title"),
    [("a", "Lov om ferie"), ("a", "Lov om fritid og anna (ferieloven)"), ("ferieloven", "Fritid")],
)
def test_a_law_that_no_manifest_names_is_found_by_what_it_is_called(
    small: SmallCorpus, name: str, title: str
) -> None:
    sections = "".join(f"## § {n} Tittel {n}\n\nFerie {n} tas hvert år.\n\n" for n in (1, 2, 3))
    small.write(f"{name}.md", f"# {title}\n\n{sections}")
    small.ingest()
    library = small.library()
    answer = small.assistant(library).answer(ChatRequest(question="Hva sier § 2 i ferieloven?"))
    library.close()
    assert [block.text for block in answer.blocks] == ["§ 2 Tittel 2", "Ferie 2 tas hvert år."]
    assert answer.notices == ()
