from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.download import Limits
from ingest.fetch import fetch, forget
from ingest.fetched import FetchResult, fetched_sources, status
from ingest.manifest import Remote
from ingest.readers import read
from ingest.unpack import unpack
from tests.ingest import pdfs
from tests.ingest.webserver import Page, Web, serving

LIMITS = Limits(connect=2, read=0.5, deadline=20, tries=4, pause=0.0, size=1_000_000, redirects=3)
HTML = "<!DOCTYPE html><html><body><main><h1>Samstyring</h1>" + "".join(
    f"<p>Avsnitt {n} handler om hvordan partene styrer digitaliseringen sammen i kommunesektoren.</p>"
    for n in range(9)
)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    folder = tmp_path_factory.mktemp("utgaver")
    pdfs.agreement(folder / "1.pdf", pages=2)
    pdfs.agreement(folder / "2.pdf", pages=3)
    return (folder / "1.pdf").read_bytes(), (folder / "2.pdf").read_bytes()


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def remote(web: Web, path: str = "/ha.pdf", **more: str) -> Remote:
    return Remote(**({"id": "ha", "title": "HA", "url": web.url(path), "format": "pdf"} | more))  # type: ignore[arg-type]


def get(
    web: Web, folder: Path, limits: Limits = LIMITS, wait: Pauses | None = None, **more: str
) -> FetchResult:
    (result,) = fetch([remote(web, **more)], folder, limits, wait=Pauses() if wait is None else wait)
    return result


