from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest import generation, lexical
from ingest.analysis import Analyzer
from ingest.errors import IndexBusy, IndexMissing, ModelError, NothingToIndex
from ingest.manifest import load_manifest
from ingest.sync import synchronise
from tests.fakes import SmallCorpus, TrigramEmbedder, Vectors

A = "Drøfting\n\nPartene drøfter saken i god tid. Verneombudet deltar i arbeidet.\n"
B = "Opplæring\n\nArbeidsgiver gir opplæring i nye verktøy. Det skjer i arbeidstiden.\n"
MANIFEST = '[[document]]\nid = "a"\nfile = "a.txt"\ntitle = "A"\n'


def documents(small: SmallCorpus) -> list[str]:
    with closing(small.open_index()) as index:
        return list(index.content.sources)


@pytest.fixture
def two(small: SmallCorpus) -> SmallCorpus:
    small.write("a.txt", A)
    small.write("b.txt", B)
    small.ingest()
    return small


def test_a_folder_without_manifest_is_taken_as_it_is(two: SmallCorpus) -> None:
    assert documents(two) == ["a", "b"]


def test_nothing_is_done_when_nothing_has_changed(two: SmallCorpus) -> None:
    before = len(two.embedder.embedded)
    live = generation.live(two.index)
    report = two.ingest()
    assert report.unchanged
    assert report.complete
    assert [outcome.passages for outcome in report.outcomes] == [1, 1]
    assert len(two.embedder.embedded) == before
    assert generation.live(two.index) == live


def test_another_path_to_the_same_folder_changes_nothing(
    two: SmallCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two.root)
    manifest = load_manifest(two.folder.relative_to(two.root))
    assert synchronise(two.index, lambda: manifest, two.embedder, Analyzer(two.words)).unchanged


def test_only_what_changed_is_embedded_again(two: SmallCorpus) -> None:
    before = len(two.embedder.embedded)
    two.write("b.txt", B + "\nNytt avsnitt om robotene på lageret.\n")
    report = two.ingest()
    fresh = two.embedder.embedded[before:]
    assert fresh
    assert all("robotene" in text or "verktøy" in text or "arbeidstiden" in text for text in fresh)
    assert "Nytt avsnitt om robotene på lageret." in fresh
    embedded = {outcome.source.id: outcome.embedded for outcome in report.outcomes}
    assert embedded["a"] == 0
    assert embedded["b"] == len(fresh)


def test_a_new_document_leaves_the_others_vectors_as_they_are(two: SmallCorpus) -> None:
    with closing(two.open_index()) as index:
        before = np.array(index.sentence_vectors)
    counted = len(two.embedder.embedded)
    two.write("0.txt", "Nytt\n\nEt nytt dokument står først i rekken.\n")
    two.ingest()
    with closing(two.open_index()) as index:
        after = np.array(index.sentence_vectors)
    assert after[-len(before) :] == pytest.approx(before)
    assert not any("Partene" in text or "Arbeidsgiver" in text for text in two.embedder.embedded[counted:])


def test_a_text_that_stands_in_two_documents_is_embedded_once(small: SmallCorpus) -> None:
    for name in ("a.txt", "b.txt"):
        small.write(name, A)
    small.ingest()
    assert len(set(small.embedder.embedded)) == len(small.embedder.embedded)


def test_a_removed_document_is_gone(two: SmallCorpus) -> None:
    (two.folder / "b.txt").unlink()
    assert two.ingest().complete
    assert documents(two) == ["a"]


def test_a_changed_title_in_the_manifest_is_taken_up(two: SmallCorpus) -> None:
    two.write("manifest.toml", MANIFEST.replace('"A"', '"Veileder"'))
    two.ingest()
    with closing(two.open_index()) as index:
        assert index.content.sources["a"].title == "Veileder"


def test_a_text_tells_its_language_where_the_manifest_does_not(small: SmallCorpus) -> None:
    for name in ("a.txt", "b.txt"):
        small.write(name, "Ein leiar svarar ikkje for dei andre, men er frå eit lag.\n")
    small.write("manifest.toml", MANIFEST + 'language = "nb"\n')
    small.ingest()
    with closing(small.open_index()) as index:
        languages = {id_: source.language for id_, source in index.content.sources.items()}
    assert languages == {"a": "nb", "b": "nn"}


def test_another_embedder_embeds_everything_again(two: SmallCorpus) -> None:
    other = TrigramEmbedder("trigrams:2")
    old = len(two.embedder.embedded)
    two.embedder = other
    assert not two.ingest().unchanged
    assert len(other.embedded) == old
    assert documents(two) == ["a", "b"]


