from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.errors import ManifestError
from ingest.manifest import load_manifest, skipped

DOCUMENT = '[[document]]\nid = "a"\nfile = "a.txt"\ntitle = "A"\n'
WORK = '[[work]]\nkey = "ha"\ntitle = "HA"\nnames = ["HA"]\n'
REMOTE = '[[remote]]\nid = "r"\ntitle = "R"\nurl = "https://eksempel.no/r.pdf"\nformat = "pdf"\n'


def write(folder: Path, manifest: str, *names: str) -> Path:
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    for name in names:
        (folder / name).write_text("Tekst.", encoding="utf-8")
    return folder


def test_the_projects_manifest_names_five_documents_and_five_remotes(corpus: Path) -> None:
    manifest = load_manifest(corpus)
    assert [source.id for source in manifest.documents] == [
        "veileder", "fagforbundet", "handbok", "avtale", "ks-rapport",
    ]  # fmt: skip
    assert all(source.path.is_file() and source.sha256 for source in manifest.documents)
    assert {remote.id: remote.format for remote in manifest.remotes} == {
        "hovedavtalen-ks": "pdf",
        "hovedavtaleveilederen": "pdf",
        "samstyringsstrukturen": "html",
        "digdir-faser": "html",
        "arbeidsmiljoloven": "html",
    }
    avtale = next(source for source in manifest.documents if source.id == "avtale")
    assert avtale.valid_to == date(2019, 12, 31)


def test_the_defaults_give_any_corpus_works_and_facets(tmp_path: Path) -> None:
    manifest = load_manifest(tmp_path)
    assert {"hovedavtalen", "arbeidsmiljøloven", "kommuneloven"} <= {work.key for work in manifest.works}
    assert manifest.facets.values("phase") == ("starte", "forme", "levere")
    assert manifest.facets.of(("Starte sammen – fra idé",), "Verneombudet deltar.") == {
        "phase:starte",
        "role:verneombud",
    }


def test_a_word_of_a_facet_begins_a_word_of_the_text(tmp_path: Path) -> None:
    facets = load_manifest(tmp_path).facets
    assert "role:leder" in facets.of((), "Lederen kaller inn.")
    assert "role:leder" not in facets.of((), "Prosjektlederen kaller inn.")
    assert facets.of((), "Ingenting her.") == frozenset()


def test_a_folder_without_a_manifest_is_taken_as_it_is(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "lik.pdf", "lik.html", "README.md", "bilde.png", ".skjult.txt", "~$a.docx"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "under").mkdir()
    (tmp_path / "under" / "c.txt").write_bytes(b"x")
    documents = load_manifest(tmp_path).documents
    assert [(d.id, d.path.name) for d in documents] == [
        ("a", "a.md"), ("b", "b.txt"), ("lik.html", "lik.html"), ("lik.pdf", "lik.pdf"),
    ]  # fmt: skip
    assert documents[0].title == "a"


def test_files_beside_the_named_ones_are_documents_too(tmp_path: Path) -> None:
    write(tmp_path, DOCUMENT, "a.txt", "a.md", "ny.txt")
    assert [d.id for d in load_manifest(tmp_path).documents] == ["a", "a.md", "ny"]


def test_what_is_no_document_is_skipped_by_name(tmp_path: Path) -> None:
    for name in ("arkiv", "kjent"):
        (tmp_path / name).mkdir()
    for name in ("a.txt", "kjent/b.txt", "c.doc", "d", ".e", "README.md", "f.toml", "g.jsonl"):
        (tmp_path / name).write_text("Tekst.")
    (tmp_path / "h.txt").symlink_to(tmp_path / "borte.txt")
    (tmp_path / "manifest.toml").write_text('[[document]]\nid = "b"\ntitle = "B"\nfile = "kjent/b.txt"\n')
    documents = load_manifest(tmp_path).documents
    assert [source.id for source in documents] == ["b", "a"]
    assert skipped(tmp_path, documents) == ["arkiv/", "c.doc", "d", "h.txt"]


def test_a_file_is_known_by_its_path_in_the_folder(tmp_path: Path) -> None:
    for folder in ("arkiv", "utkast"):
        (tmp_path / folder).mkdir()
    first = DOCUMENT.replace("a.txt", "arkiv/plan.txt")
    second = DOCUMENT.replace("a.txt", "utkast/../utkast/plan.txt").replace('"a"', '"b"')
    write(tmp_path, first + second, "arkiv/plan.txt", "utkast/plan.txt", "plan.txt")
    assert [d.id for d in load_manifest(tmp_path).documents] == ["a", "b", "plan"]
    write(tmp_path, second + second.replace('"b"', '"c"').replace("../utkast", "."))
    with pytest.raises(ManifestError, match=r"file «utkast/plan\.txt» står flere ganger"):
        load_manifest(tmp_path)


