"""From chosen spans to the contract: numbered citations, blocks, links and badges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal
from urllib.parse import quote as url_quote

from assistant.contract import AnswerBlock, Citation, ReferenceLink, Status
from assistant.contract import Passage as PassageHit
from assistant.editions import is_coming, is_expired
from assistant.retrieve import Hit
from assistant.spans import Part, Span
from ingest.document import Passage, Source
from ingest.law import path_of
from ingest.manifest import Work
from ingest.references import Reference, find, resolve

_MARKER = re.compile(r"^(?:[•→*–-]|\d{1,2}[.)])\s+")
"""What a list shows anyway; the letter of a lettered item is its name («§ 3-1 c»), and stays."""
_DUTY = re.compile(r"\b(skal|må|plikter?|pliktig|krever|kreves|påbudt|forpliktet)\b", re.IGNORECASE)
_ADVICE = re.compile(
    r"\b(bør|kan|anbefaler|anbefales|råder?|lurt|klokt|nyttig|tips|hensiktsmessig)\b", re.IGNORECASE
)


class Citer:
    """Numbers the spans of one answer in the order in which they are first cited."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        works: Sequence[Work],
        own_page: Callable[[Reference, Source], str | None],
    ) -> None:
        """Begin an answer.

        Args:
            sources: of the live index, by id.
            works: that references can name.
            own_page: gives our page of a § that a source names, where its text is among the sources.
        """
        self._sources = sources
        self._works = works
        self._own_page = own_page
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def number(self, span: Span) -> int:
        """Return the citation number of a span, giving it one if it has none."""
        key = (span.stored.passage.document, span.start, span.end)
        if key not in self._numbers:
            self._numbers[key] = len(self.citations) + 1
            self.citations.append(self._citation(span, len(self.citations) + 1))
        return self._numbers[key]

    def block(self, part: Part) -> AnswerBlock:
        """Return a part as a block of the contract."""
        numbers = tuple(dict.fromkeys(self.number(span) for span in (*part.spans, *part.same)))
        if part.kind == "heading":
            return AnswerBlock(kind="heading", text=part.title, citations=numbers)
        if part.kind == "paragraph":
            text = " ".join(_without_marker(span) for span in part.spans)
            return AnswerBlock(kind="paragraph", text=text, citations=numbers)
        sentences = [sentence for span in part.spans for sentence in span.sentences]
        listed = "item" if any(sentence.kind == "item" for sentence in sentences) else "heading"
        first = next(at for at, sentence in enumerate(sentences) if sentence.kind == listed)
        among = [sentence for sentence in sentences[first:] if sentence.kind in (listed, "lead")]
        lead = " ".join(_flat(sentence.text) for sentence in sentences if sentence not in among)
        items = tuple(_MARKER.sub("", _flat(sentence.text)) for sentence in among)
        return AnswerBlock(kind="list", text=lead.lstrip("•→*–- "), items=items, citations=numbers)

    def _citation(self, span: Span, number: int) -> Citation:
        passage = span.stored.passage
        source = self._sources[passage.document]
        return Citation(
            number=number,
            document=source.id,
            title=source.title,
            publisher=source.publisher,
            # A letter is the place of one item; a quote of several stands in the paragraph as a whole.
            section=below_title(
                source, path_of(passage.section, span.quote) if len(span.sentences) == 1 else passage.section
            ),
            page=passage.page,
            quote=span.quote,
            url=source_url(source.id, span.start, span.end),
            external_url=external_url(source, passage, span.quote),
            status=status(source),
            valid_to=source.valid_to,
            references=tuple(self._references(span, source)),
            duty=duty(span.quote),
        )

    def _references(self, span: Span, source: Source) -> Iterable[ReferenceLink]:
        seen: set[str] = set()
        for reference in find(span.quote, source.work, self._works):
            if reference.text not in seen:
                seen.add(reference.text)
                link = resolve(reference, self._works)
                own = self._own_page(reference, source)
                yield ReferenceLink(text=reference.text, url=own or (link.url if link else None))
        for text, url in span.stored.passage.links:
            if text not in seen:
                seen.add(text)
                yield ReferenceLink(text=text.removesuffix(" ↗"), url=url)


