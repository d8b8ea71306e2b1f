"""Facts are read the same way however they are written."""

from __future__ import annotations

import pytest

from assistant.facts import facts, implied, number_word


def read(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in facts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("se § 3-1 c og §1-4-1", [("section", "3-1 c"), ("section", "1-4-1")]),
        ("etter § 8-1 første og tredje ledd", [("section", "8-1"), ("ledd", "1"), ("ledd", "3")]),
        ("hovedavtalen del B", [("part", "B")]),
        ("vedtatt 07.12.2020", [("date", "2020-12-07")]),
        ("vedtatt 7. desember 2020", [("date", "2020-12-07")]),
        ("om 20 % eller ti prosent", [("percent", "20"), ("percent", "10")]),
        ("om 12 000 kroner", [("number", "12000")]),
        ("om 2,5 millioner kroner", [("number", "2500000")]),
        ("årene 2026–2029", [("number", "2026"), ("number", "2029")]),
        ("de tre partene og sju kommunar", [("number", "3"), ("number", "7")]),
        ("de andre kan tre inn", []),
        ("1. Vær åpen", []),
        ("hos post@ks.no og https://www.ks.no/a.", [("email", "post@ks.no"), ("url", "ks.no/a")]),
        ("møtet med Bærum og KS’ råd", [("name", "bærum"), ("name", "ks")]),
        ("Kommunen avgjør. Rådet uttaler seg.", []),
    ],
)
def test_facts_have_one_form(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


def test_the_law_goes_with_its_section() -> None:
    works = [fact.work for fact in facts("I arbeidsmiljøloven § 8-1 og i § 3 i kommuneloven")]
    assert works == ["arbeidsmiljøloven", "arbeidsmiljøloven"]


def test_a_date_bears_its_year_and_month() -> None:
    said = {(fact.kind, fact.value) for fact in implied(facts("7. desember 2020"))}
    assert {("number", "2020"), ("month", "12"), ("date", "2020-12-07")} <= said


@pytest.mark.parametrize(("word", "value"), [("tjuefem", "25"), ("Syv", "7"), ("éin", "1"), ("hus", None)])
def test_number_words(word: str, value: str | None) -> None:
    assert number_word(word) == value
