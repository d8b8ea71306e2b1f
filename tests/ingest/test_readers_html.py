from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import Block
from ingest.errors import DocumentEmpty, DocumentError
from ingest.readers import read

PAGE = """<!DOCTYPE html><html><head>
<meta charset="utf-8"><title>Omstilling – Kommunen</title></head>
<body>
<nav><ul><li><a href="/">Til forsiden</a></li><li><a href="/a">Meny</a></li></ul></nav>
<main><h1>Omstilling i praksis</h1>
<p>Partene samarbeider tidlig om alle endringer som gjelder de ansatte, og fører referat.</p>
<h2>Faser</h2>
<p>Hver fase har en
<a href="https://eksempel.no/x">egen</a> sjekkliste som <strong>partene</strong> går gjennom.</p>
<ul><li>Kartlegg behov<ul><li>spør de ansatte</li></ul></li><li>Avklar roller</li></ul>
<ol><li>Inviter</li><li>Drøft</li></ol>
<ol type="a"><li>nye verktøy</li><li>ny organisering</li></ol>
<table><tr><th>Fase</th><th>Ansvar</th><th>Frist</th></tr>
<tr><td>Oppstart</td><td>leder</td><td>mai</td></tr></table>
<details><summary>Hva er drøfting?</summary>
<p>Drøfting er et formelt møtepunkt mellom partene i saken.</p></details>
</main><footer><p>Kontakt oss på telefon. Vi bruker informasjonskapsler.</p></footer></body></html>"""


def blocks_of(path: Path, html: str | bytes) -> tuple[Block, ...]:
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    blocks = read(path).blocks
    assert blocks is not None
    return blocks


def test_the_main_text_keeps_its_structure(tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path / "a.html", PAGE)
    assert [b.level for b in blocks if b.kind == "item"] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert [(b.kind, b.marker or b.level * (b.kind == "heading") or "", b.text) for b in blocks] == [
        ("heading", 1, "Omstilling i praksis"),
        (
            "paragraph",
            "",
            "Partene samarbeider tidlig om alle endringer som gjelder de ansatte, og fører referat.",
        ),
        ("heading", 2, "Faser"),
        ("paragraph", "", "Hver fase har en egen sjekkliste som partene går gjennom."),
        ("item", "•", "Kartlegg behov"),
        ("item", "•", "spør de ansatte"),
        ("item", "•", "Avklar roller"),
        ("item", "1.", "Inviter"),
        ("item", "2.", "Drøft"),
        ("item", "a)", "nye verktøy"),
        ("item", "b)", "ny organisering"),
        ("item", "", "Fase: Oppstart; Ansvar: leder; Frist: mai"),
        ("heading", 3, "Hva er drøfting?"),
        ("paragraph", "", "Drøfting er et formelt møtepunkt mellom partene i saken."),
    ]


def test_a_list_counts_from_where_it_starts(tmp_path: Path) -> None:
    page = PAGE.replace("<ol>", '<ol start="99">').replace("<ol type", '<ol start="3" type')
    markers = {block.text: block.marker for block in blocks_of(tmp_path / "a.html", page)}
    assert [markers[text] for text in ("Inviter", "Drøft")] == ["99.", "100."]
    assert [markers[text] for text in ("nye verktøy", "ny organisering")] == ["c)", "d)"]


def test_typed_numbers_are_a_list_where_they_count_on(tmp_path: Path) -> None:
    lines = "1. Først|2. Deretter|a) herunder|3. Sist|1. mai er fri.|(1) Et ledd.|(2) Et til."
    typed = "".join(f"<p>{line}</p>" for line in lines.split("|"))
    blocks = blocks_of(tmp_path / "a.html", PAGE.replace("<table>", f"{typed}<table>"))
    at = blocks.index(Block("item", "ny organisering", marker="b)")) + 1
    assert [(b.kind, b.marker, b.text) for b in blocks[at : at + 7]] == [
        ("item", "1.", "Først"),
        ("item", "2.", "Deretter"),
        ("item", "a)", "herunder"),
        ("item", "3.", "Sist"),
        ("paragraph", "", "1. mai er fri."),
        ("paragraph", "", "(1) Et ledd."),
        ("paragraph", "", "(2) Et til."),
    ]


