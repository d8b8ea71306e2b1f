from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pointing import Names, without_title
from ingest.document import Source

TITLES = [frozenset({"avtal", "samarbeid", "digital", "kompetans"}), frozenset({"håndbok", "vann"})]


def terms(text: str) -> frozenset[str]:
    known = {"samarbeid": "samarbeid", "digital": "digital", "kompetanse": "kompetans", "vann": "vann"}
    return frozenset(known.get(word, word) for word in text.lower().split() if word not in ("om", "ut", "i"))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Hvor lenge gjaldt avtalen om digital kompetanse?", "Hvor lenge gjaldt avtalen?"),
        ("Når gikk avtalen om digital kompetanse ut?", "Når gikk avtalen ut?"),
        ("Når utgår avtalen om samarbeid om digital kompetanse, egentlig?", "Når utgår avtalen, egentlig?"),
        ("Hvor lenge gjaldt avtalen om digital makt?", None),
        ("Hva sier håndboka om vann?", None),
        ("Hvor lenge gjaldt avtalen?", None),
    ],
)
def test_only_words_that_repeat_a_title_are_left_out(question: str, short: str | None) -> None:
    assert without_title(question, TITLES, terms) == short


def names(**kinds: str) -> Names:
    sources = [
        Source(id=id_.replace("_", "-"), path=Path(id_), title=id_, kind=kind) for id_, kind in kinds.items()
    ]
    return Names.of(sources, terms)


@pytest.mark.parametrize(
    ("question", "documents", "short"),
    [
        ("Hva sier KS-rapporten om ildsjeler?", {"ks-rapport": 1.0}, "Hva sier om ildsjeler?"),
        ("Hvem leder gruppa i håndboka?", {"handbok": 1.0}, "Hvem leder gruppa?"),
        ("Hva sier avtalen?", {"lokal": 0.5, "sentral": 0.5}, "Hva sier?"),
        ("Hvem skriver en håndbok?", {}, None),
    ],
)
def test_a_definite_noun_points_to_its_documents(
    question: str, documents: dict[str, float], short: str | None
) -> None:
    known = names(handbok="håndbok", ks_rapport="rapport", lokal="avtale", sentral="avtale")
    assert known.named(question, "nb") == documents
    assert known.without_noun(question, "nb") == short


def test_english_has_no_definite_form() -> None:
    known = names(handbok="håndbok")
    assert known.named("what does the håndbok say", "en") == {"handbok": 1.0}
    assert known.named("hva sier en håndbok", "nb") == {}


def test_a_word_that_few_titles_have_names_more_clearly() -> None:
    known = names(vann="håndbok", luft="håndbok")
    assert known.titled(["vann"]) == {"vann": 1.0, "luft": 0.0}
    assert known.titled(["håndbok"]) == {"vann": 0.5, "luft": 0.5}
    assert known.titled(["ild"]) == {}
