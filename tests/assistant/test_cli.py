"""The commands, over a folder without a manifest: two plain texts, one of them in nynorsk, and Markdown."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from assistant.__main__ import main
from assistant.contract import ChatResponse, SearchResponse
from eval.ownserver import own_server
from ingest import generation
from ingest.settings import PROJECT

BOKMAL = """Innkjøp av skjermer

Kommunen kjøper inn nye skjermer hvert fjerde år. Innkjøpet drøftes med hovedtillitsvalgt senest seks uker
før anbudet lyses ut. Verneombudet prøver skjermene på arbeidsplassen før de bestilles.
"""
NYNORSK = """Heimekontor

Tilsette kan arbeide heimanfrå inntil to dagar i veka. Avtale om heimekontor skal vere skriftleg og gjeld for
eitt år om gongen. Leiaren og den tilsette evaluerer ordninga kvart halvår.
"""
MARKDOWN = """# Opplæring i nytt fagsystem

Alle ansatte får opplæring før fagsystemet tas i bruk.

## Sjekkliste

Før oppstart skal dette være klart:

- Superbrukere er pekt ut i hver avdeling
- Opplæringen er lagt i arbeidstiden
- Vikarer er leid inn
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("kommandoer")
    corpus = root / "dokumenter"
    corpus.mkdir()
    (corpus / "innkjøp.txt").write_text(BOKMAL, encoding="utf-8")
    (corpus / "heimekontor.txt").write_text(NYNORSK, encoding="utf-8")
    (corpus / "opplæring.md").write_text(MARKDOWN, encoding="utf-8")
    assert main(["ingest", "--corpus", str(corpus), "--index", str(root / "indeks")]) == 0
    return corpus, root / "indeks"


def run(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], *command: str
) -> tuple[int, str, str]:
    corpus, index = folders
    capsys.readouterr()
    status = main([*command, "--corpus", str(corpus), "--index", str(index)])
    said = capsys.readouterr()
    return status, said.out, said.err


def ask(capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], question: str) -> ChatResponse:
    status, out, _ = run(capsys, folders, "ask", question, "--json")
    assert status == 0
    return ChatResponse.model_validate_json(out)


@pytest.mark.parametrize(
    ("question", "document", "quote"),
    [
        ("Når skal innkjøp av skjermer drøftes?", "innkjøp", "senest seks uker"),
        ("Kor mange dagar i veka kan tilsette arbeide heimanfrå?", "heimekontor", "to dagar i veka"),
    ],
)
def test_an_answer_comes_from_the_folder_with_its_quote(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], question: str, document: str, quote: str
) -> None:
    answer = ask(capsys, folders, question)
    assert answer.answered
    first = answer.citations[0]
    assert first.document == document
    assert quote in " ".join(first.quote.split())


def test_a_checklist_is_given_whole(capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]) -> None:
    answer = ask(capsys, folders, "Hva står på sjekklisten før oppstart av nytt fagsystem?")
    listed = next(block for block in answer.blocks if block.kind == "list")
    assert listed.items == (
        "Superbrukere er pekt ut i hver avdeling",
        "Opplæringen er lagt i arbeidstiden",
        "Vikarer er leid inn",
    )


def test_what_no_document_says_is_refused_and_the_status_is_0(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]
) -> None:
    status, out, err = run(capsys, folders, "ask", "Hva koster en månedsbillett med bussen i Tromsø?")
    assert (status, err) == (0, "")
    assert out.startswith("Det finner jeg ikke i kildene.")
    assert "Kilder\n" not in out


def test_the_answer_for_people_shows_each_source(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]
) -> None:
    status, out, err = run(capsys, folders, "ask", "Når skal innkjøp av skjermer drøftes?")
    assert (status, err) == (0, "")
    assert "[1]" in out.split("Kilder\n")[0]
    assert "[1] Innkjøp av skjermer" in out.split("Kilder\n")[1]
    assert "«" in out


def test_search_gives_hits_as_text_and_as_json(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]
) -> None:
    status, out, _ = run(capsys, folders, "search", "superbrukere", "--json", "-k", "2")
    hits = SearchResponse.model_validate_json(out).results
    assert status == 0
    assert len(hits) == 2
    assert hits[0].document == "opplæring"
    assert "Superbrukere" in hits[0].text
    status, out, _ = run(capsys, folders, "search", "superbrukere", "-k", "1")
    assert status == 0
    assert out.startswith("1. ")
    assert "2. " not in out


def test_status_shows_every_document(capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]) -> None:
    status, out, _ = run(capsys, folders, "status")
    assert status == 0
    assert generation.live(folders[1]).name in out
    assert all(name in out for name in ("innkjøp", "heimekontor", "opplæring"))


def test_ingesting_again_says_that_nothing_has_changed(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]
) -> None:
    status, out, _ = run(capsys, folders, "ingest")
    assert status == 0
    assert "Ingenting er endret" in out


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "er tomt"),
        ("  ", "er tomt"),
        ("a" * 10_000, "for langt"),
        ("hei\x07", "kontrolltegn"),
        ("hei\udcff", "kontrolltegn"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], command: str, question: str, says: str
) -> None:
    status, out, err = run(capsys, folders, command, question)
    assert (status, out) == (1, "")
    assert err.startswith("medraad: ")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", [["ask", "hei"], ["search", "hei"], ["status"]])
def test_without_an_index_it_says_what_to_run(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], tmp_path: Path, command: list[str]
) -> None:
    status, out, err = run(capsys, (folders[0], tmp_path / "ingen"), *command)
    assert (status, out) == (1, "")
    assert "Kjør: medraad ingest" in err


