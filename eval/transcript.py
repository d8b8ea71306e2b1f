"""Lets the configured model answer questions and shows what the check removed: `python -m eval.transcript`.

Takes the model from MEDRAAD_CHAT_*. Prints figures; `--out FILE` writes the answers as Markdown: the
question, what was shown with its quotes, and what was removed and why.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from assistant.bearing import Given
from assistant.breaker import Breaker
from assistant.chatmodel import ModelFailure, build_model
from assistant.cite import status
from assistant.condense import Helper
from assistant.contract import ChatRequest, Language
from assistant.generate import CheckedSentence, Tally, Writer
from assistant.opening import open_assistant, quiet
from assistant.prompts import load as load_prompts
from assistant.settings import AssistantSettings, ChatSettings
from assistant.verify import Checker
from ingest.analysis import Analyzer
from ingest.settings import PROJECT, load
from ingest.words import WordList

QUESTIONS = Path(__file__).parent / "questions" / "dev.jsonl"
_PASSAGES = 4
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the evaluation with the passages found for it."""

    question: str
    language: Language
    answerable: bool
    passages: tuple[Given, ...]


@dataclass(slots=True)
class Answered:
    """What came of one question."""

    asked: Asked
    shown: list[CheckedSentence] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    failure: str = ""
    gate: bool | None = None


def find_passages(count: int) -> list[Asked]:
    """Return `count` questions, every third one without an answer in the sources, with their passages."""
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    plain = [row for row in rows if not row["history"]]
    answerable = [row for row in plain if row["answerable"]]
    others = [row for row in plain if not row["answerable"]]
    chosen = _mixed(_spread(answerable, count - count // 3), _spread(others, count // 3))
    assistant, library = open_assistant(load(AssistantSettings))
    asked = []
    with library.reading() as shelf:
        sources = shelf.index.content.sources
        for row in chosen:
            found = assistant.examine(shelf, ChatRequest(question=row["question"], history=()))
            passages = [hit.stored.passage for hit in found.hits[:_PASSAGES]]
            given = tuple(
                Given(
                    passage.id,
                    passage.text,
                    passage.section,
                    sources[passage.document].title,
                    status(sources[passage.document]),
                    tuple(sentence.text for sentence in passage.sentences),
                )
                for passage in passages
            )
            asked.append(Asked(row["question"], row["language"], row["answerable"], given))
    return asked


def _spread(rows: Sequence[Row], count: int) -> list[Row]:
    step = max(1, len(rows) // max(1, count))
    return list(rows[::step][:count])


def _mixed(most: list[Row], few: list[Row]) -> list[Row]:
    """Put one of `few` after every two of `most`, so that a run cut short says something about both."""
    mixed: list[Row] = []
    for index, row in enumerate(most):
        mixed += [row, *few[index // 2 : index // 2 + index % 2]]
    return mixed


async def answer(writer: Writer, helper: Helper | None, asked: Asked) -> Answered:
    """Let the model answer one question; with `helper`, ask first whether any sentence answers."""
    done = Answered(asked)
    try:
        if helper is not None:
            sentences = [text for given in asked.passages for text in given.sentences][:12]
            done.gate = await helper.answers(asked.question, sentences, asked.language)
        async for sentence in writer.write(
            asked.question, asked.passages, None, None, asked.language, done.tally
        ):
            done.shown.append(sentence)
    except ModelFailure as failure:
        done.failure = failure.kind
    return done


def report(console: Console, answered: Sequence[Answered]) -> None:
    """Print what came of the questions."""
    for group, wanted in (("med svar i kildene", True), ("uten svar i kildene", False)):
        rows = [one for one in answered if one.asked.answerable is wanted]
        shown = sum(bool(one.shown) for one in rows)
        declined = sum(one.tally.declined and not one.shown for one in rows)
        refused = sum(one.gate is False for one in rows)
        console.print(
            f"{group}: {len(rows)} spørsmål, {shown} fikk et generert svar, {declined} avslått av modellen, "
            f"{refused} stoppet av porten, feil {dict(Counter(one.failure for one in rows if one.failure))}"
        )
    kept = sum(one.tally.kept for one in answered)
    dropped: Counter[str] = Counter()
    for one in answered:
        dropped.update(one.tally.dropped)
    console.print(f"setninger: {kept} vist, {dropped.total()} fjernet {dict(dropped)}")
    writing = sum(one.tally.writing for one in answered)
    checking = sum(one.tally.checking for one in answered)
    if writing:
        console.print(f"skriving {writing:.0f} s, kontroll {checking:.2f} s ({checking / writing:.2%})")


def markdown(answered: Sequence[Answered]) -> str:
    """Return answers as a transcript."""
    lines = ["# Genererte svar og hva kontrollen fjernet", ""]
    for one in answered:
        lines += [f"## {one.asked.question}", ""]
        lines += [
            f"- {sentence.text}\n  - «{quote}»" for sentence in one.shown for _, quote in sentence.quotes[:1]
        ]
        lines += [f"- ~~{text}~~ ({reason})" for text, reason in one.tally.removed]
        if one.tally.declined:
            lines.append("- modellen svarte INGEN SVAR")
        if one.failure:
            lines.append(f"- ikke noe generert svar ({one.failure}): det ekstraktive svaret trer inn")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Run the questions one after the other; 2 when no model is configured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--out", type=Path, help="fil for utskrift av svarene")
    given = parser.parse_args()
    console = Console()
    quiet()
    settings = load(ChatSettings)
    model = build_model(settings)
    if model is None:
        console.print(
            "Sett MEDRAAD_CHAT_MODEL (og MEDRAAD_CHAT_BASE_URL). `make model-server` har en modell."
        )
        return 2
    prompts = load_prompts(PROJECT / "prompts")
    checker = Checker(Analyzer(WordList.open(load(AssistantSettings).words)), secrets=prompts.texts)
    # Every question is asked, however the ones before it went.
    writer = Writer(model, settings, prompts, checker, Breaker(failures=given.questions + 1))
    helper = Helper(model, settings, prompts, writer.breaker) if settings.chat_gate else None
    answered = []
    for asked in find_passages(given.questions):
        answered.append(asyncio.run(answer(writer, helper, asked)))
        tally = answered[-1].tally
        console.print(
            f"{len(answered)}: {asked.question} – {tally.kept} vist, {tally.dropped.total()} fjernet"
        )
        if given.out:
            given.out.write_text(markdown(answered), "utf-8")
    report(console, answered)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
