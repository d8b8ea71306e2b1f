from __future__ import annotations

import html
import json
import re
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_app
from assistant.contract import ChatRequest
from assistant.errors import StoreUnavailable
from assistant.feedback import Feedback, FeedbackStore
from assistant.keys import KeyRing
from assistant.privacy import mask
from assistant.regression import case_line
from assistant.report import FEWEST, grouped, report_text, summarise
from eval.cases import load_split
from tests.assistant.serverkit import settings_of
from tests.fakes import SmallCorpus

TODAY = date(2026, 3, 2)


def words(text: str) -> list[str]:
    return text.lower().strip("?").split()


def down(id_: str, *reasons: str, comment: str = "") -> Feedback:
    return Feedback.model_validate({"id": id_, "vote": "ned", "reasons": reasons, "comment": comment})


class Calendar:
    """A calendar that a test turns."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(tmp_path: Path, calendar: Calendar) -> FeedbackStore:
    return FeedbackStore(tmp_path / "var" / "f.sqlite", retention_days=30, questions=True, today=calendar)


def test_a_vote_is_kept_masked_with_its_day_only(store: FeedbackStore) -> None:
    store.add(down("a1", "utdatert", comment="Ring meg på 22 33 44 55, hilsen 15108695088"))
    (vote,) = store.votes()
    assert (vote.id, vote.day, vote.vote, vote.reasons) == ("a1", TODAY, "ned", ("utdatert",))
    assert vote.comment == "Ring meg på [telefonnummer], hilsen [fødselsnummer]"


def test_a_second_vote_takes_the_place_of_the_first(store: FeedbackStore) -> None:
    store.add(down("a1", "feil svar"))
    store.add(Feedback(id="a1", vote="opp"))
    assert [(vote.vote, vote.reasons) for vote in store.votes()] == [("opp", ())]


def test_only_the_owner_may_read_the_file(store: FeedbackStore) -> None:
    store.add(down("a1"))
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_nothing_is_made_by_looking(store: FeedbackStore) -> None:
    assert store.votes() == store.questions() == []
    store.purge()
    store.delete()
    assert not store.path.exists()


def test_questions_are_kept_only_where_the_owner_chose_so(tmp_path: Path) -> None:
    plain = FeedbackStore(tmp_path / "f.sqlite", retention_days=30)
    plain.asked("a1", "Hva tjener Kari?", answered=False)
    assert not plain.path.exists()


def test_rows_past_their_time_are_deleted_without_a_trace(store: FeedbackStore, calendar: Calendar) -> None:
    store.add(down("a1", comment="veldig sjelden kommentar"))
    store.asked("a1", "veldig sjeldent spørsmål", answered=False)
    calendar.day += timedelta(days=29)
    assert len(store.votes()) == len(store.questions()) == 1
    calendar.day += timedelta(days=1)
    assert store.votes() == store.questions() == []
    assert b"sjelden" not in store.path.read_bytes()


def test_an_answered_question_is_kept_overnight_only_if_it_was_voted_down(
    store: FeedbackStore, calendar: Calendar
) -> None:
    for id_, answered in (("good", True), ("bad", True), ("none", False), ("liked", True)):
        store.asked(id_, f"Spørsmål {id_}?", answered)
    store.add(down("bad"))
    store.add(Feedback(id="liked", vote="opp"))
    calendar.day += timedelta(days=1)
    assert {question.id for question in store.questions()} == {"bad", "none"}


def test_delete_leaves_no_file(store: FeedbackStore) -> None:
    store.add(down("a1"))
    store.delete()
    assert not store.path.exists()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.sqlite"
    path.write_text("ikke en database, men en lang nok tekst til at det synes" * 20)
    with pytest.raises(StoreUnavailable, match=r"f\.sqlite"):
        FeedbackStore(path, 30).add(down("a1"))


def test_groups_are_shown_from_five_up() -> None:
    asked = ["Når får vi lønn?"] * (FEWEST - 1) + ["Hva er AMU?"] * FEWEST
    groups, left = grouped(asked, words)
    assert [(group.label, group.count) for group in groups] == [("Hva er AMU?", FEWEST)]
    assert left == FEWEST - 1


def test_what_was_masked_keeps_no_question_from_its_like() -> None:
    asked = ["Hva er AMU?"] * (FEWEST - 1) + [mask("22334455 ola@bedrift.no 15108695088 Hva er AMU?")]
    ((group,), left) = grouped(asked, words)
    assert (group.label, group.count, left) == ("Hva er AMU?", FEWEST, 0)


def test_a_group_is_never_labelled_with_a_rare_word() -> None:
    asked = [
        f"hvem velger verneombud på {place}" for place in ("skole", "sykehjem", "kai", "bibliotek", "bad")
    ]
    (group,), _ = grouped(asked, words)
    assert group.label == "hvem, på, velger, verneombud"


def test_the_report_hides_what_few_have_said(store: FeedbackStore) -> None:
    for number in range(FEWEST):
        store.add(down(f"a{number}", "utdatert"))
    store.add(down("b", "annet", comment="Bare jeg sier dette"))
    text = report_text(summarise(store, words))
    assert "Ikke nyttig: 6" in text
    assert "5  utdatert" in text
    assert "færre enn 5" in text.split(".")[0]
    assert "annet" not in text
    assert "Bare jeg" not in text
    assert "Noe er utelatt" in text


def test_the_report_shows_what_many_asked_in_vain(store: FeedbackStore) -> None:
    for number in range(FEWEST):
        store.asked(f"u{number}", "Hvor mye får tillitsvalgte i lønn?", answered=False)
        store.asked(f"d{number}", "Hva er en omstillingsavtale?", answered=True)
        store.add(down(f"d{number}"))
    summary = summarise(store, words)
    assert [(group.label, group.count) for group in summary.unanswered] == [
        ("Hvor mye får tillitsvalgte i lønn?", FEWEST)
    ]
    assert [group.label for group in summary.disliked] == ["Hva er en omstillingsavtale?"]


@pytest.fixture
def indexed(small: SmallCorpus) -> SmallCorpus:
    small.write("rad.txt", "Verneombud\n\nVerneombudet skal tas med på råd når nye systemer planlegges.\n")
    small.ingest()
    return small


def test_a_starred_answer_becomes_a_case_that_the_evaluation_reads(
    indexed: SmallCorpus, tmp_path: Path
) -> None:
    library = indexed.library()
    request = ChatRequest(
        question="Når skal verneombudet tas med på råd? Svar til ola@bedrift.no", history=()
    )
    answer = indexed.assistant(library).answer(request)
    library.close()
    path = tmp_path / "egne.jsonl"
    path.write_text(case_line(request, answer, "nn") + "\n", "utf-8")
    (case,) = load_split(path).cases
    assert case.answerable
    assert case.question.endswith("Svar til [e-postadresse]")
    assert case.evidence[0].document == "rad"
    assert case.language == "nn"


@pytest.fixture
def client(indexed: SmallCorpus, tmp_path: Path) -> TestClient:
    settings = indexed.settings.model_copy(update={"store": tmp_path / "f.sqlite", "store_questions": True})
    return TestClient(create_app(settings, lambda: indexed.services(threshold=1.1)))


def test_the_widgets_vote_is_taken_and_stored(client: TestClient, tmp_path: Path) -> None:
    with client:
        asked = client.post("/api/chat", json={"question": "Hva tjener Kari på 22334455?"}).json()
        body = {"id": asked["id"], "vote": "ned", "reasons": ["mangler kilde"], "comment": "hei"}
        assert client.post("/api/feedback", json=body).status_code == 200
    (question,) = FeedbackStore(tmp_path / "f.sqlite", 90).questions()
    assert (question.text, question.vote) == ("Hva tjener Kari på [telefonnummer]?", "ned")


def test_thanks_are_no_unanswered_question(client: TestClient, tmp_path: Path) -> None:
    with client:
        for question in ("Takk!", "Hvem vant skirennet i går?"):
            assert client.post("/api/chat", json={"question": question}).json()["answered"] is False
    (question,) = FeedbackStore(tmp_path / "f.sqlite", 90).questions()
    assert question.text == "Hvem vant skirennet i går?"


@pytest.mark.parametrize(
    "broken",
    [
        {"vote": "kanskje"},
        {"id": "../etc"},
        {"id": "x" * 65},
        {"reasons": ["fordi"]},
        {"comment": "x" * 1001},
        {"name": "Ola"},
    ],
)
def test_a_vote_of_another_form_is_refused_in_norwegian(
    client: TestClient, broken: dict[str, object]
) -> None:
    with client:
        sent = client.post(
            "/api/feedback", json={"id": "a", "vote": "opp", "reasons": [], "comment": ""} | broken
        )
    assert sent.status_code == 422
    assert json.loads(sent.text)["detail"].endswith(".")
    assert "fordi" not in sent.text


def test_a_store_that_cannot_be_written_is_said_so(indexed: SmallCorpus, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    settings = indexed.settings.model_copy(update={"store": tmp_path / "fil" / "f.sqlite"})
    with TestClient(create_app(settings, indexed.services)) as client:
        sent = client.post("/api/feedback", json={"id": "a", "vote": "opp"})
    assert sent.status_code == 503
    assert "Tilbakemeldingene" in sent.json()["detail"]


def test_a_store_that_cannot_be_written_costs_nobody_the_answer(indexed: SmallCorpus, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    settings = settings_of(indexed, store=tmp_path / "fil" / "f.sqlite", store_questions=True)
    asked = {"question": "Når skal verneombudet tas med på råd?"}
    with TestClient(create_app(settings, indexed.services), client=("127.0.0.1", 1)) as client:
        assert client.post("/api/chat", json=asked).json()["answered"]
        assert "event: done" in client.post("/api/chat/stream", json=asked).text
        assert "StoreUnavailable" in client.get("/metrics").text


@pytest.fixture
def owner(indexed: SmallCorpus, tmp_path: Path) -> Iterator[TestClient]:
    """The owner, in a browser, of a server that stores questions and refuses none."""
    settings = settings_of(indexed, store=tmp_path / "f.sqlite", store_questions=True)
    secret = KeyRing(settings.keys).make("eier", "admin")
    with TestClient(create_app(settings, indexed.services), headers={"Accept": "text/html"}) as client:
        client.auth = ("", secret)
        yield client


def test_the_owner_sees_groups_from_five_up_and_stars_one(owner: TestClient, tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.sqlite", 90, questions=True)
    for number in range(FEWEST):
        store.asked(f"a{number}", "Når skal verneombudet tas med på råd?", answered=False)
    store.asked("b", "Hvem er Kari?", answered=False)
    page = owner.get("/admin").text
    assert f"Når skal verneombudet tas med på råd? ({FEWEST})" in page
    assert "Kari" not in page
    starred = owner.post("/admin/case", data={"question": "Når skal verneombudet tas med på råd?"})
    assert starred.status_code == 200
    (line,) = re.findall(r'<pre class="line"[^>]*>(.*)</pre>', starred.text)
    path = tmp_path / "egne.jsonl"
    path.write_text(html.unescape(line) + "\n", "utf-8")
    (case,) = load_split(path).cases
    assert case.evidence[0].document == "rad"


def test_what_cannot_be_starred_is_said_in_norwegian(owner: TestClient) -> None:
    for sent in ({}, {"question": " "}, {"question": "x" * 2_001}):
        answer = owner.post("/admin/case", data=sent)
        assert answer.status_code == 422
        assert "Spørsmålet" in answer.text


def test_a_foreign_page_cannot_star_in_the_owners_browser(owner: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        sent = {"question": "Når skal verneombudet tas med på råd?"}
        assert owner.post("/admin/case", data=sent, headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize(
    ("language", "stored"), [("nb", "i 90 døgn"), ("nn", "i 90 døgn"), ("en", "for 90 days")]
)
def test_the_page_says_whether_questions_are_stored(
    client: TestClient, indexed: SmallCorpus, language: str, stored: str
) -> None:
    with client:
        assert stored in client.get("/", params={"lang": language}).text
    with TestClient(create_app(indexed.settings, indexed.services)) as plain:
        assert stored not in plain.get("/", params={"lang": language}).text