@pytest.mark.parametrize("constant", ["K1", "B"])
def test_another_constant_of_bm25_makes_the_index_anew(
    two: SmallCorpus, monkeypatch: pytest.MonkeyPatch, constant: str
) -> None:
    monkeypatch.setattr(lexical, constant, 0.5)
    assert not two.ingest().unchanged


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "Finner ikke"),
        (b"", "tom"),
        (b" \n \n", "tom"),
        ("Drøfting på norsk".encode("latin-1"), "UTF-8"),
        (b"\x00\x01\x02\xff" * 200, "ikke en tekstfil"),
        (b"%PDF-1.4 ikke en pdf", "PDF"),
    ],
)
def test_a_document_that_cannot_be_used_is_named_and_the_others_indexed(
    small: SmallCorpus, content: bytes | None, why: str
) -> None:
    small.write("manifest.toml", MANIFEST + '[[document]]\nid = "rar"\nfile = "rar.txt"\ntitle = "R"\n')
    small.write("a.txt", A)
    if content is not None:
        (small.folder / "rar.txt").write_bytes(content)
    report = small.ingest()
    assert not report.complete
    good, bad = report.outcomes
    assert (good.source.id, good.problem, good.passages) == ("a", None, 1)
    assert bad.source.id == "rar"
    assert why in (bad.problem or "")
    assert documents(small) == ["a"]


def test_a_folder_in_the_place_of_a_document_is_named(small: SmallCorpus) -> None:
    small.write("manifest.toml", MANIFEST + '[[document]]\nid = "mappe"\nfile = "mappe.txt"\ntitle = "M"\n')
    small.write("a.txt", A)
    (small.folder / "mappe.txt").mkdir()
    report = small.ingest()
    assert [outcome.problem is None for outcome in report.outcomes] == [True, False]


def test_a_document_that_could_not_be_used_is_tried_again(two: SmallCorpus) -> None:
    broken = two.folder / "b.txt"
    broken.write_bytes(b"")
    assert not two.ingest().complete
    two.write("b.txt", B)
    assert two.ingest().complete
    assert documents(two) == ["a", "b"]


def test_the_old_index_is_kept_when_nothing_can_be_used(two: SmallCorpus) -> None:
    live = generation.live(two.index)
    for path in two.folder.iterdir():
        path.write_bytes(b"")
    with pytest.raises(NothingToIndex, match=r"urørt.*a\.txt er tom.*b\.txt er tom"):
        two.ingest()
    assert generation.live(two.index) == live
    assert documents(two) == ["a", "b"]


def test_an_empty_folder_says_what_to_do(small: SmallCorpus) -> None:
    with pytest.raises(NothingToIndex, match="--corpus"):
        small.ingest()


@pytest.mark.parametrize("manifest", [None, ""])
def test_nothing_answers_once_the_last_document_is_gone(two: SmallCorpus, manifest: str | None) -> None:
    for path in two.folder.iterdir():
        path.unlink()
    if manifest is not None:
        two.write("manifest.toml", manifest)
    report = two.ingest()
    assert (report.generation, report.outcomes, report.complete) == (None, (), True)
    with pytest.raises(IndexMissing):
        two.open_index()
    two.write("c.txt", A)
    assert two.ingest().complete
    assert documents(two) == ["c"]


@pytest.mark.parametrize("again", [False, True])
def test_a_changed_checksum_is_reported(small: SmallCorpus, again: bool) -> None:
    small.write("manifest.toml", MANIFEST + f'sha256 = "{"0" * 64}"\n')
    small.write("a.txt", A)
    report = small.ingest()
    if again:
        report = small.ingest()
    assert report.complete
    assert "sha256" in (report.outcomes[0].remark or "")


@pytest.mark.parametrize("again", [False, True])
def test_a_page_that_had_to_be_read_whole_is_reported(small: SmallCorpus, again: bool) -> None:
    text = "<p>Rådet behandler alle saker om miljø og trafikk.</p>" * 9
    small.write(
        "a.html", f"<html><body><main><p>Utgave</p><div class=comment>{text}</div></main></body></html>"
    )
    report = small.ingest()
    if again:
        report = small.ingest()
    assert "alt på siden er lest" in (report.outcomes[0].remark or "")


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(("lines", "share"), [(9, "62 %"), (0, "")])
def test_headings_that_nothing_stands_under_are_reported(
    small: SmallCorpus, lines: int, share: str, again: bool
) -> None:
    bare = "".join(f"## Rutine for møte {number}\n\n" for number in range(lines))
    small.write("a.md", f"# Møter\n\n{bare}## Råd\n\n{A}")
    report = small.ingest()
    if again:
        report = small.ingest()
    assert (report.outcomes[0].remark or "").partition(" av teksten")[0] == share


def test_the_projects_checksums_hold(corpus: Path) -> None:
    from hashlib import sha256

    sources = load_manifest(corpus).documents
    assert [sha256(source.path.read_bytes()).hexdigest() for source in sources] == [s.sha256 for s in sources]


