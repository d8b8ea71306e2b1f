"""The list of sources, and each source whole."""

from __future__ import annotations

from pathlib import Path

from assistant.cite import source_home, status
from assistant.contract import DocumentInfo, DocumentsResponse
from assistant.editions import superseded
from assistant.errors import NotFound
from assistant.library import Library, Shelf
from ingest.document import Document


class Catalogue:
    """What the live index holds."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __len__(self) -> int:
        with self._library.reading() as shelf:
            return len(shelf.index.content.sources)

    def generation(self) -> str:
        """Return the name of the live generation."""
        with self._library.reading() as shelf:
            return shelf.index.generation

    def probe(self) -> str:
        """Find a passage in the live generation, and return its name.

        Raises:
            IngestError: there is none, it does not fit, or Chroma does not answer.
        """
        with self._library.reading() as shelf:
            for row, _ in shelf.index.nearest(shelf.index.passage_vectors[0], 1):
                shelf.index.passage(row)
            return shelf.index.generation

    def documents(self) -> DocumentsResponse:
        """Return all documents in the manifest's order."""
        with self._library.reading() as shelf:
            return DocumentsResponse(
                documents=tuple(_info(shelf, id_) for id_ in shelf.index.content.sources)
            )

    def document(self, id_: str) -> tuple[DocumentInfo, Document, DocumentInfo | None]:
        """Return one document with its facts, and those of the one that replaces it.

        Raises:
            NotFound: the index has no document of that id.
        """
        with self._library.reading() as shelf:
            document = shelf.index.content.document(id_)
            if document is None:
                raise NotFound("Kilden finnes ikke. Se listen over kilder på forsiden.")
            info = _info(shelf, id_)
            return info, document, _info(shelf, info.superseded_by) if info.superseded_by else None

    def original(self, id_: str) -> Path:
        """Return the file of a document that is a PDF in the corpus folder.

        Raises:
            NotFound: there is none; other files are not given out.
        """
        with self._library.reading() as shelf:
            indexed = shelf.index.content.sources.get(id_)
            named = (source.path for source in shelf.manifest.documents if source.id == id_)
            path = next(named, None)
        # The index says what may be given out, the manifest where it lies.
        if indexed is None or path is None or indexed.path.name != path.name or not _is_pdf(path):
            raise NotFound("Kilden har ingen PDF som kan åpnes her.")
        return path


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.suffix.lower() == ".pdf" and b"%PDF-" in file.read(1024)
    except OSError:
        return False


def _info(shelf: Shelf, id_: str) -> DocumentInfo:
    sources = shelf.index.content.sources
    source = sources[id_]
    return DocumentInfo(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        kind=source.kind,
        layer=source.layer,
        language=source.language,
        published=source.published,
        updated=source.updated,
        valid_from=source.valid_from,
        valid_to=source.valid_to,
        edition=source.edition,
        status=status(source),
        superseded_by=superseded(sources).get(id_),
        external_url=source.external_url,
        url=source_home(source.id),
        passages=shelf.index.note.documents[id_],
    )
