"""Cut a document into passages: neighbouring blocks of one section, lists whole, no sentence cut."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest import sentences
from ingest.document import Block, Document, Passage, PlacedBlock, Sentence, SentenceKind
from ingest.markers import look

VERSION = "14"
"""Part of the index fingerprint: raise it whenever the passages of an unchanged text would change."""

TARGET_WORDS = 170
"""A passage is closed once it holds this many words; found by the evaluation."""
MAX_WORDS = 260
"""No passage is longer: the embedder reads 512 tokens, about 300 Norwegian words with the heading."""
_POINT_WORDS = 80
"""An item is one sentence with the points below it, as long as they are no more together."""

_LETTER = re.compile(r"\W*[^\W\d]")
_POINTS_AWAY = re.compile(r"\bher[.!]?$")
"""How the text of a link ends: «kan du trykke her»."""
_ENDED = re.compile(rf"[.!?»”]$|{_POINTS_AWAY.pattern}")
_ANNOUNCES = re.compile(r"\b(?:følgende|følgjande|nedenfor|nedanfor)\b", re.I)


def passages(document: Document) -> list[Passage]:
    """Cut `document` into passages in reading order.

    A passage never spans two sections. A list stays with the sentence that introduces it, unless the
    two are longer than MAX_WORDS together. Only what so belongs together goes on from one page to the
    next; its page is the one where its text begins.
    """
    found: list[Passage] = []
    seen: dict[str, int] = {}
    numbered = list(enumerate(document.blocks))
    for _, group in groupby(numbered, key=lambda pair: pair[1].section):
        blocks = list(group)
        if any(placed.block.kind != "heading" for _, placed in blocks):
            for piece in _chunks(blocks):
                found.extend(_split_long(document, piece, seen))
    return found


def _words(placed: PlacedBlock) -> int:
    return len(placed.block.text.split())


def for_embedding(title: str, passage: Passage) -> str:
    """Return what the embedder reads of a passage: title and heading path give it its context."""
    opens = passage.sentences[0].kind == "heading"
    path = passage.section[:-1] if opens else passage.section
    return f"{' › '.join((title, *path))}\n{passage.text}"


def window_for_embedding(passage: Passage, at: int) -> str:
    """Return a sentence with its neighbours: what it means where it stands."""
    return " ".join(sentence.text for sentence in passage.sentences[max(0, at - 1) : at + 2])


Numbered = tuple[int, PlacedBlock]


def _units(blocks: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Group blocks that belong together: heading or lead-in with what follows, link with what precedes."""
    unit: list[Numbered] = []
    for number, placed in blocks:
        joins = placed.block.kind == "link" or (bool(unit) and _takes(unit[-1][1], placed))
        if unit and not joins:
            yield unit
            unit = []
        unit.append((number, placed))
    if unit:
        yield unit


def _takes(before: PlacedBlock, placed: PlacedBlock) -> bool:
    if before.block.kind == "heading":
        return True
    return placed.block.kind == "item" and (before.block.kind == "item" or _introduces(before))


def _introduces(before: PlacedBlock) -> bool:
    """Say whether a paragraph leads into the item after it: it ends with a colon, or does not end at all."""
    return before.block.kind == "paragraph" and not _ENDED.search(before.block.text)


def _leads(before: PlacedBlock, placed: PlacedBlock) -> bool:
    """Say whether a block heads the list that follows: an item «…:» does where points of it follow.

    A sentence that ends heads bullets where it stands alone over them or announces them, but no rows.
    """
    if before.block.kind == "item":
        return before.block.text.endswith(":") and _is_below(placed.block, before.block, 1)
    if placed.block.kind != "item" or before.block.kind != "paragraph":
        return False
    last = [before.block.text[start:end] for start, end in sentences.spans(before.block.text)][-1]
    alone = last == before.block.text and not _POINTS_AWAY.search(last)
    return _introduces(before) or bool(placed.block.marker and (alone or _ANNOUNCES.search(last)))