def test_a_document_is_fetched_and_known_afterwards(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"')
    assert status([remote(web)], tmp_path)[0].status == "mangler"
    result = get(web, tmp_path)
    assert (result.status, result.reason) == ("hentet", None)
    assert result.path is not None and result.path.read_bytes() == editions[0]
    (here,) = status([remote(web)], tmp_path)
    assert (here.status, here.path, here.fetched) == ("hentet", result.path, result.fetched)
    (source,) = fetched_sources([remote(web, work="hovedavtalen")], tmp_path)
    assert (source.id, source.path, source.work) == ("ha", result.path, "hovedavtalen")
    assert source.external_url == web.url("/ha.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fetched.json", "ha.pdf"]


def test_an_unchanged_document_is_not_sent_again(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"')
    first = get(web, tmp_path)
    second = get(web, tmp_path)
    assert (second.status, second.fetched) == ("uendret", first.fetched)
    assert web.requests[-1][1]["if-none-match"] == '"1"'


def test_a_server_without_marks_sends_again_and_the_bytes_decide(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0])
    assert [get(web, tmp_path).status, get(web, tmp_path).status] == ["hentet", "uendret"]


def test_a_changed_document_replaces_the_copy(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"')
    get(web, tmp_path)
    web.pages["/ha.pdf"] = Page(editions[1], etag='"2"')
    result = get(web, tmp_path)
    assert result.status == "endret"
    assert result.path is not None and result.path.read_bytes() == editions[1]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_breaks_off_goes_on(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes], ranges: bool
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"', cuts=2, ranges=ranges)
    result = get(web, tmp_path)
    assert result.status == "hentet"
    assert result.path is not None and result.path.read_bytes() == editions[0]
    assert web.requests[1][1]["range"] == f"bytes={len(editions[0]) // 2}-"


def test_a_download_that_breaks_off_for_good_is_gone_on_with_next_time(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"', cuts=LIMITS.tries)
    broken = get(web, tmp_path)
    assert (broken.status, broken.path) == ("feilet", None)
    result = get(web, tmp_path)
    assert result.status == "hentet" and "range" in web.requests[-1][1]
    assert result.path is not None and result.path.read_bytes() == editions[0]


def test_nothing_of_a_forgotten_document_is_left(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"')
    assert get(web, tmp_path).status == "hentet"
    web.pages["/ha.pdf"] = Page(editions[1], etag='"2"', cuts=LIMITS.tries)
    assert get(web, tmp_path).status == "feilet"
    (tmp_path / ".ha.ny.pdf").write_bytes(b"")  # of a run that was killed while it checked the document
    assert {".ha.part", ".ha.part.json", "ha.pdf"} < {path.name for path in tmp_path.iterdir()}
    forget("ha", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["fetched.json"]
    assert status([remote(web)], tmp_path)[0].status == "mangler"
    forget("ha", tmp_path)


def test_a_part_that_the_server_cannot_go_on_with_is_thrown_away(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"', cuts=LIMITS.tries)
    get(web, tmp_path)
    web.pages["/ha.pdf"] = Page(codes=[416, 404])
    assert get(web, tmp_path).status == "feilet"
    assert list(tmp_path.iterdir()) == []


def test_halves_of_two_editions_are_never_put_together(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"', cuts=LIMITS.tries)
    get(web, tmp_path)
    web.pages["/ha.pdf"] = Page(editions[1], etag='"2"')
    result = get(web, tmp_path)
    assert result.path is not None and result.path.read_bytes() == editions[1]


def test_a_server_that_sends_another_range_is_not_believed(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"', cuts=1, wrong_range=True)
    assert get(web, tmp_path).status == "feilet"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(codes=[404]), "finnes ikke"),
        (Page(codes=[403]), "HTTP 403"),
        (Page(codes=[500] * 9), "HTTP 500"),
        (Page(codes=[429] * 9), "HTTP 429"),
        (Page(hangs=True), "ikke i tide"),
        (Page(endless=True), "større enn grensen"),
        (Page(location="/ha.pdf"), "videre mer enn 3 ganger"),
        (Page(location="http://eksempel.no/ha.pdf"), "ikke https"),
        (Page(location="file:///etc/passwd"), "ikke https"),
        (Page(HTML.encode()), "PDF"),
        (Page(b"<html>Logg inn</html>"), "PDF"),
        (Page(b"%PDF-1.7 ikke mer"), "ikke en hel PDF"),
        (Page(b"%PDF-1.7 tull %%EOF"), "ikke et brukbart dokument"),
        (Page(b""), "ikke en hel PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_goes_wrong_the_last_good_copy_stays(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes], page: Page, words: str
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0])
    good = get(web, tmp_path)
    web.pages["/ha.pdf"] = page
    result = get(web, tmp_path)
    assert result.status == "feilet"
    assert result.reason is not None and words in result.reason
    assert result.path == good.path and result.path is not None and result.path.read_bytes() == editions[0]
    assert result.fetched == good.fetched
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fetched.json", "ha.pdf"]


def test_a_short_document_is_not_believed(web: Web, tmp_path: Path) -> None:
    web.pages["/a"] = Page(
        b"<!DOCTYPE html><html><body><p>Siden er under arbeid.</p></body></html>", "text/html"
    )
    result = get(web, tmp_path, path="/a", format="html")
    assert result.status == "feilet" and result.reason is not None and "tegn tekst" in result.reason


def test_a_page_is_taken_for_what_it_is_and_not_for_what_its_header_says(web: Web, tmp_path: Path) -> None:
    web.pages["/a"] = Page(HTML.encode(), "application/octet-stream")
    assert get(web, tmp_path, path="/a", format="html").status == "hentet"


def test_redirects_are_followed(web: Web, tmp_path: Path, editions: tuple[bytes, bytes]) -> None:
    web.pages["/gammel"] = Page(location="/ha.pdf")
    web.pages["/ha.pdf"] = Page(editions[0])
    assert get(web, tmp_path, path="/gammel").status == "hentet"


def test_an_address_without_https_is_not_asked(tmp_path: Path) -> None:
    plain = Remote(id="ha", title="HA", url="http://eksempel.no/ha.pdf", format="pdf")
    (result,) = fetch([plain], tmp_path, LIMITS)
    assert result.status == "feilet" and result.reason is not None and "https" in result.reason


def test_no_server_at_all(web: Web, tmp_path: Path) -> None:
    gone = Remote(id="ha", title="HA", url="http://127.0.0.1:9/ha.pdf", format="pdf")
    (result,) = fetch([gone], tmp_path, LIMITS, wait=Pauses())
    assert result.status == "feilet" and result.reason is not None and "kontakt" in result.reason


def test_pauses_grow_and_the_servers_wish_is_kept(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    limits = Limits(connect=2, read=2, deadline=60, tries=4, pause=1.0, size=1_000_000)
    pauses = Pauses()
    web.pages["/ha.pdf"] = Page(editions[0], codes=[500, 500, 429], retry_after="7")
    assert get(web, tmp_path, limits, pauses).status == "hentet"
    assert pauses == [1.0, 2.0, 7.0]


def test_a_server_that_wants_more_time_than_there_is_fails_at_once(web: Web, tmp_path: Path) -> None:
    pauses = Pauses()
    web.pages["/ha.pdf"] = Page(codes=[503] * 9, retry_after="3600")
    assert get(web, tmp_path, wait=pauses).status == "feilet"
    assert pauses == [] and len(web.requests) == 1


def test_one_failure_does_not_stop_the_others(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0])
    results = fetch([remote(web, path="/borte", id="b"), remote(web)], tmp_path, LIMITS, wait=Pauses())
    assert [(result.remote.id, result.status) for result in results] == [("b", "feilet"), ("ha", "hentet")]


def test_a_server_that_says_unchanged_without_being_asked_does_not_stop_the_others(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/304"] = Page(codes=[304])
    web.pages["/ha.pdf"] = Page(editions[0])
    strange, good = fetch([remote(web, path="/304", id="b"), remote(web)], tmp_path, LIMITS)
    assert (strange.status, strange.path, good.status) == ("feilet", None, "hentet")
    assert strange.reason is not None and "HTTP 304" in strange.reason


def test_a_new_address_in_the_manifest_is_a_new_document(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0], etag='"1"')
    web.pages["/ny.pdf"] = Page(editions[1], etag='"1"')
    get(web, tmp_path)
    assert status([remote(web, path="/ny.pdf")], tmp_path)[0].status == "mangler"
    assert get(web, tmp_path, path="/ny.pdf").status == "hentet"


def test_a_broken_state_file_only_costs_a_new_download(
    web: Web, tmp_path: Path, editions: tuple[bytes, bytes]
) -> None:
    web.pages["/ha.pdf"] = Page(editions[0])
    get(web, tmp_path)
    (tmp_path / "fetched.json").write_text("{")
    assert status([remote(web)], tmp_path)[0].status == "mangler"
    assert get(web, tmp_path).status == "hentet"
    assert set(json.loads((tmp_path / "fetched.json").read_text())) == {"ha"}


def packed(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:bz2") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def test_one_text_is_taken_out_of_an_archive(web: Web, tmp_path: Path) -> None:
    web.pages["/alt"] = Page(packed(("nl/a.xml", b"nei"), ("nl/b.xml", HTML.encode())), "application/x-bzip2")
    result = get(
        web, tmp_path, path="/alt", format="html", member="nl/b.xml", external_url="https://eksempel.no/b"
    )
    assert result.status == "hentet" and result.path is not None
    assert read(result.path).title == "Samstyring"
    assert result.remote.source(result.path).external_url == "https://eksempel.no/b"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (packed(("nl/a.xml", b"nei")), "inneholder ikke"),
        (b"tull", "skadet"),
        (packed(("b", b"x"))[:30], "skadet"),
    ],
)
def test_an_archive_without_the_text_is_refused(web: Web, tmp_path: Path, body: bytes, words: str) -> None:
    web.pages["/alt"] = Page(body)
    result = get(web, tmp_path, path="/alt", format="html", member="nl/b.xml")
    assert result.status == "feilet" and result.reason is not None and words in result.reason


def test_a_full_disk_is_not_taken_for_a_damaged_archive(tmp_path: Path) -> None:
    (tmp_path / "alt").write_bytes(packed(("b", b"tekst")))
    with pytest.raises(OSError, match="No space left"):
        unpack(tmp_path / "alt", "b", Path("/dev/full"))
