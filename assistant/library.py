"""The live index and all that is read from it; a new generation is taken up without dropping a request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.lexicon import Lexicon
from assistant.pointing import Names
from assistant.settings import AssistantSettings
from ingest import generation
from ingest.analysis import Analyzer
from ingest.embed import Embedder
from ingest.index import Index
from ingest.manifest import Manifest, load_manifest
from ingest.sync import fingerprint
from ingest.words import WordList


@dataclass(frozen=True, slots=True)
class Shelf:
    """One open generation, with the lexicon that knows its words and the manifest it was made by."""

    index: Index
    lexicon: Lexicon
    manifest: Manifest
    names: Names


class Library:
    """Hands out the live generation; closes an old one when its last reader is done."""

    def __init__(self, settings: AssistantSettings, embedder: Embedder, words: WordList) -> None:
        """Keep what opening needs; nothing is opened before the first request."""
        self._settings = settings
        self._embedder = embedder
        self._words = words
        self._analyzer = Analyzer(words)
        self._lock = threading.Lock()
        self._current: Shelf | None = None
        self._readers: dict[int, int] = {}

    @contextmanager
    def reading(self) -> Iterator[Shelf]:
        """Yield the live generation; it stays open until the block ends.

        Raises:
            IndexMissing: nothing has been indexed.
            IndexForeign: the index was made with other settings.
            IndexStorage: it cannot be read.
        """
        shelf = self._borrow()
        try:
            yield shelf
        finally:
            self._give_back(shelf)

    def close(self) -> None:
        """Close the current generation once nobody reads it."""
        with self._lock:
            shelf, self._current = self._current, None
            if shelf is not None and not self._readers.get(id(shelf)):
                shelf.index.close()

    def _borrow(self) -> Shelf:
        with self._lock:
            folder = generation.live(self._settings.index)
            if self._current is None or self._current.index.folder != folder:
                self._replace(self._open(folder))
            assert self._current is not None
            shelf = self._current
            self._readers[id(shelf)] = self._readers.get(id(shelf), 0) + 1
            return shelf

    def _replace(self, fresh: Shelf) -> None:
        old, self._current = self._current, fresh
        if old is not None and not self._readers.get(id(old)):
            old.index.close()

    def _give_back(self, shelf: Shelf) -> None:
        with self._lock:
            self._readers[id(shelf)] -= 1
            if not self._readers[id(shelf)]:
                del self._readers[id(shelf)]
                if shelf is not self._current:
                    shelf.index.close()

    def _open(self, folder: Path) -> Shelf:
        index = Index(folder, fingerprint(self._embedder.name, self._analyzer))
        lexicon = Lexicon.open(self._analyzer, self._words, index.lexical, self._settings.lexicon)
        names = Names.of(index.content.sources.values(), self._analyzer.terms)
        return Shelf(index, lexicon, load_manifest(self._settings.corpus), names)
