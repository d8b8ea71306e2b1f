from __future__ import annotations

from pathlib import Path

import pytest

from ingest import chunk
from ingest.build import read_document
from ingest.document import Block, Document, Source
from ingest.manifest import load_manifest

SENTENCE = "Partene drøfter planen for innføring av nye digitale verktøy i god tid."


def document(*blocks: Block) -> Document:
    return Document.assemble(Source(id="d", path=Path("d.txt"), title="Prøve"), blocks)


def paragraph(text: str = SENTENCE, times: int = 1) -> Block:
    return Block("paragraph", " ".join([text] * times))


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", text, level=level)


def item(text: str, marker: str = "•") -> Block:
    return Block("item", text, marker=marker)


@pytest.fixture(scope="module")
def real() -> list[Document]:
    corpus = Path(__file__).resolve().parents[2] / "corpus"
    return [read_document(source) for source in load_manifest(corpus).documents]


def test_passages_and_sentences_are_verbatim_spans(real: list[Document]) -> None:
    for source in real:
        for passage in chunk.passages(source):
            assert passage.text == source.text[passage.start : passage.end]
            for sentence in passage.sentences:
                assert sentence.text == source.text[sentence.start : sentence.end]
                assert passage.start <= sentence.start < sentence.end <= passage.end


def test_no_text_of_a_document_is_lost(real: list[Document]) -> None:
    for source in real:
        held = [False] * len(source.text)
        for passage in chunk.passages(source):
            for at in range(passage.start, passage.end):
                held[at] = True
        lost = [
            placed.block.text
            for placed in source.blocks
            if placed.block.kind in ("paragraph", "item") and not all(held[placed.start : placed.end])
        ]
        assert lost == []


def test_passages_are_short_enough_for_the_embedder(real: list[Document]) -> None:
    for source in real:
        for passage in chunk.passages(source):
            assert len(passage.text.split()) <= chunk.MAX_WORDS or len(passage.sentences) == 1


def test_ids_are_unique_and_do_not_depend_on_what_stands_elsewhere(real: list[Document]) -> None:
    for source in real:
        ids = [passage.id for passage in chunk.passages(source)]
        assert len(set(ids)) == len(ids)
    alone = chunk.passages(document(heading("B"), paragraph()))
    after = chunk.passages(
        document(heading("A"), paragraph("Noe annet står her."), heading("B"), paragraph())
    )
    assert after[-1].id == alone[0].id


def test_a_passage_never_spans_two_sections() -> None:
    made = chunk.passages(document(heading("A"), paragraph(), heading("B"), paragraph()))
    assert [passage.section for passage in made] == [("A",), ("B",)]


def test_the_heading_path_follows_the_levels() -> None:
    made = chunk.passages(
        document(heading("A"), heading("A1", 2), paragraph(), heading("B"), paragraph("Noe nytt sies her."))
    )
    assert [passage.section for passage in made] == [("A", "A1"), ("B",)]


def test_a_section_without_text_makes_no_passage() -> None:
    made = chunk.passages(document(heading("Tom"), heading("Full"), paragraph()))
    assert [passage.section[-1] for passage in made] == ["Full"]


def test_a_list_stays_with_what_introduces_it() -> None:
    items = [item(f"Punkt nummer {number} om drøfting") for number in range(8)]
    made = chunk.passages(document(heading("A"), paragraph(times=12), Block("paragraph", "Husk:"), *items))
    holder = next(passage for passage in made if "Husk:" in passage.text)
    assert all(piece.text in holder.text for piece in items)
    kinds = [sentence.kind for sentence in holder.sentences if sentence.kind != "sentence"]
    assert kinds[-9:] == ["lead", *["item"] * 8]


def test_no_sentence_that_ends_leads_into_rows_of_a_table() -> None:
    rows = [Block("item", "Dør: 9 dager"), Block("item", "Bil: 4 dager")]
    ends = chunk.passages(document(heading("A"), Block("paragraph", "Alle skal vite det."), *rows))
    opens = chunk.passages(document(heading("A"), Block("paragraph", "Frister for logger"), *rows))
    assert [[s.kind for s in made[0].sentences] for made in (ends, opens)] == [
        ["heading", "sentence", "item", "item"],
        ["heading", "lead", "item", "item"],
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Utvalget skal behandle", "lead"),
        ("Gruppa skal finne ut hva som bør gjøres.", "lead"),
        ("Lederen kaller inn. Hun tar opp følgende saker.", "lead"),
        ("Saken drøftes. Den som er borte, får et referat.", "sentence"),
        ("Dette er en kortversjon. Vil du se alt, kan du trykke her", "sentence"),
        ("Les mer her.", "sentence"),
    ],
)
def test_bullets_have_a_lead_in_that_looks_like_one(text: str, kind: str) -> None:
    made = chunk.passages(document(heading("A"), Block("paragraph", text), item("lønn"), item("turnus")))
    assert [sentence.kind for sentence in made[0].sentences][-3:] == [kind, "item", "item"]


