"""Compares the closed classes: a statement may not turn, sharpen, widen or hand over what its source says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

from assistant.bearing import Bearing, Case
from assistant.wording import Reading, Word

Disagreement = Literal["", "negation", "opposite", "modality", "quantity", "roles", "cause"]

_LEAST_CLAIM = 2
"""Words in common from which two clauses are taken to be about the same."""
_PLAIN = {"frå": "fra", "from": "fra", "to": "til"}
_TURNED = {"fra": {"til"}, "til": {"fra"}}


class Agreement:
    """Compares statement and source; `disagreement` is its one question."""

    def __init__(self, bearing: Bearing) -> None:
        self._bearing = bearing
        self._reader = bearing.reader

    def disagreement(self, case: Case) -> Disagreement:
        """Return the first of the closed classes in which statement and source disagree, or nothing."""
        checks: tuple[tuple[Disagreement, Callable[[Case], bool]], ...] = (
            ("negation", self._same_polarity),
            ("opposite", self._not_opposite),
            ("modality", self._same_modality),
            ("quantity", self._same_quantity),
            ("roles", self._same_roles),
            ("roles", self._same_slots),
            ("cause", self._same_cause),
        )
        return next((reason for reason, agrees in checks if not agrees(case)), "")

    def _same_polarity(self, case: Case) -> bool:
        """Compare word by word whether it stands within reach of a negation."""
        lexicon = self._reader.lexicon
        if not case.statement.negators and not any(reading.negators for reading in case.readings):
            return True
        if case.statement.negators and not any(
            reading.negators or lexicon.forbidding & reading.vocabulary for reading in case.readings
        ):
            return False
        turned: dict[tuple[int, bool], list[bool]] = {}
        for word in case.statement.words:
            there = [
                other.negated
                for reading in case.readings
                for other in reading.words
                if self._bearing.alike(word, other)
            ]
            if there:
                differs = not any(there) if word.negated else all(there)
                turned.setdefault((word.segment, word.negated), []).append(differs)
        return not any(sum(differ) * 2 > len(differ) for differ in turned.values())

    def _not_opposite(self, case: Case) -> bool:
        opposite = self._reader.lexicon.opposite
        said = {self._reader.key(word.text): word for word in case.statement.words}
        there = {self._reader.key(word) for reading in case.readings for word in reading.vocabulary}
        for stem in said:
            turned = opposite.get(stem, frozenset()) | {f"u{stem}", f"in{stem}", f"mis{stem}"}
            turned |= {stem[1:]} if stem.startswith("u") and len(stem) > 4 else frozenset()
            if stem not in there and turned & there and not turned & said.keys():
                return False
        return True

    def _same_modality(self, case: Case) -> bool:
        """Compare duty, advice and possibility clause by clause."""
        said = case.statement.modal
        if not any(said):
            return not self._loses_modal(case)
        return all(self._modal_stands(case, clause, modal) for clause, modal in enumerate(said) if modal)

    def _loses_modal(self, case: Case) -> bool:
        """Tell whether the statement states as fact what the source advises or allows."""
        for number, clause in self._nearest(case, case.statement.words):
            reading = case.readings[number]
            if reading.modal[clause] and "duty" not in reading.modal[clause]:
                verb = self._governed(reading, clause)
                if verb and any(self._bearing.alike(word, verb) for word in case.statement.words):
                    return True
        return False

    def _modal_stands(self, case: Case, clause: int, modal: frozenset[str]) -> bool:
        """Look at the verb that the modal governs, or at the whole clause where the source lacks the verb."""
        verb = self._governed(case.statement, clause)
        if verb is not None:
            there = [
                self._modal_before(reading, index)
                for reading in case.readings
                for index, other in enumerate(reading.words)
                if self._bearing.alike(verb, other)
            ]
            if any(there):
                return any(kind in modal for kind in there)
        owed = self._reader.lexicon.owed
        if "skal" in case.statement.vocabulary and any(
            owed & reading.vocabulary for reading in case.readings
        ):
            return True
        clauses = self._clauses(case, clause)
        if modal == {"may"} and clauses and not any(clauses):
            return True  # what is done can be done
        return any(modal & other for other in clauses)

    def _governed(self, statement: Reading, clause: int) -> Word | None:
        modals = self._reader.lexicon.modals
        seen = False
        for word in statement.words:
            if word.clause == clause and word.text in modals:
                seen = True
            elif seen and word.terms and self._reader.lexicon.actor(word.text) is None:
                return word
        return None

    def _modal_before(self, reading: Reading, index: int) -> str:
        """Return the kind of the nearest modal before a word of the source, "" if there is none."""
        modals = self._reader.lexicon.modals
        before = (modals.get(word.text) for word in reversed(reading.words[:index]))
        return next((kind for kind in before if kind), "")

    def _clauses(self, case: Case, clause: int) -> list[frozenset[str]]:
        """Return the modality of the source's clauses that have most in common with one of the statement."""
        words = [word for word in case.statement.words if word.clause == clause]
        return [_inherited(case.readings[number], key) for number, key in self._nearest(case, words)]

    def _nearest(self, case: Case, words: Iterable[Word]) -> list[tuple[int, int]]:
        """Return (reading, clause) that hold over half as many of the statement's words as the best one."""
        counts = self._held(case, words)
        most = max(counts.values(), default=0)
        return [place for place, count in counts.items() if count > most // 2]

    def _claiming(self, case: Case, clause: int) -> list[tuple[int, int]]:
        """Return (reading, clause) that hold most of what a clause claims, if that is enough to compare.

        Those who act are left out, as it is they who may have been exchanged.
        """
        actor = self._reader.lexicon.actor
        words = (word for word in case.statement.words if word.clause == clause and actor(word.text) is None)
        counts = self._held(case, words)
        most = max(counts.values(), default=0)
        return [place for place, count in counts.items() if count == most >= _LEAST_CLAIM]

    def _held(self, case: Case, words: Iterable[Word]) -> Counter[tuple[int, int]]:
        """Count how many of the statement's words each (reading, clause) holds."""
        return Counter(
            (number, clause)
            for word in words
            for number, reading in enumerate(case.readings)
            for clause in {other.clause for other in reading.words if self._bearing.alike(word, other)}
        )

    def _same_quantity(self, case: Case) -> bool:
        there = frozenset().union(*(reading.quantities for reading in case.readings))
        lenient = {
            "some": {"most", "some"},
            "soon": {"soon", "early"},
            "early": {"soon", "early", "before"},
        }
        return all(not there.isdisjoint(lenient.get(kind, {kind})) for kind in case.statement.quantities)

    def _same_roles(self, case: Case) -> bool:
        """Whoever is named must be in the source, and whoever acts must act there too."""
        mine = case.statement.actors
        if not mine <= frozenset().union(*(reading.actors for reading in (*case.readings, *case.context))):
            return False
        clauses = (agents for reading in case.readings for agents in reading.agents)
        acting = frozenset().union(*filter(None, clauses))
        if not case.statement.named <= acting:
            return False
        first = next(filter(None, case.statement.agents), frozenset())
        theirs = (agents for reading in case.readings[:1] for agents in reading.agents if agents)
        if first and not first & acting and next(theirs, frozenset()) & mine:
            return False
        return all(
            self._acts(case, clause, agents) for clause, agents in enumerate(case.statement.agents) if agents
        )

    def _acts(self, case: Case, clause: int, agents: frozenset[int]) -> bool:
        """Tell whether one of `agents` acts in the clauses of the source that are nearest to this one."""
        found = (case.readings[number].agents[key] for number, key in self._claiming(case, clause))
        named = list(filter(None, found))
        return not named or any(agents & others for others in named)

    def _same_slots(self, case: Case) -> bool:
        """Compare what follows prepositions: «til X» is neither «til Y» nor «fra X»."""
        if not case.readings:
            return True
        slots = [self._slots(reading) for reading in case.readings]
        for head, preposition, word in self._slots(case.statement):
            there = [p for found in slots for _, p, other in found if self._bearing.alike(word, other)]
            if preposition in _TURNED and there and set(there) <= _TURNED[preposition]:
                return False
            if self._bearing.bears(word, case.readings[0]):
                continue
            for other_head, other_preposition, other in slots[0]:
                if preposition == other_preposition and self._bearing.alike(head, other_head):
                    return self._bearing.bears(other, case.statement)
        return True

    def _slots(self, reading: Reading) -> list[tuple[Word, str, Word]]:
        """Return (content word before, preposition, content word after) for each preposition."""
        found: list[tuple[Word, str, Word]] = []
        for index, word in enumerate(reading.words):
            if word.text not in self._reader.lexicon.prepositions:
                continue
            before = next((other for other in reversed(reading.words[:index]) if other.terms), None)
            after = next((other for other in reading.words[index + 1 :] if other.terms), None)
            if after and after.text in self._reader.lexicon.actors and after.text.endswith("s"):
                continue  # a genitive: «til tillitsvalgtes råd»
            if before and after and before.clause == after.clause:
                found.append((before, _PLAIN.get(word.text, word.text), after))
        return found

    def _same_cause(self, case: Case) -> bool:
        cause = self._reader.lexicon.cause
        if not cause["strong"] & case.statement.vocabulary:
            return True
        return any(
            cause["any"] & reading.vocabulary or " for å " in reading.text for reading in case.readings
        )


def _inherited(reading: Reading, clause: int) -> frozenset[str]:
    """Return the modality of a clause, or of the one it continues («skal informere og drøfte»)."""
    while clause > 0 and not reading.modal[clause]:
        clause -= 1
    return reading.modal[clause]