def below_title(source: Source, section: tuple[str, ...]) -> tuple[str, ...]:
    """Return a heading path without the document's own title, which is shown before it."""
    return section[1:] if section and section[0].casefold() == source.title.casefold() else section


def _without_marker(span: Span) -> str:
    """Return a quote on one line, an item without what marks it as one."""
    text = _flat(span.quote)
    return _MARKER.sub("", text) if span.sentences[0].kind == "item" else text


def _flat(text: str) -> str:
    return " ".join(text.split())


def answer_text(blocks: Sequence[AnswerBlock]) -> str:
    """Return the answer as running text, each block with its citation marks."""
    return "\n\n".join(block_text(block) for block in blocks)


def block_text(block: AnswerBlock) -> str:
    """Return one block as text with its citation marks, list items on lines of their own."""
    marks = [f"[{number}]" for number in block.citations]
    whole = " ".join(marks)
    if block.kind != "list" or not block.items:
        return f"{block.text} {whole}".strip()
    bullets = [f"• {item}" for item in block.items]
    if block.text:
        return "\n".join((f"{block.text} {whole}".strip(), *bullets))
    if len(marks) == len(bullets):
        return "\n".join(f"{bullet} {mark}" for bullet, mark in zip(bullets, marks, strict=True))
    return "\n".join((*bullets[:-1], f"{bullets[-1]} {whole}".strip()))


def source_home(document: str) -> str:
    """Return the address of our own page of a source."""
    return f"/kilder/{url_quote(document, safe='')}"


def source_url(document: str, start: int, end: int) -> str:
    """Return the address of our own page of the source with the quote highlighted."""
    return f"{source_home(document)}?s={start}-{end}#sitat"


def file_url(document: str) -> str:
    """Return the address at which we give out the file of a source that is a PDF."""
    return f"{source_home(document)}/fil"


def external_url(source: Source, passage: Passage, quote: str) -> str | None:
    """Return where the quote stands in the original: the page of a PDF, the text of a web page.

    The original is its publisher's, or the file itself where the manifest names no address of a PDF.
    """
    if source.external_url is None:
        own = passage.page is not None and source.path.suffix.lower() == ".pdf"
        return f"{file_url(source.id)}#page={passage.page}" if own else None
    if passage.page is not None:
        return f"{source.external_url}#page={passage.page}"
    words = quote.split()
    if len(words) <= 8:
        return f"{source.external_url}#:~:text={url_quote(' '.join(words))}"
    start, end = url_quote(" ".join(words[:4])), url_quote(" ".join(words[-4:]))
    return f"{source.external_url}#:~:text={start},{end}"


def status(source: Source) -> Status:
    """Return whether the source holds today; «ukjent» where it does not say how long, or holds only later."""
    if source.valid_to is None or is_coming(source):
        return "ukjent"
    return "utløpt" if is_expired(source) else "gjeldende"


def duty(quote: str) -> Literal["plikt", "råd"] | None:
    """Return «plikt» or «råd» where the wording is one of the two and not both."""
    must, may = bool(_DUTY.search(quote)), bool(_ADVICE.search(quote))
    if must == may:
        return None
    return "plikt" if must else "råd"


def passage_hit(hit: Hit, source: Source) -> PassageHit:
    """Return a search hit as the contract shows it."""
    passage = hit.stored.passage
    return PassageHit(
        document=source.id,
        title=source.title,
        section=below_title(source, passage.section),
        page=passage.page,
        text=passage.text,
        score=round(hit.score, 4),
        url=source_url(source.id, passage.start, passage.end),
    )
