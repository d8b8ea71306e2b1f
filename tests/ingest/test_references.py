from __future__ import annotations

from pathlib import Path

import pytest

from ingest.manifest import Work, load_manifest
from ingest.references import Reference, find, resolve

AML, HA, KOML = "arbeidsmiljøloven", "hovedavtalen", "kommuneloven"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
WORKS = load_manifest(CORPUS).works


def keys(text: str, default: str | None = None) -> list[str]:
    """Keys with the works shortened: a, h, k, and - for none."""
    short = {AML: "a", HA: "h", KOML: "k", None: "-"}
    found = find(text, default, WORKS)
    return [short.get(r.work, r.work or "") + r.key[len(r.work or "") :] for r in found]


# One line a case: the text, and the keys that it must give, in order.
CASES = [
    # The paragraph alone
    ("§ 6-2", "-::6-2"),
    ("§6-2", "-::6-2"),
    ("§  6-2", "-::6-2"),
    ("§ 6–2", "-::6-2"),
    ("§ 6—2", "-::6-2"),
    ("§ 6‑2", "-::6-2"),
    ("§ 6 - 2", "-::6-2"),
    ("§ 1-4-1", "-::1-4-1"),
    ("§ 14", "-::14"),
    ("§ 14a", "-::14a"),
    ("§ 2 A-1", "-::2A-1"),
    ("§ 2A-1", "-::2A-1"),
    ("§ 12.3", "-::12.3"),
    ("Se § 3-2.", "-::3-2"),
    ("(§ 3-2)", "-::3-2"),
    ("«§ 3-2»", "-::3-2"),
    ("§ 3-2, og mer", "-::3-2"),
    ("§ 99-9?", "-::99-9"),
    ("paragraf 6-2", "-::6-2"),
    ("Paragraf 6-2", "-::6-2"),
    ("paragrafen 6-2", "-::6-2"),
    ("paragraf § 6-2", "-::6-2"),
    ("par. 6-2", "-::6-2"),
    ("pgf. 6-2", "-::6-2"),
    ("paragraf 3", "-::3"),
    # Ledd
    ("§ 6-2 fjerde ledd", "-::6-2:(4)"),
    ("§ 6-2, fjerde ledd", "-::6-2:(4)"),
    ("§ 6-2 første ledd", "-::6-2:(1)"),
    ("§ 6-2 fyrste ledd", "-::6-2:(1)"),
    ("§ 6-2 andre ledd", "-::6-2:(2)"),
    ("§ 6-2 annet ledd", "-::6-2:(2)"),
    ("§ 6-2 tredje ledd", "-::6-2:(3)"),
    ("§ 6-2 femte ledd", "-::6-2:(5)"),
    ("§ 6-2 sjette ledd", "-::6-2:(6)"),
    ("§ 6-2 sjuende ledd", "-::6-2:(7)"),
    ("§ 6-2 syvende ledd", "-::6-2:(7)"),
    ("§ 6-2 åttende ledd", "-::6-2:(8)"),
    ("§ 6-2 niande ledd", "-::6-2:(9)"),
    ("§ 6-2 tiende ledd", "-::6-2:(10)"),
    ("§ 6-2 ellevte ledd", "-::6-2:(11)"),
    ("§ 6-2 tolvte ledd", "-::6-2:(12)"),
    ("§ 6-2 4. ledd", "-::6-2:(4)"),
    ("§ 6-2 ledd 4", "-::6-2:(4)"),
    ("§ 6-2 (4)", "-::6-2:(4)"),
    ("§ 6-2(4)", "-::6-2:(4)"),
    ("§ 6-2 (1) og (3)", "-::6-2:(1) -::6-2:(3)"),
    ("§ 4-2 første og tredje ledd", "-::4-2:(1) -::4-2:(3)"),
    ("§ 4-2 første til tredje ledd", "-::4-2:(1) -::4-2:(2) -::4-2:(3)"),
    ("§ 4-2 første, andre og fjerde ledd", "-::4-2:(1) -::4-2:(2) -::4-2:(4)"),
    ("§ 4-2 første ledd første punktum", "-::4-2:(1)"),
    ("§ 4-2 andre punktum", "-::4-2"),
    ("§ 4-2 siste ledd", "-::4-2"),
    ("§ 4-2 nr. 3", "-::4-2"),
    ("fjerde ledd i § 6-2", "-::6-2:(4)"),
    ("første og tredje ledd i aml. § 4-2", "a::4-2:(1) a::4-2:(3)"),
    ("fjerde ledd i arbeidsmiljøloven § 6-2", "a::6-2:(4)"),
    # Letters
    ("§ 3-1 c", "-::3-1:c"),
    ("§ 3-1 c)", "-::3-1:c"),
    ("§ 3-1c", "-::3-1:c"),
    ("§ 3-1 (c)", "-::3-1:c"),
    ("§ 3-1 bokstav c", "-::3-1:c"),
    ("§ 3-1, bokstav c", "-::3-1:c"),
    ("§ 3-1 litra c", "-::3-1:c"),
    ("§ 3-1 bokstav c)", "-::3-1:c"),
    ("§ 3-1 bokstav a og c", "-::3-1:a -::3-1:c"),
    ("§ 3-1 bokstavene a, b og d", "-::3-1:a -::3-1:b -::3-1:d"),
    ("§ 3-1 bokstav a til c", "-::3-1:a -::3-1:b -::3-1:c"),
    ("§ 3-1 c og d", "-::3-1:c -::3-1:d"),
    ("§ 9-2 første ledd bokstav b", "-::9-2:(1):b"),
    ("§ 9-2 (1) b", "-::9-2:(1):b"),
    ("§ 9-2 (1) b)", "-::9-2:(1):b"),
    ("bokstav c i Hovedavtalen § 3-1", "h::3-1:c"),
    ("§ 3-1 i denne avtalen", "-::3-1"),
    ("§ 3-1 å drøfte", "-::3-1"),
    ("§ 3-1 er viktig", "-::3-1"),
    ("§ 3-1 c ↗", "-::3-1:c"),
    # Lists and ranges
    ("§§ 4-2 og 6-2", "-::4-2 -::6-2"),
    ("§§ 4-2, 6-2 og 9-2", "-::4-2 -::6-2 -::9-2"),
    ("§ 4-2 og 6-2", "-::4-2 -::6-2"),
    ("§ 4-2 og § 6-2", "-::4-2 -::6-2"),
    ("§ 4-2/6-2", "-::4-2 -::6-2"),
    ("§§ 4-2 første ledd og 6-2 fjerde ledd", "-::4-2:(1) -::6-2:(4)"),
    ("§ 8-1 første ledd og § 4-2 første og tredje ledd", "-::8-1:(1) -::4-2:(1) -::4-2:(3)"),
    ("§§ 3 og 5", "-::3 -::5"),
    ("§§ 3-1 til 3-4", "-::3-1 -::3-2 -::3-3 -::3-4"),
    ("§ 3-1 til § 3-3", "-::3-1 -::3-2 -::3-3"),
    ("§§ 3-1–3-3", "-::3-1 -::3-2 -::3-3"),
    ("§§ 3-1 – 3-3", "-::3-1 -::3-2 -::3-3"),
    ("§§ 3-1 til og med 3-3", "-::3-1 -::3-2 -::3-3"),
    ("§§ 3–6", "-::3 -::4 -::5 -::6"),
    ("§§ 10 til 12", "-::10 -::11 -::12"),
    ("§§ 3-1 til 5-2", "-::3-1 -::5-2"),
    # Letters that only a pattern without case takes for others
    ("arbeıdsmİljøloven § 4-2 nıende ledd", "a::4-2:(9)"),
    ("kommuneloven § 3-1 førſte ledd bokſtav c", "k::3-1:(1):c"),
    # The work before
    ("aml. § 9-2 (1)", "a::9-2:(1)"),
    ("aml § 9-2", "a::9-2"),
    ("AML § 9-2", "a::9-2"),
    ("Aml. §9-2", "a::9-2"),
    ("arbeidsmiljøloven § 6-2 fjerde ledd", "a::6-2:(4)"),
    ("Arbeidsmiljølovens § 6-2", "a::6-2"),
    ("arbeidsmiljøloven kapittel § 9-2", "a::9-2"),
    ("arbeidsmiljølovens kapittel § 9-2 første ledd", "a::9-2:(1)"),
    ("arbeidsmiljøloven kapittel 9 § 9-2", "a::9-2"),
    ("arbeidsmiljølova § 6-2 fyrste ledd", "a::6-2:(1)"),
    ("arbeidsmiljøloven sin § 6-2", "a::6-2"),
    ("arbeidsmiljøloven §§ 4-2 og 6-2", "a::4-2 a::6-2"),
    ("kommuneloven § 1-1", "k::1-1"),
    ("koml. § 1-1", "k::1-1"),
    ("Hovedavtalen § 1-4-1", "h::1-4-1"),
    ("Hovudavtalen § 3-1", "h::3-1"),
    ("HA del B § 3-1 c", "h:B:3-1:c"),
    ("HA Del B, § 3-1 c", "h:B:3-1:c"),
    ("ha del b § 3-1 c", "h:B:3-1:c"),
    ("hva sier ha § 3-2", "h::3-2"),
    ("Hovedavtalen del B § 3-1 bokstav c", "h:B:3-1:c"),
    ("Hovedavtalens del B § 3-1", "h:B:3-1"),
    ("Hovedavtalen (del B § 3-1)", "h:B:3-1"),
    ("Hovedavtalen 2026–2029 del B § 3-1", "h:B:3-1"),
    ("Hovedavtalen KS del B § 3-1", "h:B:3-1"),
    ("Hovedavtalen (HA) § 3-1", "h::3-1"),
    ("Hovedavtalen del B kapittel 3 § 3-1", "h:B:3-1"),
    ("Hovedavtalen del B § 3-1 c og § 3-2", "h:B:3-1:c h:B:3-2"),
    ("del B § 3-1", "-:B:3-1"),
    ("aml. § 9-2 og HA § 3-1", "a::9-2 h::3-1"),
    ("Hovedavtalen § 3-1 og arbeidsmiljøloven § 4-2", "h::3-1 a::4-2"),
    ("HA del B § 3-1 og aml. § 4-2", "h:B:3-1 a::4-2"),
    # The work after
    ("§ 6-2 i arbeidsmiljøloven", "a::6-2"),
    ("§ 6-2 fjerde ledd i arbeidsmiljøloven", "a::6-2:(4)"),
    ("§§ 4-2 og 6-2 i aml", "a::4-2 a::6-2"),
    ("§ 8-1 første ledd og § 4-2 i arbeidsmiljøloven", "a::8-1:(1) a::4-2"),
    ("§ 3-1 i Hovedavtalen del B", "h:B:3-1"),
    ("§ 3-1 c i del B i Hovedavtalen", "h:B:3-1:c"),
    ("§ 4-2 aml", "a::4-2"),
    ("§ 4-2, arbeidsmiljøloven § 6-2", "-::4-2 a::6-2"),
    ("Etter Hovedavtalen og § 6-2 i arbeidsmiljøloven", "a::6-2"),
    # The work elsewhere in the sentence
    (
        "hovedavtalen har kapitler om omorganisering (§1-4-1) og arbeidsgivers plikter (§3-1).",
        "h::1-4-1 h::3-1",
    ),
    (
        "I arbeidsmiljøloven omtales informasjon i § 8-1 første ledd og medvirkning i § 4-2",
        "a::8-1:(1) a::4-2",
    ),
    ("Dette følger av hovedavtalen, jf. § 3-1.", "h::3-1"),
    ("Kommuneloven gir rammer. Loven har et formål (§ 1-1).", "k::1-1"),
    ("Kommuneloven gir rammer. Dette står i § 1-1.", "-::1-1"),
    ("Se Hovedavtalen. Etter arbeidsmiljøloven § 4-2 og aml. § 6-2 gjelder det.", "a::4-2 a::6-2"),
    ("Hovedavtaleveilederen omtaler § 3-1", "-::3-1"),
    # Typed by hand
    ("hva sier aml 9-2?", "a::9-2"),
    ("hva står i aml. 6-2 fjerde ledd", "a::6-2:(4)"),
    ("hovedavtalen 3-1 c", "h::3-1:c"),
    ("HA 1-4-1", "h::1-4-1"),
    ("kva seier §3-2", "-::3-2"),
    ("hva betyr § 3-1 c i hovedavtalen?", "h::3-1:c"),
    # English
    ("section 9-2", "-::9-2"),
    ("section 9-2 of the Working Environment Act", "a::9-2"),
    ("Section 9-2 (1) of the Working Environment Act", "a::9-2:(1)"),
    ("sections 4-2 and 6-2", "-::4-2 -::6-2"),
    ("section 3-1 a worker may", "-::3-1"),
    ("section 3-1 (c) of the Basic Agreement", "h::3-1:c"),
    ("Working Environment Act section 6-2", "a::6-2"),
    ("section 6-2 fourth paragraph", "-::6-2:(4)"),
    ("part B section 3-1 of the Main Agreement", "h:B:3-1"),
    # Not a reference
    ("2019-2021", ""),
    ("Hovedavtalen 2026–2029", ""),
    ("Hovedavtalen gjelder 2026-2029", ""),
    ("22 33 44 55", ""),
    ("7.12.2020", ""),
    ("2-3 ganger i året", ""),
    ("Hovedavtalen 1-2 ganger i året", ""),
    ("aml 2-3 uker", ""),
    ("§ 2019-2021", ""),
    ("§", ""),
    ("§ 1234", ""),
    ("section 3 of this report", ""),
    ("del B", ""),
    ("et par. 3 møter", ""),
    ("Vi må ha 2-3 møter", ""),
    ("§ 4-2 og 2 andre regler", "-::4-2"),
    ("§ 4-2 og 2019-2021", "-::4-2"),
    ("", ""),
]


