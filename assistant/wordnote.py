"""The Word form of a møtenotat or sjekkliste; a module of its own because python-docx is slow to import."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from assistant.notes import (
    LONGEST_TITLE,
    MARK,
    Note,
    NoteTurn,
    blocks_of,
    checklist,
    cleaned,
    described,
    expiry,
    made_line,
    placed,
    safe_link,
    shown_sources,
    sources_heading,
)


def _begun(title: str) -> WordDocument:
    """Begin an A4 page in Norwegian with a title that screen readers and file lists show."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    style = word.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nb-NO")
    style.element.get_or_add_rPr().append(language)
    word.core_properties.title = title[:LONGEST_TITLE]
    word.core_properties.language = "nb-NO"
    word.core_properties.author = ""
    return word


def _add(word: WordDocument, text: str, style: str) -> None:
    """Append a paragraph; by the id of its style, as python-docx looks through all styles for a name."""
    word.add_paragraph(cleaned(text))._p.style = style


def _hyperlink(paragraph: Paragraph, text: str, url: str) -> None:
    """Append a link; python-docx has none of its own."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _word_answer(word: WordDocument, note: Note, turn: NoteTurn) -> None:
    if note.kind == "sjekkliste":
        for heading, points in checklist(turn.answer):
            if heading:
                _add(word, MARK.sub("", heading), "Heading2")
            for point in points:
                word.add_paragraph(f"☐  {cleaned(point)}").paragraph_format.left_indent = Cm(0.5)
        return
    for given in blocks_of(turn.answer):
        if given.kind == "heading":
            _add(word, given.text, "Heading2")
            continue
        block = placed(given, turn.answer)
        if block.text:
            word.add_paragraph(cleaned(block.text + block.rest))
        for item in block.bullets:
            _add(word, item, "ListBullet")


def _word_sources(word: WordDocument, note: Note, turn: NoteTurn) -> None:
    sources = shown_sources(note, turn)
    if not sources:
        return
    _add(word, sources_heading(sources), "Heading2")
    for citation, quoted in sources:
        paragraph = word.add_paragraph(f"[{citation.number}] ")
        url = safe_link(citation.url)
        if url:
            _hyperlink(paragraph, cleaned(described(citation)), url)
        else:
            paragraph.add_run(cleaned(described(citation)))
        paragraph.add_run(expiry(citation))
        if quoted:
            continue
        quote = word.add_paragraph(f"«{cleaned(citation.quote)}»")
        quote.paragraph_format.left_indent = Cm(0.75)


def to_docx(note: Note) -> bytes:
    """Write the note as a Word document with real headings, lists and links."""
    word = _begun(cleaned(note.title))
    _add(word, note.title, "Title")
    word.add_paragraph(made_line(note))
    for turn in note.turns:
        _add(word, turn.question, "Heading1")
        _word_answer(word, note, turn)
        for notice in turn.answer.notices:
            word.add_paragraph().add_run(cleaned(notice)).bold = True
        _word_sources(word, note, turn)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()
