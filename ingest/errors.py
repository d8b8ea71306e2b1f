"""Everything that can go wrong between a document and the index.

IngestError                 base; its text is Norwegian and names what to do
├── SettingsError           a setting has a value that is not allowed
├── ManifestError           manifest.toml is broken or contradicts itself
├── ExamplesError           examples.jsonl cannot be read or has a line of another form
├── DocumentError           one document cannot be used; the others go on
│   ├── DocumentMissing     the file is not there or cannot be opened
│   ├── DocumentEmpty       nothing is left to read
│   └── DocumentUnreadable  wrong encoding, wrong format, encrypted, image only, too large
├── ModelError              the embedding model is missing, broken or not the one expected
├── NothingToIndex          no document could be used; the old index is left alone
├── IndexMissing            there is no index yet
├── IndexForeign            the index was made with another embedder, chunker or analysis
├── IndexBusy               another ingestion holds the lock
├── IndexStorage            the vector database or the disk refused
└── FetchError              a remote source could not be brought
"""

from __future__ import annotations


class IngestError(Exception):
    """Base of all errors in this room; the message is for a person, in Norwegian."""


class SettingsError(IngestError):
    """A setting has a value that is not allowed; names key, value and what is allowed."""


class ManifestError(IngestError):
    """manifest.toml cannot be parsed, misses a key or names a document twice."""


class ExamplesError(IngestError):
    """The example questions cannot be read; names the line."""


class DocumentError(IngestError):
    """One document cannot be used. The run names it and goes on with the others."""


class DocumentMissing(DocumentError):
    """The file is not there or cannot be opened."""


class DocumentEmpty(DocumentError):
    """The file holds no text."""


class DocumentUnreadable(DocumentError):
    """Wrong encoding or format, encrypted, scanned images only, or over the size limit."""


class ModelError(IngestError):
    """The embedding model is missing, broken, or not the one that was pinned."""


class NothingToIndex(IngestError):
    """No document could be used; the index that was there is left as it is."""


class IndexMissing(IngestError):
    """There is no index in the folder."""


class IndexForeign(IngestError):
    """The index was made with another embedder, chunker or analysis than the settings name."""


class IndexBusy(IngestError):
    """Another ingestion holds the lock of the index folder."""


class IndexStorage(IngestError):
    """Chroma, SQLite or the disk refused to read or write the index."""


class FetchError(IngestError):
    """A remote source could not be fetched or is not what it says it is."""
