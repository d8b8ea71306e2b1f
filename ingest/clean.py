"""Raw text to clean characters, pages and whole words.

Nothing here knows headings or lists: it mends what an extraction to text breaks (characters, page
breaks, double spacing, words cut over a line).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.document import Page

DISPLACED = "\ue000"
"""Stands before a line whose bullet was found elsewhere on the page (a private-use character)."""

_LIGATURES = {ord(c): t for c, t in zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)}
_BULLETS = {ord(c): "•" for c in "\uf0b7\uf0a7\uf0d8\uf076\uf02d\uf0a8\uf06e\u25cf\u25aa\u2023\u25e6\u2219"}
"""The first seven stand in the private use area, for the fonts Symbol and Wingdings."""
_MIDDLE_DOT_BULLET = re.compile(r"(?m)^([ \t]*)\u00b7(?=\s)")
_SPACES = {
    ord(c): " "
    for c in "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
}
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff\ue000]"
)
_BULLET_LINE = re.compile(r"^ [•→*](\s|$)")
_ITEM_LINE = re.compile(r"\s*•\s+\S")
_PAGE_START = re.compile(r"^ [^\s]")
_INDENTED_SHARE = 0.2
"""Above this share of lines with one leading space the space is indentation, not a page break."""

_CONJUNCTIONS = frozenset({"og", "eller", "samt", "til", "mot", "enn", "men", "and", "or", "eventuelt"})
_PREFIXES = frozenset({"ikke", "ikkje"})
"""Words that keep their hyphen before another word, unless the document writes the two as one."""
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def normalise(text: str) -> str:
    """Return `text` with plain newlines, spaces, bullets and letters; line ends keep their spaces.

    Soft hyphens, control characters, zero-width characters, lone surrogates and the private-use
    mark of this module go; tabs and form feeds stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\x0b", "\n")
    text = re.sub("\u00ad[ \t]*\n[ \t]*", "", text).replace("\u00ad", "")
    text = text.translate(_LIGATURES).translate(_SPACES)
    return _INVISIBLE.sub("", _MIDDLE_DOT_BULLET.sub(r"\1•", text.translate(_BULLETS)))


def one_line(text: str) -> str:
    """Return `text` normalised, on one line with single spaces."""
    return " ".join(normalise(text).split())


def split_pages(text: str) -> list[Page]:
    """Cut text taken out of a PDF into pages; their numbers are not known.

    A page starts at a form feed. Where there is none, it starts at a line that begins with exactly
    one space (the form feed became a space) and is no bullet and no indented line of a list.
    """
    text = normalise(text)
    if "\f" in text:
        return [Page(part) for part in text.split("\f") if part.strip()]
    lines = text.split("\n")
    starts = [i for i in range(len(lines)) if _starts_page(lines, i)]
    filled = sum(1 for line in lines if line.strip())
    if len(starts) > _INDENTED_SHARE * filled + 1:
        return [Page(text)] if text.strip() else []
    edges = sorted({0, *starts, len(lines)})
    pages = ("\n".join(lines[a:b]) for a, b in pairwise(edges))
    return [Page(page) for page in pages if page.strip()]


def _starts_page(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if not _PAGE_START.match(line) or _BULLET_LINE.match(line) or len(line.strip()) < 3:
        return False
    after = [other for other in lines[at + 1 : at + 9] if other.strip()][:3]
    if at and _ITEM_LINE.match(lines[at - 1]) and any(_ITEM_LINE.match(other) for other in after):
        return False
    return not (
        line.rstrip().endswith(":") and len(line) < 40 and _ITEM_LINE.match(after[0] if after else "")
    )


def collapse_double_spacing(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Drop the empty line after each line where a whole text was set with every line doubled.

    It is recognised by proportion: nearly all lines are followed by an empty one, and many of those
    lines end in the middle of a sentence. What is blank after that is a paragraph break.
    """
    pairs = [(page[i], page[i + 1]) for page in pages for i in range(len(page) - 1) if page[i].strip()]
    doubled = sum(1 for _, after in pairs if after == "")
    cut = sum(
        1
        for page in pages
        for i in range(len(page) - 2)
        if page[i].strip()
        and page[i + 1] == ""
        and page[i + 2][:1].islower()
        and page[i].strip()[-1] not in ".:!?"
    )
    if not pairs or doubled < 0.85 * len(pairs) or cut < 0.2 * len(pairs):
        return [list(page) for page in pages]
    return [_every_other(page) for page in pages]


def _every_other(page: Sequence[str]) -> list[str]:
    kept: list[str] = []
    skip = False
    for line in page:
        if skip and line == "":
            skip = False
            continue
        kept.append(line)
        skip = True
    return kept


class WordJoiner:
    """Joins lines into text; decides for each hyphen at a line's end whether it is the word's own."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Learn the words of the whole document: what is written whole elsewhere decides."""
        self._words: Counter[str] = Counter()
        for line in lines:
            words = [found.group().lower() for found in _WORD.finditer(line)]
            if line.rstrip().endswith("-") and words:
                words.pop()
            self._words.update(words)

    def join(self, lines: Sequence[str]) -> str:
        """Return the lines as one text with single spaces and whole words."""
        text = ""
        for line in lines:
            stripped = line.strip()
            text = self._pair(text, stripped) if text and stripped else text or stripped
        text = re.sub(r"\s+", " ", text).strip()
        return re.sub(r"(?<=\w) ([.,;:!?])(?=\s|$)", r"\1", text)

    def _pair(self, left: str, right: str) -> str:
        if re.search(r"[^\s-]-$", left):
            return self._hyphen(left, right)
        if re.search(r"[^\s/]/$", left) or (re.search(r"\d–$", left) and right[:1].isdigit()):
            return left + right
        return f"{left} {right}"

    def _hyphen(self, left: str, right: str) -> str:
        found = _WORD.match(right)
        tail = found.group() if found else ""
        if tail.lower() in _CONJUNCTIONS:
            return f"{left} {right}"
        head = re.split(r"[\s/(«“\"]", left[:-1])[-1]
        return left + right if self._own_hyphen(head, tail) else left[:-1] + right

    def _own_hyphen(self, head: str, tail: str) -> bool:
        if not tail or not tail[0].islower() or not head[-1:].islower():
            return True
        if len(head) == 1 or any(c.isdigit() for c in head) or head.isupper():
            return True
        whole, kept = f"{head}{tail}".lower(), f"{head}-{tail}".lower()
        prefixed = head.lower() in _PREFIXES or self._words[kept] > 0
        return prefixed and self._words[whole] == 0
