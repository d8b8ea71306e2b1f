from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.chunk import passages
from ingest.document import Block, Document, Page, Source
from ingest.law import is_legal, legal_blocks, path_of, provisions
from ingest.readers import read
from ingest.structure import blocks_from_pages
from tests.ingest import pdfs

LAW = [
    Block("heading", "Del B Samarbeid", level=2),
    Block("heading", "Kapittel 3 Plikter", level=3),
    Block("heading", "§ 3-1 Arbeidsgivers plikter", level=4),
    Block(
        "paragraph", "(1) Arbeidsgiver drøfter saken. (2) Dette gjelder: a) nye verktøy b) ny organisering."
    ),
    Block("paragraph", "§ 3-2 Tillitsvalgtes oppgaver"),
    Block("item", "Tillitsvalgte tar opp saker.", marker="(1)"),
    Block(
        "paragraph",
        "§ 3-3 Partene møtes minst to ganger i året. De fører protokoll. Den undertegnes av begge. " * 2,
    ),
    Block("paragraph", "§ 3-1 gjelder tilsvarende."),
    Block("heading", "Utfyllende merknad", level=5),
    Block("paragraph", "En merknad."),
]


def outline(blocks: list[Block]) -> list[str]:
    return [
        f"{'#' * b.level} {b.text}" if b.kind == "heading" else f"{b.marker}|{b.text[:23]}" for b in blocks
    ]


def test_the_structure_of_an_agreement_is_made_plain() -> None:
    assert outline(legal_blocks(LAW)) == [
        "# Del B Samarbeid",
        "## Kapittel 3 Plikter",
        "### § 3-1 Arbeidsgivers plikter",
        "|(1) Arbeidsgiver drøfte",
        "|(2) Dette gjelder:",
        "a)|nye verktøy",
        "b)|ny organisering.",
        "### § 3-2 Tillitsvalgtes oppgaver",
        "|(1) Tillitsvalgte tar o",
        "### § 3-3",
        "|Partene møtes minst to ",
        "|§ 3-1 gjelder tilsvaren",
        "#### Utfyllende merknad",
        "|En merknad.",
    ]


@pytest.mark.parametrize("dash", "‐‑–−")
def test_a_number_may_have_any_dash(dash: str) -> None:
    dashed = [replace(block, text=block.text.replace("-", dash)) for block in LAW]
    assert outline(legal_blocks(dashed)) == [line.replace("-", dash) for line in outline(legal_blocks(LAW))]
    assert provisions((f"§ 3{dash}1 Plikter",), "Tekst.", None)[0].section == "3-1"


def test_a_text_about_a_law_is_left_as_it_is() -> None:
    text = [
        Block("heading", "Om medvirkning", level=1),
        Block("paragraph", "§ 4-2 handler om medvirkning: a) ett og b) to."),
        Block("item", "Les § 6-2 først.", marker="(1)"),
    ]
    assert not is_legal(text)
    assert legal_blocks(text) == text


