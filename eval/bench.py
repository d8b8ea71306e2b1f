"""Opens what is measured: our assistant over its index, its variants, and the stock pipeline beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.opening import assistant_over, open_library, quiet
from assistant.retrieve import PARTS
from assistant.settings import AssistantSettings
from eval.baseline import StockPipeline
from eval.cases import DEV, load_split
from eval.ours import Medraad
from eval.run import System
from ingest.embed import Embedder
from ingest.manifest import load_manifest


@dataclass(frozen=True, slots=True)
class Bench:
    """The systems to compare, ours first, and ours without a part, by the part's name."""

    systems: Sequence[System]
    variants: Mapping[str, System] = field(default_factory=dict)


@contextmanager
def open_bench(settings: AssistantSettings, baseline: bool) -> Iterator[Bench]:
    """Open everything; closed when the block ends.

    Raises:
        IngestError: there is no index, no model or no corpus; the text says what to run.
    """
    quiet()
    library, embedder = open_library(settings)
    try:
        assistant = assistant_over(settings, library, embedder)
        with library.reading():
            pass  # an index that is missing or foreign is told before the stock pipeline is built
        ours = Medraad(assistant, library)
        variants = {part: Medraad(assistant.without(part), library, part) for part in sorted(PARTS)}
        if not baseline:
            yield Bench((ours,), variants)
            return
        with _stock(settings, embedder) as stock:
            yield Bench((ours, stock), variants)
    finally:
        library.close()


@contextmanager
def _stock(settings: AssistantSettings, embedder: Embedder) -> Iterator[StockPipeline]:
    with tempfile.TemporaryDirectory() as folder:
        stock = StockPipeline(load_manifest(settings.corpus).documents, embedder, Path(folder))
        try:
            # Always tuned on the project's own dev questions, whatever file is measured.
            stock.tune(load_split(DEV).cases)
            yield stock
        finally:
            stock.close()
