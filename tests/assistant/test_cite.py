from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.cite import Citer, answer_text, duty, external_url, source_home, status
from assistant.spans import Part, Span
from ingest.manifest import load_manifest
from tests.assistant.made import heading, item, paragraph, source, stored

LAST_YEAR = date.today() - timedelta(days=365)
NEXT_YEAR = date.today() + timedelta(days=365)
TEXT = stored(
    heading("Drøfting"),
    paragraph("Partene skal drøfte saken etter Hovedavtalen del B § 3-1 c. Referat bør skrives."),
    paragraph("Husk:"),
    item("Hvem er parter?"),
    item("Hvor lenge?", "2."),
)


def citer(tmp_path: Path, **facts: object) -> Citer:
    return Citer({"d": source("d", **facts)}, load_manifest(tmp_path).works, lambda reference, source: None)


def span(first: int, last: int | None = None) -> Span:
    return Span(TEXT, first, first if last is None else last)


def test_numbers_count_from_one_in_the_order_of_first_use(tmp_path: Path) -> None:
    made = citer(tmp_path)
    assert [made.number(span(2)), made.number(span(1)), made.number(span(2))] == [1, 2, 1]
    assert [citation.number for citation in made.citations] == [1, 2]


def test_a_citation_says_where_its_quote_stands(tmp_path: Path) -> None:
    made = citer(tmp_path, publisher="KS", title="Veileder")
    made.number(span(2))
    (citation,) = made.citations
    assert citation.quote == "Referat bør skrives."
    assert (citation.document, citation.title, citation.publisher) == ("d", "Veileder", "KS")
    assert citation.section == ("Drøfting",)
    start = TEXT.passage.sentences[2].start
    assert citation.url == f"/kilder/d?s={start}-{start + len(citation.quote)}#sitat"


def test_references_are_resolved_to_where_they_can_be_read(tmp_path: Path) -> None:
    made = citer(tmp_path)
    made.number(span(1))
    (reference,) = made.citations[0].references
    assert "§ 3-1 c" in reference.text
    assert reference.url is not None
    assert reference.url.endswith("#page=24")


def test_a_paragraph_block_says_its_quotes_and_a_list_block_its_items(tmp_path: Path) -> None:
    made = citer(tmp_path)
    said = made.block(Part("paragraph", (span(1), span(2))))
    assert said.text.endswith("§ 3-1 c. Referat bør skrives.")
    assert said.citations == (1, 2)
    listed = made.block(Part("list", (span(3, 5),)))
    assert (listed.text, listed.items) == ("Husk:", ("Hvem er parter?", "Hvor lenge?"))
    titled = made.block(Part("heading", title="Starte"))
    assert (titled.kind, titled.text, titled.citations) == ("heading", "Starte", ())
    assert answer_text((titled, listed)) == "Starte\n\nHusk: [3]\n• Hvem er parter?\n• Hvor lenge?"


def test_a_list_without_a_lead_in_has_its_marks_at_its_items(tmp_path: Path) -> None:
    each = citer(tmp_path).block(Part("list", (span(4), span(5))))
    assert answer_text((each,)) == "• Hvem er parter? [1]\n• Hvor lenge? [2]"
    together = citer(tmp_path).block(Part("list", (span(4, 5),)))
    assert answer_text((together,)) == "• Hvem er parter?\n• Hvor lenge? [1]"


def test_a_lead_in_among_items_is_told_as_one(tmp_path: Path) -> None:
    text = stored(paragraph("Husk:"), item("Referat", "1."), item("Frist for:", "2."), item("svar", "a)"))
    block = citer(tmp_path).block(Part("list", (Span(text, 0, 3),)))
    assert (block.text, block.items) == ("Husk:", ("Referat", "Frist for:", "a) svar"))


def test_an_item_with_points_below_it_is_told_on_one_line(tmp_path: Path) -> None:
    text = stored(item("Drøft:", "-"), item("lønn"), item("Skriv referat", "-"))
    made = citer(tmp_path).block(Part("list", (Span(text, 0, 1),)))
    assert made.items == ("Drøft: • lønn", "Skriv referat")


def test_who_says_the_same_is_cited_after_who_is_quoted(tmp_path: Path) -> None:
    made = citer(tmp_path)
    block = made.block(Part("paragraph", (span(2),), same=(span(1),)))
    assert block.text == "Referat bør skrives."
    assert block.citations == (1, 2)


@pytest.mark.parametrize(
    ("valid_to", "expected"), [(None, "ukjent"), (LAST_YEAR, "utløpt"), (NEXT_YEAR, "gjeldende")]
)
def test_the_status_follows_from_the_dates(valid_to: date | None, expected: str) -> None:
    assert status(source(valid_to=valid_to)) == expected


def test_a_source_that_ends_today_still_holds() -> None:
    assert status(source(valid_to=date.today())) == "gjeldende"


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Arbeidsgiver skal drøfte saken.", "plikt"),
        ("Arbeidsgiver plikter å informere.", "plikt"),
        ("Det bør skrives referat.", "råd"),
        ("Vi anbefaler faste møter.", "råd"),
        ("Partene skal møtes, og de bør møtes ofte.", None),
        ("Håndboka handler om samarbeid.", None),
    ],
)
def test_a_duty_is_told_from_advice(quote: str, expected: str | None) -> None:
    assert duty(quote) == expected


def test_the_publishers_own_page_is_opened_at_the_quote() -> None:
    known = source(external_url="https://eksempel.no/ha")
    long = "Partene skal drøfte saken i god tid før vedtak fattes."
    assert external_url(source(), TEXT.passage, long) is None
    assert external_url(known, TEXT.passage, "Kort sitat.") == "https://eksempel.no/ha#:~:text=Kort%20sitat."
    assert external_url(known, TEXT.passage, long) == (
        "https://eksempel.no/ha#:~:text=Partene%20skal%20dr%C3%B8fte%20saken,tid%20f%C3%B8r%20vedtak%20fattes."
    )
    paged = stored(paragraph("Tekst."), page=24).passage
    assert external_url(known, paged, long) == "https://eksempel.no/ha#page=24"


@pytest.mark.parametrize("id_", ["æ ø", "a.b", "å+b", "100%"])
def test_an_address_is_made_of_any_id(id_: str) -> None:
    assert source_home(id_).removeprefix("/kilder/").isascii()
    assert " " not in source_home(id_)