@pytest.mark.parametrize(("outer", "inner", "level"), [("-", "•", 0), ("•", "•", 1), ("1.", "•", 0)])
def test_an_item_with_a_colon_is_one_sentence_with_the_points_below_it(
    outer: str, inner: str, level: int
) -> None:
    points = [Block("item", text, level, inner) for text in ("utvalgskrets", "kriterier")]
    made = chunk.passages(document(item("Drøft:", outer), *points, item("Skriv referat", outer)))
    assert [sentence.text for sentence in made[0].sentences] == [
        f"{outer} Drøft:\n{inner} utvalgskrets\n{inner} kriterier",
        f"{outer} Skriv referat",
    ]


def test_an_item_with_a_colon_leads_letters_and_long_points_below_it() -> None:
    for below in ([item("kommunen", "a)"), item("staten", "b)")], [Block("item", SENTENCE, 1, "•")] * 9):
        made = chunk.passages(document(item("Partene er:", "1."), *below, item("Skriv referat", "2.")))
        kinds = [sentence.kind for sentence in made[0].sentences]
        assert kinds == ["lead", *["item"] * (len(below) + 1)]


def test_points_that_are_numbered_from_1_again_stand_below_the_item_before_them() -> None:
    marked = [
        ("Gi beskjed", "1."),
        ("Varsle til:", "2."),
        ("lederen", "1."),
        ("ombudet", "2."),
        ("tilsynet", "3."),
    ]
    made = chunk.passages(document(*(item(*each) for each in marked), item("Skriv referat", "3.")))
    assert [sentence.text for sentence in made[0].sentences] == [
        "1. Gi beskjed",
        "2. Varsle til:\n1. lederen\n2. ombudet\n3. tilsynet",
        "3. Skriv referat",
    ]
    assert all(s.kind == "item" for s in made[0].sentences)
    colon = chunk.passages(document(item("Først:", "1."), item("Så alt annet", "2.")))
    assert [sentence.kind for sentence in colon[0].sentences] == ["item", "item"]


def test_a_list_longer_than_a_passage_is_cut_between_items() -> None:
    items = [item(f"Punkt {number}: {SENTENCE}") for number in range(40)]
    made = chunk.passages(document(heading("A"), Block("paragraph", "Husk:"), *items))
    assert len(made) > 1
    found = [s.text for passage in made for s in passage.sentences if s.kind == "item"]
    assert found == [f"• {piece.text}" for piece in items]


def test_a_paragraph_longer_than_a_passage_is_cut_between_sentences() -> None:
    made = chunk.passages(document(heading("A"), paragraph(times=60)))
    assert len(made) > 1
    assert sum(len([s for s in p.sentences if s.text == SENTENCE]) for p in made) == 60


def test_a_link_stays_with_the_passage_it_stands_in() -> None:
    link = Block("link", "Hovedavtalen ↗", url="https://eksempel.no/ha.pdf#page=24")
    made = chunk.passages(document(heading("A"), paragraph(times=9), link, paragraph(times=9)))
    assert made[0].links == (("Hovedavtalen ↗", "https://eksempel.no/ha.pdf#page=24"),)
    listed = chunk.passages(
        document(Block("item", "Planer", marker="•", url="https://eksempel.no"), item("Lån"))
    )
    assert listed[0].links == (("Planer", "https://eksempel.no"),)


def test_a_passage_never_spans_two_pages() -> None:
    made = chunk.passages(
        document(
            Block("heading", "A", level=1, page=3),
            Block("paragraph", SENTENCE, page=3),
            Block("paragraph", "Neste side.", page=4),
        )
    )
    assert [passage.page for passage in made] == [3, 4]


def test_a_list_stays_with_what_introduces_it_over_a_page_break() -> None:
    made = chunk.passages(
        document(
            Block("heading", "A", level=1, page=1),
            Block("paragraph", SENTENCE, page=2),
            Block("paragraph", "Prosjektleder skal:", page=2),
            Block("item", "kalle inn", marker="•", page=3),
            Block("item", "skrive referat", marker="•", page=3),
            Block("paragraph", "Neste avsnitt.", page=3),
        )
    )
    assert [(passage.text.split("\n"), passage.page) for passage in made] == [
        (["A", SENTENCE, "Prosjektleder skal:", "• kalle inn", "• skrive referat"], 2),
        (["Neste avsnitt."], 3),
    ]
    assert [sentence.kind for sentence in made[0].sentences][1:] == ["sentence", "lead", "item", "item"]


def test_a_long_list_has_the_page_where_each_of_its_passages_begins() -> None:
    items = [Block("item", SENTENCE, marker="•", page=1 + number // 20) for number in range(60)]
    made = chunk.passages(document(heading("A"), *items))
    first = [next(s for s in passage.sentences if s.kind == "item") for passage in made]
    assert [passage.page for passage in made] == [items[s.block - 1].page for s in first]


def test_the_embedded_text_carries_title_and_headings_and_the_quoted_one_does_not() -> None:
    made = chunk.passages(document(heading("Forme sammen"), heading("Drøfting", 2), paragraph(times=30)))
    last = made[-1]
    embedded = chunk.for_embedding("Veileder", last)
    assert embedded.startswith("Veileder › Forme sammen › Drøfting\n")
    assert "Veileder" not in last.text