def test_no_two_documents_get_one_id(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.txt.md"):
        (tmp_path / name).write_bytes(b"x")
    assert [d.id for d in load_manifest(tmp_path).documents] == ["a.md", "a.txt", "a.txt.md"]
    write(tmp_path, DOCUMENT.replace("a.txt", "b.txt") + REMOTE.replace('"r"', '"a.txt"'), "b.txt")
    assert [d.id for d in load_manifest(tmp_path).documents] == ["a", "a.md", "a.txt-2", "a.txt.md"]


def test_a_manifest_adds_to_the_defaults_and_replaces_under_the_same_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[facets.phase.starte]\nheadings = ["begynne"]\n[facets.layer.kommune]\nwords = ["kommune"]\n'
        '[[work]]\nkey = "hovedavtalen"\ntitle = "HA Staten"\nnames = ["HA"]\n'
        '[[work]]\nkey = "reglement"\ntitle = "Reglement"\nnames = ["reglementet"]\n',
    )
    manifest = load_manifest(tmp_path)
    assert manifest.facets.of(("Begynne",), "kommunen") == {"phase:starte", "layer:kommune"}
    assert manifest.facets.of(("Starte sammen",), "") == frozenset()
    titles = {work.key: work.title for work in manifest.works}
    assert titles["hovedavtalen"] == "HA Staten" and "reglement" in titles and "kommuneloven" in titles


def test_a_remote_becomes_the_source_of_its_fetched_file(tmp_path: Path) -> None:
    write(tmp_path, REMOTE + 'work = "hovedavtalen"\nedition = "2026"\n')
    source = load_manifest(tmp_path).remotes[0].source(tmp_path / "r.pdf")
    assert (source.id, source.work, source.edition) == ("r", "hovedavtalen", "2026")
    assert source.external_url == "https://eksempel.no/r.pdf"


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("[[document]\n", ["TOML", "line 1"]),
        ('[[document]]\nid = "a"\ntitle = "A"\n', ["[[document]] nr. 1 («a»)", "mangler «file»"]),
        (DOCUMENT + 'tittel = "A"\n', ["«a»", "«tittel»", "ikke finnes"]),
        (DOCUMENT + 'valid_to = "i fjor"\n', ["«valid_to»", "i fjor"]),
        (DOCUMENT + "valid_from = 2020-01-02\nvalid_to = 2020-01-01\n", ["2020-01-01", "før"]),
        (DOCUMENT + 'layer = "privat"\n', ["«layer»", "privat"]),
        (DOCUMENT + DOCUMENT, ["id «a»", "flere ganger"]),
        (DOCUMENT + DOCUMENT.replace('id = "a"', 'id = "b"'), ["file «a.txt»", "flere ganger"]),
        (DOCUMENT.replace("a.txt", "../a.txt"), ["«a»", "ut av mappen"]),
        (DOCUMENT.replace("a.txt", "/etc/passwd"), ["«a»", "ut av mappen"]),
        (DOCUMENT.replace('id = "a"', 'id = "../a"'), ["nr. 1", "id må"]),
        (REMOTE.replace("https://", "file://"), ["[[remote]] nr. 1", "«url»"]),
        (REMOTE + DOCUMENT.replace('id = "a"', 'id = "r"'), ["id «r»", "flere ganger"]),
        (WORK + 'older_pattern = "("\n', ["nr. 1 («ha»)", "older_pattern = '('", "regulært uttrykk"]),
        (DOCUMENT + 'supersedes = "a"\n', ["supersedes", "«a» → «a»", "eldste"]),
        (DOCUMENT + 'supersedes = "r"\n' + REMOTE + 'supersedes = "a"\n', ["supersedes", "«a» → «r» → «a»"]),
        ('dokument = "a"\n', ["«dokument»"]),
        ('[facets.phase.starte]\nord = ["a"]\n', ["facets.phase.starte", "«ord»"]),
        ('document = "a"\n', ["«document»"]),
    ],
)
def test_a_broken_manifest_is_refused_with_the_place(tmp_path: Path, manifest: str, words: list[str]) -> None:
    write(tmp_path, manifest)
    with pytest.raises(ManifestError) as caught:
        load_manifest(tmp_path)
    for word in words:
        assert word in str(caught.value)


def test_a_manifest_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_bytes('[[document]]\ntitle = "Å"\n'.encode("latin-1"))
    with pytest.raises(ManifestError, match="UTF-8"):
        load_manifest(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="borte"):
        load_manifest(tmp_path / "borte")
