"""What stands on a page and is not its text: web chrome, running heads, credits, page numbers, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

Lines = list[str]

ANYWHERE: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(hopp|gå)?\s*(rett )?til (hoved)?innhold(et)?",
        r"skip to (main )?content",
        r"(del|tips|følg oss) på (facebook|twitter|x|linkedin|e-post|epost|instagram)",
        r"skriv ut( (denne )?siden)?",
        r"(tilbake )?til (toppen( av siden)?|innholdsfortegnelsen?|(dokumentets )?forsiden?)",
        r"(vi|denne siden|nettstedet) bruker (informasjonskapsler|cookies)\b.{0,200}",
        r"(godta|aksepter|avvis|tillat)( alle)?( (informasjonskapsler|cookies))?",
        r"(administrer|endre) (informasjonskapsler|cookies|samtykke)",
        r"hei[,!.]? ?(jeg|eg) (heter|heiter|er) [^.?!]{1,60}[.!]? .{0,60}\bhjelp\w*\b.{0,40}\?",
        r"(hei[,!.]? )?(hva|hvordan|kva|korleis) kan (jeg|eg|vi) hjelpe?( deg)?( med)?( i dag)?\?",
        r"chat med oss",
        r"var (denne )?(siden|artikkelen|informasjonen) (til )?nyttig\??",
        r"javascript må være (slått på|aktivert)\b.{0,100}",
        r"save this pdf as:",
        r"word\s+png\s+txt\s+jpg",
        r"størrelse:\s*(\d+\s*x\s*\d+\s*)?px",
        r"begynne med side:(\s*\d+)?",
        r"download \".{1,200}\"",
    )
)
"""Lines of exactly these kinds go wherever they stand."""

AT_ENDS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(åpne |lukk )?(meny|søk|søkefelt)(en|et)?",
        r"(lukk|forsiden?|hjem|logg inn|min side|english|nynorsk|bokmål|neste|forrige|les mer)",
        r"(forsiden?|hjem)\s*[>/›»].{1,150}",
        r"personvern(erklæring)?( og (informasjonskapsler|cookies))?",
        r"(tilgjengelighetserklæring|nettstedskart|om nettstedet)",
        r"transkript|like dokumenter",
        r"(©|copyright)\s.{0,100}",
    )
)
"""Ambiguous words: these go only among the first or last lines of the document."""

_CONTENTS = re.compile(r"innhold(sfortegnelse)?", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"(?:(?!(?:\.\s?){5}).){0,120}+(?:\.\s?){5,}+\s*+\d{1,3}")
"""Nothing is tried twice: the title ends where the dots begin."""
_ENDS = 12
_BULLETS = set("•→*-–")
_PAGE_NUMBER = re.compile(
    r"(side\s+)?[-–|]?\s*\d{1,3}(\s*(av|/)\s*\d{1,3}|\s?\(\d{1,3}\))?\s*[-–|]?", re.IGNORECASE
)
_PRINTED_OVER = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}, \d{1,2}[.:]\d{2}\b.*")
"""What a browser prints over a page: when it did, and what the page is. A meeting may be announced alike."""
_PRINTED_UNDER = re.compile(r"(https?|file)://\S+ \d{1,3}/\d{1,3}")
"""What it prints under it: where the page stands."""
_STAMP = re.compile(
    r"#\d{3,}|(?:publi(?:sert|shed)|(?:(?:sist|last) )?(?:oppdatert|endra|endret|revidert|updated|modified))"
    r":?\s(?:\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}\. [a-z]{3,9} \d{4})\b"
    r"(?:,? (?:kl\.? )?\d{1,2}[.:]\d\d)?(?: (?:av|by)\b.{0,60})?",
    re.IGNORECASE,
)
"""When a page was published or changed, and its number: a label and a date, maybe a name."""
_STAMPS = 3
"""So many of one label are of articles; fewer may tell of the document."""
_TITLE_LINES = 3
LABEL = re.compile(r"(RÅD|TIPS|KAPITTEL|DEL|STEG|PUNKT|TEMA|FASE|TRINN|TILTAK|MODUL|LÆRDOM)", re.IGNORECASE)
"""Words that with a number make the first half of a heading («RÅD 1»)."""

_SENTENCE = re.compile(r"(\S+\s+){4,}\S+[.!?]")
_OPENS_TEXT = re.compile(r"§|[•→*]\s|\(\d{1,2}\)\s|\(?[a-zæøå][).]\s", re.IGNORECASE)
_NUMBER_AT_END = re.compile(r"^\d{1,4}\b|\b\d{1,4}(?: (?:av|of) \d{1,4}| ?/ ?\d{1,4})?\W*$")
_NUMBERED_HEAD = re.compile(rf"({LABEL.pattern}|vedlegg|§|\d+\.)\s*[\d.-]*:?", re.IGNORECASE)
_INNER = 3
"""Lines that a head or a foot may have inside the two that `_edges` gives."""
_FOOTNOTE = re.compile(r"^\s*(\d{1,2})\s+(\S.*)$")
_SHORT_NOTE = 8
"""A footnote of fewer words is a reference only and goes; a longer one stays as a paragraph."""

_LONGEST_NOTE = 6
"""Lines of a footnote; further up from the foot the text itself has begun."""
_NEW_BLOCK = re.compile(r"\s*(?:$|§|[•→*–-]\s|\(?[a-zæøå\d]{1,2}[.)]\s)", re.IGNORECASE)


def strip_chrome(pages: Sequence[Sequence[str]]) -> list[Lines]:
    """Return the pages without chrome, running heads, sideways credits, page numbers and footnotes."""
    cleaned = _without_stamps([_without_credits(list(page)) for page in pages])
    repeated = _repeated_edges(cleaned)
    cleaned = _peeled([_without_edges(page, repeated) for page in cleaned])
    cleaned = [_without_footnotes(_without_trail(page)) for page in cleaned]
    return _without_patterns(cleaned)


def _without_stamps(pages: list[Lines]) -> list[Lines]:
    """Blank what an export says of each of its articles: when it was published and changed, its number."""
    stamps = [line for page in pages for line in page if _STAMP.fullmatch(line.strip())]
    labels = Counter(line.split()[0] for line in stamps)
    gone = set(stamps) if max(labels.values(), default=0) >= _STAMPS else set()
    return [["" if line in gone else line for line in page] for page in pages]


def _without_trail(page: Lines) -> Lines:
    """Blank the path to a page («Håndbok / Permisjon / Utdanning») below its title («Utdanning»)."""
    kept = list(page)
    title = ""
    for i in _filled(page)[: _TITLE_LINES + 1]:
        steps = ["".join(step.split()) for step in re.split(r"\s[/>›»]\s", page[i])]
        if title and title in steps[1:]:
            kept[i] = ""
        title += "".join(steps)
    return kept


def _without_patterns(pages: list[Lines]) -> list[Lines]:
    places = [(p, i) for p, page in enumerate(pages) for i, line in enumerate(page) if line.strip()]
    at_ends = {*places[:_ENDS], *places[-_ENDS:]}
    result: list[Lines] = []
    for p, page in enumerate(pages):
        kept = _without_contents(page)
        result.append(["" if _is_chrome(line, (p, i) in at_ends) else line for i, line in enumerate(kept)])
    return result


def _without_contents(page: Lines) -> Lines:
    """Blank a table of contents: lines with dots up to a page number, and its heading."""
    if sum(1 for line in page if _CONTENTS_LINE.fullmatch(line.strip())) < 2:
        return page
    gone = (_CONTENTS_LINE, _CONTENTS)
    return ["" if any(pattern.fullmatch(line.strip()) for pattern in gone) else line for line in page]


def _is_chrome(line: str, at_end: bool) -> bool:
    text = line.strip()
    if not text:
        return False
    if not any(c.isalnum() for c in text) and not set(text) <= _BULLETS:
        return True
    if _spaced_out(text) or any(pattern.fullmatch(text) for pattern in ANYWHERE):
        return True
    return at_end and any(pattern.fullmatch(text) for pattern in AT_ENDS)


def _spaced_out(text: str) -> bool:
    """«H å n d b o k  i …»: most tokens are one or two letters, and there are many."""
    tokens = text.split()
    return len(tokens) >= 10 and sum(len(token) <= 2 for token in tokens) >= 0.8 * len(tokens)


def _without_credits(page: Lines) -> Lines:
    """Blank runs of at least five lines of at most four characters, mostly capitals (text on its side)."""
    kept = list(page)
    for run in _short_runs(page):
        letters = [c for i in run for c in page[i] if c.isalpha()]
        if len(run) >= 5 and letters and sum(c.isupper() for c in letters) >= 0.8 * len(letters):
            for i in run:
                kept[i] = ""
    return kept


def _short_runs(page: Lines) -> Iterator[list[int]]:
    run: list[int] = []
    for i, line in enumerate(page):
        text = line.strip()
        if not text:
            continue
        if len(text) <= 4 and not set(text) <= _BULLETS and not LABEL.fullmatch(text):
            run.append(i)
            continue
        yield run
        run = []
    yield run


def _edges(page: Lines) -> list[int]:
    filled = _filled(page)
    return sorted({*filled[:2], *filled[-2:]})


def _filled(page: Lines) -> list[int]:
    return [i for i, line in enumerate(page) if line.strip()]


def _shape(line: str) -> str:
    """Return a line with its page number, at either end, made one sign; other numbers are its own."""
    return _NUMBER_AT_END.sub("#", " ".join(line.lower().split()))


def _may_run(line: str) -> bool:
    """Say whether a line looks like a running head: no sentence, no § of its own, no item of a list."""
    text = line.strip()
    return not (_SENTENCE.fullmatch(text) or _OPENS_TEXT.match(text))


def _repeated_edges(pages: Sequence[Lines]) -> frozenset[str]:
    """Return the shapes of lines that stand at the edge of at least three pages, and not a few of many.

    What looks like text must be the first or the last line of most pages. Where there are two pages only,
    the lines must be the same on both.
    """
    edges = [[page[i].strip() for i in _edges(page)] for page in pages]
    lines = [set(filter(_may_run, page)) for page in edges]
    outer = [{*page[:1], *page[-1:]} for page in edges]
    if len(pages) == 2:
        lines, outer = ([both[0] & both[1]] * 2 for both in (lines, outer))
    least = 2 if len(pages) == 2 else max(3, len(pages) // 12)
    most = max(least, len(pages) // 2 + 1)
    shapes = {*_often(lines, least), *_often(outer, most)}
    return frozenset(shape for shape in shapes if len(shape) <= 120 and any(map(str.isalpha, shape)))


def _often(pages: Sequence[set[str]], least: int) -> Iterator[str]:
    """Yield the shapes of lines that so many pages have."""
    counts = Counter(shape for page in pages for shape in {_shape(line) for line in page})
    yield from (shape for shape, number in counts.items() if number >= least)


def _without_edges(page: Lines, repeated: frozenset[str]) -> Lines:
    kept = list(page)
    edges = _edges(page)
    under = [i for i in edges if _PRINTED_UNDER.fullmatch(page[i].strip())]
    printed = {*under, *(i for i in edges if under and _PRINTED_OVER.fullmatch(page[i].strip()))}
    for i in edges:
        before = next((line for line in reversed(page[:i]) if line.strip()), "")
        numbered_label = LABEL.fullmatch(before.strip())
        running = _shape(page[i]) in repeated and not _NUMBERED_HEAD.fullmatch(page[i].strip())
        numbered = _PAGE_NUMBER.fullmatch(page[i].strip()) and not numbered_label
        if running or numbered or i in printed:
            kept[i] = ""
    return kept


def _peeled(pages: Sequence[Lines]) -> list[Lines]:
    """Take away the inner lines of a head or foot: those that most pages have there, and page numbers."""
    peeled = [list(page) for page in pages]
    most = max(3, len(pages) // 2 + 1)
    for end in (0, -1) * _INNER:
        ends = [
            (page, i, _common(page[i], n)) for n, page in enumerate(peeled) for i in _filled(page)[end:][:1]
        ]
        counts = Counter(key for *_, key in ends if key)
        for page, i, key in ends:
            if counts[key] >= most:
                page[i] = ""
    return peeled


def _common(line: str, page: int) -> str:
    """Return what a line has in common with its like on other pages: a page number its distance to `page`."""
    text = line.strip()
    if _PAGE_NUMBER.fullmatch(text):
        return str(int(re.findall(r"\d+", text)[0]) - page)
    own = "§" in text or _NUMBERED_HEAD.fullmatch(text)
    return text if any(map(str.isalpha, text)) and not own else ""


def _without_footnotes(page: Lines) -> Lines:
    """Take away references at the page's foot, and their markers; a note in words goes to its paragraph."""
    kept = list(page)
    below: list[int] = []
    notes: list[tuple[int, str]] = []
    for i in sorted((i for i, line in enumerate(page) if line.strip()), reverse=True):
        below.insert(0, i)
        found = _FOOTNOTE.match(kept[i])
        at = _marked(kept[:i], found[1]) if found else None
        if found is None or at is None:
            if len(below) == _LONGEST_NOTE:
                break
            continue
        note = " ".join((found[2], *(kept[line].strip() for line in below[1:])))
        for line in below:
            kept[line] = ""
        kept[at] = _marker(found[1]).sub("", kept[at])
        if len(note.split()) >= _SHORT_NOTE:
            notes.append((at, note))
        below = []
    for at, note in sorted(notes, key=itemgetter(0), reverse=True):  # the last first: the lines above stay
        place = _paragraph_end(kept, at)
        kept[place:place] = ["", note, ""]
    return kept


def _marker(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[a-zæøå][a-zæøå)»”.,]){number}(?=[.,;:)]|\s|$)")


def _marked(lines: Sequence[str], number: str) -> int | None:
    """Return the last line that has the marker of a footnote."""
    marker = _marker(number)
    return max((i for i, line in enumerate(lines) if marker.search(line)), default=None)


def _paragraph_end(lines: Sequence[str], start: int) -> int:
    """Return where the paragraph of a line ends: at an empty line, or at one that begins a § or an item."""
    begins = (i for i in range(start + 1, len(lines)) if _NEW_BLOCK.match(lines[i]))
    return next(begins, len(lines))