def test_the_title_is_the_main_heading_or_the_pages_own(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    assert read(path).title == "Omstilling i praksis"
    path.write_text(PAGE.replace("h1>", "p>"))
    assert read(path).title == "Omstilling – Kommunen"


def test_text_and_title_are_freed_of_what_cannot_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        PAGE.replace("i praksis", "i prak&shy;sis").replace("verktøy", "verk&shy;tøy \ufb01nt\u200b"), "utf-8"
    )
    reading = read(path)
    assert reading.title == "Omstilling i praksis"
    assert Block("item", "nye verktøy fint", marker="a)") in (reading.blocks or ())


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "iso-8859-1").replace("–", "-")
    assert any("verktøy" in block.text for block in blocks_of(tmp_path / "a.html", page.encode("latin-1")))


def test_a_page_without_text_is_empty(tmp_path: Path) -> None:
    with pytest.raises(DocumentEmpty, match=r"a\.html"):
        blocks_of(tmp_path / "a.html", "<html><body><script>var a = 1</script></body></html>")


@pytest.mark.parametrize("tag", ["div", "ul><li", "table><tr><td"])
def test_depth_without_end_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(DocumentError, match=r"dyp\.html"):
        blocks_of(tmp_path / "dyp.html", "<html><body>" + f"<{tag}>" * 200_000 + "tekst" * 100)


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path / "a.html", PAGE[: PAGE.index("<table")])
    assert any(block.text == "Avklar roller" for block in blocks)


def in_place_of_the_table(path: Path, html: str) -> list[tuple[str, str]]:
    """Return kind and text of what a page has between its last list and «Hva er drøfting?»."""
    page = PAGE[: PAGE.index("<table>")] + html + PAGE[PAGE.index("<details>") :]
    found = [(block.kind, f"{block.marker} {block.text}".lstrip()) for block in blocks_of(path, page)]
    return found[
        found.index(("item", "b) ny organisering")) + 1 : found.index(("heading", "Hva er drøfting?"))
    ]


def test_a_first_row_that_its_own_heading_names_is_a_row(tmp_path: Path) -> None:
    rows = "<tr><th scope=row>Utvalg</th><td>9 dager</td></tr><tr><th>Råd</th><td>4 dager</td></tr>"
    assert in_place_of_the_table(tmp_path / "a.html", f"<table>{rows}</table>") == [
        ("item", "Utvalg: 9 dager"),
        ("item", "Råd: 4 dager"),
    ]


def test_a_cell_that_spans_rows_stands_in_each(tmp_path: Path) -> None:
    table = (
        "<table><tr><th>Enhet</th><th>Verv</th><th>Navn</th></tr>"
        "<tr><td rowspan=3>Skole</td><td rowspan=2>Verneombud</td><td>Ada</td></tr>"
        "<tr><td>Bo</td></tr><tr><td>Leder</td><td>Eva</td></tr></table>"
    )
    assert in_place_of_the_table(tmp_path / "a.html", table) == [
        ("item", "Enhet: Skole; Verv: Verneombud; Navn: Ada"),
        ("item", "Enhet: Skole; Verv: Verneombud; Navn: Bo"),
        ("item", "Enhet: Skole; Verv: Leder; Navn: Eva"),
    ]


def test_a_caption_stands_over_its_table(tmp_path: Path) -> None:
    table = PAGE[PAGE.index("<table>") : PAGE.index("<details>")]
    captioned = table.replace("<table>", "<table><caption>Ansvar i hver fase</caption>")
    assert in_place_of_the_table(tmp_path / "a.html", captioned) == [
        ("paragraph", "Ansvar i hver fase"),
        ("item", "Fase: Oppstart; Ansvar: leder; Frist: mai"),
    ]


def test_a_term_and_its_definition_are_one_item(tmp_path: Path) -> None:
    terms = (
        "<dl><dt>Eier</dt><dd>Den som <a href='https://x.no'>bestiller</a>.</dd>"
        "<dd><p>Den som betaler.</p></dd>"
        "<div><dt>Hvem er med?</dt><dd>Alle.</dd></div><dt>Uten forklaring</dt></dl>"
    )
    assert in_place_of_the_table(tmp_path / "a.html", terms) == [
        ("item", "Eier: Den som bestiller."),
        ("item", "Eier: Den som betaler."),
        ("item", "Hvem er med? Alle."),
        ("item", "Uten forklaring"),
    ]