class Failing(TrigramEmbedder):
    """Fails at the first text that holds a word."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if any("robotene" in text for text in texts):
            raise ModelError("modellen sviktet")
        return super().embed_passages(texts)


def test_a_failure_in_the_middle_leaves_the_old_index_answering(two: SmallCorpus) -> None:
    live = generation.live(two.index)
    two.embedder = Failing()
    two.write("c.txt", "Roboter\n\nDe nye robotene kommer i dag.\n")
    with pytest.raises(ModelError):
        two.ingest()
    assert generation.live(two.index) == live
    assert documents(two) == ["a", "b"]
    two.embedder = TrigramEmbedder()
    two.ingest()
    assert documents(two) == ["a", "b", "c"]


class Waiting(TrigramEmbedder):
    """Stops in the middle of embedding until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.begun.set()
        assert self.go_on.wait(30)
        return super().embed_passages(texts)


def test_two_at_once_are_not_let_in(two: SmallCorpus) -> None:
    two.write("c.txt", "Mer\n\nEt tredje dokument.\n")
    slow = Waiting()
    analyzer = Analyzer(two.words)
    failed: list[BaseException] = []

    def first() -> None:
        try:
            synchronise(two.index, two.manifest, slow, analyzer)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert slow.begun.wait(30)
        with pytest.raises(IndexBusy, match="i gang"):
            two.ingest()
        assert documents(two) == ["a", "b"]  # the old one answers meanwhile
    finally:
        slow.go_on.set()
        thread.join()
    assert failed == []
    assert documents(two) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "name", ["passages.npy", "content.sqlite", "generation.json", "lexical/data.npy", "chroma/chroma.sqlite3"]
)
def test_ingesting_mends_a_damaged_index(two: SmallCorpus, name: str) -> None:
    (generation.live(two.index) / name).write_bytes(b"tull")
    assert not two.ingest().unchanged
    assert documents(two) == ["a", "b"]
    for text in ("en", "to", "tre"):  # and the damaged generation is cleared away in time
        two.write("c.txt", f"Mer\n\nVersjon {text} av teksten.\n")
        assert two.ingest().complete
    assert len(list((two.index / "generations").iterdir())) == 2


def test_a_stray_file_among_the_generations_is_left_alone(two: SmallCorpus) -> None:
    generations = two.index / "generations"
    (generations / ".DS_Store").write_bytes(b"")
    for text in ("en", "to"):
        two.write("c.txt", f"Mer\n\nVersjon {text} av teksten.\n")
        assert two.ingest().complete
    assert sorted(path.is_dir() for path in generations.iterdir()) == [False, True, True]


def test_who_waits_sees_what_was_added_meanwhile(two: SmallCorpus) -> None:
    two.write("c.txt", "Mer\n\nEt tredje dokument.\n")
    slow, patient = Waiting(), TrigramEmbedder()
    analyzer = Analyzer(two.words)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(synchronise, two.index, two.manifest, slow, analyzer)
        assert slow.begun.wait(30)
        second = pool.submit(synchronise, two.index, two.manifest, patient, analyzer, patience=30)
        two.write("d.txt", "Enda mer\n\nEt fjerde dokument.\n")
        slow.go_on.set()
        assert first.result().complete
        assert second.result().complete
    assert documents(two) == ["a", "b", "c", "d"]
    assert not any("tredje" in text for text in patient.embedded)  # the first one had done that


def test_progress_ends_at_the_number_of_new_texts(small: SmallCorpus) -> None:
    small.write("a.txt", A)
    seen: list[tuple[int, int]] = []
    synchronise(
        small.index,
        small.manifest,
        small.embedder,
        Analyzer(small.words),
        lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (len(small.embedder.embedded), len(small.embedder.embedded))


def test_facets_and_references_are_stored(small: SmallCorpus) -> None:
    small.write(
        "a.txt", "Starte sammen – fra idé\n\nEtter Hovedavtalen del B § 3-1 c skal partene drøfte saken.\n"
    )
    small.ingest()
    with closing(small.open_index()) as index:
        assert index.content.with_facet("phase:starte") == [0]
        assert [(m.work, m.part, m.letter, m.row) for m in index.content.mentions("3-1")] == [
            ("hovedavtalen", "B", "c", 0)
        ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("RUTINE FOR VARSLING\n\nGjelder fra 2024\n\nLederen tar imot varsler.\n", "RUTINE FOR VARSLING"),
        ("Rutine for varsling\n\n1 Formål\n\nVarsling skal være trygt.\n", "Rutine for varsling"),
        ("Solvik kommune\n\nRutine for varsling\n\nLederen tar imot varsler.\n", "varsling-2"),
        ("Varsling skjer til lederen.\n", "varsling-2"),
        ("Slik melder du avvik\n\nLederen tar imot det som meldes.\n", "Slik melder du avvik"),
        ("1 Formål og virkeområde\n\nLederen tar imot det som meldes.\n", "varsling-2"),
        ("Del 1 Innledning til reglene\n\nLederen tar imot det som meldes.\n", "varsling-2"),
    ],
)
def test_a_text_is_called_by_its_first_line_where_that_is_a_title(
    small: SmallCorpus, text: str, title: str
) -> None:
    small.write("varsling-2.txt", text)
    small.ingest()
    with closing(small.open_index()) as index:
        assert index.content.sources["varsling-2"].title == title
