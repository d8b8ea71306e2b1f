from __future__ import annotations

import pytest

from assistant.shorten import without_title

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