def test_there_are_enough_cases() -> None:
    assert len({text for text, _ in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text or "empty" for text, _ in CASES])
def test_references_are_found(text: str, wanted: str) -> None:
    assert keys(text) == wanted.split()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Del B › § 3-1 Arbeidsgivers plikter", "h:B:3-1"),
        ("Del B Samarbeid › Kapittel 3 Plikter › § 3-1 Arbeidsgivers plikter", "h:B:3-1"),
        ("Etter § 3-1 gjelder dette, se § 3-2.", "h::3-1 h::3-2"),
        ("jf. arbeidsmiljøloven § 4-2", "a::4-2"),
        ("etter forvaltningslovens § 13 og § 14", "forvaltningsloven::13 forvaltningsloven::14"),
        ("§ 4 andre ledd i arkivforskrifta", "arkivforskriften::4:(2)"),
        ("loven § 4", "h::4"),
    ],
)
def test_a_work_refers_to_itself_unless_it_names_another(text: str, wanted: str) -> None:
    assert keys(text, HA) == wanted.split()


def test_the_text_of_a_reference_stands_in_the_source() -> None:
    text = "Se § 8-1 førſte ledd og Hovedavtalen del B §§ 3-1 til 3-3."
    found = find(text, None, WORKS)
    assert [text[r.start : r.end] for r in found] == [r.text for r in found]
    assert found[0].text == "§ 8-1 førſte ledd"
    assert {r.text for r in found[1:]} == {"§§ 3-1 til 3-3"}


