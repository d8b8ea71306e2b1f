from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.document import Block
from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers import read


def test_a_document_keeps_its_structure(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_heading("Lokal avtale", level=0)
    document.add_heading("§ 1 Formål", level=1)
    document.add_paragraph("Partene samarbeider\tom omstilling.")
    document.add_paragraph("nye verktøy", style="List Bullet")
    document.add_paragraph("første", style="List Number")
    document.add_paragraph("andre", style="List Number")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        "Fase,Ansvar,Frist,Start,leder,mai".split(","),
        strict=True,
    ):
        cell.text = text
    document.add_heading("Mer", level=2)
    document.save(str(path))
    reading = read(path)
    assert reading.title == "Lokal avtale"
    assert reading.blocks == (
        Block("heading", "§ 1 Formål", level=1),
        Block("paragraph", "Partene samarbeider om omstilling."),
        Block("item", "nye verktøy", marker="•"),
        Block("item", "første", marker="1."),
        Block("item", "andre", marker="2."),
        Block("item", "Fase: Start; Ansvar: leder; Frist: mai"),
        Block("heading", "Mer", level=2),
    )


def test_text_and_title_are_freed_of_what_cannot_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.core_properties.title = "Lokal av\u00adtale"
    document.add_paragraph("Med\u00adbestem\u200bmelse er \ufb01nt.")
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "§\u00a01"
    document.save(str(path))
    reading = read(path)
    assert reading.title == "Lokal avtale"
    assert reading.blocks == (Block("paragraph", "Medbestemmelse er fint."), Block("item", "§ 1"))


def run(text: str, name: str = "t") -> str:
    return f'<w:r><w:{name} xml:space="preserve">{text}</w:{name}></w:r>'


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def body_of(path: Path, *parts: str) -> tuple[Block, ...]:
    """Write a document with the given XML in its body, and read it."""
    document = docx.Document()
    whole = f"<w:body {nsdecls('w')}>{''.join(parts)}</w:body>"
    for part in list(parse_xml(whole)):
        document.element.body.insert_element_before(part, "w:sectPr")
    document.save(str(path))
    blocks = read(path).blocks
    assert blocks is not None
    return blocks


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    inserted = f"<w:ins>{run('ikke ')}</w:ins><w:del>{run('alltid ', 'delText')}</w:del>"
    moved = run("Dette er flyttet.")
    assert body_of(
        tmp_path / "a.docx",
        f"<w:p>{run('Arbeidsgiver skal ')}{inserted}{run('kreve dette.')}</w:p>",
        f"<w:p><w:moveFrom>{moved}</w:moveFrom></w:p>",
        f"<w:p>{run('Sist. ')}<w:moveTo>{moved}</w:moveTo></w:p>",
    ) == (
        Block("paragraph", "Arbeidsgiver skal ikke kreve dette."),
        Block("paragraph", "Sist. Dette er flyttet."),
    )


def test_content_controls_and_fields_are_read_where_they_are_filled_in(tmp_path: Path) -> None:
    cells = [f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in ("Ansvar", "Kari")]
    contents = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    assert body_of(
        tmp_path / "a.docx",
        control(control(f"<w:p>{run('Innhold')}</w:p>"), contents),
        f"<w:p>{run('Frist: ')}{control(run('1. mai'))}</w:p>",
        control(f"<w:p>{run('Se ')}<w:fldSimple>{run('§ 3')}</w:fldSimple>{run('.')}</w:p>"),
        f"<w:p>{run('Leder:')}{control(run('Skriv navn.'), '<w:showingPlcHdr/>')}</w:p>",
        f"<w:tbl>{control(f'<w:tr>{cells[0]}{control(cells[1])}</w:tr>')}</w:tbl>",
    ) == (
        Block("paragraph", "Frist: 1. mai"),
        Block("paragraph", "Se § 3."),
        Block("paragraph", "Leder:"),
        Block("item", "Ansvar: Kari"),
    )


def test_a_lone_link_is_one_where_it_leads_to_the_web(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    targets = ("https://eksempel.no/ha.pdf", "javascript:alert(1)", "mailto:post@eksempel.no")
    for target in targets:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.set(qn("w:anchor"), "page=24")
        paragraph = document.add_paragraph()
        link.append(paragraph.add_run("Hovedavtalen")._r)
        paragraph._p.append(link)
    document.save(str(path))
    assert read(path).blocks == (
        Block("link", "Hovedavtalen", url="https://eksempel.no/ha.pdf#page=24"),
        Block("paragraph", "Hovedavtalen"),
        Block("paragraph", "Hovedavtalen"),
    )


def test_letters_are_counted_as_word_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    form = OxmlElement("w:numFmt")
    form.set(qn("w:val"), "lowerLetter")
    level.append(form)
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    abstract.append(level)
    numbering.insert(0, abstract)
    identity = numbering.add_num(77).numId
    for text in ("først", "så"):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = identity
        properties.get_or_add_ilvl().val = 0
    document.save(str(path))
    assert read(path).blocks == (Block("item", "først", marker="a)"), Block("item", "så", marker="b)"))


def test_short_paragraphs_that_a_colon_announces_are_items(tmp_path: Path) -> None:
    document = docx.Document()
    members = ["én fra ledelsen;", "to fra de ansatte", "ett verneombud"]
    guests = ["ordføreren, og", "den som fører referat."]
    for text in [
        "Utvalget skal bestå av:",
        *members,
        "Utvalget velger leder.",
        "Gjester er:",
        *guests,
        "Husk:",
        "Meld fra",
        "Si ja.",
    ]:
        document.add_paragraph(text)
    document.save(str(tmp_path / "utvalg.docx"))
    blocks = read(tmp_path / "utvalg.docx").blocks or ()
    assert [block.text for block in blocks if block.kind == "item"] == members + guests


def test_an_empty_document_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tom.docx"
    docx.Document().save(str(path))
    with pytest.raises(DocumentEmpty, match=r"tom\.docx"):
        read(path)


def test_a_cut_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(DocumentUnreadable, match=r"a\.docx er skadet"):
        read(path)


def test_a_document_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bombe.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(310):
            part.write(b" " * 1_000_000)
    with pytest.raises(DocumentUnreadable, match=r"bombe\.docx pakker seg ut"):
        read(path)
