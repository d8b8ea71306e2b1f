"""The document owner's commands, over a small folder and a server on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.__main__ import main
from ingest import generation
from ingest.index import Note
from tests.ingest import pdfs
from tests.ingest.webserver import Page, Web, serving

TEXT = """Heimekontor

Tilsette kan arbeide heimanfrå inntil to dagar i veka. Avtale om heimekontor skal vere skriftleg.
"""


class Owner:
    """A folder of documents, and the commands on it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.corpus = root / "dokumenter"
        self.fetched = root / "hentet"
        self._capsys = capsys
        self.corpus.mkdir()
        self.write("heimekontor.txt", TEXT)

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def manifest(self) -> str:
        return (self.corpus / "manifest.toml").read_text(encoding="utf-8")

    @property
    def indexed(self) -> set[str]:
        return set(Note.read(generation.live(self.root / "indeks")).documents)

    def run(self, *command: str) -> tuple[int, str, str]:
        """Return the exit status and what was said, without the table's frames and line breaks."""
        self._capsys.readouterr()
        given = [*command, "--corpus", str(self.corpus), "--index", str(self.root / "indeks")]
        status = main(given)
        said = self._capsys.readouterr()
        return status, " ".join(said.out.replace("│", " ").split()), said.err


@pytest.fixture
def owner(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    model_folder: Path,
) -> Owner:
    monkeypatch.setenv("MEDRAAD_FETCHED", str(tmp_path / "hentet"))
    monkeypatch.setenv("COLUMNS", "200")
    return Owner(tmp_path, capsys)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pdf") / "1.pdf"
    pdfs.agreement(path, pages=2)
    return path.read_bytes()


def remote(web: Web, identity: str) -> str:
    return (
        f'[[remote]]\nid = "{identity}"\ntitle = "Avtalen {identity}"\nformat = "pdf"\n'
        f'work = "hovedavtalen"\nurl = "{web.url(f"/{identity}.pdf")}"\n'
    )


def test_fetch_shows_what_became_of_each_and_ingest_takes_it_in(owner: Owner, web: Web, pdf: bytes) -> None:
    web.pages["/ha.pdf"] = Page(pdf, etag='"1"')
    owner.write("manifest.toml", remote(web, "ha") + remote(web, "borte"))
    status, out, _ = owner.run("fetch", "--list")
    assert (status, out.count("mangler"), web.requests) == (0, 2, [])
    status, out, _ = owner.run("fetch")
    assert status == 1
    assert "ha Avtalen ha hentet" in out
    assert "borte Avtalen borte feilet" in out
    assert "medraad ingest" in out
    assert owner.run("ingest")[0] == 0
    assert owner.indexed == {"heimekontor", "ha"}
    assert "ha Avtalen ha uendret" in owner.run("fetch")[1]


def test_what_was_fetched_for_one_folder_is_not_in_the_index_of_another(
    owner: Owner, web: Web, pdf: bytes
) -> None:
    web.pages["/ha.pdf"] = Page(pdf)
    manifest = owner.write("manifest.toml", remote(web, "ha"))
    assert owner.run("fetch")[0] == 0
    manifest.unlink()
    assert owner.run("ingest")[0] == 0
    assert owner.indexed == {"heimekontor"}


def test_a_folder_that_points_to_nothing_says_so(owner: Owner) -> None:
    status, out, _ = owner.run("fetch")
    assert status == 0
    assert "[[remote]]" in out


def test_a_document_is_added_answers_and_is_removed_again(owner: Owner, tmp_path: Path, pdf: bytes) -> None:
    file = tmp_path / "lokal avtale.pdf"
    file.write_bytes(pdf)
    before = "# Våre\n\n[[document]]\nid = 'hk' # kort\nfile = 'heimekontor.txt'\ntitle = 'Heimekontor'\n"
    owner.write("manifest.toml", before)
    facts = ["--title", 'Avtale "A" \\ æøå', "--publisher", "Kommunen", "--valid-to", "2031-12-31", "--lokal"]
    status, out, err = owner.run("add", str(file), "--id", "lokal", "--kind", "avtale", *facts)
    assert (status, err) == (0, "")
    assert 'La til «Avtale "A" \\ æøå» som lokal.' in out
    assert owner.manifest.startswith(before)
    assert owner.indexed == {"hk", "lokal"}
    assert file.exists()
    status, out, _ = owner.run("remove", "lokal")
    assert status == 0
    assert owner.manifest.strip() == before.strip()
    assert owner.indexed == {"hk"}
    assert (owner.corpus / "fjernet" / "lokal avtale.pdf").read_bytes() == pdf


def test_removing_a_remote_document_deletes_its_copy(owner: Owner, web: Web, pdf: bytes) -> None:
    web.pages["/ha.pdf"] = Page(pdf)
    owner.write("manifest.toml", "# Øverst\n" + remote(web, "ha") + "\n# Om den andre\n" + remote(web, "to"))
    owner.run("fetch")
    assert (owner.fetched / "ha.pdf").exists()
    assert owner.run("remove", "ha")[0] == 0
    assert owner.manifest == "# Øverst\n# Om den andre\n" + remote(web, "to")
    assert [path.name for path in owner.fetched.iterdir()] == ["fetched.json"]
    assert owner.indexed == {"heimekontor"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["heimekontor.txt", "--id", "x"], "annen fil heimekontor.txt"),
        (["ny.txt", "--id", "heimekontor"], "«heimekontor» er i bruk"),
        (["ny.txt", "--id", "a/b"], "id må være ett navn"),
        (["ny.txt", "--url", "ftp://x"], "external_url"),
        (["ny.txt", "--valid-from", "2026-02-01", "--valid-to", "2026-01-01"], "er før valid_from"),
        (["ny.txt", "--supersedes", "ukjent"], "«ukjent» å erstatte"),
        (["borte.txt"], "Finner ikke"),
        (["tom.txt"], "tom.txt er tom"),
        (["falsk.pdf"], "ikke en gyldig PDF-fil"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_changed(
    owner: Owner, tmp_path: Path, arguments: list[str], says: str
) -> None:
    inbox = tmp_path / "inn"
    inbox.mkdir()
    for name in ("ny.txt", "heimekontor.txt", "falsk.pdf"):
        (inbox / name).write_text("Noe helt annet enn det som er der.", encoding="utf-8")
    (inbox / "tom.txt").touch()
    owner.write("manifest.toml", "# tomt\n")
    status, out, err = owner.run("add", str(inbox / arguments[0]), "--title", "Ny", *arguments[1:])
    assert (status, out) == (1, "")
    assert says in err
    assert owner.manifest == "# tomt\n"
    assert sorted(path.name for path in owner.corpus.iterdir()) == ["heimekontor.txt", "manifest.toml"]


def test_a_day_that_is_none_is_wrong_usage(owner: Owner, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        owner.run("add", "x.txt", "--title", "X", "--valid-to", "i morgen")
    assert ended.value.code == 2
    assert "2026-12-31" in capsys.readouterr().err


def test_an_unknown_document_cannot_be_removed(owner: Owner) -> None:
    status, _, err = owner.run("remove", "borte")
    assert status == 1
    assert "Disse finnes: heimekontor" in err
