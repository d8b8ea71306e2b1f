from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingest.document import Page
from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers import read
from ingest.readers.columns import in_reading_order
from ingest.readers.drawn import mark_drawn
from ingest.readers.pdf import respaced, tidy
from ingest.readers.sandbox import read_apart
from tests.ingest import pdfs


def pages_of(path: Path) -> tuple[Page, ...]:
    pages = read(path).pages
    assert pages is not None
    return pages


def joined(text: str) -> str:
    """The text as cleaning would leave it: lines joined, broken words whole."""
    return " ".join(text.replace("-\n", "").split())


@pytest.mark.parametrize("columns", [1, 2])
def test_every_sentence_stands_on_the_page_where_it_was_set(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "avtale.pdf"
    made = pdfs.agreement(path, pages=44, columns=columns)
    pages = pages_of(path)
    assert [page.number for page in pages] == list(range(1, 45))
    found = {
        sentence: [page.number for page in pages if sentence in joined(page.text)]
        for section in made
        for sentence in (*section.sentences, *section.letters)
    }
    wanted = {
        sentence: [section.page] for section in made for sentence in (*section.sentences, *section.letters)
    }
    assert found == wanted


@pytest.mark.parametrize("columns", [1, 2])
def test_headings_and_letters_begin_lines(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "avtale.pdf"
    made = pdfs.agreement(path, pages=6, columns=columns)
    lines = pages_of(path)[2].text.split("\n")
    assert "Del B Samarbeid og medbestemmelse" in lines
    assert f"§ {made[2].number} {made[2].title}" in lines
    assert sum(line.startswith(("a) ", "b) ", "c) ")) for line in lines) == 3
    assert sum(line.startswith(("(1) ", "(2) ")) for line in lines) == 2


def test_the_title_is_the_one_of_the_metadata(tmp_path: Path) -> None:
    path = tmp_path / "avtale.pdf"
    pdfs.agreement(path, pages=1)
    assert read(path).title == "Prøveavtalen"


def test_a_file_locked_against_changes_only_is_read(tmp_path: Path) -> None:
    path = tmp_path / "last.pdf"
    pdfs.encrypted(path, owner_only=True)
    assert "§ 1-1 Dette er en låst avtale." in pages_of(path)[0].text


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "last.pdf"
    pdfs.encrypted(path)
    with pytest.raises(DocumentUnreadable, match=r"last\.pdf er kryptert"):
        read(path)


def test_images_of_text_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "skannet.pdf"
    pdfs.image_only(path)
    with pytest.raises(DocumentUnreadable, match="OCR"):
        read(path)


def test_a_blank_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    pdfs.blank(path)
    with pytest.raises(DocumentEmpty, match=r"blank\.pdf"):
        read(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bombe.pdf"
    pdfs.bomb(path, megabytes=500)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DocumentUnreadable, match=r"bombe\.pdf pakker seg ut"):
        read(path)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "treg.pdf"
    pdfs.agreement(path, pages=3)
    with pytest.raises(DocumentUnreadable, match=r"treg\.pdf tok for lang tid"):
        read_apart("pdf", path, wall_seconds=0.01)


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.6, 0.95])
def test_a_cut_file_is_read_or_refused_by_name(tmp_path: Path, keep: float) -> None:
    whole = tmp_path / "hel.pdf"
    pdfs.agreement(whole, pages=3)
    data = whole.read_bytes()
    path = tmp_path / "kuttet.pdf"
    path.write_bytes(data[: int(len(data) * keep)])
    try:
        assert pages_of(path)
    except (DocumentUnreadable, DocumentEmpty) as refusal:
        assert "kuttet.pdf" in str(refusal)


