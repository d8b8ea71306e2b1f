"""References to paragraphs of laws and agreements: found in texts and questions, and resolved to a page.

«§ 6-2 fjerde ledd», «aml. § 9-2 (1)», «HA del B § 3-1 c», «Hovedavtalen § 1-4-1», lists and ranges. The law
or agreement meant is the one named just before or after, else the last one named in the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.belonging import Context, Place, inherit
from ingest.manifest import Work
from ingest.sections import Cited, scan

_AS_READ = str.maketrans("ıİſ", "iIs")
"""Letters that a pattern without case takes for others, and a dictionary of lower-case words does not."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One § that a text names; `text` is text[start:end], shared by the members of a range.

    `work` is the key of a `Work`, None where the text does not say; `part` is «B» of «del B».
    """

    work: str | None
    part: str | None
    section: str
    ledd: int | None
    letter: str | None
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """«hovedavtalen:B:3-1:c», «arbeidsmiljøloven::9-2:(1)»; a wider reference is a prefix of it."""
        tail = [f"({self.ledd})"] if self.ledd else []
        return ":".join([self.work or "", self.part or "", self.section, *tail, *filter(None, [self.letter])])

    @property
    def label(self) -> str:
        """«§ 3-1 c», «§ 9-2 ledd 1», with «del B» before it where the part is known."""
        part = f"del {self.part} " if self.part else ""
        ledd = f" ledd {self.ledd}" if self.ledd else ""
        return f"{part}§ {self.section}{ledd}{f' {self.letter}' if self.letter else ''}"


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """An official page: the section's own where there is one, else the whole work's."""

    url: str
    title: str


def find(text: str, default_work: str | None, works: Sequence[Work]) -> list[Reference]:
    """Return the references in `text`, in order.

    Args:
        text: a passage or a question.
        default_work: key of the work that the text itself is, for references that name none.
        works: the works that can be named.
    """
    if not any(map(str.isdecimal, text)):
        return []
    read = text.translate(_AS_READ)
    context = Context(read, tuple((work.key, work.names) for work in works))
    groups = sorted([*scan(read), *context.bare_groups()], key=lambda group: group.start)
    places = [context.place(group) for group in groups]
    inherit(read, groups, places)
    return [
        _reference(text, cited, replace(place, work=place.work or default_work))
        for group, place in zip(groups, places, strict=True)
        if not (group.vague and not place.close)
        for cited in group.cited
        for cited in place.qualified(cited)
    ]


def resolve(reference: Reference, works: Iterable[Work]) -> ResolvedLink | None:
    """Return the official page of a reference, None where its work is not known or has no page."""
    work = next((work for work in works if work.key == reference.work), None)
    if work is None:
        return None
    title = f"{work.title} {reference.label}"
    page = _page(work, reference)
    if work.url and not work.is_older(reference.section) and ("{page}" not in work.url or page):
        url = work.url.replace("{section}", reference.section.lower()).replace("{page}", str(page))
        return ResolvedLink(url, title)
    return ResolvedLink(work.fallback_url, title) if work.fallback_url else None


def _page(work: Work, reference: Reference) -> int | None:
    """Return the page that the manifest gives for a section; without a part only if no two parts have it."""
    if reference.part:
        return work.pages.get(f"{reference.part} § {reference.section}")
    found = [page for name, page in work.pages.items() if name.endswith(f"§ {reference.section}")]
    return found[0] if len(found) == 1 else None


def _reference(text: str, cited: Cited, place: Place) -> Reference:
    return Reference(
        place.work, place.part, cited.section, cited.ledd, cited.letter, cited.start, cited.end,
        text[cited.start : cited.end],
    )  # fmt: skip
