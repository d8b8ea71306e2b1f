from __future__ import annotations

import pytest

from assistant.sourcepage import page, parse_span
from ingest.document import Block, Document
from tests.assistant.made import heading, item, paragraph, source

DOCUMENT = Document.assemble(
    source(),
    [
        heading("Del A"),
        paragraph("Partene drøfter saken. Referat skrives."),
        item("Hvem er parter?"),
        item("Hvor lenge?", "2."),
        heading("Del B", 2),
        Block("link", "Hovedavtalen ↗", url="https://eksempel.no/ha"),
    ],
)


def marked(start: int, end: int) -> list[str]:
    found = page(DOCUMENT, (start, end))
    return [text for block in found.blocks for text, quoted in block.mark or () if quoted]


def span(quote: str) -> tuple[int, int]:
    start = DOCUMENT.text.index(quote)
    return start, start + len(quote)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Referat skrives.", ["Referat skrives."]),
        ("Partene drøfter saken. Referat skrives.", ["Partene drøfter saken. Referat skrives."]),
        ("• Hvem er parter?", ["Hvem er parter?"]),
        ("skrives.\n• Hvem er parter?\n2. Hvor", ["skrives.", "Hvem er parter?", "Hvor"]),
        ("Del A", ["Del A"]),
        (DOCUMENT.text, [block.block.text for block in DOCUMENT.blocks]),
    ],
)
def test_exactly_the_quote_is_marked(quote: str, expected: list[str]) -> None:
    assert marked(*span(quote)) == expected


def test_the_pieces_of_a_block_are_its_text() -> None:
    for block in page(DOCUMENT, span("saken. Referat")).blocks:
        assert block.mark is None or "".join(text for text, _ in block.mark) == block.text


def test_without_a_quote_nothing_is_marked() -> None:
    assert all(block.mark is None for block in page(DOCUMENT, None).blocks)


def test_the_contents_lead_to_the_headings() -> None:
    found = page(DOCUMENT, None)
    assert [(level, text) for _, level, text in found.toc] == [(1, "Del A"), (2, "Del B")]
    ids = {block.id: block.text for block in found.blocks}
    assert [ids[id_] for id_, _, _ in found.toc] == ["Del A", "Del B"]
    assert len(ids) == len(DOCUMENT.blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0-5", (0, 5)),
        ("3-100", (3, 100)),
        (None, None),
        ("", None),
        ("5", None),
        ("5-", None),
        ("-5", None),
        ("5-5", None),
        ("7-5", None),
        ("0-101", None),
        ("a-b", None),
        ("1-2-3", None),
        ("+1-5", None),
        ("1.0-5", None),
        ("٣-٥", None),
        ("0-" + "9" * 40, None),
    ],
)
def test_a_span_is_two_numbers_within_the_text(text: str | None, expected: tuple[int, int] | None) -> None:
    assert parse_span(text, 100) == expected
