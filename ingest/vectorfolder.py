"""The vectors of a generation in a folder, for reading, through Chroma's engine without its Python client.

The client takes most of a second of processor time to import: servers, telemetry and embedding services that
a folder has no use for. The engine, which the client itself hands each call on to, takes hundredths. The
folder is the client's own, written by it and open to it.
"""

from __future__ import annotations

from pathlib import Path

import chromadb_rust_bindings as engine
import numpy as np
from numpy.typing import NDArray

from ingest.chromaerrors import translated

_TENANT, _DATABASE = "default_tenant", "default_database"
_OPEN = 16
"""Collections that the engine may keep open; there is one in a folder."""


class VectorFolder:
    """The passage vectors of one generation. Row n of the index has the id str(n)."""

    def __init__(self, folder: Path, collection: str) -> None:
        """Open the folder that Chroma keeps its files in, with the settings of its client.

        Raises:
            IndexStorage: the folder cannot be opened, or has no such collection.
        """
        database = engine.SqliteDBConfig(
            url=str(folder / "chroma.sqlite3"),
            hash_type=engine.MigrationHash.MD5,
            migration_mode=engine.MigrationMode.Apply,
        )
        with translated(f"Får ikke åpnet Chroma ({folder}). Kjør: medraad ingest"):
            self._engine = engine.Bindings(
                allow_reset=False,
                sqlite_db_config=database,
                persist_path=str(folder),
                hnsw_cache_size=_OPEN,
            )
        with translated(f"Chroma har ikke samlingen «{collection}». Kjør: medraad ingest"):
            self._collection = str(self._engine.get_collection(collection, _TENANT, _DATABASE).id)

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return up to `k` (row, cosine) of the passages nearest to a (d,) vector, nearest first."""
        # By place, as the client gives them: only these rows, and what rows and texts must hold.
        rows, metadata, document = None, None, None
        asked = rows, [vector.tolist()], k, metadata, document, ["distances"], _TENANT, _DATABASE
        with translated("Chroma svarte ikke"):
            found = self._engine.query(self._collection, *asked)
        return [
            (int(row), 1.0 - distance) for row, distance in zip(found.ids[0], found.distances[0], strict=True)
        ]

    def close(self) -> None:
        """Give back files and memory."""
        del self._engine
