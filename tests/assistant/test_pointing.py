from __future__ import annotations

import pytest

from assistant.pointing import named, without_noun, without_title

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


KINDS = {"handbok": ("håndbok", "handbok"), "ks-rapport": ("rapport", "ks-rapport"), "a": ("avtale", "a")}


@pytest.mark.parametrize(
    ("question", "documents", "short"),
    [
        ("Hva sier KS-rapporten om ildsjeler?", ["ks-rapport"], "Hva sier om ildsjeler?"),
        ("Hvem leder gruppa i håndboka?", ["handbok"], "Hvem leder gruppa?"),
        ("Hva sier avtalen?", ["a"], "Hva sier?"),
        ("Hvem skriver en håndbok?", [], None),
    ],
)
def test_a_definite_noun_points_to_its_document(
    question: str, documents: list[str], short: str | None
) -> None:
    assert list(named(question, KINDS, "nb")) == documents
    assert without_noun(question, KINDS, "nb") == short


def test_documents_of_one_kind_share_what_points_to_them() -> None:
    assert named("Hva sier rapporten?", {"x": ("rapport",), "y": ("rapport",)}, "nb") == {"x": 0.5, "y": 0.5}
