from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pydantic import ValidationError

from assistant.marknote import to_markdown
from assistant.notes import Note
from assistant.wordnote import to_docx

CITATION: dict[str, Any] = {
    "number": 1,
    "document": "avtale",
    "title": "Avtale: Samarbeid om digital kompetanse i kommunene",
    "publisher": "KS",
    "section": ["Varighet"],
    "page": 4,
    "quote": "Avtalen gjelder … og ut 2019.\nPartene kan si opp avtalen.",
    "url": "https://host/kilder/avtale?s=1-2#sitat",
    "external_url": None,
    "status": "utløpt",
    "valid_to": "2019-12-31",
    "references": [],
}


def note(blocks: list[dict[str, Any]], **given: Any) -> Note:
    answer = {
        "answered": True,
        "mode": "extractive",
        "answer": "Svar [1]",
        "blocks": blocks,
        "citations": [CITATION],
        "notices": ["Kilden gjaldt ut 2019."],
    }
    turns = [{"question": "Hvor lenge?", "answer": answer}]
    return Note.model_validate({"title": "Møtenotat", "turns": turns, "made": "2026-11-22"} | given)


def paragraph(text: str, *citations: int) -> dict[str, Any]:
    return {"kind": "paragraph", "text": text, "items": [], "citations": citations}


def points(*items: str) -> dict[str, Any]:
    return {"kind": "list", "text": "Dette bør avklares:", "items": items, "citations": [1]}


def words(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_markdown_says_question_answer_and_source() -> None:
    text = to_markdown(note([paragraph("Ut 2019.", 1)]))
    assert text.startswith("# Møtenotat\n\nLaget 22. november 2026.")
    assert "## Hvor lenge?\n\nUt 2019. [1]\n" in text
    assert "*Kilden gjaldt ut 2019.*" in text
    assert "](<https://host/kilder/avtale?s=1-2#sitat>) (utløpt 31. desember 2019)" in text
    assert "   > Avtalen gjelder … og ut 2019.\n   > Partene kan si opp avtalen." in text
    assert "Varighet, side 4" in text


def test_a_quote_that_the_answer_gives_word_for_word_is_not_written_twice() -> None:
    answer = note([paragraph("Avtalen gjelder … og ut 2019. Partene kan si opp avtalen.", 1)])
    assert "### Kilder (sitert ordrett over)\n\n1. [" in to_markdown(answer)
    assert to_markdown(answer).count("Partene kan si opp") == 1
    assert sum("Partene kan si opp" in text for text in words(to_docx(answer))) == 1
    assert "Kilder (sitert ordrett over)" in words(to_docx(answer))


def test_a_source_of_one_point_stands_at_that_point() -> None:
    first, second = {**CITATION, "quote": "Råd 1: Hvem?"}, {**CITATION, "number": 2, "quote": "Råd 2: Når?"}
    block = {"kind": "list", "text": "", "items": ["Hvem?", "Når?"], "citations": [1, 2]}
    turn = {"question": "Råd?", "answer": {"answer": "…", "blocks": [block], "citations": [first, second]}}
    for kind, box in (("notat", "- "), ("sjekkliste", "- [ ] ")):
        text = to_markdown(Note.model_validate({"title": "L", "kind": kind, "turns": [turn]}))
        assert f"{box}Hvem? [1]\n{box}Når? [2]\n" in text


def test_a_checklist_lists_the_sources_of_its_points_only() -> None:
    lead, listed = {**CITATION, "number": 2, "quote": "Innledning"}, {**CITATION, "quote": "Hvem?"}
    turn = {
        "question": "Sjekkliste?",
        "answer": {
            "answer": "…",
            "blocks": [paragraph("Innledning", 2), points("Hvem?", "Når?")],
            "citations": [listed, lead],
        },
    }
    text = to_markdown(Note.model_validate({"title": "L", "kind": "sjekkliste", "turns": [turn]}))
    assert "1. [Avtale" in text
    assert "2. [Avtale" not in text


def test_a_mark_in_the_text_is_not_written_twice() -> None:
    assert "Ut 2019 [1].\n" in to_markdown(note([paragraph("Ut 2019 [1].", 1)]))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("# Ikke overskrift", "\\# Ikke overskrift"),
        ("[lenke](javascript:x)", "\\[lenke\\](javascript:x)"),
        ("<script>", "\\<script\\>"),
        ("- ikke punkt", "\\- ikke punkt"),
        ("1. ikke nummer", "\\1. ikke nummer"),
        ("*ikke* `kode`", "\\*ikke\\* \\`kode\\`"),
    ],
)
def test_markdown_signs_are_taken_literally(given: str, expected: str) -> None:
    assert expected in to_markdown(note([paragraph(given)]))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/kilder/avtale", "https://a b", "https://x>y", ""])
