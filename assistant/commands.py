"""The operator's commands: `medraad key | privacy | report | case`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from assistant.feedback import FeedbackStore
from assistant.keys import SCOPES, KeyRing
from assistant.output import write
from assistant.settings import AssistantSettings


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 — argparse's own is private
    """Add the commands to the command line's parser."""
    key = commands.add_parser("key", parents=[common], help="lag, vis eller slett nøkler til tjeneren")
    key.add_argument("name", nargs="?", metavar="NAVN", help="navn på systemet som skal bruke nøkkelen")
    key.add_argument("--scope", choices=SCOPES, default="ask", help="hva den gir adgang til (standard ask)")
    key.add_argument("--delete", action="store_true", help="slett nøkkelen")
    key.set_defaults(run=_key)

    privacy = commands.add_parser("privacy", parents=[common], help="vis hva som er lagret, eller slett det")
    privacy.add_argument("--delete", action="store_true", help="slett alt som er lagret")
    privacy.set_defaults(run=_privacy)

    report = commands.add_parser(
        "report", parents=[common], help="hva som ikke fikk svar eller ble stemt ned"
    )
    report.set_defaults(run=_report)

    case = commands.add_parser("case", parents=[common], help="gjør et godt svar til et testspørsmål (JSON)")
    case.add_argument("question", metavar="SPØRSMÅL")
    case.set_defaults(run=_case)


def _key(settings: AssistantSettings, given: argparse.Namespace) -> int:
    ring = KeyRing(settings.keys)
    if given.name is None:
        for key in ring.all():
            write(f"{key.name}  {key.scope}  laget {key.created}")
    elif given.delete:
        ring.delete(given.name)
        write(f"Nøkkelen «{given.name}» er slettet.")
    else:
        secret = ring.make(given.name, given.scope)
        write(f"{secret}\n\nDette er eneste gang nøkkelen vises. Bruk: Authorization: Bearer <nøkkel>")
    return 0


def _privacy(settings: AssistantSettings, given: argparse.Namespace) -> int:
    store = FeedbackStore.of(settings)
    if given.delete:
        store.delete()
    write("\n".join(_inventory(store, settings)))
    return 0


def _inventory(store: FeedbackStore, settings: AssistantSettings) -> Iterator[str]:
    """Yield what is stored, line by line; every row, for whoever must answer for it."""
    kept = "lagres maskert" if settings.store_questions else "lagres ikke"
    yield f"Fil: {store.path}{'' if store.path.exists() else ' (finnes ikke; ingenting er lagret)'}"
    yield f"Spørsmål {kept}. Alt slettes etter {store.retention_days} døgn. Ingen rad har navn eller adresse."
    votes, questions = store.votes(), store.questions()
    yield f"Tilbakemeldinger: {len(votes)}"
    for vote in votes:
        yield f"  {vote.day}  {vote.vote}  {', '.join(vote.reasons)}  {vote.comment}".rstrip()
    yield f"Spørsmål: {len(questions)}"
    for question in questions:
        state = "besvart" if question.answered else "ubesvart"
        yield f"  {question.day}  {state}  {question.text}"


def _report(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from assistant.report import report_text, summary_of

    write(report_text(summary_of(FeedbackStore.of(settings), settings)))
    return 0


def _case(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from assistant.opening import open_assistant
    from assistant.regression import case_of
    from assistant.requests import chat_request

    request = chat_request(given.question)
    assistant, library = open_assistant(settings)
    try:
        write(case_of(assistant, request)[1])
    finally:
        library.close()
    return 0
