from __future__ import annotations

from itertools import pairwise

import pytest

from ingest.sentences import spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Partene møtes ofte. De drøfter saken. Hva skjer så? Da blir de enige!",
        "Dette gjelder tre ting. § 9-2 er den ene. 12 kommuner er med.",
        "Han sa ja. «Det var bra.» Så gikk de.",
        "Dette er opplysninger om helse.1 Rutinen er ganske enkel.12 Ansatte følger den.",
    ],
)
def test_a_sentence_ends_at_its_mark(text: str) -> None:
    parts = cut(text)
    assert len(parts) > 2
    assert " ".join(parts) == text


@pytest.mark.parametrize(
    "text",
    [
        "Se bl.a. Hovedavtalen del B.",
        "Se bl. a. Hovedavtalen del B.",
        "Dette gjelder f.eks. Bergen og Oslo.",
        "Jf. Hovedavtalen § 3-1 skal saken drøftes.",
        "Rundskriv nr. 4 gjelder.",
        "Tiltaket drøftes etter § 3-1 og aml. § 9-2 hvert år.",
        "Møtet er kl. 12 på rådhuset.",
        "Ansatte, tillitsvalgte m.fl. deltar.",
        "Referatet er skrevet av A. Hansen.",
        "Regler om permisjon m.m. § 4 gjelder.",
        "1. Politikere leder arbeidet",
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize("closing", ["osv.", "etc.", "m.m.", "m.fl.", "o.l.", "mv."])
def test_an_abbreviation_that_closes_a_list_may_end_a_sentence(closing: str) -> None:
    first = f"Dette gjelder verktøy, roboter {closing}"
    assert cut(f"{first} Partene drøfter saken.") == [first, "Partene drøfter saken."]
    assert len(cut(f"{first} for alle.")) == 1


@pytest.mark.parametrize(
    "first",
    [
        "Se § 3-1 c.",
        "Dette står i Hovedavtalen del B.",
        "Jf. § 9-2 bokstav a.",
        "Se vedlegg C.",
        "Se pkt. 4 b.",
    ],
)
def test_a_lettered_part_may_end_a_sentence(first: str) -> None:
    assert cut(f"{first} Partene drøfter saken.") == [first, "Partene drøfter saken."]


def test_a_short_quotation_is_kept_whole() -> None:
    text = "Lederen sa «Vi må snakke sammen. Det haster.» og gikk."
    assert cut(text) == [text]


def test_nothing_but_space_is_lost() -> None:
    text = "  Først dette.   Så det!  Og uten punktum til slutt  "
    found = list(spans(text.strip()))
    kept = "".join(text.strip()[start:end] for start, end in found)
    assert kept.replace(" ", "") == text.replace(" ", "")
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_blank_text_has_no_sentences(text: str) -> None:
    assert cut(text) == []