def test_only_whole_web_addresses_become_links(url: str) -> None:
    answer = {"answer": "Svar [1]", "blocks": [], "citations": [CITATION | {"url": url}]}
    given = note([], turns=[{"question": "Hva?", "answer": answer}])
    assert "](<" not in to_markdown(given)
    document = Document(io.BytesIO(to_docx(given)))
    assert not list(document.element.body.iter(qn("w:hyperlink")))


def test_a_checklist_has_a_box_for_each_point() -> None:
    text = to_markdown(note([points("Parter", "Formål [1]")], kind="sjekkliste"))
    assert "### Dette bør avklares:\n\n- [ ] Parter [1]\n- [ ] Formål [1]\n" in text
    assert "☐  Parter [1]" in words(to_docx(note([points("Parter", "Formål")], kind="sjekkliste")))


def test_a_checklist_without_a_list_takes_what_is_quoted() -> None:
    blocks = [paragraph("Innledning."), paragraph("Avtalen gjelder.", 1)]
    text = to_markdown(note(blocks, kind="sjekkliste"))
    assert "- [ ] Avtalen gjelder … og ut 2019.\nPartene kan si opp avtalen. [1]" in text
    assert "Innledning" not in text


def test_word_has_headings_language_title_and_links() -> None:
    document = Document(io.BytesIO(to_docx(note([paragraph("Ut 2019.", 1)]))))
    assert document.core_properties.title == "Møtenotat"
    assert document.core_properties.language == "nb-NO"
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["Møtenotat"] == "Title"
    assert styles["Hvor lenge?"] == "Heading 1"
    assert styles["Kilder"] == "Heading 2"
    (link,) = document.element.body.iter(qn("w:hyperlink"))
    target = document.part.rels[link.get(qn("r:id"))].target_ref
    assert target == "https://host/kilder/avtale?s=1-2#sitat"


def test_word_survives_what_xml_cannot_hold() -> None:
    assert "Før etter" in words(to_docx(note([paragraph("Før\x00\x0b etter")])))


def test_an_answer_without_blocks_is_its_text() -> None:
    assert "\n\nSvar [1]\n" in to_markdown(note([]))


def test_a_note_needs_a_turn_and_is_bounded() -> None:
    with pytest.raises(ValidationError):
        note([], turns=[])
    with pytest.raises(ValidationError):
        note([paragraph("x" * 20_001)])


def test_a_long_conversation_of_long_lists_is_a_note() -> None:
    items = [f"{number}. {'Et punkt av vanlig lengde i en sjekkliste. ' * 2}" for number in range(40)]
    given = note([paragraph("Innledning.", 1), points(*items)])
    whole = note([], turns=[turn.model_dump() for turn in given.turns] * 60)
    assert to_markdown(whole).count("Et punkt") == 60 * 40 * 2


def test_more_lines_than_a_conversation_has_are_refused() -> None:
    with pytest.raises(ValidationError, match="too many lines"):
        note([points(*[""] * 500)] * 6)


def test_more_quotes_than_an_answer_has_are_refused() -> None:
    quoting = {"answer": "", "blocks": [], "citations": [CITATION | {"quote": "x" * 20_000}] * 6}
    with pytest.raises(ValidationError, match="too much is quoted"):
        note([], turns=[{"question": "?", "answer": quoting}])


def test_white_space_without_end_is_read_in_reasonable_work() -> None:
    # Were each space a place to look for a number from, this would never end.
    assert to_markdown(note([paragraph(" " * 20_000)] * 45)).startswith("# Møtenotat")


def test_no_date_no_date() -> None:
    given = note([paragraph("Ut 2019.", 1)], made=None)
    assert given.made is None
    assert "Laget" not in to_markdown(given)
    assert note([]).made == date(2026, 11, 22)


def test_a_title_longer_than_word_can_hold_is_cut_in_the_files_properties_only() -> None:
    made = Document(io.BytesIO(to_docx(note([paragraph("Svar", 1)], title="x" * 300))))
    assert len(made.core_properties.title) == 255
    assert any("x" * 300 in text.text for text in made.paragraphs)


@pytest.mark.parametrize("made", [0, 1.5, True, "i går"])
def test_a_date_is_written_as_a_date(made: object) -> None:
    with pytest.raises(ValidationError):
        note([], made=made)
