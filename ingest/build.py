"""A new generation from the documents: read them, cut them, embed what is new, and write it all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest import chunk, generation, index
from ingest.analysis import Analyzer
from ingest.content import Entry, Mention
from ingest.document import Block, Document, Passage, Source
from ingest.embed import Embedder
from ingest.errors import DocumentEmpty, DocumentError, NothingToIndex
from ingest.examples import load_examples, place
from ingest.index import Draft, Note
from ingest.language import language_of
from ingest.law import is_legal, legal_blocks, provisions
from ingest.lexical import LexicalIndex
from ingest.lines import terminated
from ingest.manifest import Manifest, Work
from ingest.readers import read
from ingest.references import find
from ingest.report import Outcome, Progress, checksum_remark, headings_remark
from ingest.structure import blocks_from_pages
from ingest.texts import cuts, embed, known_vectors, texts_of

HEADING_WEIGHT = 2
"""How often the words of the heading path count beside those of the passage in the lexical index."""

_LONGEST_TITLE = 110
"""Characters."""
_NUMBERED = re.compile(r"\W*\d|(?:kapittel|kap\.|del)\s", re.I)


def build(
    folder: Path,
    manifest: Manifest,
    note: Note,
    old: tuple[Path, Note] | None,
    embedder: Embedder,
    analyzer: Analyzer,
    progress: Progress,
) -> tuple[tuple[Outcome, ...], tuple[str, ...]]:
    """Write the next generation of the index in `folder` and make it the live one.

    Returns what became of each document, and the example questions that were left out.

    Args:
        folder: of the index; the caller holds its lock.
        manifest: the documents, at least one.
        note: of the new generation; the number of passages is filled in.
        old: the generation before, whose vectors are used again.
        embedder: the one that `note` names.
        analyzer: the one that `note` names.
        progress: told after each batch.

    Raises:
        NothingToIndex: no document could be used; the old generation is left as it was.
        ExamplesError: the example questions cannot be used; the same.
        IndexStorage: the disk or Chroma refused.
        ModelError: the embedder failed.
    """
    examples = load_examples(manifest.examples)
    documents, outcomes = read_all(manifest.documents)
    if not documents:
        raise NothingToIndex(_nothing(outcomes))
    passages = [
        _with_facets(passage, manifest) for document in documents for passage in chunk.passages(document)
    ]
    placed = place(examples, passages)
    texts = texts_of(documents, passages, placed.examples)
    vectors, new = embed(texts, known_vectors(old, note.fingerprint), embedder, progress)
    sources = {document.source.id: document.source for document in documents}
    legal = {document.source.id for document in documents if _is_legal(document)}
    counts = _counts(passages)
    draft = Draft(
        note=replace(note, documents=counts, remarks={o.source.id: o.remark for o in outcomes if o.remark}),
        documents=documents,
        entries=[
            _entry(p, sources[p.document], p.document in legal, manifest.works, analyzer) for p in passages
        ],
        vectors=dict(zip(index.VECTORS, np.split(vectors, cuts(passages)), strict=True)),
        hashes=[text.hash for text in texts],
        lexical=_lexical(documents, passages, analyzer),
        answers=placed.answers,
    )
    with generation.building(folder) as empty:
        index.write(empty, draft)
    fresh = _counts(
        passages[text.passage]
        for text, is_new in zip(texts, new, strict=True)
        if is_new and text.passage is not None
    )
    return _counted(outcomes, counts, fresh), tuple(example.question for example in placed.lost)


def _counted(
    outcomes: Iterable[Outcome], passages: Mapping[str, int], embedded: Mapping[str, int]
) -> tuple[Outcome, ...]:
    """Return the outcomes with the passages of each document, and how many of its texts were embedded."""
    return tuple(
        replace(
            outcome,
            passages=passages.get(outcome.source.id, 0),
            embedded=embedded.get(outcome.source.id, 0),
        )
        for outcome in outcomes
    )


def read_all(sources: Iterable[Source]) -> tuple[list[Document], list[Outcome]]:
    """Read every document; one that cannot be used is named in its outcome and does not stop the others."""
    documents: list[Document] = []
    outcomes: list[Outcome] = []
    for source in sources:
        try:
            document = read_document(source)
        except DocumentError as error:
            outcomes.append(Outcome(source, problem=str(error)))
            continue
        documents.append(document)
        remarks = filter(None, (document.remark, headings_remark(document), checksum_remark(source)))
        outcomes.append(Outcome(document.source, remark="; ".join(remarks) or None))
    return documents, outcomes


def read_document(source: Source) -> Document:
    """Read, clean and structure one document.

    Raises:
        DocumentError: it is missing, empty or cannot be read.
    """
    reading = read(source.path)
    blocks = legal_blocks(
        blocks_from_pages(reading.pages) if reading.pages is not None else reading.blocks or ()
    )
    title = (reading.title or _title(blocks, source.id)) if source.title == source.id else source.title
    language = source.language or language_of(" ".join(block.text for block in blocks))
    named = replace(source, title=title, language=language)
    document = Document.assemble(named, _without_title(blocks, named.title), reading.remark)
    if not any(placed.block.kind != "heading" for placed in document.blocks):
        raise DocumentEmpty(f"{source.path.name} har ingen tekst som kan brukes.")
    return document


def _title(blocks: Sequence[Block], name: str) -> str:
    """Return the first line if it says what the file's name does or heads the text, else the name.

    A heading of a word or two is often the name of who writes, one with a number a chapter.
    """
    first = blocks[0] if blocks else Block("paragraph", "")
    words = re.findall(r"[^\W\d_]{3,}", name.lower())
    says = words and all(word in first.text.lower() for word in words)
    heads = first.kind == "heading" and len(first.text.split()) > 2 and not _NUMBERED.match(first.text)
    fits = len(first.text) <= _LONGEST_TITLE and not terminated(first.text)
    return first.text if (says or heads) and fits else name


def _without_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks without the title that a cover repeats as text: a title alone says nothing."""
    first = next(iter(blocks), None)
    opens = first is not None and first.kind == "paragraph" and _plain(first.text) == _plain(title)
    return list(blocks[1:] if opens else blocks)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _nothing(outcomes: Sequence[Outcome]) -> str:
    reasons = "; ".join(f"{outcome.source.id}: {outcome.problem}" for outcome in outcomes)
    return f"Ingen av dokumentene kunne brukes. Den gamle indeksen er urørt. {reasons}"