def test_text_drawn_inside_a_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "skjema.pdf"
    pdfs.text_in_a_form(path, "Teksten i et skjema om medvirkning på norsk.")
    assert pages_of(path)[0].text == "Teksten i et skjema om medvirkning på norsk."


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\ufb01nne \ufb02ere o\ufb03sielle", "finne flere offisielle"),
        ("med\u00advirk\u00ad\nning er bra", "medvirkning\ner bra"),
        ("med\u00a0bestemmelse\u2009nå", "med bestemmelse nå"),
        ("\uf0b7 punkt\n● punkt", "• punkt\n• punkt"),
        ("Leder\tansvar\x0cfor", "Leder ansvar for"),
        ("a\x00b\x0bc", "ab\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("IKT-\nekspert", "IKT-\nekspert"),
    ],
)
def test_signs_of_typesetting_are_undone(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_lost_and_spurious_spaces_are_mended_by_the_words_of_the_document() -> None:
    words = Counter({"Se": 5, "kapittel": 9, "Sekapittel": 1, "tillitsvalgt": 8, "til": 20, "litsvalgt": 1})
    text = "Sekapittel 3.\nEn tillitsvalgt\nBare her\nV ersjon 2"
    plain = "Se kapittel 3.\nEn til litsvalgt\nBareher\nVersjon 2"
    assert respaced(text, plain, words) == "Se kapittel 3.\nEn tillitsvalgt\nBare her\nVersjon 2"


LEFT = [f"venstre spalte, linje nummer {n}" for n in range(8)]
RIGHT = [f"Høyre spalte, linje nummer {n}" for n in range(8)]


def test_columns_follow_each_other_below_a_title_that_spans_both() -> None:
    title = "En tittel som går over begge spaltene og er lang nok til å krysse midten"
    rows = [title, *(f"{left:<45}{right}" for left, right in zip(LEFT, RIGHT, strict=True))]
    lines = [line for line in in_reading_order("\n".join(rows)).split("\n") if line]
    assert lines == [title, *LEFT, *RIGHT]


def test_a_sentence_that_runs_on_in_the_next_column_is_not_parted() -> None:
    right = ["og fortsetter her i høyre spalte.", *RIGHT[1:]]
    rows = [f"{a:<45}{b}" for a, b in zip(LEFT, right, strict=True)]
    assert f"{LEFT[-1]}\n{right[0]}" in in_reading_order("\n".join(rows))


def test_a_table_is_read_row_by_row() -> None:
    rows = [f"{'Fase ' + str(n):<20}{'Ansvar ' + str(n)}" for n in range(9)]
    assert in_reading_order("\n".join(rows)) == "\n".join(rows)


def test_lines_that_all_run_across_are_one_column() -> None:
    text = "\n".join(
        "Dette er en vanlig linje som går helt over siden uten noe mellomrom i midten" for _ in range(9)
    )
    assert in_reading_order(text) == text


def test_a_foot_that_stands_apart_comes_after_both_columns() -> None:
    rows = [f"{left:<45}{right}" for left, right in zip(LEFT, RIGHT, strict=True)]
    lines = in_reading_order("\n".join([*rows, "", "", f"{'':<36}Side 1"])).split("\n")
    assert [line.strip() for line in lines if line] == [*LEFT, *RIGHT, "Side 1"]


PROSE = [
    "Styret leder klubben mellom årsmøtene, og har ansvar for alle oppgavene som laget har",
    "tatt på seg.",
]
ITEMS = [
    "Innkalle til møter, og legge fram saker som medlemmene har sendt inn til",
    "behandling",
    "Føre regnskap",
]


def indented(*lines: str, by: int = 8) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


def marked(*lines: str) -> list[str]:
    return [line for line in mark_drawn("\n".join([*PROSE, "", *lines, *PROSE])).split("\n") if "•" in line]


def test_a_list_with_drawn_bullets_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "liste.pdf"
    pdfs.drawn_list(path, "Lederens oppgaver:", ["Innkalle til møter", "Føre regnskap"])
    assert "• Innkalle til møter\n• Føre regnskap\n" in pages_of(path)[0].text


def test_indented_lines_are_items_where_the_line_above_had_room() -> None:
    assert marked(*indented(*ITEMS)) == indented(f"• {ITEMS[0]}", f"• {ITEMS[2]}")
    assert marked(*indented(*ITEMS[:2], "", ITEMS[2])) == indented(f"• {ITEMS[0]}", f"• {ITEMS[2]}")
    assert f"{ITEMS[2]}\n\n{PROSE[0]}" in mark_drawn("\n".join([*PROSE, *indented(*ITEMS), *PROSE]))


@pytest.mark.parametrize(
    "lines",
    [
        indented(*ITEMS[:2]),
        indented("«Innkalle til møter", "Føre regnskap»"),
        indented("a) Innkalle til møter", "b) Føre regnskap"),
        indented("1.", "Innkalle til møter", "2.", "Føre regnskap"),
        indented("Innkalle    Leder", "Regnskap    Kasserer"),
        indented("Møter. . . . . . . 5", "Regnskap. . . . . . 7"),
        indented("Innkalle til møter", "Føre regnskap", by=30),
        ["        Innkalle til møter", "             Føre regnskap"],
        ["      Den første linjen er rykket inn i dette avsnittet om møter og", "Regnskap og annet."] * 2,
    ],
)
def test_what_is_only_indented_is_no_list(lines: list[str]) -> None:
    assert marked(*lines) == []


def test_a_page_that_shows_bullets_is_left_as_it_is() -> None:
    page = "\n".join([*PROSE, "  • Varsle", *indented("Innkalle til møter", "Føre regnskap")])
    assert mark_drawn(page) == page