def test_a_page_whose_text_is_taken_for_something_else_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("""<html><body><nav>Meny med ord som står der, og mange flere ord enn disse</nav><main>
<p>Kunngjort utgave</p><div class="commentWidget"><h1>Reglement</h1><div>Rådet behandler<br>saker om
<ul><li>miljø<ol><li>støy</li></ol></li><li><p>idrett</p></li></ul>etter at <b>råd</b>et er hørt.</div>
<script>var a = 1</script><a href="https://eksempel.no/a">Hele saken</a><div>→</div><h2>Møter</h2>
<table><tr><td><h3>Innkalling</h3>Leder <span>kaller</span> inn.</td></tr></table>
<table><tr><th>Måned</th><th>Dag</th><th>Sted</th></tr><tr><td>mai</td><td>to<br>tre</td><td>salen</td></tr></table>
</div></main></body></html>""")
    reading = read(path)
    assert "alt på siden er lest" in (reading.remark or "")
    assert [(b.kind, b.level or b.marker, b.text) for b in reading.blocks or ()] == [
        ("paragraph", "", "Kunngjort utgave"),
        ("heading", 1, "Reglement"),
        ("paragraph", "", "Rådet behandler saker om"),
        ("item", "•", "miljø"),
        ("item", "1.", "støy"),
        ("item", "•", "idrett"),
        ("paragraph", "", "etter at rådet er hørt."),
        ("link", "", "Hele saken"),
        ("heading", 2, "Møter"),
        ("heading", 3, "Innkalling"),
        ("paragraph", "", "Leder kaller inn."),
        ("item", "", "Måned: mai; Dag: to tre; Sted: salen"),
    ]


@pytest.mark.parametrize(
    "hidden", ['class="sr-only"', 'class="a visually-hidden"', "hidden", 'aria-hidden="true"']
)
def test_what_is_hidden_is_neither_title_nor_text(tmp_path: Path, hidden: str) -> None:
    path = tmp_path / "a.html"
    bar = f'<h1 {hidden}>Verktøylinje</h1><span {hidden}>Gå til innhold</span><a role="button">Del siden</a>'
    page = PAGE.replace("<main>", f"<main>{bar}")
    path.write_text(page.replace("<summary>", f"<summary><b {hidden}>Vis mer om</b> "))
    assert read(path).title == "Omstilling i praksis"
    assert read(path).blocks == blocks_of(path, PAGE)


def test_the_sign_that_links_to_a_heading_is_no_part_of_it(tmp_path: Path) -> None:
    signed = '<h3>Varsling<a class="headerlink" href="#varsling">¶</a></h3><p>Se <a href="#m">møter</a>.</p>'
    assert in_place_of_the_table(tmp_path / "a.html", signed) == [
        ("heading", "Varsling"),
        ("paragraph", "Se møter."),
    ]


def test_what_is_folded_up_is_text(tmp_path: Path) -> None:
    folded = "<h3><button>Hvem er med?</button></h3><div hidden><p>Alle som er berørt, er med.</p></div>"
    assert in_place_of_the_table(tmp_path / "a.html", folded) == [
        ("heading", "Hvem er med?"),
        ("paragraph", "Alle som er berørt, er med."),
    ]


def test_lines_of_a_numbered_row_that_were_typed_as_rows_are_put_together(tmp_path: Path) -> None:
    lines = (
        "Leder skal:|Form;1. varsle alle i god|;tid om endringer|;2. føre arbeids-|skriftlig;planer|hvert år"
    )
    rows = "".join(f"<tr><td>{line.replace('|', '</td><td>')}</td></tr>" for line in lines.split(";"))
    assert in_place_of_the_table(tmp_path / "a.html", f"<table>{rows.replace('td>', 'th>', 4)}</table>") == [
        ("item", "Leder skal: 1. varsle alle i god tid om endringer"),
        ("item", "2. føre arbeidsplaner: skriftlig hvert år"),
    ]


def test_a_number_or_letter_that_has_a_cell_of_its_own_stands_before_its_text(tmp_path: Path) -> None:
    rows = "<tr><td>a)</td><td>feriepenger</td></tr><tr><td>(2)</td><td>lønn</td></tr>"
    assert in_place_of_the_table(tmp_path / "a.html", f"<table>{rows}</table>") == [
        ("item", "a) feriepenger"),
        ("item", "(2) lønn"),
    ]