def _page(blocks: Sequence[Numbered]) -> int | None:
    """Return the page where the text begins; a heading may stand at the foot of the one before."""
    pages = [placed.block.page for _, placed in blocks if placed.block.kind != "heading"]
    return pages[0] if pages else blocks[0][1].block.page


def _chunks(blocks: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    chunk: list[Numbered] = []
    for unit in _units(blocks):
        size = sum(_words(placed) for _, placed in chunk)
        added = sum(_words(placed) for _, placed in unit)
        if chunk and (_page(chunk) != _page(unit) or size >= TARGET_WORDS or size + added > MAX_WORDS):
            yield chunk
            chunk = []
        chunk.extend(unit)
    if chunk:
        yield chunk


def _point_end(chunk: Sequence[Numbered], at: int) -> int:
    """Return where the block at `at` ends, an item «…:» with the points below it where these are short.

    Letters stay apart: they are asked for by themselves.
    """
    item = chunk[at][1].block
    end = at + 1
    if item.kind == "item" and item.text.endswith(":"):
        while end < len(chunk) and _is_below(chunk[end][1].block, item, end - at):
            if _LETTER.match(chunk[end][1].block.marker):
                return at + 1
            end += 1
    return end if sum(_words(placed) for _, placed in chunk[at:end]) <= _POINT_WORDS else at + 1


def _is_below(block: Block, item: Block, number: int) -> bool:
    """Say whether a block is point `number` of an item.

    It stands further in, has a marker of another look, or is numbered from 1 again.
    """
    if block.kind != "item" or block.level < item.level or not block.marker:
        return False
    again = re.findall(r"\d+", block.marker) == [str(number)]
    return block.level > item.level or look(block.marker) != look(item.marker) or again


def _sentences(document: Document, blocks: Sequence[Numbered], leads: bool) -> Iterator[Sentence]:
    """Yield the sentences of a block, or an item with the points below it; `leads`: a list follows."""
    number, placed = blocks[0]
    end = blocks[-1][1].end
    text = document.text[placed.start : end]
    if placed.block.kind in ("item", "heading"):
        yield Sentence(text, placed.start, end, "lead" if leads else placed.block.kind, number)
        return
    spans = list(sentences.spans(text))
    for start, end in spans:
        opens_list = text[start:end].endswith(":") or (leads and (start, end) == spans[-1])
        kind: SentenceKind = "lead" if opens_list else "sentence"
        yield Sentence(text[start:end], placed.start + start, placed.start + end, kind, number)


def _split_long(document: Document, chunk: Sequence[Numbered], seen: dict[str, int]) -> Iterator[Passage]:
    """Turn a chunk into one passage, or into several where a single unit exceeds MAX_WORDS."""
    part: list[Sentence] = []
    size = 0
    end = 0
    while (at := end) < len(chunk):
        end = _point_end(chunk, at)
        leads = end < len(chunk) and _leads(chunk[at][1], chunk[end][1])
        for sentence in _sentences(document, chunk[at:end], leads):
            words = len(sentence.text.split())
            if part and size + words > MAX_WORDS:
                yield _passage(document, chunk, part, seen)
                part, size = [], 0
            part.append(sentence)
            size += words
    if part:
        yield _passage(document, chunk, part, seen)


def _passage(
    document: Document,
    chunk: Sequence[Numbered],
    part: Sequence[Sentence],
    seen: dict[str, int],
) -> Passage:
    first = chunk[0][1]
    start, end = part[0].start, part[-1].end
    text = document.text[start:end]
    digest = hashlib.blake2b(
        "\x1f".join((document.source.id, *first.section, text)).encode(), digest_size=6
    ).hexdigest()
    seen[digest] = seen.get(digest, -1) + 1
    return Passage(
        id=f"{digest}-{seen[digest]}" if seen[digest] else digest,
        document=document.source.id,
        section=first.section,
        text=text,
        start=start,
        end=end,
        page=_page([pair for pair in chunk if part[0].block <= pair[0] <= part[-1].block]),
        sentences=tuple(part),
        links=tuple(
            (placed.block.text, placed.block.url or "")
            for _, placed in chunk
            if (placed.block.kind == "link" or placed.block.url) and start <= placed.start < end
        ),
    )
