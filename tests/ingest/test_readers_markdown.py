from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import Block
from ingest.readers import read
from ingest.readers.markdown import markdown_blocks
from ingest.tables import row_items


def blocks(text: str) -> list[Block]:
    return list(markdown_blocks(text))


def test_headings_paragraphs_and_title(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\nlayout: x\n---\n# Veileder\n\nFørste linje\nog *andre* **linje**.\n\n## Roller\n\nMer.\n"
    )
    reading = read(path)
    assert reading.title == "Veileder"
    assert reading.blocks == (
        Block("heading", "Veileder", level=1),
        Block("paragraph", "Første linje og andre linje."),
        Block("heading", "Roller", level=2),
        Block("paragraph", "Mer."),
    )


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: HMS - Prosesser", "HMS - Prosesser"),
        ("tittel: 'ROS: «Stopp»'", "ROS: «Stopp»"),
        ("title: ''", "A"),
    ],
)
def test_front_matter_gives_the_title(tmp_path: Path, line: str, title: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\nslug: /x\n{line}\n---\n# A\n\nTekst.\ntitle: B\n")
    assert read(path).title == title


def test_text_is_freed_of_what_cannot_be_seen() -> None:
    assert blocks("Med&shy;bestem\u200bmelse er \ufb01nt.\n\n    \u200b\n") == [
        Block("paragraph", "Medbestemmelse er fint.")
    ]


def test_lists_keep_their_markers() -> None:
    assert blocks("- en\n- to\n  - under\n\n3. tre\n4. fire\n\n   mer\n") == [
        Block("item", "en", marker="•"),
        Block("item", "to", marker="•"),
        Block("item", "under", level=1, marker="•"),
        Block("item", "tre", marker="3."),
        Block("item", "fire", marker="4."),
        Block("paragraph", "mer"),
    ]


def test_numbered_titles_over_text_are_headings_where_there_are_no_others() -> None:
    text = (
        "1. Formål\n\nRunden finner farer.\n\n2. Ansvar\nLederen leder.\n3. Slik\n3.1 Før\n\n1. Les\n2. Møt\n"
    )
    found = [
        (2, "1. Formål"),
        (0, "Runden finner farer."),
        (2, "2. Ansvar"),
        (0, "Lederen leder."),
        (2, "3. Slik"),
        (3, "3.1 Før"),
        (0, "Les"),
        (0, "Møt"),
    ]
    assert [(b.level, b.text) for b in blocks(text)] == found
    assert all(b.kind == ("heading" if b.level else b.kind) for b in blocks(text))
    assert blocks(f"# Runde\n\n{text}")[1] == Block("item", "Formål", marker="1.")


@pytest.mark.parametrize("below", ["", "   Se planen.\n\n", "og svar.\n\n"])
def test_numbered_items_are_no_headings(below: str) -> None:
    text = "".join(f"{number}. Les\n{below}" for number in range(1, 5))
    assert not any(block.kind == "heading" for block in blocks(f"{text}\nFerdig.\n"))


def test_lines_with_typed_markers_are_items() -> None:
    text = (
        "Før møtet:\na) les alt\n   nøye\nb) spør\n\n• kalle inn\n• skrive\n\nSe bokstav\na) og\nb) over.\n"
    )
    assert [(b.kind, b.marker, b.text) for b in blocks(f"{text}\n- Ta med:\n  a) papir\n\n  Mer.\n")] == [
        ("paragraph", "", "Før møtet:"),
        ("item", "a)", "les alt nøye"),
        ("item", "b)", "spør"),
        ("item", "•", "kalle inn"),
        ("item", "•", "skrive"),
        ("paragraph", "", "Se bokstav a) og b) over."),
        ("item", "•", "Ta med:"),
        ("item", "a)", "papir"),
        ("paragraph", "", "Mer."),
    ]


def test_lines_that_a_semicolon_parts_are_items() -> None:
    text = "Vilkår for dekning er\n\nat brillen er ny; eller\nat synet er svakt. Legen avgjør.\n\n"
    assert [(b.kind, b.text) for b in blocks(f"{text}husk; og\nVent.\n\n- ring;\n  skriv\n")] == [
        ("paragraph", "Vilkår for dekning er"),
        ("item", "at brillen er ny; eller"),
        ("item", "at synet er svakt. Legen avgjør."),
        ("paragraph", "husk; og Vent."),
        ("item", "ring; skriv"),
    ]


def test_a_table_becomes_items_that_read_on_their_own() -> None:
    text = "| Fase | Ansvar | Frist |\n|---|---|---|\n| Starte | leder | mai |\n| Forme | |\n"
    assert blocks(text) == [
        Block("item", "Fase: Starte; Ansvar: leder; Frist: mai"),
        Block("item", "Fase: Forme"),
    ]


def test_a_lone_link_is_a_link_and_one_in_a_sentence_is_text() -> None:
    made = blocks("[Hovedavtalen](https://eksempel.no/ha.pdf)\n\nSe [her](https://eksempel.no) for mer.\n")
    assert made == [
        Block("link", "Hovedavtalen", url="https://eksempel.no/ha.pdf"),
        Block("paragraph", "Se her for mer."),
    ]


def test_a_link_in_a_list_is_an_item_that_has_its_address() -> None:
    assert blocks("- [Avtaler](https://eksempel.no/a)\n- Kursbevis\n- [Planer](planer.md)\n") == [
        Block("item", "Avtaler", marker="•", url="https://eksempel.no/a"),
        Block("item", "Kursbevis", marker="•"),
        Block("item", "Planer", marker="•"),
    ]


@pytest.mark.parametrize("target", ["#roller", "annet.md", "mailto:post@eksempel.no"])
def test_a_link_that_does_not_lead_to_the_web_is_text(target: str) -> None:
    assert blocks(f"[Roller]({target})") == [Block("paragraph", "Roller")]


def test_of_html_the_text_is_kept() -> None:
    text = "CO<sub>2</sub> hvert<br>år. <!-- ikke --> &lt;navn&gt; 5 < 6\n\n"
    details = "<details>\n<summary>Hva?</summary>\n\n**Dette**.\n\n</details>\n\n"
    assert blocks(f"{text}{details}<!-- skjult\n\ndel -->\n\n<script>\n\nvar a</script>") == [
        Block("paragraph", "CO2 hvert år. <navn> 5 < 6"),
        Block("paragraph", "Hva?"),
        Block("paragraph", "Dette."),
    ]


def test_a_table_in_html_becomes_rows_like_any_other() -> None:
    head = "<tr><th>Nr</th><th>Regel</th><th>Grunn</th></tr>\n\n"
    first = "<tr><th rowspan='2'>1</th><td>Data skal <a\nhref='x'>deles</a>.\n\n</td><td>R&amp;D</td></tr>"
    second = "<tr><td>Alltid<td>Likhet</tr>"
    assert blocks(f"Før:\n<table><caption>Krav</caption>\n{head}{first}{second}</table>\n\nEtter.") == [
        Block("paragraph", "Før:"),
        Block("paragraph", "Krav"),
        Block("item", "Nr: 1; Regel: Data skal deles.; Grunn: R&D"),
        Block("item", "Nr: 1; Regel: Alltid; Grunn: Likhet"),
        Block("paragraph", "Etter."),
    ]
    assert blocks("<p>Roller</p><table><td>Leder<td><b>tillits</b>valgt</table>") == [
        Block("paragraph", "Roller"),
        Block("item", "Leder: tillitsvalgt"),
    ]


def test_what_a_program_reads_is_no_text() -> None:
    code = (
        "import { Meny } from 'src/meny';\nimport 'stil.css';\nexport const x = 1;\n\n<Meny />\n\n{/* x */}\n"
    )
    note = ":::tip\nHusk møtet.\n:::\n\n> [!NOTE]\n> Bare et eksempel.\n\n"
    text = "import av varer fra utlandet\n"
    assert [block.text for block in blocks(code + note + text)] == [
        "Husk møtet.",
        "Bare et eksempel.",
        "import av varer fra utlandet",
    ]


def test_boxes_of_tasks_are_text_only_where_they_differ() -> None:
    assert [block.text for block in blocks("- [ ] Drøft\n- [ ] Skriv [x]\n")] == ["Drøft", "Skriv [x]"]
    assert [block.text for block in blocks("- [x] Stopp\n- [ ] Godkjent\n")] == ["[x] Stopp", "[ ] Godkjent"]


def test_deep_nesting_ends() -> None:
    assert blocks("> " * 5_000 + "dypt\n\nVanlig tekst.")[-1] == Block("paragraph", "Vanlig tekst.")


def test_lines_of_cells_that_tabs_part_are_rows() -> None:
    text = "3. Ansvar\nRolle\tAnsvar\nLeder\tHar **alt**.\nVerneombud\tSer|hører.\n4. Frist\n\n•\tEn\n•\tTo\n"
    assert [(block.kind, block.text) for block in blocks(f"# A\n\n{text}\nDag\tTid\nmandag 9\n")] == [
        ("heading", "A"),
        ("item", "Ansvar"),
        ("item", "Leder: Har alt."),
        ("item", "Verneombud: Ser|hører."),
        ("item", "Frist"),
        ("item", "En"),
        ("item", "To"),
        ("paragraph", "Dag Tid mandag 9"),
    ]


def test_lines_of_a_name_and_a_value_are_rows() -> None:
    form = "Rutine for vakt\n**Versjon:** 1.0<br>\nGodkjent av: Kari Moen\nGjelder fra: 1. mai kl. 10:00\n"
    text = (
        "Husk: vi møtes i dag\nMerk: du trenger papirene\nsom ligger her.\n\nLeder: Kari er her.\nSted: A\n"
    )
    assert [(block.kind, block.text) for block in blocks(f"{form}\n{text}")] == [
        ("paragraph", "Rutine for vakt"),
        ("item", "Versjon: 1.0"),
        ("item", "Godkjent av: Kari Moen"),
        ("item", "Gjelder fra: 1. mai kl. 10:00"),
        ("paragraph", "Husk: vi møtes i dag Merk: du trenger papirene som ligger her."),
        ("paragraph", "Leder: Kari er her. Sted: A"),
    ]


def test_two_columns_read_as_pairs_and_empty_rows_are_left_out() -> None:
    assert row_items([["Hva", "Når"], ["Drøfting", "før vedtak"], ["", ""]], header=True) == [
        "Drøfting: før vedtak"
    ]
    assert row_items([["Drøfting:", "før vedtak"]], header=False) == ["Drøfting: før vedtak"]
    assert row_items([], header=True) == []


def test_an_empty_box_to_tick_is_an_empty_cell() -> None:
    rows = [["Punkt", "OK", "Avvik"], ["Er det ryddig?", "☐", "☒"], ["☐", "☐", "☐"]]
    assert row_items(rows, header=True) == ["Punkt: Er det ryddig?; Avvik: ☒"]


def test_a_table_whose_columns_have_no_names_keeps_its_first_row() -> None:
    text = "| | |\n|---|---|\n| Parter | alle lag |\n| Gyldig | i 2027 |\n"
    assert [block.text for block in blocks(text)] == ["Parter: alle lag", "Gyldig: i 2027"]


def test_a_first_row_over_a_column_of_numbers_names_the_columns() -> None:
    rows = [["Logg", "Frist", "Eier"], ["Dør", "9 dager", "Drift"], ["Bil", "4 dager", "Drift"]]
    assert row_items(rows, header=False)[0] == "Logg: Dør; Frist: 9 dager; Eier: Drift"
    rows[1][1] = "ingen"
    assert row_items(rows, header=False)[0] == "Logg; Frist; Eier"


def test_a_first_row_over_a_column_of_sentences_names_the_columns() -> None:
    rows = [["Rolle", "Ansvar"], ["Leder", "Har ansvaret."], ["Verneombud", "Ser etter at loven følges."]]
    assert row_items(rows, header=False) == ["Leder: Har ansvaret.", "Verneombud: Ser etter at loven følges."]
    rows[2][1] = "rom 204"
    assert row_items(rows, header=False)[0] == "Rolle: Ansvar"
    three = [["Tema", "Spørsmål", "Frist"], ["Orden", "Er det ryddig?", ""], ["", "Er gangen fri?", ""]]
    assert row_items(three, header=False) == [
        "Tema: Orden; Spørsmål: Er det ryddig?",
        "Spørsmål: Er gangen fri?",
    ]
