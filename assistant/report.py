"""What went unanswered or was voted down, in groups so large that nobody can be picked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.feedback import FeedbackStore
from assistant.privacy import MASKED
from assistant.settings import AssistantSettings
from ingest.analysis import Analyzer
from ingest.words import WordList

FEWEST = 5
"""No group smaller than this is shown: whoever reads the report must not recognise one person's question."""
ALIKE = 0.5
"""Share of words in common (Jaccard) from which two questions count as one."""

Terms = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same. `label` holds only words that at least FEWEST of them have."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the owner is shown. Numbers under FEWEST are 0; `hidden` says that there were some."""

    useful: int
    not_useful: int
    reasons: tuple[Group, ...]
    unanswered: tuple[Group, ...]
    disliked: tuple[Group, ...]
    comments: tuple[str, ...]
    keeps_questions: bool
    hidden: bool


def summary_of(store: FeedbackStore, settings: AssistantSettings) -> Summary:
    """Sum up what is stored, by the words of the list that the settings name.

    Raises:
        ModelError: the word list is missing or damaged.
        StoreUnavailable: the store cannot be read.
    """
    return summarise(store, Analyzer(WordList.open(settings.words)).terms)


def summarise(store: FeedbackStore, terms: Terms) -> Summary:
    """Sum up what is stored.

    Args:
        store: of votes and questions.
        terms: gives a text's index terms.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    votes, questions = store.votes(), store.questions()
    counted = Counter(vote.vote for vote in votes)
    reasons = Counter(reason for vote in votes for reason in vote.reasons)
    comments = sorted(vote.comment for vote in votes if vote.comment)
    asked = [question.text for question in questions if not question.answered]
    disliked = [question.text for question in questions if question.answered and question.vote == "ned"]
    unanswered, left = grouped(asked, terms)
    down, also_left = grouped(disliked, terms)
    return Summary(
        useful=_shown(counted["opp"]),
        not_useful=_shown(counted["ned"]),
        reasons=tuple(Group(*entry) for entry in reasons.most_common() if entry[1] >= FEWEST),
        unanswered=unanswered,
        disliked=down,
        comments=tuple(comments) if len(comments) >= FEWEST else (),
        keeps_questions=store.keeps_questions,
        hidden=bool(left or also_left or 0 < len(comments) < FEWEST)
        or any(0 < count < FEWEST for count in (*counted.values(), *reasons.values())),
    )


def grouped(questions: Sequence[str], terms: Terms) -> tuple[tuple[Group, ...], int]:
    """Return the groups of FEWEST and more, largest first, and how many questions are in none."""
    heaps: list[list[tuple[str, frozenset[str]]]] = []
    for question in sorted(questions):
        words = frozenset(terms(MASKED.sub(" ", question)))
        near = max(heaps, key=lambda heap: _alike(heap[0][1], words), default=None)
        if near is not None and _alike(near[0][1], words) >= ALIKE:
            near.append((question, words))
        else:
            heaps.append([(question, words)])
    labelled = [(_label(heap), len(heap)) for heap in heaps if len(heap) >= FEWEST]
    shown = [Group(label, count) for label, count in labelled if label]
    shown.sort(key=lambda group: (-group.count, group.label))
    return tuple(shown), len(questions) - sum(group.count for group in shown)


def _shown(count: int) -> int:
    return count if count >= FEWEST else 0


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def _label(heap: Sequence[tuple[str, frozenset[str]]]) -> str:
    """Return the shortest question without a rare word, else the words that are common."""
    spread = Counter(term for _, words in heap for term in words)
    common = frozenset(term for term, count in spread.items() if count >= FEWEST)
    plain = [question for question, words in heap if words and words <= common]
    return min(plain, key=lambda question: (len(question), question)) if plain else ", ".join(sorted(common))


def report_text(summary: Summary) -> str:
    """Return the report for a terminal."""
    return "\n".join(_lines(summary))


def _lines(summary: Summary) -> Iterator[str]:
    yield f"Nyttig: {_count(summary.useful)}. Ikke nyttig: {_count(summary.not_useful)}."
    yield from _section("Hva som var galt", summary.reasons)
    if summary.keeps_questions:
        yield from _section("Spørsmål uten svar", summary.unanswered)
        yield from _section("Svar som ble stemt ned", summary.disliked)
    else:
        yield "\nSpørsmål lagres ikke (MEDRAAD_STORE_QUESTIONS=false)."
    if summary.comments:
        yield "\nKommentarer"
        yield from (f"  – {comment}" for comment in summary.comments)
    if summary.hidden:
        yield f"\nNoe er utelatt fordi færre enn {FEWEST} har sagt det samme."


def _section(title: str, groups: Sequence[Group]) -> Iterator[str]:
    if groups:
        yield f"\n{title}"
        yield from (f"  {group.count:>4}  {group.label}" for group in groups)


def _count(number: int) -> str:
    return str(number) if number else f"færre enn {FEWEST}"
