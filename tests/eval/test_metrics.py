"""Each measure on a handful of answers whose figures are worked out by hand."""

from __future__ import annotations

import math

import pytest

from assistant.contract import AnswerBlock, ChatResponse
from eval.metrics import holds, measure, ndcg, says, span_ranks, statements
from ingest.examples import Quote
from ingest.normalise import letters
from tests.eval.systems import RIGHT, SOURCES, answer, case, citation, paragraph, passage, refusal

SPAN = "Avtalen gjelder ut 2019."
OTHER = "Tillitsvalgte skal tas med på råd."
NOISE = "Noe helt annet."
BOTH = (Quote(document="a", quote=SPAN), Quote(document="a", quote=OTHER))


def measured(found: list[str], response: ChatResponse = RIGHT, **given: object) -> dict[str, float]:
    passages = [passage(text) for text in found]
    return measure(case("x", **given), passages, response, lambda id_: SOURCES.get(id_, ""))


def test_letters_ignore_breaks_hyphens_and_case() -> None:
    assert letters("Treparts-\nsamarbeid, § 3–1 c") == "trepartssamarbeid31c"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("xxabcdefghijyy", True),
        ("xxabcdefgh", True),
        ("cdefghijyy", True),
        ("abcdefg", False),
        ("abcd.fghij", False),
    ],
)
def test_a_span_is_held_whole_or_by_an_unbroken_run_of_four_fifths(text: str, held: bool) -> None:
    assert holds(text, "abcdefghij") is held


def test_one_span_at_rank_three() -> None:
    values = measured([NOISE, NOISE, f"x {SPAN} y", SPAN])
    assert [values[f"recall_{k}"] for k in (1, 3, 5, 10)] == [0, 1, 1, 1]
    assert values["mrr"] == pytest.approx(1 / 3)
    assert values["ndcg_10"] == pytest.approx(1 / math.log2(4))


def test_recall_is_the_share_of_spans_found_and_rank_that_of_the_first() -> None:
    values = measured([NOISE, OTHER, NOISE, NOISE, NOISE, SPAN], evidence=BOTH)
    assert [values[f"recall_{k}"] for k in (1, 3, 5, 10)] == [0, 0.5, 0.5, 1]
    assert values["mrr"] == 0.5
    best = 1 + 1 / math.log2(3)
    assert values["ndcg_10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / best)


def test_any_one_span_suffices_where_the_case_says_so() -> None:
    values = measured([NOISE, OTHER], evidence=BOTH, evidence_any=True)
    assert (values["recall_1"], values["recall_3"], values["mrr"]) == (0, 1, 0.5)


def test_nothing_is_found_below_the_tenth_hit() -> None:
    values = measured([NOISE] * 10 + [SPAN])
    assert (values["recall_10"], values["mrr"], values["ndcg_10"]) == (0, 0, 0)


def test_ndcg_is_one_for_two_spans_in_the_first_passage_or_the_first_two() -> None:
    assert ndcg((1, 1)) == ndcg((1, 2)) == ndcg((2, 1)) == pytest.approx(1)
    assert ndcg((1, None)) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_line_breaks_in_a_passage_do_not_hide_the_span() -> None:
    assert span_ranks(case("x"), [passage("Av-\ntalen gjel-\nder ut\n2019")]) == (1,)


@pytest.mark.parametrize(
    ("text", "fact", "said"),
    [
        ("Det gjelder ut 2019.", "ut 2019", True),
        ("Det gjelder ut\n2019.", "Ut 2019", True),
        ("treparts-\nsamarbeid", "trepartssamarbeid", True),
        ("se § 13-12", "§ 3-1", False),
        ("se § 3-1 c", "§3-1", True),
        ("i 12018 saker", "2018", False),
        ("skriv navnet", "NAV", False),
        ("spør NAV.", "NAV", True),
        ("det drøftes", "drøfte", True),
    ],
)
def test_a_fact_is_said_by_letters_and_whole_numbers(text: str, fact: str, said: bool) -> None:
    assert says(text, fact) is said


def test_all_facts_and_the_share_of_them() -> None:
    values = measured([], facts=(("ut 2019", "til 2020"), ("tre år",)))
    assert (values["facts_all"], values["facts_share"]) == (0, 0.5)
    assert measured([])["facts_all"] == 1


def test_a_citation_mark_is_not_a_fact() -> None:
    assert measured([], answer("Avtalen gjelder.", SPAN), facts=(("1",),))["facts_all"] == 0


def test_a_refusal_says_nothing_and_has_no_quotes_to_judge() -> None:
    values = measured([SPAN], refusal())
    assert (values["facts_all"], values["wrongly_refused"], values["recall_1"]) == (0, 1, 1)
    assert not values.keys() & {"quotes_verbatim", "citations_bear", "words", "nearmiss_refused"}


def test_refusing_what_the_sources_do_not_say_is_right() -> None:
    near = measured([], refusal(), answerable=False)
    off = measured([], RIGHT, answerable=False, kind="offtopic")
    assert (near["nearmiss_refused"], near["rightly_refused"]) == (1, 1)
    assert (off["offtopic_refused"], off["rightly_refused"]) == (0, 0)
    assert "wrongly_refused" not in near and "recall_1" not in near and "nearmiss_refused" not in off


def test_a_quote_must_stand_in_the_source_to_the_letter() -> None:
    values = measured([], answer("Avtalen gjelder ut 2019.", SPAN, "avtalen gjelder ut 2019."))
    assert values["quotes_verbatim"] == 0.5
    assert measured([], answer("Avtalen gjelder ut 2019."))["quotes_verbatim"] == 0


def test_a_citation_that_does_not_bear_the_statement_counts_against() -> None:
    values = measured([], answer("Avtalen gjelder ut 2019.", OTHER))
    assert (values["citations_bear"], values["statements_borne"], values["evidence_cited"]) == (0, 0, 0)
    values = measured([], answer("Avtalen gjelder ut 2019.", SPAN, OTHER))
    assert (values["citations_bear"], values["statements_borne"], values["evidence_cited"]) == (0.5, 1, 1)


def test_a_number_that_the_source_does_not_have_is_not_borne() -> None:
    values = measured([], answer("Avtalen gjelder ut 2021.", SPAN))
    assert (values["statements_borne"], values["quotes_verbatim"]) == (0, 1)


def test_statements_are_sentences_and_items_with_the_marks_that_follow_them() -> None:
    blocks = (
        AnswerBlock(kind="heading", text="Starte"),
        paragraph("Ja. Første setning. Andre setning [1][2]. Tredje [3]", 1, 2, 3),
        AnswerBlock(kind="list", text="Dette gjelder:", items=("• ett", "to [2]"), citations=(4,)),
    )
    assert [(one.text, one.citations) for one in statements(blocks)] == [
        ("Første setning.", (1, 2)),
        ("Andre setning", (1, 2)),
        ("Tredje", (3,)),
        ("Dette gjelder:", (4,)),
        ("• ett", (4,)),
        ("to", (2,)),
    ]


def test_words_are_counted_without_marks_and_fact_questions_apart() -> None:
    assert measured([])["words_fact"] == measured([])["words"] == 4
    assert "words_fact" not in measured([], kind="list")


def test_a_second_source_in_other_words_bears_the_statement_too() -> None:
    said = "Tillitsvalgte skal tas med på råd."
    response = RIGHT.model_copy(
        update={
            "blocks": (paragraph(said, 1, 2),),
            "citations": (citation(1, OTHER), citation(2, "Alle tillitsvalgte skal tas med på råd tidlig")),
        }
    )
    assert measured([], response)["citations_bear"] == 1