def test_a_wider_reference_is_a_prefix_of_a_narrower_one() -> None:
    wide, narrow = find("HA del B § 3-1 og HA del B § 3-1 c", None, WORKS)
    assert narrow.key.startswith(wide.key + ":")


def reference(text: str) -> Reference:
    (found,) = find(text, None, WORKS)
    return found


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("aml. § 9-2 (1)", "/lov/2005-06-17-62/§9-2"),
        ("aml. § 2 A-1", "/lov/2005-06-17-62/§2a-1"),
        ("HA del B § 3-1 c", ".pdf#page=24"),
        ("Hovedavtalen § 3-2", ".pdf#page=24"),
        ("HA del A § 3-1", ".pdf"),
        ("HA del B § 9-9", ".pdf"),
        ("Hovedavtalen § 1-4-1", ".pdf"),
    ],
)
def test_a_reference_leads_to_its_official_page(text: str, ending: str) -> None:
    link = resolve(reference(text), WORKS)
    assert link is not None
    assert link.url.endswith(ending)


def test_what_has_no_known_page_is_not_guessed() -> None:
    bare_work = (Work(key="reglement", title="Reglementet", names=("Reglementet",)),)
    assert resolve(reference("§ 3-1"), WORKS) is None
    assert resolve(find("Reglementet § 2", None, bare_work)[0], bare_work) is None
    assert find("§ 3-1", None, ())[0].work is None


def test_a_long_text_is_searched_in_reasonable_work() -> None:
    text = "Arbeidsmiljøloven § 4-2 gjelder. " * 2_000
    assert len(find(text, None, WORKS)) == 2_000


def test_white_space_without_end_is_searched_in_reasonable_work() -> None:
    assert keys(f"Se § 3-1 Hovedavtalen{' ' * 20_000}x") == ["h::3-1"]


def test_sections_times_ledd_times_letters_are_no_more_than_a_range_holds() -> None:
    assert len(find("§§ 1–39 første til tolvte ledd bokstav a til z", None, WORKS)) == 40