@pytest.mark.parametrize("columns", [1, 2])
def test_no_passage_of_a_pdf_mixes_two_paragraphs(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "avtale.pdf"
    made = pdfs.agreement(path, pages=12, columns=columns)
    pages = read(path).pages
    assert pages is not None
    source = Source(id="a", path=path, title="A", work="hovedavtalen")
    document = Document.assemble(source, legal_blocks(blocks_from_pages(pages)))
    found = passages(document)
    assert len(found) == len(made)
    for section, passage in zip(made, found, strict=True):
        assert passage.section[0].startswith(section.part)
        assert passage.section[-1] == f"§ {section.number} {section.title}"
        assert passage.page == section.page
        assert all(sentence in passage.text for sentence in (*section.sentences, *section.letters))
        keys = [reference.key for reference in provisions(passage.section, passage.text, "hovedavtalen")]
        base = f"hovedavtalen:{section.part[-1]}:{section.number}"
        assert keys == [base, *(f"{base}:{tail}" for tail in ("(1)", "(2)", "(2):a", "(2):b", "(2):c"))]


def test_a_provision_says_where_its_text_stands() -> None:
    text = "(1) Første ledd.\na) bokstaven"
    whole, ledd, letter = provisions(("Del B", "§ 3-1 Plikter"), text, None)
    assert [text[r.start : r.end] for r in (whole, ledd, letter)] == [
        text,
        "(1) Første ledd.",
        "a) bokstaven",
    ]
    assert provisions(("Innledning",), text, None) == []
    assert len(provisions(("§ 3-1",), "Arbeidsgiver skal\nf.eks. gi opplæring.", None)) == 1


def test_the_path_of_a_quote_ends_with_its_letter() -> None:
    section = ("Del B", "§ 3-1 Arbeidsgivers plikter")
    assert path_of(section, "c) drøfte saken") == (*section, "c")
    assert path_of(section, "c. drøfte saken") == (*section, "c")
    assert path_of(section, "f.eks. drøfte saken") == path_of(section, "Drøfte saken") == section
    assert path_of(("Sjekkliste",), "c) drøfte saken") == ("Sjekkliste",)


def test_a_law_from_open_data_keeps_ledd_and_letters(tmp_path: Path) -> None:
    path = tmp_path / "lov.html"
    path.write_text(
        """<?xml version="1.0" encoding="utf-8"?><html lang="nb"><head><title>Prøveloven</title></head><body>
<header><dl><dt>Departement</dt><dd>Prøvedepartementet</dd></dl></header><main class="documentBody">
<h1>Lov om prøver</h1><section class="section"><h2>Kapittel 1. Innledning</h2>
<article class="legalArticle"><h3 class="legalArticleHeader"><span class="legalArticleValue">§ 1-1</span>.
 <span class="legalArticleTitle">Formål</span></h3>
<article class="legalP">Loven gjelder prøver.</article>
<article class="numberedLegalP">(2) Prøver er:
<ol class="defaultList" type="a"><li data-name="a)"><article class="listArticle"><article class="legalP">
skriftlige,</article></article></li>
<li data-name="b."><article class="listArticle">muntlige<ul><li>korte</li></ul>
</article></li></ol></article>
<article class="changesToParent">0 Endret ved lov.</article></article>
</section></main></body></html>"""
    )
    reading = read(path)
    assert reading.title == "Lov om prøver"
    assert [(b.kind, b.level, b.marker, b.text) for b in reading.blocks or ()] == [
        ("heading", 2, "", "Kapittel 1. Innledning"),
        ("heading", 3, "", "§ 1-1. Formål"),
        ("paragraph", 0, "", "Loven gjelder prøver."),
        ("paragraph", 0, "", "(2) Prøver er:"),
        ("item", 0, "a)", "skriftlige,"),
        ("item", 0, "b)", "muntlige"),
        ("item", 0, "•", "korte"),
    ]


def lines(path: Path, html: str) -> list[str]:
    """Return the blocks of a page as «### heading», «marker|text»."""
    path.write_text(html)
    blocks = read(path).blocks or ()
    return [f"{'#' * b.level} {b.text}" if b.level else f"{b.marker}|{b.text}" for b in blocks]


def test_a_ledd_keeps_the_order_of_its_text_its_list_and_its_table(tmp_path: Path) -> None:
    page = """<html><body><main class="documentBody"><h1>Forskrift om prøver.</h1>
<article class="legalArticle"><h2><span>§ 1</span>. <span>Formål</span></h2>
<article class="legalP">Vi fremmer arbeid for<ul><li data-name="-"><article class="listArticle"><span
class="data-originalId">-</span><article class="legalP">miljø</article></article></li><li>helse</li></ul>
<p class="leddfortsettelse">slik at målene nås.</p></article>
<article class="legalP">Kravene er:<table><tr><th>Prøve</th><th>Frist</th><th>Form</th></tr><tr><td>vann</td>
<td>mai</td><td>skriftlig</td></tr></table>De gjelder alle.</article></article></main></body></html>"""
    assert lines(tmp_path / "a.html", page) == [
        "### § 1. Formål",
        "|Vi fremmer arbeid for",
        "•|miljø",
        "•|helse",
        "|slik at målene nås.",
        "|Kravene er:",
        "|Prøve: vann; Frist: mai; Form: skriftlig",
        "|De gjelder alle.",
    ]


NUMBERED = '<table class="numeral morTag_an avsnitt"><tr><td><span class="avsnittNummer numeral">'
LETTERED = '<table class="morTag_n listeItem avsnitt"><tr><td class="morTag_n listeitemNummer">'
PAGE = f"""<main><h1 class="sr-only">Verktøylinje</h1><div class="commentWidget desktop" id="lovdataDocument">
<div id="documentMeta"><h1>Lov om prøver.</h1><table><tr><th>Dato</th><td>1999-01-02</td></tr></table></div>
<div id="documentBody"><div class="morTag_b kapittel"><h2>Kap I Innledning</h2><a name="1"></a>
<div class="morTag_p paragraf"><span class="paragrafValue">§ 1.</span><span class="paragrafTittel"><em>Hvem
som prøves</em></span>{NUMBERED}(1)</span> <em>(øy mv.)</em></td></tr></table><p class="morTag_a avsnitt">
Alle prøves etter <a href="/x">§ 2</a>.</p><p class="morTag_a avsnitt">Unntatt er</p>
{LETTERED}a)</td><td>barn,</td></tr></table>{LETTERED}b.</td><td>gjester</td></tr></table>
<p class="morTag_m marg">når de er syke.</p>{NUMBERED}2.</span> <em>Frist</em></td></tr></table>
<p class="morTag_a avsnitt">Fristen er mai.</p>
<a class="share-paragraf"><i>🔗</i><span class="share-paragraf-title">Del paragraf</span></a></div>
<div class="morTag_p paragraf"><h3 class="paragrafHeader"><span class="paragrafValue">§ 2.</span><span
class="paragrafTittel">Gebyr</span></h3>{NUMBERED}(1)</span> Det koster.</td></tr></table>
<p class="morTag_a avsnitt">Prisen er lav.</p>
<table class="fotnote avsnitt"><tr><td>0</td><td>Endret.</td></tr></table></div></div></div></div></main>"""


def test_a_law_from_a_page_keeps_its_sections_ledd_and_letters(tmp_path: Path) -> None:
    assert lines(tmp_path / "a.html", PAGE) == [
        "## Kap I Innledning",
        "### § 1. Hvem som prøves",
        "|(1) (øy mv.) Alle prøves etter § 2.",
        "|Unntatt er",
        "a)|barn,",
        "b)|gjester",
        "|når de er syke.",
        "|2. Frist: Fristen er mai.",
        "### § 2. Gebyr",
        "|(1) Det koster.",
        "|Prisen er lav.",
    ]
    assert read(tmp_path / "a.html").title == "Lov om prøver"


POINT = '<table class="numeral morTag_v2 avsnitt"><tr><td class="avsnittNummer numeral">'
DASHED = '<table class="morTag_v2n listeItem avsnitt"><tr><td class="morTag_v2n listeitemNummer">'
POINTS = f"""<html><body><h1>Forskrift om prøver</h1><div class="docStatusBanner"><p>Ny versjon</p></div>
<div id="documentBody"><div class="kapittel"><h2>Kapittel 2. Organ</h2>
{POINT}2.4</td><td> <em>Instruks for rådet</em></td></tr></table>
{POINT}2.4.1</td><td> Rådet <em>skal</em>:</td></tr></table>
{DASHED}-</td><td>gje råd</td></tr></table>{DASHED}-</td><td>møtast</td></tr></table>
<p class="morTag_v2a avsnitt">Møta er opne.</p>
{POINT}2.4.2.</td><td><em>Stad</em></td></tr></table>{DASHED}-</td><td>skolen</td></tr></table>
{POINT}2.4.3</td><td>Rådet vel leiar.</td></tr></table></div></div><p>Del dokument</p></body></html>"""


def test_a_regulation_in_points_keeps_them_with_their_dashes(tmp_path: Path) -> None:
    assert lines(tmp_path / "a.html", POINTS) == [
        "## Kapittel 2. Organ",
        "### 2.4 Instruks for rådet",
        "|2.4.1 Rådet skal:",
        "-|gje råd",
        "-|møtast",
        "|Møta er opne.",
        "|2.4.2 Stad",
        "-|skolen",
        "|2.4.3 Rådet vel leiar.",
    ]


SHORT = """1 Innledning

§ 1 Reglementet gjelder alle utvalg.

§ 2 Utvalget ledes av ordføreren. De ansatte i hver av enhetene velger ett medlem for inntil
2 år av gangen.

§ 3. Lederen skal:
a) kalle inn
b) føre protokoll
§ 4. Møter
Utvalget møtes hver måned."""


def test_a_section_that_is_a_sentence_on_its_own_line_keeps_it_as_text() -> None:
    assert outline(legal_blocks(blocks_from_pages([Page(SHORT, 1)])))[1:] == [
        "### § 1",
        "|Reglementet gjelder all",
        "### § 2",
        "|Utvalget ledes av ordfø",
        "### § 3.",
        "|Lederen skal:",
        "a)|kalle inn",
        "b)|føre protokoll",
        "### § 4. Møter",
        "|Utvalget møtes hver mån",
    ]
    assert any(block.text.endswith("inntil 2 år av gangen.") for block in blocks_from_pages([Page(SHORT, 1)]))


def test_numbered_chapters_over_titled_sections_stand_beside_each_other() -> None:
    text = "\n\n".join(
        f"{n} {title}\n\n§ {n} Om {title.lower()}\nDette gjelder {title.lower()} i alle enheter."
        for n, title in enumerate(("Formål", "Roller", "Møter", "Tvister"), 1)
    )
    levels = [block.level for block in blocks_from_pages([Page(text, 1)]) if block.kind == "heading"]
    assert levels == [1, 3] * 4


@pytest.mark.parametrize("levels", [(3, 3, 4), (2, 3, 4)])
def test_a_section_inside_another_stands_below_it(levels: tuple[int, int, int]) -> None:
    outer, inner, plain = levels
    blocks = [
        Block("heading", "§ 3-2 Rettigheter", level=outer),
        Block("heading", "§ 3-2-1 Tid", level=inner),
        Block("paragraph", "(1) Den valgte får tid."),
        Block("heading", "Merknad", level=plain),
        Block("paragraph", "Tid er arbeidstid."),
        Block("heading", "§ 3-2-2 Utstyr", level=inner),
        Block("heading", "§ 3-3 Plikter", level=outer),
    ]
    path = Document.assemble(Source("a", Path("a"), "A"), legal_blocks(blocks)).blocks
    assert path[4].section == ("§ 3-2 Rettigheter", "§ 3-2-1 Tid", "Merknad")
    assert path[5].section == ("§ 3-2 Rettigheter", "§ 3-2-2 Utstyr")
    assert path[6].section == ("§ 3-3 Plikter",)
    keys = [one.key for one in provisions(path[2].section, path[2].block.text, None)]
    assert keys == ["::3-2-1", "::3-2-1:(1)", "::3-2"]
