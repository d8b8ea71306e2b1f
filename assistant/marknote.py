"""The Markdown form of a møtenotat or sjekkliste."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.notes import (
    MARK,
    Note,
    NoteCitation,
    NoteTurn,
    blocks_of,
    checklist,
    cleaned,
    described,
    expiry,
    made_line,
    placed,
    safe_link,
    shown_sources,
    sources_heading,
)

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def _md(text: str) -> str:
    """`text` with Markdown's own signs taken literally; citations like [1] stay readable."""
    plain = cleaned(text).replace("\r", "")
    escaped = _MARKDOWN.sub(r"\\\1", plain)
    line = re.sub(r"\\\[(\d+)\\\]", r"[\1]", escaped)
    # At the start of a line these would begin a list or a heading.
    return re.sub(r"^([ \t]*)([-+=]|\d+[.)])", r"\1\\\2", line, flags=re.MULTILINE)


def _md_answer(note: Note, turn: NoteTurn) -> Iterator[str]:
    if note.kind == "sjekkliste":
        for heading, points in checklist(turn.answer):
            if heading:
                yield f"### {_md(MARK.sub('', heading))}"
            yield "\n".join(f"- [ ] {_md(point)}" for point in points)
        return
    for given in blocks_of(turn.answer):
        if given.kind == "heading":
            yield f"### {_md(given.text)}"
            continue
        block = placed(given, turn.answer)
        if block.text:
            yield _md(block.text + block.rest)
        if block.items:
            yield "\n".join(f"- {_md(item)}" for item in block.bullets)


def _md_source(citation: NoteCitation, quoted: bool) -> str:
    url = safe_link(citation.url)
    where = _md(described(citation))
    name = f"[{where}](<{url}>)" if url else where
    line = f"{citation.number}. {name}{expiry(citation)}"
    if quoted:
        return line
    return line + "\n\n" + "\n".join(f"   > {_md(part)}" for part in citation.quote.splitlines())


def to_markdown(note: Note) -> str:
    """Write the note as Markdown, ending in a line break."""
    parts = [f"# {_md(note.title)}", made_line(note)]
    for turn in note.turns:
        parts.append(f"## {_md(turn.question)}")
        parts.extend(_md_answer(note, turn))
        parts.extend(f"*{_md(notice)}*" for notice in turn.answer.notices)
        sources = shown_sources(note, turn)
        if sources:
            parts.append(f"### {sources_heading(sources)}")
            parts.extend(_md_source(*source) for source in sources)
    return "\n\n".join(parts) + "\n"
