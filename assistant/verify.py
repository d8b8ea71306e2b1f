"""Checks one sentence of a generated answer against the passages it cites; what they do not bear is dropped.

The hard facts (§, numbers, dates, names, addresses) must stand in the source. What can be said in other words
is compared in two ways: the closed classes (negation, duty, quantity, cause, who acts) must agree with the
sentences that bear it, and its content words must be found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.agreement import Agreement
from assistant.bearing import Bearing, Given
from assistant.contract import Language
from assistant.factcheck import FactCheck
from assistant.facts import TOKEN, facts
from assistant.gloss import Gloss
from assistant.wordclasses import Analyzer
from assistant.wording import Reader

Reason = Literal[
    "", "citation", "unfinished", "empty", "prompt", "section", "number", "name", "link", "negation",
    "opposite", "modality", "quantity", "roles", "cause", "coverage", "language",
]  # fmt: skip

_COVERED = 0.86
"""Least share of a sentence's content words that its passages must bear: calibrated on the first half of
eval/support.jsonl by `python -m eval.verify`."""
_LEAST_CLAIM = 2
"""Content words and facts that a sentence must have at least to say something that can be checked."""
_ADDRESSES = ("url", "email")
_SHINGLE = 6
"""Words in a row that a sentence may not share with the prompts: shorter runs occur in any Norwegian text."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown; `quotes` are (passage id, verbatim sentence), best first."""

    ok: bool
    reason: Reason
    quotes: tuple[tuple[str, str], ...] = ()
    coverage: float = 0.0
    """Share of the content words that the quotes bear, 0 to 1."""


class Checker:
    """Holds what checking needs; one for the whole server, safe to use from several threads."""

    def __init__(self, analyzer: Analyzer, gloss: Gloss, secrets: Iterable[str] = ()) -> None:
        """Take the word analysis, the owner's words, and the prompt texts, which no answer may repeat."""
        self._gloss = gloss
        self._bearing = Bearing(Reader(analyzer, gloss.nynorsk))
        self._factcheck = FactCheck(self._bearing)
        self._agreement = Agreement(self._bearing)
        self._secret = frozenset(run for secret in secrets for run in _runs(secret))

    def check_sentence(
        self, sentence: str, cited: Sequence[Given], language: Language = "nb", whole: bool = True
    ) -> Verdict:
        """Tell whether `sentence` (without its citation marks) is borne by the passages `cited`.

        An English one is let through only where the answer's `language` is English; one that is not `whole`,
        as what was left out may turn it round, only where it is a sentence of the passages.
        """
        if not cited:
            return Verdict(False, "citation")
        if not self._secret.isdisjoint(_runs(sentence)):
            return Verdict(False, "prompt")
        quote = _verbatim(sentence, cited)
        if quote:
            return Verdict(True, "", (quote,), 1.0)
        if not whole:
            return Verdict(False, "unfinished")
        if language != "en" and self._gloss.is_english(sentence):
            return Verdict(False, "language")
        norwegian = self._gloss.norwegian(sentence)
        statement = self._bearing.reader.read(norwegian)
        found = facts(norwegian)
        claims = sum(bool(word.terms) for word in statement.words) + sum(
            fact.kind != "name" for fact in found
        )
        addressed = any(fact.kind in _ADDRESSES for fact in found)
        if not statement.words or (claims < _LEAST_CLAIM and not addressed):
            return Verdict(False, "empty")
        case = self._bearing.choose(statement, found, cited)
        reason: Reason = self._factcheck.missing(case) or self._agreement.disagreement(case)
        quotes = tuple((support.passage.id, support.text) for support in case.chosen)
        coverage = self._bearing.coverage(case)
        if not reason and coverage < _COVERED:
            reason = "coverage"
        return Verdict(not reason, reason, quotes, coverage)


def _verbatim(sentence: str, cited: Sequence[Given]) -> tuple[str, str] | None:
    """Return (passage id, sentence) if the statement is a whole sentence of a passage, word for word."""
    words = TOKEN.findall(sentence)
    texts = ((passage.id, text) for passage in cited for text in passage.sentences)
    return next((quote for quote in texts if TOKEN.findall(quote[1]) == words), None)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.lower() for word in TOKEN.findall(text)]
    yield from zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