def test_relative_folders_work(
    capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders[0].parent)
    assert ask(capsys, (Path("dokumenter"), Path("indeks")), "Når skal innkjøp av skjermer drøftes?").answered
    status, out, _ = run(capsys, (Path("dokumenter"), Path("indeks")), "status")
    assert status == 0
    assert "innkjøp" in out


def test_a_document_that_cannot_be_used_is_named_and_the_status_is_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    corpus = tmp_path / "d"
    corpus.mkdir()
    (corpus / "god.txt").write_text(BOKMAL, encoding="utf-8")
    (corpus / "latin.txt").write_bytes(BOKMAL.encode("latin-1"))
    (corpus / "tom.txt").write_bytes(b"")
    status, out, _ = run(capsys, (corpus, tmp_path / "i"), "ingest")
    assert status == 1
    text = " ".join(out.replace("│", " ").split())
    assert "ikke med: latin.txt er ikke lagret" in text
    assert "UTF-8" in text
    assert "tom.txt er tom" in text
    status, out, _ = run(capsys, (corpus, tmp_path / "i"), "status")
    assert status == 0
    assert "god" in out


def test_a_file_name_that_is_not_utf8_is_shown_as_far_as_it_can_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    corpus = tmp_path / "d"
    corpus.mkdir()
    (corpus / os.fsdecode(b"h\xe5ndbok.txt")).write_text(BOKMAL, encoding="utf-8")
    (corpus / os.fsdecode(b"t\xe5m.txt")).write_bytes(b"")
    status, out, _ = run(capsys, (corpus, tmp_path / "i"), "ingest")
    assert status == 1
    assert "t\ufffdm.txt er tom" in " ".join(out.replace("│", " ").split())
    assert ask(capsys, (corpus, tmp_path / "i"), "Når skal innkjøp av skjermer drøftes?").answered
    assert "h\ufffdndbok" in run(capsys, (corpus, tmp_path / "i"), "status")[1]


def test_nothing_to_index_is_said_and_the_old_index_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    corpus = tmp_path / "d"
    corpus.mkdir()
    (corpus / "a.txt").write_text(BOKMAL, encoding="utf-8")
    folders = corpus, tmp_path / "i"
    assert run(capsys, folders, "ingest")[0] == 0
    live = generation.live(folders[1])
    (corpus / "a.txt").write_bytes(b"")
    status, _, err = run(capsys, folders, "ingest")
    assert status == 1
    assert "urørt" in err
    assert generation.live(folders[1]) == live


def test_a_folder_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, err = run(capsys, (tmp_path / "borte", tmp_path / "i"), "ingest")
    assert status == 1
    assert "borte" in err


def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str], folders: tuple[Path, Path]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, _, err = run(capsys, folders, "serve", "--port", port)
    assert status == 1
    assert f"127.0.0.1:{port}" in err
    assert "--port" in err


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [("MEDRAAD_EMBEDDER", "onnx:ingen", "ingen"), ("MEDRAAD_QUESTIONS", "pyproject.toml", "questions")],
)
def test_a_server_that_cannot_answer_says_why_instead_of_greeting(
    capsys: pytest.CaptureFixture[str],
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    value: str,
    named: str,
) -> None:
    monkeypatch.setenv(key, value)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    status, out, err = run(capsys, folders, "serve", "--port", port)
    assert (status, out) == (1, "")
    assert named in err
    assert "Traceback" not in err


def test_a_server_whose_workers_cannot_start_fails(folders: tuple[Path, Path]) -> None:
    corpus, index = (str(folder) for folder in folders)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "assistant", "serve", "--workers", "2", "--port", port]
    environment = os.environ | {"MEDRAAD_QUESTIONS": "pyproject.toml"}
    ended = subprocess.run(
        [*command, "--corpus", corpus, "--index", index],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert "--workers 1" in ended.stderr.splitlines()[-1]


def test_a_server_answers_with_what_was_opened_before_its_first_request(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = (str(folder) for folder in folders)
    store = {"MEDRAAD_STORE": str(tmp_path / "s.sqlite"), "MEDRAAD_STORE_QUESTIONS": "true"}
    question = {"question": "Når skal innkjøp av skjermer drøftes?"}
    with own_server(["--corpus", corpus, "--index", index], store) as server:
        answers = [httpx.post(f"{server.url}/api/chat", json=question).json() for _ in range(2)]
    assert all(answer["answered"] for answer in answers)


@pytest.mark.parametrize(("key", "value"), [("MEDRAAD_PORT", "tusen"), ("MEDRAAD_THRESHOLD", "2")])
def test_a_bad_setting_names_itself(
    capsys: pytest.CaptureFixture[str],
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    value: str,
) -> None:
    monkeypatch.setenv(key, value)
    status, _, err = run(capsys, folders, "status")
    assert status == 1
    assert f"{key}='{value}'" in err


@pytest.mark.parametrize("arguments", [[], ["finnes-ikke"], ["ask"], ["search", "x", "-k", "0"]])
def test_wrong_usage_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_as_a_process_it_writes_nothing_but_the_answer(folders: tuple[Path, Path]) -> None:
    corpus, index = folders
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "assistant",
        "ask",
        "Hva skal verneombudet prøve?",
        "--json",
    ]
    done = subprocess.run(
        [*command, "--corpus", str(corpus), "--index", str(index)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        text=True,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert json.loads(done.stdout)["answered"]
