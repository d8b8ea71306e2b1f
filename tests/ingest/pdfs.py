"""PDFs made for tests: an agreement in our own wording, with the structure and the traps of real ones."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from PIL import Image

PARTS = (
    ("Del A", "Forhandlingsordningen"),
    ("Del B", "Samarbeid og medbestemmelse"),
    ("Del C", "Særskilte regler"),
)
_TOPICS = (
    ("Formål", "samarbeidet", "legge til rette for gode tjenester"),
    ("Arbeidsgivers plikter", "oppgavefordelingen", "gi opplysninger så tidlig som mulig"),
    ("Tillitsvalgtes oppgaver", "tillitsvalgtordningen", "ta opp saker på vegne av medlemmene"),
    ("Utvalg og møter", "møtekalenderen", "innkalle med minst to ukers varsel"),
    ("Opplæring", "kompetanseplanen", "sette av tid til kurs i arbeidstiden"),
    ("Tvister", "tvistebehandlingen", "føre protokoll som begge undertegner"),
)
_LETTERS = ("nye digitale verktøy", "endret organisering", "innleie og kjøp av tjenester")


@dataclass(frozen=True, slots=True)
class Section:
    """One § as it was set: `part` «Del B», `number` «3-1», `sentences` whole, `page` where it begins."""

    part: str
    number: str
    title: str
    sentences: tuple[str, ...]
    letters: tuple[str, ...]
    page: int


class _Agreement(FPDF):
    """Running head and foot on each page, WinAnsi text."""

    def __init__(self, running_head: str) -> None:
        super().__init__(format="A4")
        self.running_head = running_head
        self.core_fonts_encoding = "cp1252"
        self.set_auto_page_break(False)
        self.set_margins(20, 20)

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.set_xy(20, 10)
        self.cell(w=170, text=self.running_head, align="C")

    def footer(self) -> None:
        self.set_font("Helvetica", size=8)
        self.set_xy(20, 285)
        self.cell(w=170, text=f"Side {self.page_no()}", align="R")


def sections(count: int) -> list[Section]:
    """Return `count` sections in our own wording; every sentence names its §, so each is unique."""
    made: list[Section] = []
    for index in range(count):
        part, _ = PARTS[index * len(PARTS) // count]
        within = sum(section.part == part for section in made)
        number = f"{within // 4 + 1}-{within % 4 + 1}"
        title, topic, duty = _TOPICS[index % len(_TOPICS)]
        mark = f"{part[-1]} {number}"
        sentences = (
            f"Partene skal etter bestemmelse {mark} {duty} når {topic} endres i virksomheten.",
            f"Arbeidsgiveren drøfter {topic} etter {mark} med de berørte tillitsvalgte før vedtak treffes.",
            f"Er partene uenige om {topic} i {mark}, kan hver av dem kreve et nytt møte innen ti dager:",
        )
        letters = tuple(f"{letter} i saker om {topic} etter {mark}" for letter in _LETTERS)
        made.append(Section(part, number, title, sentences, letters, index + 1))
    return made


def agreement(path: Path, pages: int = 6, columns: int = 1) -> list[Section]:
    """Write an agreement, one § a page, with parts, ledd, letters, running head and foot.

    Args:
        path: the file to write.
        pages: how many pages, one section on each.
        columns: 1, or 2 to set each page in two columns drawn line by line across the page, as
            typesetting programs do: the worst case for a reader that follows the drawing order.
    """
    pdf = _Agreement("Prøveavtalen for kommunesektoren")
    made = sections(pages)
    part = ""
    for section in made:
        pdf.add_page()
        pdf.set_y(22)
        if section.part != part:
            part = section.part
            _line(pdf, f"{part} {dict(PARTS)[part]}", 16, "B")
        _line(pdf, f"§ {section.number} {section.title}", 13, "B")
        _body(pdf, section, columns)
    pdf.set_title("Prøveavtalen")
    pdf.output(str(path))
    return made


def _line(pdf: FPDF, text: str, size: int, style: str = "") -> None:
    pdf.set_font("Helvetica", style=style, size=size)
    pdf.set_x(20)
    pdf.cell(w=170, h=size * 0.6, text=text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)


def _body(pdf: FPDF, section: Section, columns: int) -> None:
    width = 170.0 if columns == 1 else 78.0
    pdf.set_font("Helvetica", size=11)
    lines = [line for text in _paragraphs(section) for line in [*_broken(pdf, text, width), ""]]
    half = len(lines) if columns == 1 else (len(lines) + 1) // 2
    top = pdf.get_y()
    for row in range(half):
        pdf.set_xy(20, top + row * 5.2)
        pdf.cell(w=width, text=lines[row])
        if half + row < len(lines):
            pdf.set_xy(20 + 92, top + row * 5.2)
            pdf.cell(w=width, text=lines[half + row])


def _paragraphs(section: Section) -> list[str]:
    first, second, third = section.sentences
    letters = [f"{letter}) {text}" for letter, text in zip("abc", section.letters, strict=True)]
    return [f"(1) {first} {second}", f"(2) {third}", *letters]


def _broken(pdf: FPDF, text: str, width: float) -> list[str]:
    """Break a paragraph in lines of `width` mm; long words are broken with a hyphen, as in print."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdf.get_string_width(longer) <= width:
            line = longer
        elif len(word) > 14:
            lines.append(f"{line} {word[:7]}-".strip())
            line = word[7:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def encrypted(path: Path, owner_only: bool = False) -> None:
    """Write a PDF with a password; with `owner_only` anyone may read it and only changes are locked."""
    pdf = _Agreement("Låst")
    pdf.set_encryption(owner_password="eier", user_password="" if owner_only else "hemmelig")
    pdf.add_page()
    pdf.set_y(30)
    _line(pdf, "§ 1-1 Dette er en låst avtale.", 12)
    pdf.output(str(path))


def image_only(path: Path, pages: int = 2) -> None:
    """Write a PDF of pictures without text, as a scanner does."""
    pdf = FPDF()
    picture = io.BytesIO()
    Image.new("L", (60, 80), color=200).save(picture, format="PNG")
    for _ in range(pages):
        pdf.add_page()
        pdf.image(picture, x=10, y=10, w=100)
    pdf.output(str(path))


def drawn_list(path: Path, lead: str, items: Sequence[str]) -> None:
    """Write a PDF with a list whose bullets are drawn, as browsers print it."""
    pdf = _Agreement("Skriv ut")
    pdf.add_page()
    pdf.set_y(30)
    _line(pdf, lead, 11)
    for item in items:
        pdf.circle(x=32, y=pdf.get_y() + 2.5, radius=0.7, style="F")
        pdf.set_x(40)
        pdf.cell(text=item, h=5, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    _line(pdf, "Planen følges opp hvert år.", 11)
    pdf.output(str(path))


def blank(path: Path) -> None:
    """Write a PDF with one empty page."""
    pdf = FPDF()
    pdf.add_page()
    pdf.output(str(path))


def bomb(path: Path, megabytes: int = 2_000) -> None:
    """Write a small PDF whose one page unpacks to `megabytes` of spaces and never to text."""
    packer = zlib.compressobj(9)
    block = b" " * 1_000_000
    stream = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    content = b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(stream), stream)
    path.write_bytes(raw([*_one_page(b""), content]))


def text_in_a_form(path: Path, text: str) -> None:
    """Write a PDF that draws its text inside a form object, as some print drivers do."""
    drawing = b"BT /F 12 Tf 20 50 Td (%b) Tj ET" % text.encode("cp1252")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 400 100]/Resources<<%b>>/Length %d>>stream\n%b\nendstream"
    content = b"<</Length 5>>stream\n/X Do\nendstream"
    page = _one_page(b"/XObject<</X 5 0 R>>")
    path.write_bytes(raw([*page, content, form % (_FONT, len(drawing), drawing)]))


_FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


def _one_page(resources: bytes) -> list[bytes]:
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 100]/Resources<<%b%b>>/Contents 4 0 R>>"
        % (_FONT, resources),
    ]


def raw(objects: list[bytes]) -> bytes:
    """Return a PDF of the given objects, numbered from 1; the first is the catalogue."""
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + head + table + tail