def _with_facets(passage: Passage, manifest: Manifest) -> Passage:
    return passage.with_facets(manifest.facets.of(passage.section, passage.text))


def _is_legal(document: Document) -> bool:
    """Say whether a document is the text of an agreement or a law."""
    return document.source.work is not None or is_legal([placed.block for placed in document.blocks])


def _entry(passage: Passage, source: Source, legal: bool, works: Sequence[Work], analyzer: Analyzer) -> Entry:
    terms = [sorted(set(analyzer.terms(sentence.text))) for sentence in passage.sentences]
    return Entry(passage, terms, [*_mentions(passage, source, legal, works)])


def _mentions(passage: Passage, source: Source, legal: bool, works: Sequence[Work]) -> Iterable[Mention]:
    if legal:
        for own in provisions(passage.section, passage.text, source.work):
            yield Mention(own.section, own.work, own.part, own.ledd, own.letter, is_text=True)
    for reference in find(" › ".join(passage.section), source.work, works):
        if reference.work is None or reference.work != source.work:
            yield Mention(reference.section, reference.work, reference.part, reference.ledd, reference.letter)
    for reference in find(
        "\n".join((passage.text, *(name for name, _ in passage.links))), source.work, works
    ):
        yield Mention(reference.section, reference.work, reference.part, reference.ledd, reference.letter)


def _lexical(documents: Sequence[Document], passages: Sequence[Passage], analyzer: Analyzer) -> LexicalIndex:
    titles = {document.source.id: analyzer.terms(document.source.title) for document in documents}
    return LexicalIndex.build(
        [
            [
                *analyzer.terms(passage.text),
                *analyzer.terms(" ".join(passage.section)) * HEADING_WEIGHT,
                *titles[passage.document],
            ]
            for passage in passages
        ],
        [analyzer.tokens(" ".join((passage.text, *passage.section))) for passage in passages],
    )


def _counts(passages: Iterable[Passage]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.document] = counts.get(passage.document, 0) + 1
    return counts
