from __future__ import annotations

from pathlib import Path

import pytest

from assistant.contract import ChatRequest
from assistant.opening import assistant_over
from assistant.suggest import SHOWN, Suggester, load_questions
from ingest.errors import SettingsError
from tests.fakes import SmallCorpus, TrigramEmbedder

QUESTIONS = [
    "Når skal verneombudet involveres?",
    "Når skal tillitsvalgte involveres?",
    "Hva er en representativ ordning?",
    "Hvem leder styringsgruppa?",
    "Hva koster en parkeringsplass?",
]


def suggester(answered: list[str] | None = None, version: str = "1") -> tuple[Suggester, list[str]]:
    asked: list[str] = []

    def answers(question: str) -> bool:
        asked.append(question)
        return question in (QUESTIONS if answered is None else answered)

    return Suggester(QUESTIONS, TrigramEmbedder(), answers, lambda: version), asked


def nearest(found: Suggester, question: str, *before: str) -> tuple[str, ...]:
    return found.nearest(TrigramEmbedder().embed_queries([question])[0], [question, *before])


def test_the_nearest_questions_come_first_and_not_the_one_asked() -> None:
    found, _ = suggester()
    shown = nearest(found, "Når skal verneombudet involveres?")
    assert len(shown) == SHOWN
    assert shown[0] == "Når skal tillitsvalgte involveres?"
    assert "Når skal verneombudet involveres?" not in shown


def test_nothing_that_was_asked_before_is_suggested() -> None:
    found, _ = suggester()
    assert QUESTIONS[1] not in nearest(found, QUESTIONS[0], "når skal tillitsvalgte involveres")


def test_only_what_the_sources_answer_is_suggested() -> None:
    found, _ = suggester(answered=[QUESTIONS[2]])
    assert nearest(found, "Hva er tillit?") == (QUESTIONS[2],)


def test_whether_they_do_is_asked_once_for_each_version_of_the_sources() -> None:
    now = ["1"]
    asked: list[str] = []

    def answers(question: str) -> bool:
        asked.append(question)
        return now == ["2"]

    found = Suggester(QUESTIONS, TrigramEmbedder(), answers, lambda: now[0])
    assert nearest(found, "Hva er tillit?") == ()
    assert nearest(found, "Hva er tillit?") == ()
    assert sorted(asked) == sorted(QUESTIONS)
    now[0] = "2"
    assert len(nearest(found, "Hva er tillit?")) == SHOWN


def test_without_questions_nothing_is_suggested() -> None:
    found = Suggester([], TrigramEmbedder(), lambda question: True, lambda: "1")
    assert nearest(found, "Hva er tillit?") == ()


def test_the_owners_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.toml"
    assert load_questions(path) == []
    path.write_text('questions = ["Hva er tillit?", "Å?"]', encoding="utf-8")
    assert load_questions(path) == ["Hva er tillit?", "Å?"]


def test_the_list_lies_with_the_documents(small: SmallCorpus) -> None:
    small.write("vern.txt", "Vern\n\nVerneombudet skal tas med på råd når nye systemer innføres.\n")
    small.ingest()
    request = ChatRequest(question="Hva er vern?")
    for expected in ((), ("Når skal verneombudet tas med på råd?",)):
        library = small.library()
        try:
            assistant = assistant_over(small.settings, library, small.embedder, suggestions=True)
            assert assistant.answer(request).suggestions == expected
        finally:
            library.close()
        small.write("questions.toml", 'questions = ["Når skal verneombudet tas med på råd?"]')


@pytest.mark.parametrize(
    "content", [b"questions", b'other = ["a"]', b'questions = ["\xe6"]', b'questions = "Hva?"']
)
def test_a_broken_list_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "questions.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"questions\.toml"):
        load_questions(path)
