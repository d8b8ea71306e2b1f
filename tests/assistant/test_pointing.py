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
        ("Håndboka sier hva om tillit?", {"handbok": 1.0}, "sier hva om tillit?"),
        ("Hva sier håndboka og avtalen?", {"handbok": 1 / 3, "lokal": 1 / 3, "sentral": 1 / 3}, "Hva sier?"),
        ("Hva sier avtalen?", {"lokal": 0.5, "sentral": 0.5}, "Hva sier?"),
        ("Håndboka?", {"handbok": 1.0}, None),
        ("Hvem skriver en håndbok?", {}, None),
    ],
)
def test_a_definite_noun_points_to_its_documents(
    question: str, documents: dict[str, float], short: str | None
) -> None:
    known = names(handbok="håndbok", ks_rapport="rapport", lokal="avtale", sentral="avtale")
    assert known.named(question, "nb") == documents
    assert known.without_noun(question, "nb") == short


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Hva sier KS-rapporten om ildsjeler?", "ks-rapport"),
        ("Kven står bak KS-rapporten?", "ks-rapport"),
        ("Hvem leder gruppa i håndboka?", "handbok"),
        ("What does the handbook say?", None),
        ("Håndboka ligger på nettet, hvem skrev den?", None),
        ("Hva sier håndboka, og hva sier KS-rapporten?", None),
        ("Hva sier avtalen?", None),
    ],
)
def test_a_document_may_be_asked_what_it_says(question: str, document: str | None) -> None:
    known = names(handbok="håndbok", ks_rapport="rapport", lokal="avtale", sentral="avtale")
    assert known.consulted(question, "nb") == document


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Hva hjelper bedriftshelsetjenesten oss med?", None),
        ("Hva gir permisjonen meg?", None),
        ("Hva sier personalreglementet om ferie?", "personalreglement"),
        ("Hva står i HMS-håndboken om vern?", "HMS-håndbok"),
        ("Hvem gjelder retningslinjene for?", "retningslinjer"),
        ("Hva er lovet i heftet?", "hefte"),
    ],
)
def test_a_file_name_points_to_its_document_only_as_a_kind_of_document(
    question: str, document: str | None
) -> None:
    ids = "bedriftshelsetjeneste permisjon personalreglement HMS-håndbok retningslinjer hefte".split()
    known = names(**dict.fromkeys(ids, "annet"))
    assert known.named(question, "nb") == ({} if document is None else {document: 1.0})
    assert (known.without_noun(question, "nb") is None) == (document is None)


def test_english_has_no_definite_form() -> None:
    known = names(handbok="håndbok")
    assert known.named("what does the håndbok say", "en") == {"handbok": 1.0}
    assert known.named("hva sier en håndbok", "nb") == {}


def test_a_word_that_few_titles_have_names_more_clearly() -> None:
    known = names(vann="håndbok", luft="håndbok")
    assert known.titled(["vann"]) == {"vann": 1.0, "luft": 0.0}
    assert known.titled(["håndbok"]) == {"vann": 0.5, "luft": 0.5}
    assert known.titled(["ild"]) == {}


KNOWN = Names.of(
    [
        Source(id="handbok", path=Path("h"), title="h", kind="håndbok", publisher="Forlaget"),
        Source(id="ks-rapport", path=Path("k"), title="k", kind="rapport", publisher="KS"),
        Source(id="avtale", path=Path("a"), title="a", kind="avtale", publisher="KMD og KS"),
    ],
    terms,
)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Hva sier håndboka og KS om tillit?", ["handbok", "ks-rapport"]),
        ("Hvem leder gruppa ifølge avtalen og i KS-rapporten?", ["avtale", "ks-rapport"]),
        ("Hvordan skiller gruppa i avtalen seg fra håndbokas?", ["avtale", "handbok"]),
        ("Er dette nytt? Hva sier KS, og hva sier Forlagets folk?", ["ks-rapport", "handbok"]),
        ("Hva sier Forlagets håndbok og KS sin rapport om tillit?", ["handbok", "ks-rapport"]),
        ("Sammenlikn håndboka med KS-rapporten", ["handbok", "ks-rapport"]),
        ("What do håndbok and KS say about trust?", []),
        ("Hva sier håndboka om tillit?", []),
        ("Hvor i håndboka omtales avtalen mellom LO/Forlaget og KS?", []),
        ("Når gikk avtalen som KS var med på ut?", []),
        ("Begge er uenige.", []),
    ],
)
def test_documents_set_side_by_side_are_told_from_documents_that_are_only_named(
    question: str, documents: list[str]
) -> None:
    assert KNOWN.side_by_side(question, "nb") == documents


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Hva sier håndboka og KS om tillit?", "tillit?"),
        ("Hva sier Forlagets håndbok og KS sin rapport om tillit?", "tillit?"),
        ("Sammenlign hva håndboka og KS sin rapport sier om tillit.", "tillit."),
        ("Sammenlikn håndboka og KS om tillit.", "tillit."),
        ("Kan du si oss hva KS og håndboka sier om tillit?", "tillit?"),
        ("Hva sier KS, og hva sier håndboka, om å teste løsninger?", "å teste løsninger?"),
        ("Blir noe bedre av dette? Hva sier KS og hva sier håndboka?", "Blir noe bedre av dette?"),
        ("KS og håndboka er uenige: skal det skje på si?", "skal det skje på si?"),
        ("KS og håndboka om tillit?", "om tillit?"),
        ("Hvem leder gruppa ifølge avtalen og i KS-rapporten?", "Hvem leder gruppa?"),
        ("Hvem leder gruppa i håndboka og i avtalen? er det samme greia?", "Hvem leder gruppa?"),
    ],
)
def test_what_is_asked_is_left_without_the_documents(question: str, left: str) -> None:
    assert KNOWN.unnamed(question, "nb") == left


@pytest.mark.parametrize(
    ("piece", "document"),
    [
        ("hva mener KS om tillit?", "ks-rapport"),
        ("Hva sier håndboka?", None),
        ("Hvem leder gruppa?", None),
        ("Hvem leder gruppa i håndboka og avtalen?", None),
    ],
)
def test_a_piece_that_only_names_its_document_asks_nothing(piece: str, document: str | None) -> None:
    assert KNOWN.asked_of(piece, "nb") == document


def test_a_kind_tells_which_document_of_its_publisher_is_meant() -> None:
    sources = [
        Source(id=kind, path=Path(kind), title=kind, kind=kind, publisher="KS")
        for kind in ("rapport", "veileder", "avtale")
    ]
    known = Names.of(sources, terms)
    assert known.side_by_side("Hva sier KS sin rapport og KS sin avtale?", "nb") == ["rapport", "avtale"]
    assert known.asked_of("Hva sier KS sin håndbok?", "nb") is None


def test_what_links_many_names_is_read_in_reasonable_work() -> None:
    # Were each name looked for from the beginning, this would take minutes.
    assert KNOWN.unnamed("Vis " + "og " * 3_000 + "KS " * 3_000 + "om tillit?", "nb") == "Vis om tillit?"
